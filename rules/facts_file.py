"""Reading the catalogue of facts from its files."""

import csv
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from rules.fact_types import PRESENCE_GROUPS, Coding, FactType, Unit
from rules.source import Problems, Section, read_yaml

GROUPS = ("labs", *PRESENCE_GROUPS, "diet", "statements", "derived")

FactTypes = Mapping[str, Mapping[str, FactType]]


def read_fact_types(path: Path, products: Path) -> tuple[FactTypes, tuple[str, ...]]:
    """The facts by group and code, and the sites of the body; RuleSetError lists all mistakes."""
    problems = Problems()
    source = read_yaml(path, path.parent, problems)
    problems.check_keys(source, ("unit_spellings", "sites", *GROUPS), GROUPS)
    problems.raise_if_any()
    spellings = {other: unit for unit, others in source["unit_spellings"].items() for other in others}
    by_medicine = _products(products)
    groups = {
        group: {code: _fact(code, group, entry, spellings, by_medicine) for code, entry in source[group].items()}
        for group in GROUPS
    }
    return groups, tuple(source["sites"])


def _products(path: Path) -> dict[str, list[Coding]]:
    with path.open(encoding="utf-8", newline="") as lines:
        found: dict[str, list[Coding]] = {}
        for row in csv.DictReader(lines):
            coding = Coding("rxnorm", row["rxcui"], row["name"], row["source"])
            found.setdefault(row["medication"], []).append(coding)
    return found


def _fact(
    code: str, group: str, entry: Section, spellings: Mapping[str, str], products: Mapping[str, list[Coding]]
) -> FactType:
    units = {name: _unit(name, factor) for name, factor in entry.get("units", {}).items()}
    low_high = entry.get("plausible")
    codings = [_coding(coding) for coding in entry.get("codes", [])]
    return FactType(
        code=code,
        group=group,
        label=entry["label"],
        kind=entry.get("kind") or _kind(group, units),
        path=entry.get("path", group),
        aliases=tuple(entry.get("aliases", [])),
        codes=(*codings, *products.get(code, [])) if group == "medications" else tuple(codings),
        unit=entry.get("unit"),
        units=units,
        spellings={other: unit for other, unit in spellings.items() if unit in units},
        categories=tuple(entry.get("categories", [])),
        choices=tuple(entry.get("choices", [])),
        plausible=(Decimal(low_high[0]), Decimal(low_high[1])) if low_high else None,
        takes_sites=entry.get("sites", False),
        derived_from=tuple(entry.get("from", [])),
        cite=entry.get("cite", ""),
    )


def _kind(group: str, units: Mapping[str, Unit]) -> str:
    if group == "labs":
        return "quantity" if units else "qualitative"
    return "presence"


def _unit(name: str, factor: object) -> Unit:
    if isinstance(factor, Section):
        return Unit(name, Decimal(factor["times"]), Decimal(factor["plus"]))
    dividend, _, divisor = str(factor).partition("/")
    return Unit(name, Decimal(dividend.strip()) / Decimal(divisor.strip() or 1))


def _coding(entry: Section) -> Coding:
    return Coding(entry["system"], str(entry["code"]), entry.get("display", ""), entry.get("verified"))
