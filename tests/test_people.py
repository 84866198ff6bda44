"""The page for people, without a browser: what is entered, what is answered, and that it is the answer of the API."""

import json
import re
import shlex
from collections.abc import Sequence
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from rules import Library
from rules.vignettes import Vignette
from schemas.plain import plain_data
from service import create_app
from service.checking import UNREMARKABLE
from service.people.examples import subjects, vignettes
from service.people.filling import form_of
from service.people.form import Form, field_name
from service.settings import Settings
from tests.test_fhir_reading_medicines import ANTIBODY

LIBRARY = Library.open()
VERSION = LIBRARY.active.manifest.version
SUBJECTS = subjects(LIBRARY, VERSION)


class Fields(HTMLParser):
    """The fields of a page's form as a browser would send them, and what stands in its answer."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.marks: dict[str, list[str]] = {"level": [], "flag": [], "option": []}
        self._choices: list[tuple[str, bool]] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for mark, found in self.marks.items():
            found.extend(value for name, value in given.items() if name == f"data-{mark}")
        match tag:
            case "select":
                self._select, self._choices = given["name"], []
            case "option":
                self._choices.append((given["value"], "selected" in given))
            case "input" if given.get("type") not in ("radio", "checkbox") or "checked" in given:
                self.sent.append((given["name"], given.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            chosen = [value for value, is_chosen in self._choices if is_chosen] or [self._choices[0][0]]
            self.sent.append((self._select, chosen[0]))


def post_form(client: FlaskClient, page: str, path: str = "/", **changed: str) -> TestResponse:
    """Send a page's form as it stands, with some fields changed or a button pressed."""
    fields = MultiDict(Fields(page).sent)
    for name, value in changed.items():
        fields[name.replace("__", "-")] = value
    return client.post(path, data=fields)


def summary(vignette: Vignette) -> dict[str, Any]:
    return dict(plain_data({**UNREMARKABLE, **vignette.given}))


def form_fields(form: Form) -> MultiDict[str, str]:
    """The fields that a browser sends for a form."""
    sent = MultiDict({field_name(path): text for path, text in form.plain.items()})
    for row in (row for rows in form.rows.values() for row in rows):
        sent.update({f"{row.id}-{field_name(name)}": list(texts) for name, texts in row.fields.items()})
    if form.listed:
        sent["medications-listed"] = "yes"
    return sent


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_page_answers_every_vignette_as_the_service_does(client, post, subject):
    """The form that a vignette fills in gets the very answer its summary gets, and shows it."""
    named = vignettes(LIBRARY, VERSION, subject)
    assert [vignette.id for vignette in named] == SUBJECTS[subject]
    for vignette in named:
        fields = form_fields(form_of({**UNREMARKABLE, **vignette.given}))
        wanted = post(summary(vignette)).get_json()
        assert client.post("/answer", data=fields).get_json() == wanted, vignette.id
        shown = client.post("/", data=fields, headers={"HX-Target": "answer"})
        marks = Fields(shown.text).marks
        assert marks["level"] == [wanted["likelihood"]["level"]], vignette.id
        assert marks["flag"] == [flag["id"] for flag in wanted["flags"]], vignette.id
        assert sorted(marks["option"]) == sorted(one["id"] for one in wanted["recommendations"]), vignette.id


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_form_as_the_page_writes_it_keeps_all_of_a_patient(client, post, subject):
    """An example opened on the page and sent as a browser sends it is the same patient."""
    vignette = vignettes(LIBRARY, VERSION, subject)[0]
    page = client.get(f"/examples/{vignette.id}").text
    assert post_form(client, page, "/answer").get_json() == post(summary(vignette)).get_json()


def test_what_is_to_be_taken_with_care_stands_beside_the_level(client):
    old = {"age": 76, "sex": "male", "as_of": "2026-11-26"}
    old["labs"] = [{"test": "b12_total", "value": 460, "unit": "ng/L", "date": "2019-05-01"}]
    page = client.post("/", data=form_fields(form_of(old)), headers={"HX-Target": "answer"}).text
    assert "Total vitamin B12 (serum cobalamin): is over a year old" in page.partition("</header>")[0]


def shown(client: FlaskClient, path: str = "/", **said: Any) -> str:
    """The answer to a patient as the page shows it."""
    fields = form_fields(form_of({"as_of": "2026-11-26", **said}))
    return client.post(path, data=fields, headers={"HX-Target": "answer"}).text


STROKE = {"symptoms": [{"code": "numbness", "laterality": "right", "since": "2026-11-25"}]}


def test_an_emergency_stands_before_the_level_and_is_told_first(client):
    page = shown(client, age=71, sex="female", labs=[{"test": "b12_total", "value": 95, "unit": "pmol/L"}], **STROKE)
    assert page.count('id="h-flags"') == 1
    assert page.index('data-flag="possible_stroke"') < page.index('data-level="confirmed"')
    assert "Emergency. B12 deficiency: confirmed. 1 red flag or warning." in page
    page = shown(client, age=71, sex="female", signs=["romberg_positive"])
    assert page.index('data-level="undetermined"') < page.index('data-flag="neurological_involvement"')


def test_a_source_that_was_superseded_is_called_so(client):
    page = shown(client, age=71, sex="female", conditions=["cancer"], symptoms=["back_pain", "leg_weakness"])
    assert page.count("superseded") >= 2, "beside the statement and among the sources"
    assert "superseded" not in shown(client, age=71, sex="female", symptoms=["saddle_numbness"])


def test_what_is_only_to_be_known_is_no_red_flag(client):
    assert "B12 deficiency: undetermined. 0 red flags and warnings." in shown(
        client, age=31, sex="female", pregnant=True
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Dieses Regelwerk ist für Menschen ab 16."),
        ("de", "Noch hat niemand vom Fach dieses Regelwerk geprüft."),
        ("en", "This rule set is for people of 16 and over."),
    ],
)
def test_a_sentence_keeps_its_capitals_and_its_language(client, language, said):
    low = {"test": "b12_total", "value": 98, "unit": "ng/L"}
    page = shown(client, f"/?lang={language}", age=0, sex="female", labs=[low])
    assert said in page
    assert "<svg" not in page, "the bands are those of adults"


def test_a_b12_that_cannot_be_relied_on_is_still_called_b12(client):
    high = {"test": "b12_total", "value": 900, "unit": "ng/L"}
    page = shown(client, age=60, sex="male", labs=[high], medications=["hydroxocobalamin"])
    assert "There is a B12, but it cannot be relied on." in page


def test_the_demonstration_is_answered_as_the_service_does(client, post, patient):
    page = client.get("/examples/demonstration").text
    assert post_form(client, page, "/answer").get_json() == post(patient).get_json()


def test_a_wrong_value_has_its_message_beside_the_field_and_nothing_is_lost(client):
    page = client.get("/").text
    wrong = post_form(client, page, age="67", sex="female", labs__0__value="14O", labs__0__date="2026-01-02").text
    assert re.search(r'id="note-labs-0"><span class="problem">', wrong)
    kept = dict(Fields(wrong).sent)
    assert (kept["labs-0-value"], kept["labs-0-date"], kept["age"]) == ("14O", "2026-01-02", "67")
    assert 'href="#labs-0-value"' in wrong


# Entering


def sent(page: str) -> dict[str, str]:
    return dict(Fields(page).sent)


def test_a_chosen_fact_gets_a_row_and_the_focus(client):
    page = post_form(client, client.get("/").text, add="medications.metformin").text
    assert sent(page)["medications-0-name"] == "metformin"
    assert sent(page)["medications-0-present"] == "true"
    again = post_form(client, page, add="symptoms.fatigue").text
    fatigue = next(name for name, value in Fields(again).sent if value == "fatigue")
    assert sent(again)[fatigue.replace("code", "present")] == "true"
    unknown = post_form(client, page, add="medications.Zebedeezine").text
    assert sent(unknown)["medications-1-name"] == "Zebedeezine"
    assert client.post("/", data={"add": "labs"}).status_code == 422


def test_a_second_result_of_a_test_gets_a_row_of_its_own(client):
    page = post_form(client, client.get("/").text, labs__0__value="142", add="labs.b12_total").text
    rows = [name for name, value in Fields(page).sent if value == "b12_total"]
    assert len(rows) == 2
    assert f'id="{rows[1].replace("test", "value")}"' in page


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        ("mma", r"labs-[0-9]+-value"),
        ("ferritin", r"labs-[0-9]+-value"),
        ("crepitus", r"signs-[0-9]+-present"),
        ("pregnant", "pregnant"),
        ("vegan", "diet-pattern"),
        ("swollen_large", "joints-swollen_large"),
    ],
)
def test_a_missing_fact_gets_a_place_with_nothing_said_in_it(client, fact, field):
    page = post_form(client, client.get("/examples/demonstration").text, ask=fact).text
    focused = re.search(r"<(?:input|select)[^>]*\bautofocus", page)
    assert focused or fact in ("crepitus", "pregnant")
    assert re.search(rf'name="{field}"', page)
    assert client.post("/", data={"ask": "nonsense"}).status_code == 422


def test_what_is_typed_into_a_search_box_is_added_when_it_is_a_name(client):
    page = client.get("/").text
    added = post_form(client, page, find__medicines="Glucophage").text
    assert sent(added)["medications-0-name"] == "metformin"
    offered = post_form(client, page, find__complaints="tingl").text
    assert 'value="symptoms.paresthesia"' in offered
    assert sent(offered)["find-complaints"] == "tingl"


@pytest.mark.parametrize(
    ("part", "words", "found"),
    [
        ("complaints", "tingling", 'value="symptoms.paresthesia"'),
        ("results", "b12", 'value="labs.b12_total"'),
        ("medicines", "metfromin", 'value="medications.metformin"'),
        ("history", "celiac", 'value="conditions.celiac_disease"'),
        ("medicines", "Zebedeezine", 'value="medications.Zebedeezine"'),
        ("results", "zzzz", "Nothing here is called that."),
        ("results", "", ""),
    ],
)
def test_facts_are_found_by_the_words_they_are_known_by(client, part, words, found):
    assert found in client.post("/find", data={f"find-{part}": words}).text
    assert client.post("/find", data={"words": words}).status_code == 422


def test_details_of_something_nobody_said_is_there_are_asked_about(client):
    row = {"symptoms-0-code": "fatigue", "symptoms-0-present": "", "symptoms-0-since": "2024"}
    page = client.post("/", data={"age": "50", "sex": "male", **row}).text
    assert "say whether it is present or absent" in page
    assert sent(page)["symptoms-0-since"] == "2024"


@pytest.mark.parametrize("value", ["1" * 41, "007", "1e3", "\u200b", "x" * 201])
def test_what_is_no_number_is_told_and_kept(client, value):
    page = post_form(client, client.get("/").text, age="67", sex="female", labs__0__value=value).text
    assert re.search(r'id="note-labs-0"><span class="problem">', page)


def test_the_rule_set_and_profile_can_be_chosen(client):
    page = client.get("/examples/demonstration").text
    answer = post_form(client, page, "/answer", rule_set=f"{VERSION}/mayo").get_json()
    assert answer["rule_set"]["profile"] == "mayo"
    assert post_form(client, page, rule_set="9.9.9/mayo").status_code == 404
    assert post_form(client, page, rule_set=f"{VERSION}/none").status_code == 404


# Pasting


BUNDLE = {
    "resourceType": "Bundle",
    "type": "collection",
    "entry": [{"resource": {"resourceType": "Patient", "gender": "male", "birthDate": "1950-01-01"}}],
}


def paste(client: FlaskClient, text: str, **entered: str) -> str:
    return client.post("/paste", data={"pasted": text, **entered}).text


@pytest.mark.parametrize(
    ("line", "fields"),
    [
        ("Vitamin B12 142 ng/L", {"test": "b12_total", "value": "142", "unit": "ng/L"}),
        ("Hb: 109 g/L (115 - 160) L", {"reference_range-low": "115", "interpretation": "low"}),
        ("MMA\t< 0.1\tumol/L", {"test": "mma", "value": "<0.1", "unit": "umol/L"}),
        ("Ferritin; 12; ug/L; [>15]; 2026-01-02", {"reference_range-low": "15", "date": "2026-01-02"}),
        ("CRP 4 mg/L (<5)", {"reference_range-high": "5"}),
        ("Intrinsic factor antibody positive", {"value": "positive"}),
        ("Platelets 250 10^9/L", {"unit": "10*9/L"}),
    ],
)
def test_a_line_of_a_report_becomes_a_result(client, line, fields):
    page = paste(client, line)
    values = set(Fields(page).sent)
    row = next(name for name, value in values if value and name.endswith("-value")).removesuffix("value")
    assert {(row + name, value) for name, value in fields.items()} <= values


@pytest.mark.parametrize("line", ["Nonsense 12 ng/L", "Hb 109", "Hb 109 furlongs", "Hb 109 g/L hemolysed", "Hb"])
def test_a_line_that_is_not_understood_to_its_end_stays_where_it_was(client, line):
    page = paste(client, f"MCV 104 fL\n{line}", age="50")
    assert f">{line}</textarea>" in page
    assert "1 line could not be read" in page
    assert ("age", "50") in Fields(page).sent


def test_two_lines_of_one_test_are_two_results(client):
    page = paste(client, "MCV 104 fL 2026-01-02\nMCV 99 fL 2025-01-02")
    assert {"104", "99"} <= {value for name, value in Fields(page).sent if name.endswith("-value")}


def test_a_document_that_is_pasted_replaces_the_form(client, patient):
    page = paste(client, json.dumps(patient), age="50")
    assert sent(page)["age"] == "67"
    page = paste(client, json.dumps(BUNDLE))
    assert sent(page)["sex"] == "male"
    assert "1 of 1 resources" in page


def test_a_document_whose_copies_of_the_patient_contradict_each_other_says_so(client):
    [man] = (entry["resource"] for entry in BUNDLE["entry"])
    copies = [{"resource": {"id": "p1", **man, **said}} for said in ({}, {"gender": "female"})]
    page = paste(client, json.dumps({**BUNDLE, "entry": copies}))
    assert sent(page)["sex"] == "unknown"
    assert "is not the same in every copy of the Patient" in page


@pytest.mark.parametrize("switched_on", [True, False])
def test_unverified_codes_of_a_pasted_document_count_when_they_are_switched_on(switched_on):
    client = create_app(Settings(unverified_codes=switched_on)).test_client()
    page = paste(client, json.dumps({**BUNDLE, "entry": [*BUNDLE["entry"], {"resource": ANTIBODY}]}))
    assert f"{2 if switched_on else 1} of 2 resources" in page


@pytest.mark.parametrize(
    "text", ['{"age": 50, "sex": "Q"}', "{", '{"resourceType": "Patient"}', '{"age": 1, "age": 2}']
)
def test_a_document_that_is_refused_stays_where_it_was(client, text):
    page = paste(client, text, age="50")
    assert 'class="problem"' in page
    assert sent(page)["age"] == "50"


# Taking away


def test_the_answer_goes_out_in_fhir_and_every_rule_is_explained(client):
    page = client.get("/examples/demonstration").text
    bundle = post_form(client, page, "/answer-in-fhir")
    assert bundle.content_type == "application/fhir+json"
    assert bundle.get_json()["entry"][0]["resource"]["resourceType"] == "GuidanceResponse"
    why = post_form(client, page, "/why").text
    assert all(rule in why for rule in LIBRARY.active.rules)
    assert post_form(client, page, "/answer", age="x").status_code == 422
    assert 'id="patient"' in post_form(client, page, "/why", age="x").text


def test_the_request_can_be_copied_as_it_was_sent(client, post):
    page = client.get("/examples/demonstration").text
    copied = unescape(re.findall(r'<pre id="copy-json"[^>]*>(.*?)</pre>', page, re.DOTALL)[0])
    assert post(json.loads(copied)).get_json() == post_form(client, page, "/answer").get_json()
    command = shlex.split(unescape(re.findall(r'<pre id="copy-curl"[^>]*>(.*?)</pre>', page, re.DOTALL)[0]))
    assert json.loads(command[-1]) == json.loads(copied)


# The door of the page


def test_what_is_no_form_of_this_page_is_refused_on_a_page(client):
    assert client.post("/", json={}).status_code == 415
    assert client.post("/", data={"age": "5" * 70_000}).status_code == 413
    broken = client.post("/", data=b"age=%ff", content_type="application/x-www-form-urlencoded")
    assert broken.status_code == 400
    assert broken.content_type.startswith("text/html")
    assert client.get("/examples/nobody").status_code == 404


def test_a_page_loads_nothing_from_elsewhere_and_is_kept_by_nobody(client):
    response = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Encoding"] == "gzip"
    policy = response.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert not re.findall(r'(?:src|href)="(?!/|#|\?)[^"]*"', client.get("/").text)
    with client.get("/static/page.css") as sheet:
        assert sheet.content_type.startswith("text/css")


# The knowledge


@pytest.mark.parametrize("version", LIBRARY.versions)
def test_all_of_a_rule_set_can_be_read_on_pages(client, version):
    rule_set = LIBRARY.get(version)
    page = client.get(f"/rule-sets/{version}").text
    assert version in client.get("/rule-sets").text
    for rule in list(rule_set.rules)[::8]:
        assert f"/rule-sets/{version}/rules/{rule}" in page
        assert client.get(f"/rule-sets/{version}/rules/{rule}").status_code == 200
    for other in [*rule_set.differential, *rule_set.causes][::6]:
        assert client.get(f"/rule-sets/{version}/explanations/{other}").status_code == 200
    for source in list(rule_set.sources.values())[::8]:
        shown = client.get(f"/rule-sets/{version}/evidence/{source.id}").text
        assert all(f'id="{passage}"' in shown for passage in source.passages)
    for part in ("findings", "evidence", "vignettes/children"):
        assert client.get(f"/rule-sets/{version}/{part}").status_code == 200


def test_changes_between_versions_can_be_read(client, app, monkeypatch):
    assert "Nothing came before" in client.get("/rule-sets/1.0.0/changes").text
    told = {"from": "1.0.0", "to": "1.1.0", "changes": [{"says": "A rule is new.", "needs": "minor"}]}
    told |= {"required": "minor", "taken": "minor", "vignettes": {"run": 1, "changed": []}}
    monkeypatch.setitem(app.extensions, "b12cds.differences", {("1.0.0", "1.1.0"): told})
    assert "A rule is new." in client.get("/rule-sets/1.1.0/changes").text


@pytest.mark.parametrize("path", ["9.9.9", "1.1.0/rules/none", "1.1.0/evidence/none", "1.1.0?profile=none"])
def test_what_is_not_there_is_said_on_a_page(client, path):
    response = client.get(f"/rule-sets/{path}")
    assert response.status_code == 404
    assert response.content_type.startswith("text/html")


# Languages

PEOPLE = Path(__file__).parent.parent / "service" / "people"
MESSAGES = PEOPLE / "translations" / "de" / "LC_MESSAGES"
SPOKEN = {"_": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]


def german() -> Catalog:
    with (MESSAGES / "messages.po").open("rb") as file:
        return read_po(file)


def test_every_word_of_the_pages_has_its_german():
    """Nothing is left untranslated, nothing is doubtful, nothing is translated that no page says any more."""
    spoken = {message for _, _, message, _, _ in extract_from_dir(PEOPLE, METHODS, keywords=SPOKEN)}
    translated = {message.id: message for message in german() if message.id}
    assert spoken == set(translated), "make messages brings the catalogue up to date"
    assert [message.id for message in translated.values() if message.fuzzy or not all(message.string)] == []


def test_the_compiled_catalogue_is_the_written_one():
    with (MESSAGES / "messages.mo").open("rb") as file:
        compiled = texts(read_mo(file))
    assert compiled == texts(german()), "make messages compiles it"


def texts(catalogue: Catalog) -> dict[tuple[str, ...], tuple[str, ...]]:
    """Every message with its translation; both have several forms where they count something."""
    forms = [[message.id, message.string] for message in catalogue if message.id]
    return {tuple(flat(said)): tuple(flat(translated)) for said, translated in forms}


def flat(forms: str | Sequence[str]) -> Sequence[str]:
    return [forms] if isinstance(forms, str) else forms


def test_a_page_speaks_the_language_that_is_asked_for_and_marks_what_is_not_translated(client):
    asked = client.get("/examples/demonstration?lang=de").text
    assert '<html lang="de">' in asked
    assert "Vitamin-B12-Mangel" in asked
    assert '<span lang="en">Fatigue</span>' in asked
    preferred = client.get("/", headers={"Accept-Language": "de-CH,de;q=0.9,en;q=0.5"}).text
    assert '<html lang="de">' in preferred
    assert '<html lang="en">' in client.get("/?lang=xx").text
