"""An assessment in the sections of a card: what each says, how urgent it is, and on which sources it rests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.assessment import Advice, LikelihoodOutcome, RaisedFlag
from rules.catalogue import catalogue
from rules.model import Citation, Reason
from schemas.cds_hooks.case import INDICATORS, Case, Order
from schemas.cds_hooks.markdown import plain
from schemas.cds_hooks.relevance import relevant_advice, relevant_flags

# Critical is for what must be dealt with at once, and only an emergency is that.
BY_SEVERITY = {"emergency": "critical", "urgent": "warning", "warning": "warning", "info": "info"}
BY_URGENCY = {"emergency": "critical", "urgent": "warning", "soon": "info", "routine": "info"}
BY_LEVEL = {"confirmed": "warning", "probable": "warning"}
LEVELS = {
    "confirmed": "B12 is in the range the guideline calls confirmed deficiency",
    "probable": "Vitamin B12 deficiency is probable",
    "possible": "Vitamin B12 deficiency is possible",
    "unlikely": "Vitamin B12 deficiency is less likely, not excluded",
    "undetermined": "Vitamin B12 deficiency cannot be judged",
}
TOPICS = {
    "test": "Tests to consider",
    "refer": "Referral to consider",
    "treat": "Options of treatment",
    "avoid": "To avoid",
    "review_medication": "Medicines to review",
    "monitor": "To follow up",
    "diet": "Diet",
    "inform": "To know",
}
# What merely explains is no reason to interrupt anybody.
WORTH_A_CARD = frozenset(TOPICS) - {"inform"}
FULL_TEXT = ("emergency", "urgent", "soon")


@dataclass(frozen=True, slots=True)
class Line:
    """One statement in Markdown, with its sources."""

    text: str
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One subject of a card. `names` are the flags and options it is made of."""

    names: tuple[str, ...]
    indicator: str
    summary: str
    lines: tuple[Line, ...]
    advice: tuple[Advice, ...] = ()
    level: str | None = None


def sections(case: Case) -> list[Section]:
    """What there is to say to a clinician, the gravest first; nothing when nothing calls for attention."""
    flags, advice = relevant_flags(case), relevant_advice(case)
    outcome = case.assessment.likelihood
    told = [*_already_resulted(case.order)] if case.order else [*_lost(case.lost)]
    if not (told or _calls_for_attention(flags, advice, outcome, case)):
        return []
    options = _options(advice)
    likelihood = [_likelihood(outcome)] if advice or case.order is None else []
    # A level that says something leads; one that does not is said after what can be done about it.
    judged = [*likelihood, *options] if outcome.flagged else [*options, *likelihood]
    found = [*map(_flag, flags), *told, *judged]
    return sorted(found, key=lambda section: -INDICATORS.index(section.indicator))


def _calls_for_attention(
    flags: Iterable[RaisedFlag], advice: Iterable[Advice], outcome: LikelihoodOutcome, case: Case
) -> bool:
    flagged = any(one.flag.severity != "info" for one in flags)
    likely = case.order is None and outcome.flagged is True
    return flagged or likely or any(one.recommendation.action in WORTH_A_CARD for one in advice)


def _flag(raised: RaisedFlag) -> Section:
    flag = raised.flag
    line = Line(f"**{plain(flag.title)}.** {plain(flag.text)}{_because(raised.because)}", raised.citations)
    return Section((flag.id,), BY_SEVERITY[flag.severity], flag.title, (line,))


def _lost(lost: tuple[str, ...]) -> Iterator[Section]:
    """A result that could not be used is never passed over in silence: it may be the one that matters."""
    if lost:
        lines = (Line("**Results that could not be used**"), *(Line(f"Left out: {plain(one)}.") for one in lost))
        yield Section(("results-left-out",), "info", "A result in the record could not be used", lines)


def _because(reasons: Iterable[Reason]) -> str:
    shown = "; ".join(_reason(reason) for reason in reasons)
    return f" *Because:* {shown}." if shown else ""


def _reason(reason: Reason) -> str:
    limit = f" (limit {plain(reason.limit)})" if reason.limit else ""
    value = f": {plain(reason.value)}{limit}" if reason.value else ""
    return f"{plain(reason.label)}{value}"


def _likelihood(outcome: LikelihoodOutcome) -> Section:
    head = LEVELS[outcome.level]
    measured = next((f": {one.value}" for one in outcome.because if one.limit), "")
    lines = [Line(f"**{head}.**")]
    lines += [Line(f"{_reason(one)}.", one.citations) for one in outcome.because]
    lines += [Line(text) for text in _reservations(outcome)]
    indicator = BY_LEVEL.get(outcome.level, "info")
    return Section(("likelihood",), indicator, f"{head}{measured}", tuple(lines), level=outcome.level)


def _reservations(outcome: LikelihoodOutcome) -> Iterator[str]:
    if outcome.assumes:
        yield f"Taken as absent, since nobody said otherwise: {'; '.join(plain(one.label) for one in outcome.assumes)}."
    if outcome.lowest != outcome.highest:
        yield f"With more facts it could be from {outcome.lowest} to {outcome.highest}."


def _options(advice: list[Advice]) -> list[Section]:
    told = [one for one in advice if one.recommendation.action in WORTH_A_CARD or one.urgency in FULL_TEXT]
    by_action = {action: [one for one in told if one.recommendation.action == action] for action in TOPICS}
    return [_topic(action, given) for action, given in by_action.items() if given]


def _topic(action: str, advice: list[Advice]) -> Section:
    gravest = max((BY_URGENCY[one.urgency] for one in advice), key=INDICATORS.index)
    head = advice[0].recommendation.title
    lines = (Line(f"**{TOPICS[action]}**"), *(_option(one) for one in advice))
    return Section(tuple(one.recommendation.id for one in advice), gravest, head, lines, tuple(advice))


def _option(advice: Advice) -> Line:
    option = advice.recommendation
    words = f" {plain(option.text)}" if advice.urgency in FULL_TEXT else ""
    strength = option.strength.replace("_", " ")
    return Line(f"{plain(option.title)} ({advice.urgency}, {strength}).{words}", advice.citations)


def _already_resulted(order: Order) -> Iterator[Section]:
    for test, result in order.resulted.items():
        label = catalogue().fact(test).label
        day = f" on {result.date}" if result.date else ""
        text = f"{label} has a result already: {result.reported()}{day}"
        yield Section((f"resulted-{test}",), "info", text, (Line(f"{plain(text)}."),))
