"""Laws of the one catalogue of facts."""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest

from rules.catalogue import HERE, OPEN_GROUPS, Catalogue, catalogue, read_catalogue
from rules.derived import DERIVED, DERIVED_NUMBERS
from rules.fact_types import FactType, Unit
from rules.facts_file import GROUPS
from rules.quantities import Interval
from rules.source import Problems, RuleSetError, read_yaml
from tests.core_helpers import interval

VOCABULARY = Path(__file__).parent / "data" / "vocabulary.csv"
VOCABULARY_GROUPS = {
    "lab": "labs",
    "symptom": "symptoms",
    "sign": "signs",
    "condition": "conditions",
    "procedure": "procedures",
    "history": "history",
    "medication": "medications",
    "diet": "diet",
}
LABS = list(catalogue().groups["labs"].values())
MEASURED = [fact for fact in LABS if fact.units]
UNIT_PAIRS = [(fact, *pair) for fact in MEASURED for pair in product(fact.units, repeat=2)]
# What each unit counts, whatever its size; between mass and moles of one substance lies no power of ten.
AMOUNTS = {
    "mass": ("ng/L", "pg/mL", "ng/mL", "ug/mL", "ug/L", "ug/dL", "mg/L", "mg/dL", "g/L", "g/dL"),
    "moles": ("pmol/L", "nmol/L", "umol/L", "mmol/L"),
    "charge": ("meq/L",),
    "share": ("%", "L/L", "{ratio}"),
    "mass each": ("pg",),
    "moles each": ("fmol",),
    "mole share": ("mmol/mol",),
    "cells": ("10*9/L", "10*12/L", "10*3/uL", "10*6/uL", "/uL"),
    "katals": ("ukat/L",),
    # What an antibody unit is depends on the kit, whichever way it is spelled.
    "units": ("[IU]/mL", "k[IU]/L", "m[IU]/L", "u[IU]/mL", "U/mL", "kU/L", "U/L", "[arb'U]/mL", "k[arb'U]/L"),
}
SAME_AMOUNT = [{"mmol/L", "meq/L"}]  # one charge each, for potassium


def amount(unit: str) -> str:
    return next((name for name, units in AMOUNTS.items() if unit in units), unit)


def vocabulary() -> Iterator[tuple[str, str, str]]:
    with VOCABULARY.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            names = [row["code"], *filter(None, row["aliases"].split("|"))]
            yield from ((VOCABULARY_GROUPS[row["kind"]], row["code"], name) for name in names)


@pytest.mark.parametrize(("group", "code", "name"), list(vocabulary()))
def test_every_word_of_the_contract_is_found_in_its_group(group: str, code: str, name: str) -> None:
    fact = catalogue().find(group, name)
    assert fact is not None
    assert (fact.group, fact.code) == (group, code)


@pytest.mark.parametrize("fact", list(catalogue()), ids=lambda fact: fact.code)
def test_every_name_finds_its_own_fact(fact: FactType) -> None:
    assert catalogue().fact(fact.code) is fact
    for name in (fact.code, *fact.aliases):
        assert catalogue().find(fact.group, name) is fact


def test_a_code_stands_in_one_group() -> None:
    codes = Counter(code for group in catalogue().groups.values() for code in group)
    assert [code for code, times in codes.items() if times > 1] == []


def test_open_lists_are_read_without_regard_to_case_spaces_and_hyphens() -> None:
    facts = catalogue()
    assert facts.find("medications", "  Folic-Acid ") is facts.fact("folic_acid")
    assert facts.find("conditions", "Crohn Disease") is facts.fact("crohn_disease")
    assert facts.find("symptoms", "Fatigue") is None


def test_near_names() -> None:
    facts = catalogue()
    assert facts.near("labs", "hemoglobine")[0] == "hemoglobin"
    assert facts.near("medications", "Metformine") == ["metformin"]
    assert facts.near("symptoms", "qqqqqqqq") == []
    assert all(len(facts.near(group, "gastrectomy")) <= 5 for group in GROUPS)


@pytest.mark.parametrize("fact", LABS, ids=lambda fact: fact.code)
def test_a_test_has_a_plausible_range_or_words_only(fact: FactType) -> None:
    if not fact.units:
        assert fact.categories
        return
    assert fact.unit in fact.units
    assert fact.units[fact.unit].measures_as(Unit("as it is", Decimal(1)))
    assert fact.plausible is not None
    lowest, highest = fact.plausible
    assert 0 <= lowest < highest
    assert [fact.is_plausible(interval(str(end)), fact.unit) for end in (lowest, highest)] == [True, True]
    assert not fact.is_plausible(interval(str(highest * 2)), fact.unit)


AROUND = tuple(map(Decimal, ("0", "0.5", "0.999", "1", "1.001", "2")))


@pytest.mark.parametrize("fact", [fact for fact in LABS if fact.units], ids=lambda fact: fact.code)
def test_what_is_plausible_in_one_unit_is_in_every_other(fact: FactType) -> None:
    lowest, highest = fact.plausible or (Decimal(0), Decimal(0))
    for unit, end, factor in product(fact.units, (lowest, highest), AROUND):
        value = Interval.exactly(fact.convert(Interval.exactly(end), fact.unit or "", unit).low * factor)
        canonical = fact.convert(value, unit, fact.unit or "").low
        assert fact.is_plausible(value, unit) == (lowest <= canonical <= highest)


@pytest.mark.parametrize(("fact", "unit", "to"), UNIT_PAIRS, ids=lambda part: getattr(part, "code", part))
def test_every_unit_converts_there_and_back(fact: FactType, unit: str, to: str) -> None:
    value = Interval(Decimal("12.5"), Decimal(13), low_open=True)
    back = fact.convert(fact.convert(value, unit, to), to, unit)
    assert (back.low_open, back.high_open) == (True, False)
    assert abs(back.low - value.low) < Decimal("1E-20")
    assert abs(back.high - value.high) < Decimal("1E-20")


@pytest.mark.parametrize(("fact", "unit", "to"), UNIT_PAIRS, ids=lambda part: getattr(part, "code", part))
def test_units_of_one_kind_are_those_that_count_the_same_thing(fact: FactType, unit: str, to: str) -> None:
    same = amount(unit) == amount(to) or {unit, to} in SAME_AMOUNT
    assert fact.same_kind(unit, to) is same


@pytest.mark.parametrize(("fact", "unit", "to"), UNIT_PAIRS, ids=lambda part: getattr(part, "code", part))
def test_units_of_one_kind_convert_exactly(fact: FactType, unit: str, to: str) -> None:
    if fact.same_kind(unit, to):
        assert len(fact.convert(interval("0.28"), unit, to).low.normalize().as_tuple().digits) <= 2


# One reported value and what it is in the canonical unit, worked out by hand.
CONVERTED = [
    ("b12_total", "133", "pmol/L", "180.26421"),
    ("b12_total", "142", "pg/mL", "142"),
    ("mma", "0.27", "umol/L", "270"),
    ("mma", "53.1405", "ng/mL", "450"),
    ("homocysteine", "2.0277", "mg/L", "15"),
    ("hemoglobin", "13.5", "g/dL", "135"),
    ("hemoglobin", "8", "mmol/L", "128.916"),
    ("hematocrit", "0.41", "L/L", "41"),
    ("hba1c", "48", "mmol/mol", "6.54304"),
    ("platelets", "150000", "/uL", "150"),
    ("wbc", "4.2", "10*3/uL", "4.2"),
]


@pytest.mark.parametrize(("test", "value", "unit", "canonical"), CONVERTED)
def test_conversion_by_hand(test: str, value: str, unit: str, canonical: str) -> None:
    fact = catalogue().fact(test)
    assert fact.unit is not None
    converted = fact.convert(interval(value), unit, fact.unit)
    assert abs(converted.low - Decimal(canonical)) < Decimal("1E-9")


@pytest.mark.parametrize(
    ("test", "value", "unit", "plausible"),
    [
        ("hemoglobin", "140", "g/dL", False),
        ("hemoglobin", "1.5", "g/dL", True),
        ("mma", "0.5", "nmol/L", False),
        ("mma", "36", "umol/L", True),
        ("b12_total", "200000", "ng/L", True),
        ("b12_total", "<150", "ng/L", True),
        ("b12_total", ">2000", "pg/mL", True),
        ("b12_total", "<1", "ng/L", False),
        ("b12_total", ">900000", "ng/L", False),
        ("b12_total", "0", "ng/L", False),
        ("homocysteine", "200", "umol/L", True),
        ("hba1c", "48", "mmol/mol", True),
        ("hba1c", "<20", "mmol/mol", True),
        ("hba1c", "48", "%", False),
    ],
)
def test_plausible(test: str, value: str, unit: str, plausible: bool) -> None:
    assert catalogue().fact(test).is_plausible(interval(value), unit) is plausible


def test_a_fact_without_a_range_is_always_plausible() -> None:
    assert catalogue().fact("acr_eular_score").is_plausible(interval("99"), "points")


def test_a_spelling_means_one_unit() -> None:
    spellings = read_yaml(HERE / "facts.yaml", HERE, Problems())["unit_spellings"]
    every = [spelling for unit, others in spellings.items() for spelling in (unit, *others)]
    assert [spelling for spelling, times in Counter(every).items() if times > 1] == []
    assert {unit for fact in MEASURED for unit in fact.units} <= spellings.keys()


@pytest.mark.parametrize(
    ("test", "spelling", "unit"),
    [
        ("mma", "µmol/L", "umol/L"),
        ("mma", "μmol/L", "umol/L"),
        ("mma", "umol/L", "umol/L"),
        ("b12_total", "pg/ml", "pg/mL"),
        ("platelets", "K/uL", "10*3/uL"),
        ("platelets", "/mm3", "/uL"),
    ],
)
def test_spellings(test: str, spelling: str, unit: str) -> None:
    found = catalogue().fact(test).unit_named(spelling)
    assert found is not None
    assert found.name == unit
    assert unit in catalogue().fact(test).accepted_units()


@pytest.mark.parametrize(
    ("test", "spelling"), [("mma", "mg/dL"), ("mma", "UMOL/L"), ("b12_active", "ng/L"), ("rdw_cv", "fL")]
)
def test_a_unit_the_test_does_not_take(test: str, spelling: str) -> None:
    assert catalogue().fact(test).unit_named(spelling) is None


def test_verified_codes_are_matched_and_others_never() -> None:
    facts = catalogue()
    unverified = [coding for fact in facts for coding in fact.codes if not coding.verified]
    verified = {(coding.system, coding.code) for fact in facts for coding in fact.codes if coding.verified}
    assert [coding for coding in unverified if (coding.system, coding.code) not in verified] == unverified
    assert all(facts.by_code(coding.system, coding.code) is None for coding in unverified)


def test_a_public_code_stands_for_one_fact() -> None:
    stands_for: dict[tuple[str, str], set[str]] = {}
    for fact in catalogue():
        for coding in fact.codes:
            if coding.verified:
                stands_for.setdefault((coding.system, coding.code), set()).add(fact.code)
                assert catalogue().by_code(coding.system, coding.code) is not None
    assert {code: sorted(names) for code, names in stands_for.items() if len(names) > 1} == {}


@pytest.mark.parametrize(
    ("system", "code", "fact"),
    [
        ("loinc", "2132-9", "b12_total"),
        ("loinc", "718-7", "hemoglobin"),
        ("rxnorm", "6809", "metformin"),
        ("rxnorm", "99999999", None),
    ],
)
def test_by_code(system: str, code: str, fact: str | None) -> None:
    found = catalogue().by_code(system, code)
    assert (found.code if found else None) == fact


def test_every_computed_fact_has_its_function_and_every_function_its_fact() -> None:
    derived = catalogue().groups["derived"]
    assert {code for code, fact in derived.items() if fact.kind == "yes_no"} == DERIVED.keys()
    assert {code for code, fact in derived.items() if fact.kind == "number"} == DERIVED_NUMBERS.keys()


@pytest.mark.parametrize("fact", list(catalogue().groups["derived"].values()), ids=lambda fact: fact.code)
def test_computed_facts_are_made_from_facts_a_summary_can_state(fact: FactType) -> None:
    assert fact.derived_from
    for code in fact.derived_from:
        assert catalogue().fact(code).group != "derived"


def test_only_sites_of_the_list() -> None:
    assert len(set(catalogue().sites)) == len(catalogue().sites) == 16
    assert catalogue().fact("joint_pain").takes_sites
    assert not catalogue().fact("fatigue").takes_sites


def test_open_groups_are_groups() -> None:
    assert set(OPEN_GROUPS) < set(GROUPS) == set(catalogue().groups)
    assert "b12_total" in catalogue()
    assert "b13_total" not in catalogue()


def test_a_catalogue_with_mistakes_is_refused_with_all_of_them(tmp_path: Path) -> None:
    (tmp_path / "facts.yaml").write_text("unit_spelings: {}\nlabs: {}\nsites: []\n", encoding="utf-8")
    with pytest.raises(RuleSetError) as refused:
        read_catalogue(tmp_path / "facts.yaml", HERE / "rxnorm_products.csv")
    assert "facts.yaml:1: unknown key 'unit_spelings'; did you mean 'unit_spellings'?" in refused.value.problems
    assert "facts.yaml:1: 'symptoms' is missing" in refused.value.problems


def test_the_catalogue_is_read_once() -> None:
    assert isinstance(catalogue(), Catalogue)
    assert catalogue() is catalogue()
