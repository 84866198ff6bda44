"""An assessment in the sections of a card: what each says, how urgent it is, and on which sources it rests."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.assessment import Advice, Assumption, LikelihoodOutcome, RaisedFlag
from rules.catalogue import catalogue
from rules.model import URGENCIES, Citation, Reason, RuleSet
from schemas.cds_hooks.case import INDICATORS, Case, Order
from schemas.cds_hooks.markdown import plain
from schemas.cds_hooks.relevance import relevant_advice, relevant_flags, with_emergencies
from schemas.wording import REASONS, readable, short, uncapitalized

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
    """One subject of a card. `names` are the flags and options it is made of, `shorter` its summary in less space."""

    names: tuple[str, ...]
    indicator: str
    summary: str
    lines: tuple[Line, ...]
    advice: tuple[Advice, ...] = ()
    level: str | None = None
    shorter: tuple[str, ...] = ()


def sections(case: Case) -> list[Section]:
    """What there is to say to a clinician, the gravest first; nothing when nothing calls for attention."""
    flags, advice = relevant_flags(case), relevant_advice(case)
    # An order may make deficiency likelier one day; it says nothing of how likely that is now.
    outcome = (case.order.before if case.order else case.assessment).likelihood
    told = [*_already_resulted(case.order)] if case.order else [*_lost(case.lost)]
    if not (told or _calls_for_attention(flags, advice, outcome, case)):
        return []
    options = _options(advice)
    likelihood = [_likelihood(outcome, case.assessment.rule_set)] if advice or case.order is None else []
    # A level that says something leads; one that does not is said after what can be done about it.
    judged = [*likelihood, *options] if outcome.flagged else [*options, *likelihood]
    shown = with_emergencies(case, flags)
    grave = [_flag(one) for one in shown if one.flag.severity != "info"]
    mild = [_flag(one) for one in shown if one.flag.severity == "info"]
    found = [*grave, *told, *judged, *mild]
    return sorted(found, key=lambda section: -INDICATORS.index(section.indicator))


def _calls_for_attention(
    flags: Iterable[RaisedFlag], advice: Iterable[Advice], outcome: LikelihoodOutcome, case: Case
) -> bool:
    flagged = any(one.flag.severity != "info" for one in flags)
    likely = case.order is None and outcome.flagged is True
    return flagged or likely or any(one.recommendation.action in WORTH_A_CARD for one in advice)


def _flag(raised: RaisedFlag) -> Section:
    flag = raised.flag
    said = f"{plain(flag.text)}{_because(raised.because)}{_assumed(raised.assumes)}"
    line = Line(f"**{plain(flag.title)}.** {said}", raised.citations)
    return Section((flag.id,), BY_SEVERITY[flag.severity], flag.title, (line,))


def _lost(lost: tuple[str, ...]) -> Iterator[Section]:
    """A result that could not be used is never passed over in silence: it may be the one that matters."""
    if lost:
        lines = (Line("**Results that could not be used**"), *(Line(f"Left out: {plain(one)}.") for one in lost))
        yield Section(("results-left-out",), "info", "A result in the record could not be used", lines)


def _because(reasons: Iterable[Reason]) -> str:
    shown = "; ".join(_reason(reason) for reason in reasons)
    return f" *Because:* {shown}." if shown else ""


def _assumed(assumes: Iterable[Assumption]) -> str:
    labels = "; ".join(plain(one.label) for one in assumes)
    return f" *Taken as absent:* {labels}." if labels else ""


def _reason(reason: Reason) -> str:
    limit = f" (limit {plain(readable(reason.limit))})" if reason.limit else ""
    value = f": {plain(readable(reason.value))}{limit}" if reason.value else ""
    return f"{plain(reason.label)}{value}"


def _likelihood(outcome: LikelihoodOutcome, rule_set: RuleSet) -> Section:
    head = LEVELS[outcome.level]
    lines = [Line(f"**{head}.**")]
    lines += [Line(f"{REASONS[outcome.reason]}.")] if outcome.reason else []
    lines += [Line(f"{_reason(one)}.", one.citations) for one in outcome.because]
    lines += [Line(text) for text in _reservations(outcome)]
    indicator = BY_LEVEL.get(outcome.level, "info")
    measured = _measured(outcome, rule_set)
    if measured is None:
        return Section(("likelihood",), indicator, head, tuple(lines), level=outcome.level)
    result, limit = measured
    summary, shorter = f"{head}: {uncapitalized(result)}", (f"{result} (limit {limit})", head)
    return Section(("likelihood",), indicator, summary, tuple(lines), level=outcome.level, shorter=shorter)


def _measured(outcome: LikelihoodOutcome, rule_set: RuleSet) -> tuple[str, str] | None:
    """The first result that a laboratory's level rests on, with the name of its test, and the limit it is judged by."""
    if outcome.basis != "laboratory":
        return None
    for one in outcome.because:
        tests = sorted(rule_set.findings[one.finding].reads & catalogue().groups["labs"].keys())
        if one.value and one.limit and len(tests) == 1:
            return f"{short(catalogue().fact(tests[0]).label)} {readable(one.value)}", readable(one.limit)
    return None


def _reservations(outcome: LikelihoodOutcome) -> Iterator[str]:
    if outcome.assumes:
        yield f"Taken as absent, since nobody said otherwise: {'; '.join(plain(one.label) for one in outcome.assumes)}."
    if outcome.lowest != outcome.highest:
        yield f"With more facts it could be from {outcome.lowest} to {outcome.highest}."


def _options(advice: list[Advice]) -> list[Section]:
    told = [one for one in advice if one.recommendation.action in WORTH_A_CARD or one.urgency in FULL_TEXT]
    by_action = {action: [one for one in told if one.recommendation.action == action] for action in TOPICS}
    soonest = sorted(filter(None, by_action.values()), key=lambda given: URGENCIES.index(given[0].urgency))
    return [_topic(given[0].recommendation.action, given) for given in soonest]


def _topic(action: str, advice: list[Advice]) -> Section:
    gravest = max((BY_URGENCY[one.urgency] for one in advice), key=INDICATORS.index)
    head = advice[0].recommendation.title
    lines = (Line(f"**{TOPICS[action]}**"), *(_option(one) for one in advice))
    return Section(tuple(one.recommendation.id for one in advice), gravest, head, lines, tuple(advice))


def _option(advice: Advice) -> Line:
    option = advice.recommendation
    words = f" {plain(option.text)}{_assumed(advice.assumes)}" if advice.urgency in FULL_TEXT else ""
    strength = option.strength.replace("_", " ")
    return Line(f"{plain(option.title)} ({advice.urgency}, {strength}).{words}", advice.citations)


def _already_resulted(order: Order) -> Iterator[Section]:
    for test, result in order.resulted.items():
        label = short(catalogue().fact(test).label)
        day = f" on {result.date}" if result.date else ""
        text = f"{label} has a result already: {readable(result.reported())}{day}"
        yield Section((f"resulted-{test}",), "info", text, (Line(f"{plain(text)}."),))
