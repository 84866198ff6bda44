"""Biotin, which above a certain dose disturbs many immunoassays, some of B12 among them."""

from decimal import Decimal

from rules.derived.treatment import daily_micrograms
from rules.facts import Facts
from rules.truth import Truth, known

FIVE_MG = Decimal(5000)


def biotin_over_5_mg_a_day(facts: Facts) -> Truth:
    """Whether the biotin taken today adds up to more than 5 mg a day (nordx-b12); unknown without its dose."""
    items = facts.items.get("biotin")
    if items is None:
        return facts.medicine("biotin")
    doses = [daily_micrograms(item) for item in items if item.holds(facts.as_of) is not Truth.FALSE]
    stated = [dose for dose in doses if dose is not None]
    too_much = known(sum(stated) > FIVE_MG)
    return too_much if len(stated) == len(doses) else max(too_much, Truth.UNKNOWN)
