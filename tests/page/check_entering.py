"""A person enters a patient and reads the answer, with scripts and without."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

ROOT = Path(__file__).parent.parent.parent
BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [
        {"resource": {"resourceType": "Patient", "id": "p", "gender": "female", "birthDate": "1959-02-03"}},
        {
            "resource": {
                "resourceType": "Observation",
                "id": "o",
                "status": "final",
                "subject": {"reference": "Patient/p"},
                "code": {"coding": [{"system": "http://loinc.org", "code": "2132-9"}]},
                "effectiveDateTime": "2026-11-20",
                "valueQuantity": {
                    "value": 142,
                    "unit": "pg/mL",
                    "system": "http://unitsofmeasure.org",
                    "code": "pg/mL",
                },
            }
        },
    ],
}


def level(page: Page) -> str:
    return page.locator(".verdict .level").get_attribute("data-level") or ""


def send(page: Page) -> None:
    page.locator("button.main").click()


def result(page: Page, label: str) -> Locator:
    """The field for the value of a test."""
    return page.get_by_role("textbox", name=label, exact=True)


def field(page: Page, label: str) -> str:
    """The id of the field of that label."""
    return result(page, label).get_attribute("id") or ""


def tab_to(page: Page, id_: str) -> None:
    """Press Tab until a field has the focus, as a person without a mouse does."""
    for _ in range(250):
        if page.locator(":focus").count() and page.locator(":focus").get_attribute("id") == id_:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{id_} cannot be reached by keyboard")


def add_by_keyboard(page: Page, part: str, words: str, name: str) -> None:
    """Search for a fact and take it from the list of matches."""
    tab_to(page, f"find-{part}")
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(page.locator(f"#part-{part} legend", has_text=name)).to_be_visible()


def test_the_patient_of_the_readme_is_entered_by_keyboard(page: Page) -> None:
    page.goto("/")
    tab_to(page, "age")
    page.keyboard.type("67")
    tab_to(page, "sex")
    page.keyboard.type("female")
    tab_to(page, field(page, "Total vitamin B12 (serum cobalamin)"))
    page.keyboard.type("142")
    tab_to(page, field(page, "Mean corpuscular volume"))
    page.keyboard.type("104")
    for complaint in ("Fatigue", "Pins and needles or tingling"):
        group = page.get_by_role("group", name=complaint, exact=True)
        tab_to(page, group.get_by_label("Not asked").get_attribute("id") or "")
        page.keyboard.press("ArrowRight")
        expect(group.get_by_label("Present")).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.locator(".verdict .level")).to_have_text("Confirmed")
    page.locator("#part-medicines > summary").focus()
    page.keyboard.press("Enter")
    add_by_keyboard(page, "medicines", "omeprazole", "Omeprazole")
    add_by_keyboard(page, "medicines", "Glucophage", "Metformin")
    assert level(page) == "confirmed"
    assert page.locator("[data-option='review-acid-suppressant'], [data-option='continue-metformin']").count()
    sent = json.loads(page.locator("#copy-json").text_content() or "")
    assert sent["age"] == 67
    assert [lab["test"] for lab in sent["labs"]] == ["b12_total", "mcv"]
    assert sent["symptoms"] == ["fatigue", "paresthesia"]
    assert sent["medications"] == ["omeprazole", "metformin"]


def test_a_bundle_that_is_pasted_is_read(page: Page) -> None:
    page.goto("/")
    page.locator(".paste > summary").click()
    page.locator("#pasted").fill(json.dumps(BUNDLE))
    page.get_by_role("button", name="Read it").click()
    expect(page.locator(".verdict .level")).to_have_text("Confirmed")
    expect(page.locator("#note-pasted")).to_contain_text("2 of 2 resources")
    expect(page.locator("#age")).to_have_value(re.compile("6[78]"))


def test_report_lines_that_are_pasted_are_added_and_the_rest_stays(page: Page) -> None:
    page.goto("/")
    page.locator("#age").fill("67")
    page.locator("#sex").select_option("female")
    page.locator(".paste > summary").click()
    page.locator("#pasted").fill("Serum B12: 142 ng/L (180-900) L\nHb\t109\tg/L\nSomething odd 12 furlongs")
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#pasted")).to_have_value("Something odd 12 furlongs")
    expect(page.locator("#note-pasted")).to_contain_text("1 line could not be read")
    assert level(page) == "confirmed"
    expect(page.locator("#age")).to_have_value("67")


def test_a_summary_that_is_pasted_is_read(page: Page) -> None:
    page.goto("/")
    page.locator(".paste > summary").click()
    page.locator("#pasted").fill((ROOT / "examples" / "patient.json").read_text())
    page.get_by_role("button", name="Read it").click()
    assert level(page) == "confirmed"
    page.locator(".paste > summary").click()
    page.locator("#pasted").fill('{"age": 67, "sex": "Q"}')
    page.get_by_role("button", name="Read it").click()
    expect(page.locator("#note-pasted")).to_contain_text("sex")
    expect(page.locator("#pasted")).to_have_value('{"age": 67, "sex": "Q"}')
    assert level(page) == "confirmed"


def test_a_missing_fact_is_filled_in_and_the_range_narrows(page: Page) -> None:
    page.goto("/")
    page.locator("#age").fill("58")
    page.locator("#sex").select_option("female")
    page.get_by_role("group", name="Fatigue", exact=True).get_by_text("Present").click()
    result(page, "Total vitamin B12 (serum cobalamin)").fill("250")
    send(page)
    could_be = page.locator(".scale .could-be")
    expect(page.locator(".verdict .level")).to_have_text("Possible")
    before = could_be.count()
    for test, value in (("Active B12 (holotranscobalamin)", "110"), ("Methylmalonic acid (serum or plasma)", "900")):
        page.locator(".missing").get_by_role("button", name=test).click()
        expect(result(page, test)).to_be_focused()
        page.keyboard.type(value)
    result(page, "Estimated glomerular filtration rate").fill("88")
    send(page)
    expect(page.locator(".verdict .level")).to_have_text("Probable")
    assert could_be.count() < before


def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_lost(page: Page) -> None:
    page.goto("/")
    page.locator("#age").fill("67")
    page.locator("#sex").select_option("female")
    b12 = result(page, "Total vitamin B12 (serum cobalamin)")
    b12.fill("14O")
    page.get_by_role("group", name="Fatigue", exact=True).get_by_text("Present").click()
    send(page)
    note = page.locator(f"#{b12.get_attribute('aria-describedby')} .problem")
    expect(note).to_contain_text("must be a number")
    expect(b12).to_have_attribute("aria-invalid", "true")
    expect(b12).to_have_value("14O")
    expect(page.locator("#age")).to_have_value("67")
    expect(page.get_by_role("group", name="Fatigue", exact=True).get_by_label("Present")).to_be_checked()
    page.locator(".wrong a").first.click()
    expect(page).to_have_url(re.compile("#labs-0-value"))
    b12.fill("142")
    send(page)
    expect(page.locator(".verdict .level")).to_have_text("Confirmed")
    expect(note).to_have_count(0)


def test_the_answer_follows_what_is_typed(live: Page) -> None:
    live.goto("/")
    live.locator("#age").fill("67")
    live.locator("#sex").select_option("female")
    b12 = result(live, "Total vitamin B12 (serum cobalamin)")
    b12.press_sequentially("14O")
    expect(live.locator("#note-labs-0 .problem")).to_be_visible()
    b12.fill("142")
    expect(live.locator(".verdict .level")).to_have_text("Confirmed")
    expect(live.locator("#note-labs-0 .problem")).to_have_count(0)
    expect(live.locator("#note-labs-0")).to_contain_text("105 pmol/L")
    expect(live.locator("#said")).to_contain_text("confirmed")
    b12.fill("400")
    expect(live.locator(".verdict .level")).to_have_text("Unlikely")
    live.locator("#find-complaints").press_sequentially("tingl")
    live.locator("#found-complaints button").first.click()
    expect(live.get_by_role("group", name="Pins and needles or tingling").get_by_label("Present")).to_be_checked()
    expect(b12).to_have_value("400")


def test_every_citation_is_on_the_printed_page(live: Page, tmp_path: Path) -> None:
    live.goto("/examples/demonstration")
    cited = live.locator(".references li li").all_text_contents()
    quoted = live.locator(".references q").all_text_contents()
    assert len(cited) > 50
    target = tmp_path / "answer.pdf"
    live.pdf(path=target, prefer_css_page_size=True)
    printed = subprocess.run(["pdftotext", "-raw", target, "-"], capture_output=True, text=True, check=True).stdout
    assert printed.count("\f") <= 2, "more than two pages"
    found = squeezed(printed)
    assert [quote for quote in quoted if squeezed(quote) not in found] == []
    titles = live.locator(".references .title").all_text_contents()
    assert [title for title in titles if squeezed(title) not in found] == []
    locators = live.locator(".references li li > span:last-child").all_text_contents()
    assert [place for place in locators if squeezed(place) not in found] == []


def squeezed(text: str) -> str:
    """A text without blanks and hyphens, which line breaks add and take away."""
    return re.sub(r"[\s\u00ad\u2010“”\"-]", "", text)


@pytest.mark.parametrize("kind", ["answer", "answer-in-fhir", "why"])
def test_the_answer_can_be_taken_away(page: Page, kind: str) -> None:
    page.goto("/examples/demonstration")
    with page.context.expect_page() as opened:
        page.locator(f"[formaction^='/{kind}']").first.click()
    taken = opened.value
    taken.wait_for_load_state()
    text = taken.locator("body").inner_text()
    if kind == "why":
        expect(taken.locator(".traced")).not_to_have_count(0)
    else:
        assert json.loads(text)[{"answer": "likelihood", "answer-in-fhir": "resourceType"}[kind]]
