"""One assessment as a page of plain text that a clinician can read at a glance."""

from collections.abc import Iterable, Mapping
from typing import Any

from rules.model import best_verification
from schemas.wording import REASONS, readable
from service.cautions import cautions, is_emergency
from service.page import VERIFIED, Page, plain

Part = Mapping[str, Any]


def render_report(answer: Part, width: int | None = None) -> str:
    """The level and how sure it is, red flags, what else it may be, options and what to ask, with the sources.

    An emergency stands before everything else.
    """
    page = Page(width)
    first = (_flags, _likelihood) if is_emergency(answer["flags"]) else (_likelihood, _flags)
    for write in (*first, _differential, _causes, _advice, _missing, _inputs, _trace, _end):
        write(page, answer)
    return page.text()


def _likelihood(page: Page, answer: Part) -> None:
    likelihood = answer["likelihood"]
    page.heading(f"Vitamin B12 deficiency: {likelihood['level']}", [answer])
    if likelihood["reason"]:
        page.write(f"{REASONS[likelihood['reason']]}.", "  ")
    for finding in likelihood["because"]:
        page.item(_reason(finding), finding["citations"])
    page.note("Assuming there is no", likelihood["assumes"])
    for caution in cautions(answer["inputs"]):
        page.write(f"Take care: {caution}.", "  ")
    page.write(f"{_could_be(likelihood)} Basis: {likelihood['basis']}. As of {answer['inputs']['as_of']}.", "  ")


def _could_be(likelihood: Part) -> str:
    lowest, highest = likelihood["could_be"]["lowest"], likelihood["could_be"]["highest"]
    if lowest == highest:
        return "What is still unknown would not change this level."
    return f"With what is still unknown it could be anything from {lowest} to {highest}."


def _flags(page: Page, answer: Part) -> None:
    page.heading("Red flags and warnings", [answer])
    if not answer["flags"]:
        page.write("None in what was sent.", "  ")
    for flag in answer["flags"]:
        page.item(f"{flag['severity'].upper()}: {flag['title']}", flag["citations"])
        page.detail(flag["text"])
        page.detail(_because(flag["because"]))
        page.note("Assuming there is no", flag["assumes"])


def _differential(page: Page, answer: Part) -> None:
    page.heading("What else could explain the picture", answer["differential"])
    for disease in answer["differential"]:
        _explanation(page, disease)
        if disease["criteria"]:
            page.detail(_criteria(disease["criteria"]))


def _causes(page: Page, answer: Part) -> None:
    page.heading("What could cause a deficiency", answer["causes"])
    for cause in answer["causes"]:
        _explanation(page, cause)


def _explanation(page: Page, entry: Part) -> None:
    page.item(f"{entry['label']}: {entry['stance'].upper()}", entry["citations"])
    page.detail(entry["note"])
    page.note("For", entry["for"])
    page.note("Against", entry["against"])
    page.note("Not known", entry["missing"])


def _criteria(criteria: Part) -> str:
    least, greatest = criteria["score"]
    return f"{criteria['name']}: {least} to {greatest} points, {criteria['needs']} needed."


def _advice(page: Page, answer: Part) -> None:
    page.heading("Options to consider", answer["recommendations"])
    for advice in answer["recommendations"]:
        page.item(f"{advice['urgency'].upper()}: {advice['title']}", advice["citations"])
        page.detail(advice["text"])
        page.detail(_strength(advice))
        page.detail(_because(advice["because"]))
        page.note("Assuming there is no", advice["assumes"])


def _strength(advice: Part) -> str:
    best = VERIFIED[best_verification(citation["verified"] for citation in advice["citations"])]
    return f"Strength: {plain(advice['strength'])}. Certainty: {plain(advice['certainty'])}. At best {best}."


def _missing(page: Page, answer: Part) -> None:
    page.heading("Worth finding out", answer["missing"])
    for missing in answer["missing"]:
        is_more = missing["could_reach"] != answer["likelihood"]["level"]
        page.item(f"{missing['label']} (could make it {missing['could_reach']})" if is_more else missing["label"])


def _inputs(page: Page, answer: Part) -> None:
    inputs = answer["inputs"]
    page.heading("About what was sent", [*inputs["unrecognized"], *inputs["unused"]])
    for entry in inputs["unrecognized"]:
        near = f"; did you mean {' or '.join(entry['did_you_mean'])}?" if entry["did_you_mean"] else ""
        page.item(f'{entry["path"]}: "{entry["name"]}" is not known here{near}')
    for entry in inputs["unused"]:
        page.item(f"{entry['path']}: {entry['reason']}")


def _trace(page: Page, answer: Part) -> None:
    page.heading("Every rule", answer.get("trace", []))
    for rule in answer.get("trace", []):
        page.item(f"{rule['outcome'].upper()}: {rule['title']} ({rule['rule']})")
        for finding in rule["findings"]:
            page.detail(f"{finding['word']}: {_reason(finding)}: {finding['truth']}")


def _end(page: Page, answer: Part) -> None:
    page.list_sources()
    rule_set = answer["rule_set"]
    page.heading(f"Rule set {rule_set['version']}, profile {rule_set['profile']}, {rule_set['review']}", [answer])
    page.write(answer["notice"])


def _because(reasons: Iterable[Part]) -> str:
    labels = [_reason(reason) for reason in reasons]
    return f"Because: {'; '.join(labels)}." if labels else ""


def _reason(reason: Part) -> str:
    value = f": {readable(reason['value'])}" if reason["value"] else ""
    limit = f" (limit {readable(reason['limit'])})" if reason["limit"] else ""
    return f"{reason['label']}{value}{limit}"
