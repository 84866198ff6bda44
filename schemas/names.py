"""Names of the catalogue on the wire: closed lists refuse or report an unknown one, open lists accept it."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import ValidationError

from rules.catalogue import catalogue
from rules.fact_types import FactType
from schemas.fields import StrictField, read_text
from schemas.problem import MOST_NEAR_NAMES, Complaint, near_names
from schemas.reading import LONGEST_NAME, Unrecognized, is_proper_name, is_reported

LONGEST_ACCEPTED_LIST = 20
LISTED = ": GET /v1/facts lists them"
NOUNS: Mapping[str, str] = {
    "labs": "test",
    "symptoms": "symptom",
    "signs": "sign",
    "conditions": "condition",
    "procedures": "procedure",
    "history": "entry of the history",
    "medications": "medicine",
    "diet": "diet pattern",
}
EXAMPLES: Mapping[str, Sequence[str]] = {
    "medications": ["metformin", "Glucophage", "lisinopril"],
    "conditions": ["type_2_diabetes"],
    "procedures": ["gastric_bypass"],
}


class Code(StrictField):
    """A code or an alias of one closed list of the catalogue."""

    def __init__(self, group: str, **options: Any) -> None:
        facts = catalogue().groups[group].values()
        self.group = group
        self.codes = [fact.code for fact in facts]
        aliases = [alias for fact in facts for alias in fact.aliases]
        described = f"A {NOUNS[group]} of `GET /v1/facts`, by its code or an alias"
        super().__init__({"type": "string", "description": described, "enum": [*self.codes, *aliases]}, **options)

    def read(self, value: object) -> FactType | Unrecognized:
        name = read_text(value)
        fact = catalogue().find(self.group, name)
        if fact is not None:
            return fact
        if is_reported(name):
            return _unrecognized(self.group, name)
        raise ValidationError(self._complaint(name))

    def _complaint(self, name: str) -> Complaint:
        other = _other_list(self.group, name)
        hint = f": it belongs in {other}" if other else ""
        text = f"is not a known {NOUNS[self.group]}{hint or LISTED}"
        return Complaint(text, _if_short(self.codes), lambda: catalogue().near(self.group, name))


class OpenName(StrictField):
    """A medicine, condition or procedure: any proper name, recognized when the catalogue has it."""

    def __init__(self, group: str, **options: Any) -> None:
        self.group = group
        described = (
            f"A {NOUNS[group]} by any name. One of `GET /v1/facts` is used, in any letter case; another is accepted "
            "and comes back in `inputs.unrecognized`. Letters, digits, space and `-+/.,'()%&_`, at least one letter"
        )
        lengths = {"minLength": 1, "maxLength": LONGEST_NAME}
        super().__init__(
            {"type": "string", "description": described, **lengths, "examples": [*EXAMPLES[group]]}, **options
        )

    def read(self, value: object) -> FactType | Unrecognized:
        name = read_text(value)
        if not is_proper_name(name):
            raise ValidationError("must be 1 to 120 letters, digits, spaces and -+/.,'()%&_ with a letter among them")
        return catalogue().find(self.group, name) or _unrecognized(self.group, name)


class Site(StrictField):
    """A place in the body, of the catalogue's short list."""

    def __init__(self) -> None:
        self.names = catalogue().sites
        super().__init__({"type": "string", "description": "A joint or region", "enum": list(self.names)})

    def read(self, value: object) -> str | Unrecognized:
        name = read_text(value)
        if name in self.names:
            return name
        if is_reported(name):
            return Unrecognized(name, tuple(near_names(name, self.names)))
        complaint = Complaint("is not a known site", _if_short(self.names), lambda: near_names(name, self.names))
        raise ValidationError(complaint)


def _if_short(names: Sequence[str]) -> Sequence[str]:
    return names if len(names) <= LONGEST_ACCEPTED_LIST else ()


def _unrecognized(group: str, name: str) -> Unrecognized:
    known = catalogue()
    words = (known.find(group, word) for word in re.findall(r"\w+", name))
    near = dict.fromkeys([*(fact.code for fact in words if fact), *known.near(group, name)])
    return Unrecognized(name, tuple(near)[:MOST_NEAR_NAMES], _other_list(group, name))


def _other_list(group: str, name: str) -> str | None:
    """Another list of the summary that knows the name, or none."""
    return next((other for other in NOUNS if other != group and catalogue().find(other, name)), None)
