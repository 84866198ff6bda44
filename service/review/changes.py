"""What changed from one rule set to another, as a page of plain sentences for whoever decides about it."""

from collections.abc import Mapping
from typing import Any

from service.page import Page

Part = Mapping[str, Any]


def render_changes(difference: Part, width: int | None = None) -> str:
    """The version number it takes and why, then every change, the vignettes and the panel."""
    page = Page(width)
    page.write(f"FROM {difference['from']} TO {difference['to']}: {_verdict(difference)}")
    for reason in difference["reasons"]:
        page.item(reason)
    page.heading("What changed", difference["changes"])
    for change in difference["changes"]:
        page.item(f"{change['says']} ({change['needs']})")
    _vignettes(page, difference["vignettes"])
    if "panel" in difference:
        _panel(page, difference["panel"])
    return page.text()


def _verdict(difference: Part) -> str:
    if difference["required"] == "none":
        return "nothing changed"
    enough = "which is enough" if difference["enough"] else "which is NOT ENOUGH"
    return f"takes a {difference['required']} step; taken is {difference['taken']}, {enough}"


def _vignettes(page: Page, vignettes: Part) -> None:
    page.heading(f"Vignettes: {len(vignettes['changed'])} of {vignettes['run']} are answered otherwise", [vignettes])
    for vignette in vignettes["changed"]:
        page.item(f"{vignette['id']}: {'; '.join(vignette['says'])} ({vignette['needs']})")


def _panel(page: Page, panel: Part) -> None:
    page.heading(f"Panel: {panel['changed']} of {panel['patients']} patients are answered otherwise", [panel])
    counts = f"{panel['levels']} another level, {panel['flags']} other flags"
    page.write(f"{counts}, {panel['recommendations']} other recommendations.", "  ")
    if panel["unread"]:
        page.write(f"Not read, being no patient summary: rows {', '.join(map(str, panel['unread']))}.", "  ")
    title = f"{len(panel['losing'])} whose level drops or that lose a flag or a recommendation"
    page.heading(title, panel["losing"])
    for loss in panel["losing"]:
        page.item(f"row {loss['row']}: {'; '.join(loss['says'])}")
