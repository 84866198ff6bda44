"""The ACR/EULAR 2010 points, worked out by hand from the printed table."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.derived.ra_score import acr_eular_score, joint_points
from rules.quantities import Interval
from tests.core_helpers import item, lab, patient

# small joints, large joints, points. One misprinted copy gives 1 to 3 small joints three points; they have two.
JOINTS = [
    (0, 0, 0),
    (0, 1, 0),
    (0, 2, 1),
    (0, 10, 1),
    (0, 11, 1),
    (1, 0, 2),
    (1, 9, 2),
    (3, 0, 2),
    (3, 7, 2),
    (4, 0, 3),
    (4, 6, 3),
    (10, 0, 3),
    (11, 0, 5),
    (1, 10, 5),
    (4, 7, 5),
    (30, 10, 5),
]
# Four swollen small joints, and nothing else that scores.
FOUR_JOINTS = {"swollen_small": 4, "tender_small": 0, "swollen_large": 0, "tender_large": 0}
NO_SEROLOGY = (lab("rheumatoid_factor", "negative"), lab("anti_ccp", "negative"))
NO_ACUTE_PHASE = (lab("crp", flag="normal"), lab("esr", flag="normal"))


@pytest.mark.parametrize(("small", "large", "points"), JOINTS)
def test_joint_points(small: int, large: int, points: int) -> None:
    assert joint_points(small, large) == points


def score(*said, **statements) -> tuple[int, int]:
    found = acr_eular_score(patient(*said, **statements))
    assert found is not None
    return int(found.low), int(found.high)


@pytest.mark.parametrize(
    "facts",
    [
        patient(),
        patient(item("joint_pain", sites=("mcp",)), tender_small=12),
        patient(item("joint_swelling", sites=("mcp",))),
        patient(swollen_small=0, swollen_large=0, tender_small=12),
    ],
)
def test_no_score_without_known_swelling(facts) -> None:
    assert acr_eular_score(facts) is None


# what was found, points of the serology domain
SEROLOGY = [
    ((), (0, 3)),
    (NO_SEROLOGY, (0, 0)),
    ((lab("rheumatoid_factor", "negative"),), (0, 3)),
    ((lab("rheumatoid_factor", "14 [IU]/mL", high="14"), lab("anti_ccp", "5 U/mL", high="10")), (0, 0)),
    ((lab("rheumatoid_factor", "14.1 [IU]/mL", high="14"), lab("anti_ccp", "5 U/mL", high="10")), (2, 2)),
    ((lab("rheumatoid_factor", "42 [IU]/mL", high="14"), lab("anti_ccp", "5 U/mL", high="10")), (2, 2)),
    ((lab("rheumatoid_factor", "42.1 [IU]/mL", high="14"), lab("anti_ccp", "5 U/mL", high="10")), (3, 3)),
    ((lab("rheumatoid_factor", "5 [IU]/mL", high="14"), lab("anti_ccp", "30 U/mL", high="10")), (2, 2)),
    ((lab("rheumatoid_factor", "5 [IU]/mL", high="14"), lab("anti_ccp", "31 U/mL", high="10")), (3, 3)),
    ((lab("anti_ccp", "31 U/mL", high="10"),), (3, 3)),
    ((lab("anti_ccp", "15 U/mL", high="10"),), (2, 3)),
    ((lab("anti_ccp", "<10 U/mL", high="10"), lab("rheumatoid_factor", "negative")), (0, 0)),
    ((lab("anti_ccp", ">10 U/mL", high="10"), lab("rheumatoid_factor", "negative")), (2, 3)),
    ((lab("anti_ccp", ">30 U/mL", high="10"), lab("rheumatoid_factor", "negative")), (3, 3)),
    ((lab("anti_ccp", ">=30 U/mL", high="10"), lab("rheumatoid_factor", "negative")), (2, 3)),
    ((lab("anti_ccp", "<=31 U/mL", high="10"), lab("rheumatoid_factor", "negative")), (0, 3)),
    # without the laboratory's limit a figure says nothing
    ((lab("anti_ccp", "200 U/mL"), lab("rheumatoid_factor", "negative")), (0, 3)),
    ((lab("anti_ccp", "200 U/mL", low="0"), lab("rheumatoid_factor", "negative")), (0, 3)),
    ((lab("anti_ccp", "borderline"), lab("rheumatoid_factor", "negative")), (0, 2)),
    ((lab("anti_ccp", flag="normal"), lab("rheumatoid_factor", "negative")), (0, 0)),
    ((lab("anti_ccp", flag="high"), lab("rheumatoid_factor", "negative")), (2, 3)),
    ((lab("anti_ccp", "positive"), lab("rheumatoid_factor", "negative")), (2, 3)),
]


@pytest.mark.parametrize(("said", "points"), SEROLOGY)
def test_serology(said, points: tuple[int, int]) -> None:
    low, high = score(*said, *NO_ACUTE_PHASE, **FOUR_JOINTS, duration_weeks=2)
    assert (low - 3, high - 3) == points


# Misprinted copies give a point for a *normal* ESR; only an abnormal result scores.
ACUTE_PHASE = [
    ((), (0, 1)),
    (NO_ACUTE_PHASE, (0, 0)),
    ((lab("esr", "20 mm/h", high="20"), lab("crp", "5 mg/L", high="5")), (0, 0)),
    ((lab("esr", "21 mm/h", high="20"), lab("crp", "5 mg/L", high="5")), (1, 1)),
    ((lab("esr", "20 mm/h", high="20"), lab("crp", "5.1 mg/L", high="5")), (1, 1)),
    ((lab("esr", "21 mm/h", high="20"),), (1, 1)),
    ((lab("esr", "20 mm/h", high="20"),), (0, 1)),
    ((lab("esr", flag="high"),), (1, 1)),
    ((lab("crp", "80 mg/L"), lab("esr", flag="normal")), (0, 1)),
    ((lab("crp", "<5 mg/L", high="5"), lab("esr", flag="normal")), (0, 0)),
    ((lab("crp", ">5 mg/L", high="5"), lab("esr", flag="normal")), (1, 1)),
    ((lab("crp", "<10 mg/L", high="5"), lab("esr", flag="normal")), (0, 1)),
]


@pytest.mark.parametrize(("said", "points"), ACUTE_PHASE)
def test_acute_phase(said, points: tuple[int, int]) -> None:
    low, high = score(*said, *NO_SEROLOGY, **FOUR_JOINTS, duration_weeks=2)
    assert (low - 3, high - 3) == points


@pytest.mark.parametrize(
    ("said", "statements", "points"),
    [
        ((), {}, (0, 1)),
        ((), {"duration_weeks": 5}, (0, 0)),
        ((), {"duration_weeks": 6}, (1, 1)),
        ((), {"duration_weeks": 520}, (1, 1)),
        ((item("joint_pain", since="2025-12-04"),), {}, (1, 1)),  # 42 days
        ((item("joint_pain", since="2025-12-05"),), {}, (0, 0)),  # 41 days
        ((item("joint_pain", since="2025-12"),), {}, (0, 1)),
    ],
)
def test_duration(said, statements, points: tuple[int, int]) -> None:
    low, high = score(*said, *NO_SEROLOGY, *NO_ACUTE_PHASE, **FOUR_JOINTS, **statements)
    assert (low - 3, high - 3) == points


# what is known of the joints, points of the joint domain
JOINT_DOMAIN = [
    ((), FOUR_JOINTS, (3, 3)),
    ((), {**FOUR_JOINTS, "tender_small": 6}, (3, 3)),  # six to ten joints: the tender ones may be the swollen ones
    ((), {**FOUR_JOINTS, "tender_small": 8}, (3, 5)),
    ((), {**FOUR_JOINTS, "swollen_small": 3}, (2, 2)),
    ((), {"swollen_small": 3}, (2, 5)),
    ((), {"swollen_small": 0, "tender_small": 0, "swollen_large": 1, "tender_large": 0}, (0, 0)),
    ((), {"swollen_small": 0, "tender_small": 0, "swollen_large": 2, "tender_large": 0}, (1, 1)),
    ((), {"swollen_small": 0, "tender_small": 0, "swollen_large": 1}, (0, 1)),
    ((item("synovitis"),), {}, (0, 5)),
    ((item("synovitis", sites=("mcp",)),), {}, (2, 5)),
    ((item("synovitis", sites=("knee",)),), {}, (0, 5)),
    ((item("synovitis", sites=("mcp",)),), {**FOUR_JOINTS, "swollen_small": 0}, (2, 2)),
]


@pytest.mark.parametrize(("said", "statements", "points"), JOINT_DOMAIN)
def test_joint_domain(said, statements, points: tuple[int, int]) -> None:
    assert score(*said, *NO_SEROLOGY, *NO_ACUTE_PHASE, duration_weeks=1, **statements) == points


def test_the_greatest_score_is_ten() -> None:
    said = (lab("anti_ccp", "400 U/mL", high="10"), lab("esr", flag="high"))
    assert score(*said, swollen_small=11, duration_weeks=8) == (10, 10)
    assert acr_eular_score(patient(swollen_small=1)) == Interval(Decimal(2), Decimal(10))


COUNT = st.none() | st.integers(0, 30)


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(
    counts=st.fixed_dictionaries(dict.fromkeys(FOUR_JOINTS, COUNT)),
    signs=st.lists(
        st.sampled_from(
            [item("synovitis"), item("synovitis", sites=("mcp",)), item("hot_swollen_joint", sites=("knee",))]
        ),
        max_size=2,
    ),
    weeks=st.none() | st.integers(0, 100),
)
def test_the_least_score_is_never_above_the_greatest(counts, signs, weeks) -> None:
    statements = {**counts, "duration_weeks": weeks}
    found = acr_eular_score(patient(*signs, **{key: value for key, value in statements.items() if value is not None}))
    assert found is None or 0 <= found.low <= found.high <= 10
