"""The laws of an assessment: order, learning, and what may never move the likelihood."""

import copy
from dataclasses import dataclass, replace
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules import Assessment, Facts, Item, Result, RuleSet, assess, catalogue
from rules.model import LEVELS, Finding, When
from tests.core_helpers import AS_OF, item, lab, named, patient, published_set, tiny_set

LAWS = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
RULE_SETS = [tiny_set, published_set]
every_set = pytest.mark.parametrize("rule_set", RULE_SETS, ids=lambda read: read.__name__)

JOINT_FACTS = (
    *(item(code) for code in ("osteoarthritis", "rheumatoid_arthritis", "synovitis", "bony_enlargement", "crepitus")),
    *(item(code) for code in ("joint_swelling", "joint_stiffness", "hot_swollen_joint", "joint_deformity")),
    item("joint_pain", sites=("knee", "mcp"), laterality="both"),
    *(lab(test, word) for test in ("rheumatoid_factor", "anti_ccp") for word in ("positive", "negative")),
    *(lab(test, flag=flag) for test in ("crp", "esr") for flag in ("high", "normal")),
)
JOINT_STATEMENTS = {
    "swollen_small": 6,
    "swollen_large": 1,
    "tender_small": 8,
    "symmetric": True,
    "duration_weeks": 10,
    "morning_stiffness_minutes": 90,
    "activity_related": False,
}
PAINS = (
    "joint_pain",
    "joint_stiffness",
    "joint_swelling",
    "back_pain",
    "leg_pain",
    "radicular_leg_pain",
    "muscle_cramps",
)
REPORTED = {
    "b12_total": ("90 ng/L", "179 ng/L", "180 ng/L", "132.9 pmol/L", "350 ng/L", "351 ng/L", "1200 ng/L", "<200 ng/L"),
    "b12_active": ("10 pmol/L", "24.9 pmol/L", "40 pmol/L", "70 pmol/L", "90 pmol/L"),
    "mma": ("0.15 umol/L", "280 nmol/L", "300 nmol/L", "451 nmol/L", "2 umol/L", "<0.5 umol/L"),
    "homocysteine": ("8 umol/L", "15 umol/L", "40 umol/L"),
    "hemoglobin": ("60 g/L", "100 g/L", "125 g/L", "150 g/L", "9.5 g/dL"),
    "hematocrit": ("30 %", "45 %"),
    "mcv": ("75 fL", "90 fL", "101 fL", "120 fL"),
    "egfr": ("30 mL/min/{1.73_m2}", "59 mL/min/{1.73_m2}", "90 mL/min/{1.73_m2}"),
    "platelets": ("40 10*9/L", "250 10*9/L"),
    "wbc": ("2 10*9/L", "7 10*9/L"),
    "neutrophils": ("0.8 10*9/L", "4 10*9/L"),
    "ferritin": ("8 ug/L", "60 ug/L", "600 ug/L"),
    "folate_serum": ("1.5 ug/L", "3.5 ug/L", "9 ug/L"),
}
CHOICES = {"diet": ("vegan", "vegetarian", "omnivore", "restricted"), "gestation_weeks": (8, 20, 35)}
DATES = ({}, {}, {"since": "2024"}, {"until": "2024"}, {"until": "2025"}, {"until": "2026-01"})


@dataclass(frozen=True)
class Statement:
    """One of the other things a summary may say."""

    name: str
    value: Any


Saying = Result | Item | Statement


def results(test: str) -> st.SearchStrategy[Result]:
    flagged = [lab(test, flag=flag) for flag in ("low", "normal", "high")]
    words = [lab(test, word) for word in catalogue().fact(test).categories]
    figures = [lab(test, reported) for reported in REPORTED.get(test, ())]
    return st.sampled_from([*figures, *(figures or words or flagged), *words, *flagged])


def items(code: str) -> st.SearchStrategy[Item]:
    dated = [item(code, **dates) for dates in DATES]
    return st.sampled_from([*dated, item(code, present=False), item(code, present=False)])


def saying(code: str) -> st.SearchStrategy[Saying]:
    fact = catalogue().fact(code)
    if fact.group == "labs":
        return results(code)
    if fact.group in ("statements", "diet"):
        name = "diet" if fact.group == "diet" else code
        values = CHOICES.get(name) or ((0, 1, 6) if fact.kind == "number" else (True, False))
        return st.builds(Statement, st.just(name), st.sampled_from(values))
    return items(code)


def sayings(rule_set: RuleSet) -> st.SearchStrategy[Saying]:
    """Anything that the set reads, the markers of B12 more often than the rest."""
    read = sorted(rule_set.reads - {"age", "sex"})
    markers = [
        code for code in ("b12_total", "b12_active", "mma", "homocysteine", "hemoglobin") if code in rule_set.reads
    ]
    return (st.sampled_from(markers) | st.sampled_from(read)).flatmap(saying)


def name_of(said: Saying) -> str:
    return said.test if isinstance(said, Result) else said.code if isinstance(said, Item) else said.name


def learned(facts: Facts, said: Saying) -> Facts:
    """The same patient with one more thing known."""
    if isinstance(said, Result):
        return replace(facts, results={**facts.results, said.test: (said,)})
    if isinstance(said, Item):
        return replace(facts, items={**facts.items, said.code: (said,)})
    return replace(facts, statements={**facts.statements, said.name: said.value})


def is_known(facts: Facts, said: Saying) -> bool:
    name = name_of(said)
    whole_list = facts.medications_listed and name in catalogue().groups["medications"]
    return whole_list or name in facts.results or name in facts.items or name in facts.statements


ADULT_AGES = st.sampled_from([16, 30, 50, 65, 80])


def people(rule_set: RuleSet, ages: st.SearchStrategy[int] = ADULT_AGES) -> st.SearchStrategy[Facts]:
    """Anybody: of the listed medicines none is said to be absent, as a list would."""

    def gather(said: list[Saying], age: int, sex: str, listed: bool) -> Facts:
        facts = Facts(AS_OF, age, sex, statements={"pregnant": False} if sex == "male" or age >= 60 else {})
        for one in said:
            if not is_known(facts, one):
                facts = learned(facts, one)
        return replace(facts, medications_listed=listed)

    sexes = st.sampled_from(["female", "female", "male", "other", "unknown"])
    said = st.lists(sayings(rule_set), max_size=12)
    return st.builds(gather, said, ages, sexes, st.booleans())


def level(answer: Assessment) -> int:
    return LEVELS.index(answer.likelihood.level)


def band(answer: Assessment) -> tuple[int, int]:
    return LEVELS.index(answer.likelihood.lowest), LEVELS.index(answer.likelihood.highest)


def outcome(rule_set: RuleSet, facts: Facts) -> tuple[str, str, str]:
    found = assess(rule_set, facts).likelihood
    return found.level, found.lowest, found.highest


# --- Laws over anybody


@every_set
@LAWS
@given(data=st.data())
def test_learning_a_fact_moves_the_level_only_within_what_it_could_be(rule_set, data) -> None:
    rules = rule_set()
    facts, said = data.draw(people(rules)), data.draw(sayings(rules))
    assume(not is_known(facts, said))
    before, after = assess(rules, facts), assess(rules, learned(facts, said))
    lowest, highest = band(before)
    assert lowest <= level(before) <= highest
    assert lowest <= band(after)[0] <= level(after) <= band(after)[1] <= highest


@every_set
@LAWS
@given(data=st.data())
def test_a_b12_result_never_removes_a_red_flag(rule_set, data) -> None:
    rules = rule_set()
    facts = data.draw(people(rules))
    facts = replace(facts, results={test: found for test, found in facts.results.items() if test != "b12_total"})
    before, after = assess(rules, facts), assess(rules, learned(facts, data.draw(results("b12_total"))))
    red = {raised.flag.id for raised in before.flags if raised.flag.severity in ("emergency", "urgent")}
    assert red <= {raised.flag.id for raised in after.flags}


@every_set
@LAWS
@given(data=st.data())
def test_joint_disease_never_moves_the_level(rule_set, data) -> None:
    rules = rule_set()
    facts = data.draw(people(rules))
    about = {name_of(said) for said in JOINT_FACTS} | set(JOINT_STATEMENTS)
    bare = replace(
        facts,
        results={test: found for test, found in facts.results.items() if test not in about},
        items={code: found for code, found in facts.items.items() if code not in about},
        statements={name: value for name, value in facts.statements.items() if name not in about},
    )
    said = data.draw(st.lists(st.sampled_from(JOINT_FACTS), min_size=1, max_size=8))
    arthritic = replace(bare, statements={**bare.statements, **JOINT_STATEMENTS})
    for one in said:
        arthritic = learned(arthritic, one)
    assert outcome(rules, arthritic) == outcome(rules, bare)


@every_set
@pytest.mark.parametrize("pain", PAINS)
@settings(LAWS, max_examples=25)
@given(data=st.data())
def test_pain_and_cramps_never_raise_the_level(rule_set, pain: str, data) -> None:
    rules = rule_set()
    facts = data.draw(people(rules))
    without = replace(facts, items={code: found for code, found in facts.items.items() if code != pain})
    assert outcome(rules, learned(without, item(pain))) == outcome(rules, without)


@every_set
@LAWS
@given(data=st.data())
def test_a_lower_b12_never_gives_a_lower_level(rule_set, data) -> None:
    rules = rule_set()
    facts = data.draw(people(rules))
    values = data.draw(
        st.lists(st.sampled_from([50, 132, 179, 180, 200, 257, 258, 259, 350, 351, 900]), min_size=2, max_size=2)
    )
    unit = data.draw(st.sampled_from(["ng/L", "pmol/L"]))
    lower, higher = (learned(facts, lab("b12_total", f"{value} {unit}")) for value in sorted(values))
    assert level(assess(rules, lower)) >= level(assess(rules, higher))


@every_set
@LAWS
@given(data=st.data())
def test_a_child_is_out_of_scope_whatever_is_known(rule_set, data) -> None:
    rules = rule_set()
    answer = assess(rules, data.draw(people(rules, ages=st.integers(0, 15))))
    assert (answer.likelihood.level, answer.likelihood.reason) == ("undetermined", "out_of_scope")
    assert (answer.likelihood.lowest, answer.likelihood.highest) == ("undetermined", "undetermined")
    assert (answer.likelihood.because, answer.differential, answer.missing) == ((), (), ())
    assert len(answer.recommendations) == 1
    assert answer.likelihood.flagged is None


@every_set
@LAWS
@given(data=st.data())
def test_an_assessment_is_the_same_again_and_changes_nothing(rule_set, data) -> None:
    rules = rule_set()
    facts = data.draw(people(rules))
    untouched = copy.deepcopy(facts)
    first, again = assess(rules, facts, trace=True), assess(rules, copy.deepcopy(facts), trace=True)
    assert first == again
    assert facts == untouched
    assert replace(first, trace=()) == assess(rules, facts)


@every_set
@LAWS
@given(data=st.data())
def test_every_answer_keeps_its_promises(rule_set, data) -> None:
    rules = rule_set()
    answer = assess(rules, data.draw(people(rules)))
    found = answer.likelihood
    assert (found.reason is None) is (found.level != "undetermined")
    assert bool(found.because) is (found.level != "undetermined")
    assert (found.basis == "none") is (found.level == "undetermined")
    assert bool(found.assumes) is (found.lowest != found.level)
    assert found.flagged is {"undetermined": None, "unlikely": False}.get(found.level, True)
    assert len(answer.missing) <= 8
    assert len({advice.recommendation.id for advice in answer.recommendations}) == len(answer.recommendations)
    assert len({raised.flag.id for raised in answer.flags}) == len(answer.flags)
    for advice in answer.recommendations:
        assert bool(advice.recommendation.tests) is (advice.recommendation.action == "test")
        assert advice.citations
    assert all(raised.because or raised.assumes for raised in answer.flags)
    assert all(raised.citations for raised in answer.flags)


# --- The order of rules and findings changes nothing but the order of lists


def shuffled(rule_set: RuleSet, random: Random) -> RuleSet:
    """The same set written in another order."""

    def mixed(values: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(random.sample(values, len(values)))

    def finding(one: Finding) -> Finding:
        return replace(one, members=mixed(tuple(finding(member) for member in one.members)))

    def block(when: When | None) -> When | None:
        if when is None:
            return None
        words = {word: mixed(tuple(map(finding, getattr(when, word)))) for word in ("all", "any", "none", "unless")}
        return replace(when, **words)

    def rules(written: tuple[Any, ...]) -> tuple[Any, ...]:
        return mixed(tuple(replace(rule, when=block(rule.when)) for rule in written))

    def explanation(one: Any) -> Any:
        lists = {key: mixed(getattr(one, key)) for key in ("appears", "speaks_for", "speaks_against", "ask")}
        return replace(one, **lists, **{key: block(getattr(one, key)) for key in ("supported", "possible", "opposed")})

    return replace(
        rule_set,
        likelihood=rules(rule_set.likelihood),
        flags=rules(rule_set.flags),
        recommendations=rules(rule_set.recommendations),
        differential={id_: explanation(rule_set.differential[id_]) for id_ in mixed(tuple(rule_set.differential))},
    )


def without_order(answer: Assessment) -> dict[str, Any]:
    """An answer as sets; of facts to ask for only those that no cut-off decides."""
    found = answer.likelihood
    return {
        "likelihood": (found.level, found.basis, found.reason, found.lowest, found.highest),
        "because": {(reason.finding, reason.value, reason.limit) for reason in found.because},
        "assumes": set(named(found.assumes)),
        "flags": {(raised.flag.id, raised.flag.severity, frozenset(named(raised.because))) for raised in answer.flags},
        "advice": {
            (advice.recommendation.id, advice.recommendation.strength, advice.urgency, frozenset(named(advice.because)))
            for advice in answer.recommendations
        },
        "stances": {
            (
                note.explanation.id,
                note.stance,
                note.criteria,
                frozenset(named(note.speaks_for)),
                frozenset(named(note.speaks_against)),
            )
            for note in answer.differential
        },
        "missing": {(one.fact, one.could_reach) for one in answer.missing} if len(answer.missing) < 8 else None,
    }


@every_set
@LAWS
@given(data=st.data())
def test_the_order_of_rules_and_findings_changes_nothing_but_the_order_of_lists(rule_set, data) -> None:
    rules = rule_set()
    facts = data.draw(people(rules))
    other = shuffled(rules, Random(data.draw(st.integers(0, 1000))))  # noqa: S311 (an order, not a secret)
    before, after = without_order(assess(rules, facts)), without_order(assess(other, facts))
    if before["missing"] is None or after["missing"] is None:
        before["missing"] = after["missing"] = None
    assert before == after


# --- The tiny set, answer by answer

LISTED = {"listed": True, "b12_supplement": False}


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (patient(), ("undetermined", "undetermined", "confirmed")),
        (patient(lab("b12_total", "150 ng/L"), pregnant=False), ("confirmed", "confirmed", "confirmed")),
        (patient(lab("b12_total", "150 ng/L")), ("confirmed", "possible", "confirmed")),
        (patient(lab("b12_total", "150 ng/L"), pregnant=True), ("possible", "possible", "probable")),
        (patient(lab("b12_total", "250 ng/L")), ("possible", "possible", "probable")),
        (patient(lab("b12_total", "250 ng/L"), lab("mma", "200 nmol/L")), ("possible", "possible", "possible")),
        (patient(lab("b12_total", "400 ng/L"), lab("mma", "200 nmol/L")), ("unlikely", "undetermined", "unlikely")),
        (
            patient(lab("b12_total", "400 ng/L"), lab("mma", "200 nmol/L"), **LISTED),
            ("unlikely", "unlikely", "unlikely"),
        ),
        (
            patient(lab("b12_total", "400 ng/L"), lab("mma", "500 nmol/L"), **LISTED),
            ("probable", "unlikely", "probable"),
        ),
        (patient(lab("b12_total", "<350 ng/L"), pregnant=False), ("possible", "possible", "confirmed")),
        (patient(item("numbness"), item("metformin")), ("possible", "undetermined", "confirmed")),
    ],
)
def test_the_level_and_what_it_could_be(facts: Facts, expected: tuple[str, str, str]) -> None:
    assert outcome(tiny_set(), facts) == expected


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (patient(), "insufficient_data"),
        (patient(lab("b12_total", "400 ng/L"), b12_supplement=True), "uninterpretable"),
        (patient(lab("b12_total", "150 ng/L"), age=15), "out_of_scope"),
        (patient(lab("b12_total", "150 ng/L"), age=16), None),
    ],
)
def test_why_a_level_is_undetermined(facts: Facts, reason: str | None) -> None:
    assert assess(tiny_set(), facts).likelihood.reason == reason


@pytest.mark.parametrize(
    ("facts", "basis", "assumes"),
    [
        (patient(lab("b12_total", "150 ng/L")), "laboratory", ["pregnant"]),
        (patient(lab("b12_total", "150 ng/L"), pregnant=False), "laboratory", []),
        (patient(item("numbness"), item("metformin")), "clinical", ["b12_above"]),
        # one rule reaches the level without assuming anything
        (patient(item("numbness"), item("metformin"), lab("b12_total", "300 ng/L")), "laboratory", []),
        (patient(), "none", []),
    ],
)
def test_basis_and_assumptions(facts: Facts, basis: str, assumes: list[str]) -> None:
    found = assess(tiny_set(), facts).likelihood
    assert (found.basis, named(found.assumes)) == (basis, assumes)


def test_the_reason_shows_value_limit_and_source() -> None:
    (reason,) = assess(tiny_set(), patient(lab("b12_total", "142 ng/L"), pregnant=False)).likelihood.because
    assert (reason.finding, reason.value, reason.limit) == ("b12_deficient", "142 ng/L", "180 ng/L")
    assert [(one.source.id, one.passage.id) for one in reason.citations] == [("guide", "bands")]


def test_of_several_rules_for_one_flag_the_gravest_speaks_and_the_gravest_flag_comes_first() -> None:
    signs = (item("spasticity"), item("gait_ataxia"), item("pancytopenia", present=False), item("fever"))
    answer = assess(tiny_set(), patient(*signs))
    assert [(one.flag.id, one.flag.severity) for one in answer.flags] == [
        ("neurology", "emergency"),
        ("fever", "urgent"),
    ]
    flag = answer.flags[0]
    assert named(flag.because) == ["gait_ataxia", "spasticity", "pancytopenia"]
    assert [reason.label for reason in flag.because][-1].startswith("Not: ")
    assert named(flag.assumes) == ["dementia"]
    assert [(one.source.id, one.passage.id) for one in flag.citations] == [("guide", "bands"), ("habit", "usual")]


def test_a_member_without_a_source_has_its_groups() -> None:
    (flag,) = assess(tiny_set(), patient(item("numbness"))).flags
    assert [(reason.finding, reason.citations[0].passage.id) for reason in flag.because] == [("numbness", "restated")]


def test_a_stop_that_is_known_silences_a_rule() -> None:
    signs = (item("spasticity"), item("gait_ataxia"), item("pancytopenia", present=False), item("dementia"))
    assert [one.flag.severity for one in assess(tiny_set(), patient(*signs)).flags] == ["warning"]


def test_of_several_rules_for_one_recommendation_the_strongest_speaks_and_the_most_urgent_hurries() -> None:
    (advice,) = assess(tiny_set(), patient(lab("b12_total", "250 ng/L"), item("numbness"))).recommendations
    assert (advice.recommendation.title, advice.recommendation.strength) == ("Measure MMA", "strong")
    assert advice.urgency == "soon"
    assert advice.rules == ("measure-mma", "measure-mma-for-neurology")
    assert named(advice.because) == ["b12_not_above", "b12_deficient", "numbness"]
    assert {one.source.id for one in advice.citations} == {"guide", "habit"}


def test_a_child_gets_red_flags_and_one_referral() -> None:
    answer = assess(tiny_set(), patient(item("fever"), lab("b12_total", "100 ng/L"), age=9), trace=True)
    assert [raised.flag.id for raised in answer.flags] == ["fever"]
    assert [advice.recommendation.id for advice in answer.recommendations] == ["refer-child"]
    assert {one.rule: one.outcome for one in answer.trace}["b12-deficient"] == "out_of_scope"


@pytest.mark.parametrize(
    ("facts", "stances"),
    [
        (patient(), {}),
        (patient(item("joint_pain", present=False)), {}),
        (patient(item("joint_pain")), {"osteoarthritis": "undetermined", "rheumatoid_arthritis": "undetermined"}),
        (patient(item("osteoarthritis")), {"osteoarthritis": "supported"}),
        (
            patient(item("joint_pain", sites=("knee",))),
            {"osteoarthritis": "possible", "rheumatoid_arthritis": "undetermined"},
        ),
        (
            patient(
                *(item("joint_pain", sites=("knee",)), item("synovitis", present=False)),
                item("joint_swelling", present=False),
            ),
            {"osteoarthritis": "supported", "rheumatoid_arthritis": "undetermined"},
        ),
        (
            patient(item("joint_pain", sites=("knee",)), item("synovitis")),
            {"osteoarthritis": "against", "rheumatoid_arthritis": "possible"},
        ),
        (
            patient(item("osteoarthritis"), item("synovitis")),
            {"osteoarthritis": "supported", "rheumatoid_arthritis": "possible"},
        ),
    ],
)
def test_stances(facts: Facts, stances: dict[str, str]) -> None:
    assert {note.explanation.id: note.stance for note in assess(tiny_set(), facts).differential} == stances


def test_what_speaks_for_and_against_and_what_to_ask() -> None:
    worn = patient(item("joint_pain", sites=("knee",)), item("synovitis", sites=("knee",)))
    osteoarthritis, rheumatoid = assess(tiny_set(), worn).differential
    assert named(osteoarthritis.speaks_for) == ["joint_pain", "weight_bearing_joint_pain"]
    assert named(osteoarthritis.speaks_against) == ["synovitis"]
    assert [question.fact for question in osteoarthritis.missing] == ["bony_enlargement"]
    assert [question.fact for question in rheumatoid.missing] == ["joint_swelling"]
    assert osteoarthritis.criteria is None
    assert (rheumatoid.criteria.least, rheumatoid.criteria.greatest, rheumatoid.criteria.needs) == (0, 10, 6)
    assert assess(tiny_set(), patient(item("joint_pain"))).differential[1].criteria is None


def test_the_trace_tells_why_a_rule_fired_or_did_not() -> None:
    facts = patient(lab("b12_total", "200 ng/L"), item("numbness"))
    trace = {one.rule: one for one in assess(tiny_set(), facts, trace=True).trace}
    assert list(trace) == list(tiny_set().rules)
    assert {rule: one.outcome for rule, one in trace.items()} == {
        "b12-not-above": "fired",
        "b12-deficient": "silent",
        "b12-above": "silent",
        "mma-raised": "undecided",
        "neurology-at-risk": "undecided",
        "neurology": "fired",
        "cord-signs": "undecided",
        "fever": "undecided",
        "measure-mma": "fired",
        "measure-mma-for-neurology": "fired",
        "treat": "silent",
        "refer-child": "out_of_scope",
    }
    deficient = trace["b12-deficient"].findings
    assert [(one.word, one.finding, one.truth, one.unknown) for one in deficient] == [
        ("all", "b12_deficient", "false", ()),
        ("unless", "pregnant", "unknown", ("pregnant",)),
    ]
    assert (deficient[0].value, deficient[0].limit, deficient[0].distance) == ("200 ng/L", "180 ng/L", "20 ng/L above")


def test_no_trace_unless_asked_for() -> None:
    assert assess(tiny_set(), patient()).trace == ()
