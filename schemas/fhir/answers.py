"""Answers in words and codes: positive or negative, there or not there, low, normal or high."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rules.source import Problems, read_yaml
from schemas.fhir.concepts import Words, words
from schemas.fhir.elements import Element, flag, part, parts, text

HERE = Path(__file__).parent
FLAGS = ("low", "normal", "high")
ANSWERS = ("positive", "negative", "borderline", "former")


@dataclass(frozen=True, slots=True)
class Answers:
    """The meaning of every known answer, by its code (without the system: none means two things) and by its words."""

    codes: Mapping[str, str]
    flags: Mapping[str, str]
    words: Mapping[Words, str]
    routes: Mapping[str, str]
    route_words: Mapping[Words, str]


@cache
def answers() -> Answers:
    """The shipped table of answers, read once."""
    problems = Problems()
    table = read_yaml(HERE / "answers.yaml", HERE, problems)
    problems.raise_if_any()
    codes = {code: meaning for rows in table["answers"] for meaning in ANSWERS for code in rows.get(meaning, {})}
    flags = {code: meaning for meaning, listed in table["flags"].items() for code in listed}
    routes = {code: route for route, listed in table["routes"].items() if route != "verified" for code in listed}
    return Answers(codes, flags, _spelled(table["words"]), routes, _spelled(table["route_words"]))


def _spelled(listed: Mapping[str, Sequence[str]]) -> dict[Words, str]:
    return {words(word): meaning for meaning, spellings in listed.items() for word in spellings}


def answer_of(holder: Element) -> str | None:
    """What the value of an Observation answers: positive, negative, borderline or former; None when it is not known."""
    said = flag(holder, "valueBoolean")
    if said is not None:
        return "positive" if said else "negative"
    return _answer(part(holder, "valueCodeableConcept")) or _spoken(text(holder, "valueString"), ANSWERS)


def interpreted_answer(holder: Element) -> str | None:
    """What the interpretation of an Observation answers: positive, negative or borderline."""
    return next(_known(_answer(concept) for concept in parts(holder, "interpretation")), None)


def flag_of(holder: Element) -> str | None:
    """How the laboratory flagged a figure: low, normal or high; None when it did not, or said several things."""
    found = {flag for concept in parts(holder, "interpretation") if (flag := _flag(concept))}
    return found.pop() if len(found) == 1 else None


def _known(found: Iterable[str | None]) -> Iterator[str]:
    return (one for one in found if one is not None)


def _answer(concept: Element) -> str | None:
    """What the codes of a concept say with one voice, else what its words say."""
    coded = set(_known(answers().codes.get(text(coding, "code")) for coding in parts(concept, "coding")))
    if coded:
        return coded.pop() if len(coded) == 1 else None
    return next(_known(_spoken(name, ANSWERS) for name in _names(concept)), None)


def _flag(concept: Element) -> str | None:
    coded = (answers().flags.get(text(coding, "code").upper()) for coding in parts(concept, "coding"))
    return next(_known(coded), None) or next(_known(map(_named_flag, _names(concept))), None)


def _named_flag(name: str) -> str | None:
    return _spoken(name, FLAGS) or answers().flags.get(name.upper())


def _names(concept: Element) -> list[str]:
    called = [text(concept, "text"), *(text(coding, "display") for coding in parts(concept, "coding"))]
    return [name for name in called if name]


def _spoken(name: str, meanings: Sequence[str]) -> str | None:
    meaning = answers().words.get(words(name))
    return meaning if meaning in meanings else None
