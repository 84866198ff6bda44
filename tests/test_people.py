"""The page for people, without a browser: what is entered, what is answered, and that it is the answer of the API."""

import re
from collections.abc import Sequence
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
from schemas.browse import plain_data
from service.checking import UNREMARKABLE
from service.people.examples import subjects, vignettes
from service.people.form import Form, field_name, form_of

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
