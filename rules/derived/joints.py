"""Joint facts put together from sites, counts and the examination."""

from decimal import Decimal

from rules.derived.timing import in_months, months_since
from rules.facts import Facts, Item
from rules.quantities import Interval
from rules.truth import Truth, any_of, known

SMALL_JOINTS = frozenset({"wrist", "hand", "mcp", "pip", "thumb_ip", "foot", "mtp"})
WEIGHT_BEARING_JOINTS = frozenset({"hip", "knee", "spine"})
GIRDLE = frozenset({"shoulder", "hip"})
ONE_SIDE = ("left", "right")
ACHES = ("joint_pain", "joint_stiffness", "muscle_pain")
SWELLINGS = ("synovitis", "hot_swollen_joint", "joint_swelling")
COUNTS = ("swollen_small", "swollen_large")
COMPLAINTS = ("joint_pain", "joint_stiffness", *SWELLINGS)
WEEK_DAYS = Decimal(7)


def joint_swelling_known(facts: Facts) -> Truth:
    """Whether the examination found swelling: synovitis, a hot swollen joint or a count of swollen joints."""
    counts = [facts.number("swollen_small"), facts.number("swollen_large")]
    counted = [count.compare(">=", Decimal(1)) for count in counts if count is not None]
    examined = [facts.presence("synovitis"), facts.presence("hot_swollen_joint")]
    if len(counted) == len(counts) and Truth.TRUE not in examined:
        return any_of(counted)
    return any_of([*counted, *examined])


def small_joint_swelling(facts: Facts) -> Truth:
    """Whether a small joint of the hands or feet is swollen."""
    count = facts.number("swollen_small")
    counted = [] if count is None else [count.compare(">=", Decimal(1))]
    sites = [_at(facts, code, SMALL_JOINTS) for code in SWELLINGS]
    if counted and Truth.TRUE not in sites:
        return counted[0]
    return any_of([*counted, *sites])


def several_swollen_joints(facts: Facts) -> Truth:
    """Whether more than one joint is swollen."""
    counts = [count for name in COUNTS if (count := facts.number(name))]
    total = sum((count.low for count in counts), Decimal(0))
    by_site = any(_is_several(item) for code in SWELLINGS for item in _present(facts, code))
    if total > 1 or by_site:
        return Truth.TRUE
    return Truth.FALSE if len(counts) == len(COUNTS) else Truth.UNKNOWN


def weight_bearing_joint_pain(facts: Facts) -> Truth:
    """Whether the painful joints include a hip, a knee or the spine."""
    return _at(facts, "joint_pain", WEIGHT_BEARING_JOINTS)


def small_joint_pain(facts: Facts) -> Truth:
    """Whether the painful joints include small joints of the hands or feet."""
    return _at(facts, "joint_pain", SMALL_JOINTS)


def girdle_pain(facts: Facts) -> Truth:
    """Whether the shoulders or the hips are painful or stiff: not those of one side only."""
    present = [item for code in ACHES for item in _present(facts, code)]
    elsewhere = [facts.presence(code) for code in ACHES if not _present(facts, code)]
    return any_of([*map(_in_girdle, present), *elsewhere])


def symmetric_joints(facts: Facts) -> Truth:
    """Whether both sides are affected alike, as stated or by a complaint on both sides."""
    stated = facts.yes_no("symmetric")
    if stated is not Truth.UNKNOWN:
        return stated
    sides = {item.laterality for code in COMPLAINTS for item in _present(facts, code)}
    return Truth.TRUE if "both" in sides else Truth.UNKNOWN


def joint_complaint_months(facts: Facts) -> Interval | None:
    """For how many months the joints have been affected, as stated or since the earliest dated complaint."""
    weeks = facts.number("duration_weeks")
    if weeks is not None:
        return in_months(weeks.scaled(WEEK_DAYS))
    started = [item.since for code in COMPLAINTS for item in _present(facts, code) if item.since]
    return months_since(min(started, default=None), facts.as_of)


def _present(facts: Facts, code: str) -> list[Item]:
    return [item for item in facts.items.get(code, ()) if item.holds(facts.as_of) is Truth.TRUE]


def _is_several(item: Item) -> bool:
    return len(item.sites) > 1 or (bool(item.sites) and item.laterality == "both")


def _in_girdle(item: Item) -> Truth:
    if not item.sites:
        return Truth.UNKNOWN
    return known(not GIRDLE.isdisjoint(item.sites) and item.laterality not in ONE_SIDE)


def _at(facts: Facts, code: str, sites: frozenset[str]) -> Truth:
    present = _present(facts, code)
    if not present:
        return facts.presence(code)
    named = [site for item in present for site in item.sites]
    return known(not sites.isdisjoint(named)) if named else Truth.UNKNOWN
