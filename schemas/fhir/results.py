"""Several results of one test, so that a summary can take them: clearly dated, and the newest one decides."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import cast

from rules.quantities import Interval
from schemas.fhir.said import Heard, Ignored, Lab
from schemas.values import CENSORED

SAME_WHEN_CONVERTED = Decimal("0.02")
NEVER = datetime.min.replace(tzinfo=UTC)

Reasons = dict[Heard, Ignored]


def settle(results: Sequence[Heard], lost: Sequence[date]) -> tuple[list[Heard], Reasons]:
    """The results of one test that are kept, newest first, and why each other one is not.

    `lost` are the days of results that cannot be used: an older one does not stand in for the newest.
    """
    reasons: Reasons = {}
    kept: list[Heard] = []
    unclear = list(lost)
    for day in _by_day(results, reasons):
        best = _best(day, reasons)
        if best is None:
            unclear.append(_last(day[0]))
        else:
            kept.append(best)
    kept.sort(key=_last, reverse=True)
    newest_lost = max(unclear, default=date.min)
    for one in kept:
        if _last(one) < newest_lost:
            reasons[one] = _lost(one, "is older than a result of the test that cannot be used")
    return [one for one in kept if one not in reasons], reasons


def _lab(heard: Heard) -> Lab:
    return cast(Lab, heard.said)


def _last(heard: Heard) -> date:
    moment = _lab(heard).when
    return moment.period.last if moment else date.max


def _lost(heard: Heard, reason: str) -> Ignored:
    return Ignored(reason, _lab(heard).fact, lost=True)


def _by_day(results: Sequence[Heard], reasons: Reasons) -> Iterator[list[Heard]]:
    """The results that may be of one day, day by day; one without a date only where no other has one."""
    dated = sorted((one for one in results if _lab(one).when), key=lambda one: (_first(one), _last(one)))
    undated = [one for one in results if not _lab(one).when]
    if not dated:
        yield undated
        return
    reasons.update({one: _lost(one, "has no date, and another result of the test has one") for one in undated})
    day: list[Heard] = []
    for one in dated:
        if day and _first(one) > max(map(_last, day)):
            yield day
            day = []
        day.append(one)
    yield day


def _first(heard: Heard) -> date:
    moment = _lab(heard).when
    return moment.period.first if moment else date.min


def _best(day: Sequence[Heard], reasons: Reasons) -> Heard | None:
    """The one result that stands for its day; none when several say different things and none is the last."""
    final = [one for one in day if not _lab(one).preliminary]
    reasons.update(
        {one: Ignored("is preliminary, and the final one is there") for one in day if final and one not in final}
    )
    candidates = sorted(final or day, key=lambda one: -len(_lab(one).entry))
    latest = _latest(candidates)
    for one in candidates:
        if one is not latest:
            reasons[one] = _reason(one, latest)
    return latest


def _latest(candidates: Sequence[Heard]) -> Heard | None:
    fullest = candidates[0]
    if all(_agree(_lab(one), _lab(fullest)) for one in candidates):
        return fullest
    instants = [_instant(one) for one in candidates]
    last = max(instants)
    final = [one for one, instant in zip(candidates, instants, strict=True) if instant == last]
    return final[0] if NEVER not in instants and len(final) == 1 else None


def _reason(one: Heard, latest: Heard | None) -> Ignored:
    if latest is None:
        return _lost(one, "differs from another result of the test, and nothing says which is the newer one")
    if _agree(_lab(one), _lab(latest)):
        return Ignored(f"repeats {latest.path}")
    return Ignored(f"is earlier on the same day than {latest.path}")


def _instant(heard: Heard) -> datetime:
    moment = _lab(heard).when
    return moment.instant if moment and moment.instant else NEVER


def _agree(one: Lab, other: Lab) -> bool:
    """Whether two results say the same, one of them perhaps in another unit and so rounded, or only as a flag."""
    mine, theirs = one.entry.get("value"), other.entry.get("value")
    if mine is None or theirs is None:
        return len({flag for lab in (one, other) if (flag := lab.entry.get("interpretation"))}) < len((one, other))
    if one.entry.get("unit") == other.entry.get("unit"):
        return bool(mine == theirs)
    return _converted_alike(one, other)


def _converted_alike(one: Lab, other: Lab) -> bool:
    mine, theirs = _amount(one), _amount(other)
    if mine is None or theirs is None:
        return False
    return abs(mine - theirs) <= SAME_WHEN_CONVERTED * max(mine, theirs) and _sign(one) == _sign(other)


def _amount(lab: Lab) -> Decimal | None:
    """The figure, or the bound of a censored one, in the unit of the catalogue."""
    value, unit = lab.entry.get("value"), lab.entry.get("unit")
    if unit is None or lab.fact.unit is None:
        return None
    parts = CENSORED.fullmatch(value) if isinstance(value, str) else None
    number = Decimal(parts[2]) if parts else cast(Decimal, value)
    return lab.fact.convert(Interval.exactly(number), unit, lab.fact.unit).low


def _sign(lab: Lab) -> str:
    value = lab.entry.get("value")
    return value.rstrip("0123456789.") if isinstance(value, str) else ""
