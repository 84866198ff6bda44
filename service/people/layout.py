"""What the templates ask: which details a row takes, what a field is called, what a chart says in words."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_babel import LazyString, gettext, lazy_gettext

from rules.catalogue import catalogue
from schemas.items import COURSES, ROUTES, SIDES
from schemas.wording import readable, short
from service.answers import library
from service.people.charts import Chart
from service.people.form import Form, Row
from service.people.language import LANGUAGES, language
from service.people.notes import place_of
from service.people.rulers import Ruler
from service.people.sections import Entry
from service.people.words import say

TIMED = ("since", "until", "date", "course")
DETAILS: Mapping[str, tuple[str, ...]] = {
    "symptoms": TIMED,
    "signs": TIMED,
    "conditions": TIMED,
    "procedures": ("date",),
    "history": ("since", "until", "date"),
    "medications": ("dose", "unit", "route", "since", "until", "last_given"),
}
PLACES = ("sites", "laterality")
CHOICES_OF = {"course": COURSES, "laterality": SIDES, "route": ROUTES}
LIMIT_WORDS: Mapping[str, LazyString] = {
    "reference_range.low": lazy_gettext("Reference range from"),
    "reference_range.high": lazy_gettext("Reference range to"),
    "cutoffs.deficient_below": lazy_gettext("Laboratory: deficient below"),
    "cutoffs.unlikely_above": lazy_gettext("Laboratory: unlikely above"),
}
PLAIN_WORDS: Mapping[str, LazyString] = {
    "age": lazy_gettext("Age in years"),
    "sex": lazy_gettext("Sex"),
    "as_of": lazy_gettext("As of"),
    "pregnant": lazy_gettext("Pregnant"),
    "gestation_weeks": lazy_gettext("Weeks of pregnancy"),
    "diet-pattern": lazy_gettext("Diet"),
    "diet-since": lazy_gettext("Diet since"),
}


def entry_details(entry: Entry) -> tuple[str, ...]:
    """The fields that a row has beyond whether it is there: a time, a dose, a place in the body."""
    kind = entry.row.group
    sided = kind in ("symptoms", "signs", "conditions", "history") and entry.row.text("present") != "false"
    places = PLACES if entry.fact is not None and entry.fact.takes_sites else PLACES[1:]
    return (*DETAILS.get(kind, ()), *(places if sided else ()))


def row_has(row: Row, members: Iterable[str]) -> bool:
    """Whether any of some fields of a row is filled in."""
    return any(any(row.texts(member)) for member in members)


def has_under(form: Form, path: str) -> bool:
    """Whether any field below a path is filled in."""
    return any(form.text(name) for name in form.plain if name.startswith(path))


def field_label(form: Form, name: str) -> str:
    """What a field is called where it is entered."""
    place, member = place_of(name)
    row = next((row for rows in form.rows.values() for row in rows if row.id == place), None)
    if row is None:
        named = {fact.path.replace(".", "-"): fact.label for fact in catalogue().groups["statements"].values()}
        return str(PLAIN_WORDS.get(name) or named.get(name) or gettext("The form"))
    fact = catalogue().find(row.group, row.code) if row.code else None
    label = short(fact.label) if fact else row.code
    return f"{label}, {say('detail', member).lower()}" if member in DETAILS["medications"] else label


def ruler_words(chart: Chart, ruler: Ruler, profile: str) -> str:
    """A ruler in a sentence: the result, then every limit."""
    owner = gettext("the laboratory’s own limits") if ruler.owner == "laboratory" else profile
    words = [
        f"{say('band', band.word)}: {_stretch(ruler, place)}" for place, band in enumerate(ruler.bands) if band.word
    ]
    limits = words or [mark.text for mark in ruler.marks]
    return f"{short(chart.fact.label)} {chart.value}; {owner} ({chart.unit}): {'; '.join(limits)}"


def _stretch(ruler: Ruler, place: int) -> str:
    low = ruler.marks[place - 1].text if place else None
    high = ruler.marks[place].text if place < len(ruler.marks) else None
    if low and high:
        return str(gettext("%(low)s to %(high)s", low=low, high=high))
    return str(gettext("below %(limit)s", limit=high) if high else gettext("above %(limit)s", limit=low))


def trend_words(chart: Chart) -> str:
    """A trend in a sentence."""
    return "; ".join(f"{dot.date}: {dot.text}" for dot in chart.trend)


def everywhere() -> dict[str, Any]:
    """What every template can use."""
    sets = [library().get(version) for version in library().versions]
    return {
        "say": say,
        "language": language(),
        "languages": LANGUAGES,
        "lang_query": f"?lang={request.args['lang']}" if request.args.get("lang") in LANGUAGES else "",
        "unreviewed": any(one.manifest.is_unreviewed for one in sets if one.manifest.status == "active"),
        "entry_details": entry_details,
        "row_has": row_has,
        "has_under": has_under,
        "field_label": field_label,
        "ruler_words": ruler_words,
        "trend_words": trend_words,
        "choices_of": CHOICES_OF,
        "limit_words": LIMIT_WORDS,
        "readable": readable,
    }
