"""Finding lines such as `b12_total < 180 ng/L (133 pmol/L)`: their whole grammar."""

import re
from decimal import Decimal

from rules.catalogue import Catalogue
from rules.fact_types import YES_NO, FactType
from rules.limits import Comparison, Limit
from rules.model import Line
from rules.quantities import Interval

NUMBER = r"-?\d+(?:\.\d+)?"
UNIT = r"[^\s()<>=]+"
LIMIT = (
    rf"(?P<{{0}}>{NUMBER})(?: (?P<{{0}}_unit>{UNIT}))?(?: \((?P<{{0}}_other>{NUMBER}) (?P<{{0}}_other_unit>{UNIT})\))?"
)
SIGN = r"(?P<sign>[<>]=?)"
ASCENDING = r"(?P<{0}><=?)"
NAME = r"(?P<name>[a-z][a-z0-9_]*)"
PLAIN = re.compile(NAME)
KNOWN = re.compile(rf"(?P<form>known|measured) {NAME}")
WORD = re.compile(rf"{NAME} is (?P<word>[a-z_]+)")
ABOVE_OR_BELOW = re.compile(rf"{NAME} {SIGN} {LIMIT.format('limit')}")
BETWEEN = re.compile(
    rf"{LIMIT.format('least')} {ASCENDING.format('lower')} {NAME} {ASCENDING.format('upper')} {LIMIT.format('most')}"
)
MIRROR = {"<": ">", "<=": ">="}
AMOUNT = re.compile(rf"(?P<number>{NUMBER}) (?P<unit>{UNIT})")
LARGEST_DISAGREEMENT = Decimal("0.02")
NUMBERS = ("quantity", "number")
RANGE_WORDS = ("low", "normal", "high")


class LineError(ValueError):
    """What is wrong with a finding line, in one sentence."""


def read_line(text: str, facts: Catalogue, laboratory_limit: str | None, uncertain_from: str | None) -> Line:
    """Read one finding line; LineError says what is wrong with it."""
    if match := PLAIN.fullmatch(text):
        return Line(_of_kind(_fact(match, facts), YES_NO, "a yes or no"), "present")
    if match := KNOWN.fullmatch(text):
        return Line(_fact(match, facts), match["form"])
    if match := WORD.fullmatch(text):
        return _word_line(_fact(match, facts), match["word"])
    match = ABOVE_OR_BELOW.fullmatch(text) or BETWEEN.fullmatch(text)
    if match is None:
        raise LineError(f"'{text}' is not a finding line; write for example 'b12_total < 180 ng/L (133 pmol/L)'")
    fact = _of_kind(_fact(match, facts), NUMBERS, "a number")
    comparisons = tuple(_comparisons(match, fact, laboratory_limit, uncertain_from))
    return Line(fact, "compare", comparisons=comparisons)


def _fact(match: re.Match[str], facts: Catalogue) -> FactType:
    name = match["name"]
    if name not in facts:
        near = [fact.code for fact in facts if fact.code.startswith(name[:4])][:3]
        raise LineError(f"unknown fact '{name}'" + (f"; near it: {', '.join(near)}" if near else ""))
    return facts.fact(name)


def _of_kind(fact: FactType, kinds: tuple[str, ...], wanted: str) -> FactType:
    if fact.kind not in kinds:
        raise LineError(f"'{fact.code}' is not {wanted}")
    return fact


def _word_line(fact: FactType, word: str) -> Line:
    accepted = (*fact.categories, *fact.choices, *(RANGE_WORDS if fact.group == "labs" else ()))
    if word not in accepted:
        raise LineError(f"'{fact.code}' cannot be '{word}'; accepted: {', '.join(accepted) or 'no word'}")
    return Line(fact, "range" if word in RANGE_WORDS and fact.group == "labs" else "is", word)


def _comparisons(
    match: re.Match[str], fact: FactType, laboratory_limit: str | None, uncertain_from: str | None
) -> list[Comparison]:
    uncertain = _uncertain(uncertain_from, fact)
    if "sign" in match.groupdict():
        return [Comparison(match["sign"], _limits(match, "limit", fact), laboratory_limit, uncertain)]
    lower = Comparison(MIRROR[match["lower"]], _limits(match, "least", fact))
    upper = Comparison(match["upper"], _limits(match, "most", fact), laboratory_limit, uncertain)
    return [lower, upper]


def _uncertain(text: str | None, fact: FactType) -> Limit | None:
    if text is None:
        return None
    match = AMOUNT.fullmatch(text)
    if match is None:
        raise LineError(f"'{text}' is not a limit; write for example '280 nmol/L'")
    return Limit(Decimal(match["number"]), _unit(match["unit"], fact))


def _limits(match: re.Match[str], name: str, fact: FactType) -> tuple[Limit, ...]:
    limits = [Limit(Decimal(match[name]), _unit(match[f"{name}_unit"], fact))]
    if match[f"{name}_other"]:
        limits.append(Limit(Decimal(match[f"{name}_other"]), _unit(match[f"{name}_other_unit"], fact)))
        _check_pair(fact, *limits)
    return tuple(limits)


def _unit(spelling: str | None, fact: FactType) -> str:
    if not fact.units:
        if (spelling or fact.unit) != fact.unit:
            raise LineError(f"'{fact.code}' is counted in {fact.unit or 'plain numbers'}")
        return fact.unit or ""
    unit = fact.unit_named(spelling or "")
    if unit is None:
        raise LineError(f"'{fact.code}' has no such unit; accepted: {', '.join(fact.accepted_units())}")
    return unit.name


def _check_pair(fact: FactType, limit: Limit, other: Limit) -> None:
    converted = fact.convert(Interval.exactly(other.value), other.unit, limit.unit).low
    if abs(converted - limit.value) > LARGEST_DISAGREEMENT * limit.value:
        raise LineError(f"the two limits disagree: {other} is {converted:.1f} {limit.unit}, not {limit}")
