"""One rule as a page of plain sentences, for whoever reviews it."""

from collections.abc import Mapping, Sequence
from typing import Any

from service.page import Page, plain
from service.review.words import AUDIENCES

Part = Mapping[str, Any]


def render_rule(rule: Part, width: int | None = None) -> str:
    """One rule in plain sentences, as a reviewer reads it."""
    page = Page(width)
    page.write(f"{rule['title']} ({rule['id']}), for {AUDIENCES[rule['scope']]}")
    when = rule["when"]
    _condition(page, "When all of", when["all"])
    _condition(page, f"When at least {when['at_least']} of", when["any"])
    _condition(page, "When each of these is known to be absent", when["none"])
    _condition(page, "Unless one of these is known to be present", when["unless"])
    page.heading("Then", [rule])
    page.item(_conclusion(rule["concludes"], rule["then"]), rule["citations"])
    page.heading("Do not believe it", [rule])
    page.item(rule["wrong_when"])
    page.list_sources()
    return page.text()


def _condition(page: Page, title: str, findings: Sequence[Part]) -> None:
    page.heading(title, findings)
    for finding in findings:
        says = f" ({finding['says']})" if finding["says"] else ""
        page.item(f"{finding['label']}{says}", finding["citations"])


def _conclusion(kind: str, then: Part) -> str:
    match kind:
        case "likelihood":
            return f"Vitamin B12 deficiency is at least {then['level']} (basis: {then['basis']})."
        case "flag":
            return f"{then['severity'].upper()}: {then['title']}. {then['text']}"
    strength = f"{plain(then['strength'])}, certainty {plain(then['certainty'])}"
    return f"{then['urgency'].upper()}: {then['title']}. {then['text']} ({strength})"
