"""The pictures of the page in `docs/screenshots`: six states, on a desk and on a telephone."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page

from tests.page import check_everywhere as states
from tests.page.conftest import browsing, serving

PICTURES = Path(__file__).parent.parent.parent / "docs" / "screenshots"
WIDTHS = {1280: 860, 390: 844}
SHOWN: dict[str, Callable[[Page], None]] = {
    "start": states.start,
    "confirmed": states.at("/examples/demonstration"),
    "possible": states.possible,
    "wrong": states.wrong,
    "trend": states.trend,
    "rule": states.at(f"{states.SET}/rules/b12-total-deficient"),
}


def main() -> None:
    """Write every picture anew."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with serving() as origin, browsing() as browser:
        for width, height in WIDTHS.items():
            for name, show in SHOWN.items():
                context = browser.new_context(
                    base_url=origin, viewport={"width": width, "height": height}, reduced_motion="reduce"
                )
                page = context.new_page()
                show(page)
                if width < 1000 and page.locator("#answer .verdict, #answer .wrong").count():
                    page.evaluate("document.getElementById('answer').scrollIntoView()")
                page.evaluate("document.activeElement.blur()")
                page.screenshot(path=PICTURES / f"{name}-{width}.png")
                context.close()


if __name__ == "__main__":
    main()
