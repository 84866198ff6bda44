"""The 2010 ACR/EULAR classification score of rheumatoid arthritis as the range it can still have.

Points as printed in the criteria (acr-eular-2010/criteria). A missing test leaves its domain between its least and
its greatest points, never at zero. It classifies; it does not diagnose.
"""

from decimal import Decimal

from rules.derived.joints import joint_complaint_months, joint_swelling_known, small_joint_swelling
from rules.derived.timing import in_months
from rules.facts import Facts, Result
from rules.quantities import Interval
from rules.truth import Truth

MOST_JOINTS = 30
MANY_JOINTS, FEW_SMALL_JOINTS = 10, 3
SIX_WEEKS_IN_MONTHS = in_months(Interval.exactly(Decimal(42))).low

Points = tuple[int, int]


def acr_eular_score(facts: Facts) -> Interval | None:
    """The least and the greatest score, 0 to 10; none unless the examination found swelling, the entry criterion."""
    if joint_swelling_known(facts) is not Truth.TRUE:
        return None
    domains = [_joints(facts), _serology(facts), _acute_phase(facts), _duration(facts)]
    least, greatest = (Decimal(sum(points)) for points in zip(*domains, strict=True))
    return Interval(least, greatest)


def _joints(facts: Facts) -> Points:
    small, large = _involved(facts, "small"), _involved(facts, "large")
    if small_joint_swelling(facts) is Truth.TRUE:
        small = (max(small[0], 1), max(small[1], 1))
    least = joint_points(small[0], max(large[0], 0 if small[0] else 1))
    return least, joint_points(small[1], large[1])


def _involved(facts: Facts, size: str) -> Points:
    """Joints of that size that are swollen or tender: the two counts may or may not be of the same joints."""
    counts = [facts.number(f"{sign}_{size}") for sign in ("swollen", "tender")]
    stated = [int(count.low) for count in counts if count is not None]
    return max(stated, default=0), sum(stated) if len(stated) == len(counts) else MOST_JOINTS


def joint_points(small: int, large: int) -> int:
    """Points for joint involvement: small joints weigh more than large ones."""
    if small and small + large > MANY_JOINTS:
        return 5
    if small:
        return 3 if small > FEW_SMALL_JOINTS else 2
    return 1 if large > 1 else 0


def _serology(facts: Facts) -> Points:
    tests = [_antibody_points(facts.result(test)) for test in ("rheumatoid_factor", "anti_ccp")]
    return max(low for low, _ in tests), max(high for _, high in tests)


def _antibody_points(result: Result | None) -> Points:
    if result is None:
        return 0, 3
    if result.quantity is not None and result.high is not None:
        return _antibody_level(result.quantity.interval, result.high)
    word = result.category or result.flag
    if word is None:
        return 0, 3
    return {"positive": (2, 3), "high": (2, 3), "borderline": (0, 2)}.get(word, (0, 0))


def _antibody_level(interval: Interval, upper_limit: Decimal) -> Points:
    low_positive, high_positive = (interval.compare(">", times * upper_limit) for times in (1, 3))
    least = 3 if high_positive is Truth.TRUE else 2 if low_positive is Truth.TRUE else 0
    greatest = 0 if low_positive is Truth.FALSE else 2 if high_positive is Truth.FALSE else 3
    return least, greatest


def _acute_phase(facts: Facts) -> Points:
    tests = [_acute_phase_points(facts.result(test)) for test in ("crp", "esr")]
    return max(low for low, _ in tests), max(high for _, high in tests)


def _acute_phase_points(result: Result | None) -> Points:
    if result is None:
        return 0, 1
    if result.quantity is not None and result.high is not None:
        raised = result.quantity.interval.compare(">", result.high)
        return int(raised is Truth.TRUE), int(raised is not Truth.FALSE)
    if result.flag is None:
        return 0, 1
    return (1, 1) if result.flag == "high" else (0, 0)


def _duration(facts: Facts) -> Points:
    months = joint_complaint_months(facts)
    if months is None:
        return 0, 1
    return int(months.low >= SIX_WEEKS_IN_MONTHS), int(months.high >= SIX_WEEKS_IN_MONTHS)
