"""Vitamin B12 treatment and nitrous oxide: what makes a serum B12 hard to read."""

from collections.abc import Iterator
from decimal import Decimal

from rules.derived.timing import THREE_MONTHS, longest_months, within
from rules.facts import Facts, Item
from rules.quantities import Interval
from rules.truth import Truth, all_of, any_of, known

TWELVE_MONTHS, TWO_WEEKS = Decimal(366), Decimal(14)
B12_PRODUCTS = ("cyanocobalamin", "hydroxocobalamin", "mecobalamin", "adenosylcobalamin")
INJECTED = ("im", "sc")
INJECTED_UNLESS_STATED = "hydroxocobalamin"
MICROGRAMS = {"ug": Decimal(1), "mg": Decimal(1000), "g": Decimal(1_000_000)}
DAYS = {"": 1, "day": 1, "dose": 1, "week": 7, "month": 30}
TREATMENT_DOSE = Decimal(50)
ACID_SUPPRESSANTS = (
    *("omeprazole", "lansoprazole", "pantoprazole", "rabeprazole", "esomeprazole", "dexlansoprazole", "ppi"),
    *("famotidine", "ranitidine", "cimetidine", "nizatidine", "h2_blocker"),
)


def on_b12_treatment(facts: Facts) -> Truth:
    """A single-ingredient B12 product, any injection of B12, or B12 by mouth of at least 50 µg a day.

    A product that ended, or was last given, within three months still counts: that is the longest
    maintenance interval of hydroxocobalamin (bnf-hydroxocobalamin). A multivitamin without such a dose does not.
    """
    products = [_product(facts, code) for code in B12_PRODUCTS]
    multivitamins = [_multivitamin(item, facts) for item in facts.items.get("multivitamin", ())]
    return any_of([*products, *multivitamins, facts.yes_no("b12_supplement")])


def _product(facts: Facts, code: str) -> Truth:
    items = facts.items.get(code)
    if items is None:
        return facts.medicine(code)
    return any_of(_still_acts(item, facts) for item in items)


def _still_acts(item: Item, facts: Facts) -> Truth:
    if not item.present:
        return Truth.FALSE
    ends = [period for period in (item.until, item.last_given) if period is not None]
    return any_of(within(THREE_MONTHS, end, facts.as_of) for end in ends) if ends else Truth.TRUE


def _multivitamin(item: Item, facts: Facts) -> Truth:
    dose = daily_micrograms(item)
    enough = item.route in INJECTED or (dose is not None and dose >= TREATMENT_DOSE)
    return all_of([known(enough), _still_acts(item, facts)])


def daily_micrograms(item: Item) -> Decimal | None:
    """The stated dose in micrograms a day, when one was stated by mass."""
    mass, _, period = (item.dose_unit or "").partition("/")
    if item.dose is None or mass not in MICROGRAMS or period not in DAYS:
        return None
    return item.dose * MICROGRAMS[mass] / DAYS[period]


def acting_items(facts: Facts) -> list[Item]:
    """What was sent of B12 that counts, or may count, as treatment today."""
    products = [item for code in B12_PRODUCTS for item in facts.items.get(code, ())]
    multivitamins = facts.items.get("multivitamin", ())
    acting = [item for item in products if _still_acts(item, facts) is not Truth.FALSE]
    return acting + [item for item in multivitamins if _multivitamin(item, facts) is not Truth.FALSE]


def b12_by_injection(facts: Facts) -> Truth:
    """Whether B12 is injected; hydroxocobalamin is (bnf-hydroxocobalamin), unless another route was sent."""
    acting = acting_items(facts)
    if not acting:
        return any_of(_product(facts, code) for code in B12_PRODUCTS)
    return any_of(_injected(item) for item in acting)


def _injected(item: Item) -> Truth:
    if item.route is not None:
        return known(item.route in INJECTED)
    return Truth.TRUE if item.code == INJECTED_UNLESS_STATED else Truth.UNKNOWN


def injection_within_two_weeks(facts: Facts) -> Truth:
    """A B12 injection in the last two weeks, which can make an intrinsic factor antibody test falsely positive."""
    listed = [item for code in B12_PRODUCTS for item in facts.items.get(code, ()) if item.present]
    if not listed:
        return any_of(_product(facts, code) for code in B12_PRODUCTS)
    return any_of(all_of([_injected(item), _given_lately(item, facts)]) for item in listed)


def _given_lately(item: Item, facts: Facts) -> Truth:
    given = item.last_given or item.until
    return Truth.UNKNOWN if given is None else within(TWO_WEEKS, given, facts.as_of)


def nitrous_oxide_exposure(facts: Facts) -> Truth:
    """Recreational use that is current, undated or within 12 months, or anesthesia undated or within 3 months."""
    return any_of(
        [
            _exposure(facts, "nitrous_oxide_recreational", TWELVE_MONTHS),
            _exposure(facts, "nitrous_oxide_anesthesia", THREE_MONTHS),
        ]
    )


def _exposure(facts: Facts, code: str, window: Decimal) -> Truth:
    items = facts.items.get(code)
    if items is None:
        return Truth.UNKNOWN
    return any_of(all_of(_recent(item, facts, window)) for item in items)


def _recent(item: Item, facts: Facts, window: Decimal) -> Iterator[Truth]:
    yield known(item.present)
    last = item.until or item.date
    if last is not None:
        yield within(window, last, facts.as_of)


def metformin_months(facts: Facts) -> Interval | None:
    """For how many months metformin has been taken, when its beginning is known."""
    return longest_months(facts.items.get("metformin", ()), facts)


def acid_suppressant_months(facts: Facts) -> Interval | None:
    """For how many months a proton pump inhibitor or H2 blocker has been taken, when its beginning is known."""
    items = tuple(item for code in ACID_SUPPRESSANTS for item in facts.items.get(code, ()))
    return longest_months(items, facts)
