"""Several results of one test: the newest decides, and where none can be told to be it, none does."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from rules.quantities import Interval
from schemas.fhir.extracts import Ignored, Lab, Located, Reasons
from schemas.values import CENSORED

ROUNDED_IN_CONVERSION = Decimal("0.02")
NO_INSTANT = datetime.min.replace(tzinfo=UTC)

LocatedLab = Located[Lab]


def newest_of(results: Sequence[LocatedLab], lost: Iterable[date]) -> tuple[LocatedLab | None, Reasons]:
    """The result of one test that decides, and why each other one does not.

    `lost` are the days of results that cannot be used: an older one does not stand in for the newest.
    """
    dated = [one for one in results if one.extract.when]
    day = _newest_day(dated) or list(results)
    undated = [one for one in results if dated and not one.extract.when]
    older = set(dated).difference(day)
    reasons = {one: _lost(one, "has no date, and another result of the test has one") for one in undated}
    if max(map(_last, day)) < max(lost, default=date.min):
        behind = "is older than a result of the test that cannot be used"
        return None, reasons | {one: _lost(one, behind) for one in (*day, *older)}
    newest, same_day = _decide(day)
    if newest is None:
        behind = "is older than results of the test that contradict each other"
        return None, reasons | same_day | {one: _lost(one, behind) for one in older}
    return newest, reasons | same_day | dict.fromkeys(older, Ignored(f"is older than {newest.path}"))


def _lost(lab: LocatedLab, reason: str) -> Ignored:
    return Ignored(reason, lab.extract.fact, lost=True)


def _first(lab: LocatedLab) -> date:
    moment = lab.extract.when
    return moment.period.first if moment else date.min


def _last(lab: LocatedLab) -> date:
    moment = lab.extract.when
    return moment.period.last if moment else date.max


def _newest_day(dated: Sequence[LocatedLab]) -> list[LocatedLab]:
    """The results of the newest day, those among them that a partial date may put there."""
    day: list[LocatedLab] = []
    earliest = date.max
    for one in sorted(dated, key=_last, reverse=True):
        if not day or _last(one) >= earliest:
            day.append(one)
            earliest = min(earliest, _first(one))
    return day


def _decide(day: Sequence[LocatedLab]) -> tuple[LocatedLab | None, Reasons]:
    """The one result that stands for a day; none when several say different things and none is the last."""
    final = [one for one in day if not one.extract.preliminary] or list(day)
    overtaken = Ignored("is preliminary, and the final one is there")
    reasons: Reasons = dict.fromkeys(set(day).difference(final), overtaken)
    latest = _latest(sorted(final, key=_fullest_first))
    reasons.update({one: _reason(one, latest) for one in final if one is not latest})
    return latest, reasons


def _fullest_first(lab: LocatedLab) -> int:
    return -len(lab.extract.entry)


def _latest(candidates: Sequence[LocatedLab]) -> LocatedLab | None:
    fullest = candidates[0]
    if all(_agree(one.extract, fullest.extract) for one in candidates):
        return fullest
    instants = [_instant(one) for one in candidates]
    if NO_INSTANT in instants or instants.count(max(instants)) > 1:
        return None
    return max(candidates, key=_instant)


def _instant(lab: LocatedLab) -> datetime:
    moment = lab.extract.when
    return (moment.instant if moment else None) or NO_INSTANT


def _reason(one: LocatedLab, latest: LocatedLab | None) -> Ignored:
    if latest is None:
        return _lost(one, "differs from another result of the test, and nothing says which is the newer one")
    if _agree(one.extract, latest.extract):
        return Ignored(f"repeats {latest.path}")
    return Ignored(f"is earlier on the same day than {latest.path}")


def _agree(one: Lab, other: Lab) -> bool:
    """Whether two results say the same, one of them perhaps in another unit and so rounded, or only as a flag."""
    flags = {flag for lab in (one, other) if (flag := lab.entry.get("interpretation"))}
    mine, theirs = one.entry.get("value"), other.entry.get("value")
    if mine is None or theirs is None:
        return len(flags) == 1
    if one.entry.get("unit") == other.entry.get("unit"):
        return bool(mine == theirs)
    return _converted_alike(one, other)


def _converted_alike(one: Lab, other: Lab) -> bool:
    mine, theirs = _amount(one), _amount(other)
    if mine is None or theirs is None or _sign(one) != _sign(other):
        return False
    return abs(mine - theirs) <= ROUNDED_IN_CONVERSION * max(mine, theirs)


def _amount(lab: Lab) -> Decimal | None:
    """The figure, or the bound of a censored one, in the unit of the catalogue; none of a word."""
    value, unit = lab.entry["value"], lab.entry.get("unit")
    if unit is None or lab.fact.unit is None:
        return None
    parts = CENSORED.fullmatch(value) if isinstance(value, str) else None
    number = Decimal(parts[2]) if parts else value
    return lab.fact.convert(Interval.exactly(number), unit, lab.fact.unit).low


def _sign(lab: Lab) -> str:
    value = lab.entry.get("value")
    return value.rstrip("0123456789.") if isinstance(value, str) else ""
