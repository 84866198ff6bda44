"""Computed facts together with what they are computed from, every combination of their inputs that could matter."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import product

from rules.catalogue import catalogue
from rules.dates import Period
from rules.derived import DERIVED
from rules.derived.blood import MEN, PREGNANT, WOMEN
from rules.derived.joints import ACHES
from rules.evaluation import Evaluation
from rules.facts import Item, Result
from rules.limits import Comparison, Limit
from rules.model import Finding, Line
from tests.proofs.labs import results
from tests.proofs.patients import NOTHING, Fragment, facts_of

Lines = tuple[Finding, ...]
# Days before the 15th of January 2026: last week, two months and many years ago, and some day of the year before.
ENDS = (None, "2026-01-10", "2025-11-15", "2015", "2025")
PLACES: tuple[tuple[str, ...], ...] = ((), ("mcp",), ("knee",), ("mcp", "knee"), ("shoulder",))
PAINFUL = (*PLACES, ("hip",), ("mcp", "hip"), ("mcp", "shoulder"))


@dataclass(frozen=True)
class Function:
    """The facts that are bound together, and every way of stating them."""

    facts: frozenset[str]
    fragments: Callable[[Lines], Iterable[Fragment]]


def combined(*choices: Iterable[Fragment]) -> Iterator[Fragment]:
    """Every combination of one piece from each."""
    for pieces in product(*choices):
        yield Fragment(
            tuple(one for piece in pieces for one in piece.results),
            tuple(one for piece in pieces for one in piece.items),
            tuple(one for piece in pieces for one in piece.statements),
            next((piece.age for piece in pieces if piece.age is not None), None),
            next((piece.sex for piece in pieces if piece.sex is not None), None),
            any(piece.listed for piece in pieces),
        )


def item(code: str, present: bool = True, **dates: str | None) -> Item:
    """An item with its dates as a summary gives them."""
    return Item(code, "", present, **{name: Period.parse(day) for name, day in dates.items() if day})


def stated(code: str, *values: object) -> list[Fragment]:
    """A statement left out, and each of its values."""
    return [NOTHING, *(Fragment(statements=((code, value),)) for value in values)]


def items(code: str, *present: Item) -> list[Fragment]:
    """An item left out, absent, and present in each of these ways."""
    return [NOTHING, *(Fragment(items=(one,)) for one in (item(code, present=False), *present))]


def _blood(lines: Lines) -> Iterator[Fragment]:
    """Hemoglobin with all that decides which limit could apply; then the words that settle anemia by themselves."""
    read = [line for line in lines if line.line and line.line.fact.code == "hemoglobin"]
    blood = [NOTHING, *(Fragment((one,)) for one in results(catalogue().fact("hemoglobin"), [*read, *who_limits()]))]
    hematocrit = [NOTHING, *(Fragment((Result("hematocrit", "", flag=flag),)) for flag in ("low", "normal"))]
    words = [items(word, item(word)) for word in ("macrocytic_anemia", "pancytopenia")]
    yield from combined(_distinct(combined(_people(), blood), lines), *words, hematocrit)


def who_limits() -> Iterator[Finding]:
    hemoglobin = catalogue().fact("hemoglobin")
    for limit in {MEN, WOMEN, *PREGNANT.values()}:
        below = Comparison("<", (Limit(limit, "g/L"),), "low")
        yield Finding(f"hemoglobin below {limit}", "", Line(hemoglobin, "compare", comparisons=(below,)))


def _people() -> Iterator[Fragment]:
    yield from stated("pregnant", False, True)
    yield from (Fragment(statements=(("pregnant", True), ("gestation_weeks", weeks))) for weeks in (5, 20, 35))
    yield Fragment(sex="male", statements=(("pregnant", False),))
    yield Fragment(sex="unknown")
    yield Fragment(sex="other", statements=(("pregnant", False),))
    yield Fragment(age=10)


def _distinct(fragments: Iterable[Fragment], lines: Lines) -> list[Fragment]:
    """One fragment for each way that the lines and anemia can stand."""
    found: dict[object, Fragment] = {}
    for fragment in fragments:
        facts = facts_of([fragment])
        evaluation = Evaluation(facts)
        row = (DERIVED["anemia"](facts), *(evaluation.truth(line) for line in lines))
        found.setdefault(row, fragment)
    return list(found.values())


def _nitrous_oxide(_: Lines) -> Iterator[Fragment]:
    ended = [Fragment(items=(item("nitrous_oxide_recreational", until=end),)) for end in ENDS[1:]]
    recreational, anesthesia = (items(code, *(item(code, date=day) for day in ENDS)) for code in NITROUS_OXIDE[:2])
    yield from combined([*recreational, *ended], anesthesia)


def _treatment(_: Lines) -> Iterator[Fragment]:
    """Two products stand for all: a third adds nothing that one of two could not."""
    products = [items(code, *_given(code)) for code in PRODUCTS]
    multivitamins = items("multivitamin", *_given("multivitamin"), *_given("multivitamin", Decimal(50)))
    supplement = stated("b12_supplement", False, True)
    listed = (NOTHING, Fragment(listed=True))
    yield from combined(*products, multivitamins[:4], supplement, listed)
    yield from combined(products[0][:3], multivitamins, supplement)


def _given(code: str, dose: Decimal | None = None) -> Iterator[Item]:
    for route, end in product((None, "im", "oral"), ENDS):
        until = Period.parse(end) if end else None
        yield Item(code, "", route=route, last_given=until, dose=dose, dose_unit="ug/day" if dose else None)


def _swelling(_: Lines) -> Iterator[Fragment]:
    swellings = ("synovitis", "hot_swollen_joint", "joint_swelling")
    places = [items(code, *(Item(code, "", sites=sites) for sites in PLACES)) for code in swellings]
    both = [Fragment(items=(Item(code, "", sites=("mcp",), laterality="both"),)) for code in swellings]
    counts = (stated("swollen_small", 0, 1, 2), stated("swollen_large", 0, 1, 2))
    yield from combined(*([*found, one] for found, one in zip(places, both, strict=True)), *counts)


def _pain(_: Lines) -> Iterator[Fragment]:
    """Joint pain anywhere, on one side or not; stiff joints and sore muscles in some places or none named."""
    painful = [Item("joint_pain", "", sites=sites, laterality=side) for sites in PAINFUL for side in (None, "left")]
    others = [items(code, *(Item(code, "", sites=sites) for sites in PLACES[::2])) for code in ACHES[1:]]
    yield from combined(items("joint_pain", *painful), *others)


SWELLING = ("synovitis", "hot_swollen_joint", "joint_swelling", "swollen_small", "swollen_large")
SWOLLEN = ("joint_swelling_known", "small_joint_swelling", "several_swollen_joints")
PAINS = ("small_joint_pain", "weight_bearing_joint_pain", "girdle_pain")
BLOOD = (
    "hemoglobin",
    "hematocrit",
    "sex",
    "pregnant",
    "gestation_weeks",
    "macrocytic_anemia",
    "pancytopenia",
    "anemia",
)
PRODUCTS = ("cyanocobalamin", "hydroxocobalamin")
TREATED = ("multivitamin", "b12_supplement", "on_b12_treatment", "injection_within_two_weeks")
NITROUS_OXIDE = ("nitrous_oxide_recreational", "nitrous_oxide_anesthesia", "nitrous_oxide_exposure")
FUNCTIONS = {
    "blood": Function(frozenset(BLOOD), _blood),
    "nitrous oxide": Function(frozenset(NITROUS_OXIDE), _nitrous_oxide),
    "B12 treatment": Function(frozenset((*PRODUCTS, *TREATED)), _treatment),
    "joint swelling": Function(frozenset((*SWELLING, *SWOLLEN)), _swelling),
    "joint pain": Function(frozenset((*ACHES, *PAINS)), _pain),
}
