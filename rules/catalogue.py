"""The one catalogue of facts: what a patient summary can say, in which units and codes."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from rules.quantities import Interval
from rules.source import Problems, Section, read_yaml

HERE = Path(__file__).parent
PRESENCE_GROUPS = ("symptoms", "signs", "conditions", "procedures", "history", "medications")
OPEN_GROUPS = ("medications", "conditions", "procedures")
GROUPS = ("labs", *PRESENCE_GROUPS, "diet", "statements", "derived")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of one test: a value in it, times `times` plus `plus`, is the value in the canonical unit.

    `kind` is equal for units that differ by a power of ten only.
    """

    name: str
    times: Decimal
    plus: Decimal = Decimal(0)
    kind: tuple[tuple[int, ...], Decimal] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", (self.times.normalize().as_tuple().digits, self.plus))


@dataclass(frozen=True, slots=True)
class Coding:
    """A code of a public terminology, with how it was verified; an unverified one is never matched."""

    system: str
    code: str
    display: str
    verified: str | None


@dataclass(frozen=True, slots=True)
class FactType:
    """One thing that a patient summary can say.

    `kind` is quantity, qualitative, presence, number, yes_no or choice. `unit` is canonical and
    `plausible` is in it. `path` is where the fact stands in a summary.
    """

    code: str
    group: str
    label: str
    kind: str
    path: str
    aliases: tuple[str, ...] = ()
    codes: tuple[Coding, ...] = ()
    unit: str | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    categories: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    plausible: tuple[Decimal, Decimal] | None = None
    takes_sites: bool = False
    derived_from: tuple[str, ...] = ()
    cite: str = ""

    def unit_named(self, spelling: str) -> Unit | None:
        """The unit meant by a spelling that this test takes."""
        return self.units.get(self.spellings.get(spelling, spelling))

    def accepted_units(self) -> list[str]:
        """The units this test takes, by our own spelling."""
        return list(self.units)

    def convert(self, interval: Interval, unit: str, to: str) -> Interval:
        """The same measurement in another unit of this test; exact between powers of ten."""
        if unit == to:
            return interval
        source, target = self.units[unit], self.units[to]
        if source.plus == target.plus:
            return interval.scaled(source.times / target.times)
        return interval.scaled(source.times / target.times, (source.plus - target.plus) / target.times)

    def same_kind(self, unit: str, other: str) -> bool:
        """Whether two units differ by a power of ten only, so that mass stays mass and moles stay moles."""
        return unit == other or self.units[unit].kind == self.units[other].kind

    def is_plausible(self, interval: Interval, unit: str) -> bool:
        """Whether a result, or the bound of a censored one, can be real in that unit."""
        if self.plausible is None:
            return True
        lowest, highest = self.plausible
        if interval.is_exact and unit == self.unit:
            return lowest <= interval.low <= highest
        ends = (interval.low,) if interval.is_exact else (interval.low, interval.high)
        reported = [end for end in ends if end.is_finite() and end] or [interval.low]
        if unit != self.unit:
            reported = [self.convert(Interval.exactly(end), unit, self.unit or unit).low for end in reported]
        return lowest <= min(reported) and max(reported) <= highest


class Catalogue:
    """All facts, by group and code, with their aliases and public codes."""

    def __init__(self, groups: Mapping[str, Mapping[str, FactType]], sites: tuple[str, ...]) -> None:
        self.groups = groups
        self.sites = sites
        self._by_code = {fact.code: fact for group in groups.values() for fact in group.values()}
        self._names = {group: dict(_names(group, facts)) for group, facts in groups.items()}
        self._codings = {
            (coding.system, coding.code): fact
            for fact in self._by_code.values()
            for coding in fact.codes
            if coding.verified
        }

    def __iter__(self) -> Iterator[FactType]:
        return iter(self._by_code.values())

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def fact(self, code: str) -> FactType:
        """The fact of that code, of any group; KeyError when there is none."""
        return self._by_code[code]

    def find(self, group: str, name: str) -> FactType | None:
        """The fact meant by a code or an alias; open lists are read without regard to letter case and spaces."""
        return self._names[group].get(_folded(name) if group in OPEN_GROUPS else name)

    def near(self, group: str, name: str) -> list[str]:
        """At most five codes of the group whose name or alias is close to an unknown one."""
        names = self._names[group]
        close = get_close_matches(_folded(name), names, n=10, cutoff=0.75)
        return list(dict.fromkeys(names[match].code for match in close))[:5]

    def by_code(self, system: str, code: str) -> FactType | None:
        """The fact a verified public code stands for (`loinc`, `snomed`, `icd10cm`, `rxnorm`, `atc`)."""
        return self._codings.get((system, code))


def _folded(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _names(group: str, facts: Mapping[str, FactType]) -> Iterator[tuple[str, FactType]]:
    for fact in facts.values():
        for name in (fact.code, *fact.aliases):
            yield (_folded(name) if group in OPEN_GROUPS else name), fact


@cache
def catalogue() -> Catalogue:
    """The catalogue shipped with the service, read once."""
    return read_catalogue(HERE / "facts.yaml", HERE / "rxnorm_products.csv")


def read_catalogue(path: Path, products: Path) -> Catalogue:
    """Read a catalogue and the table of medicinal products; RuleSetError lists all mistakes."""
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
    return Catalogue(groups, tuple(source["sites"]))


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
