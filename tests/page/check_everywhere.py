"""Every page and every state: nothing that axe finds, nothing wider than a narrow screen, light and quick."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from tests.page.conftest import HERE, opened

AXE = (HERE / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEAVIEST = 200 * 1024


def start(page: Page) -> None:
    page.goto("/")


def confirmed(page: Page) -> None:
    page.goto("/examples/demonstration")
    for summary in page.locator("#answer details > summary").all()[:4]:
        summary.click()


def entered(page: Page, b12: str) -> None:
    page.goto("/")
    page.locator("#age").fill("58")
    page.locator("#sex").select_option("female")
    page.get_by_role("textbox", name="Total vitamin B12 (serum cobalamin)", exact=True).fill(b12)
    page.get_by_role("group", name="Fatigue", exact=True).get_by_text("Present").click()
    with page.expect_navigation():
        page.locator("button.main").click()


def possible(page: Page) -> None:
    entered(page, "250")


def wrong(page: Page) -> None:
    entered(page, "14O")


def nothing_known(page: Page) -> None:
    page.goto("/examples/woman-of-22-with-nothing-measured")


def emergency(page: Page) -> None:
    page.goto("/examples/saddle-numbness-alone")


def trend(page: Page) -> None:
    page.goto("/")
    page.locator(".paste > summary").click()
    lines = "MMA 0.51 umol/L (0.07-0.27) 2026-11-20\nSerum B12 210 pmol/L 2026-11-20\nSerum B12 160 ng/L 2025-05-02"
    page.locator("#pasted").fill('{"age": 71, "sex": "male", "labs": []}')
    page.get_by_role("button", name="Read it").click()
    page.locator(".paste > summary").click()
    page.locator("#pasted").fill(lines)
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".trend circle")).to_have_count(2)


def unread(page: Page) -> None:
    page.goto("/")
    page.locator(".paste > summary").click()
    page.locator("#pasted").fill("Something odd 12 furlongs")
    page.get_by_role("button", name="Read it").click()


def found(page: Page) -> None:
    page.goto("/")
    page.locator("#find-complaints").fill("pain")
    page.get_by_role("button", name="Find").nth(1).click()
    expect(page.locator("#found-complaints button").first).to_be_visible()


def in_german(page: Page) -> None:
    page.goto("/examples/demonstration?lang=de")


def at(address: str) -> Callable[[Page], None]:
    def go(page: Page) -> None:
        page.goto(address)

    return go


SET = "/rule-sets/1.1.0"
STATES: dict[str, Callable[[Page], None]] = {
    **{
        one.__name__: one for one in (start, confirmed, possible, wrong, nothing_known, emergency, trend, unread, found)
    },
    "in German": in_german,
    "rule sets": at("/rule-sets"),
    "a rule set": at(SET),
    "a rule": at(f"{SET}/rules/mma-raised"),
    "an explanation": at(f"{SET}/explanations/osteoarthritis"),
    "findings": at(f"{SET}/findings?profile=mayo"),
    "sources": at(f"{SET}/evidence"),
    "a source": at(f"{SET}/evidence/nice-ng239-2024"),
    "vignettes": at(f"{SET}/vignettes/children"),
    "changes": at("/rule-sets/1.0.0/changes"),
}


@pytest.mark.parametrize("state", STATES)
def test_every_state_can_be_used_by_everybody(browser: Browser, origin: str, state: str) -> None:
    """What a program can check of WCAG 2.2 AA, in both themes; then 320 pixels wide, which is also 1280 at 400 %."""
    with opened(browser, origin, reduced_motion="reduce") as page:
        STATES[state](page)
        page.evaluate(AXE)
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            assert complaints(page) == [], theme
        page.set_viewport_size({"width": 320, "height": 640})
        assert complaints(page) == [], "narrow"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def complaints(page: Page) -> list[str]:
    """What axe finds: contrast, names, roles, order and the rest."""
    run = "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}})"
    violations = page.evaluate(run, WCAG)["violations"]
    return [f"{one['id']}: {node['target']} {node['failureSummary']}" for one in violations for node in one["nodes"]]


def test_the_page_is_light_and_the_first_answer_quick(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as page:
        received: list[Response] = []

        def remember(response: Response) -> None:
            received.append(response)

        page.on("response", remember)
        for state in (start, confirmed):
            received.clear()
            state(page)
            page.wait_for_load_state("networkidle")
            sizes = [response.request.sizes() for response in received]
            on_the_wire = sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)
            print(f"\npage weight, {state.__name__}: {on_the_wire / 1024:.0f} KiB in {len(sizes)} files")
            assert on_the_wire < HEAVIEST
        page.goto("/examples/demonstration")
        shown = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        print(f"the answer is painted {shown:.0f} ms after the page was asked for")
        page.goto("/")
        page.locator("#age").fill("67")
        page.locator("#sex").select_option("female")
        page.evaluate("window.began = performance.now()")
        page.evaluate("""new MutationObserver(() => {
            if (document.querySelector("#answer .verdict")) window.took ??= performance.now() - window.began;
        }).observe(document.querySelector(".desk"), {childList: true, subtree: true})""")
        page.get_by_role("textbox", name="Total vitamin B12 (serum cobalamin)", exact=True).fill("142")
        page.locator(".verdict").wait_for()
        print(f"the first live answer stands {page.evaluate('window.took'):.0f} ms after the last key")


def test_nothing_of_a_patient_is_in_the_log_of_the_service(browser: Browser, origin: str) -> None:
    with opened(browser, origin) as page:
        entered(page, "187")
        page.locator("#find-medicines").evaluate("(box) => (box.closest('details').open = true)")
        page.locator("#find-medicines").fill("Zebedeezine")
        page.get_by_role("button", name=re.compile("as a medicine")).click()
        expect(page.locator("#part-medicines legend", has_text="Zebedeezine")).to_be_visible()
    log = (HERE / "service.log").read_text(encoding="utf-8")
    assert '"route":"/"' in log
    assert "Zebedee" not in log
    assert not re.search(r"labs-|symptoms-|find-", log)


def test_zoomed_to_twice_its_size_all_of_it_can_be_used(browser: Browser, origin: str) -> None:
    with opened(browser, origin, viewport={"width": 640, "height": 480}, device_scale_factor=2) as page:
        entered(page, "142")
        expect(page.locator(".verdict .level")).to_have_text("Confirmed")
        assert page.evaluate("document.documentElement.scrollWidth") <= 640


def test_targets_are_large_enough_to_be_hit(live: Page) -> None:
    """WCAG 2.2, 2.5.8: 24 by 24 pixels for what is no link in a sentence."""
    confirmed(live)
    small = live.evaluate("""() => Array.from(document.querySelectorAll("button, select, input, .three label, summary"))
        .filter((one) => one.checkVisibility() && !one.closest(".first, .three, .ask, [type=checkbox]"))
        .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
        .filter(([_, box]) => box.width > 0 && box.height < 24).map(([html]) => html)""")
    assert small == []
