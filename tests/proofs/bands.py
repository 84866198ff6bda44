"""The bands of total and active B12 lie side by side in every unit: each value is in one of them and in no other."""

from collections.abc import Iterator
from decimal import Decimal

from rules.catalogue import catalogue
from rules.evaluation import Evaluation
from rules.facts import Result as LabResult
from rules.model import Finding, RuleSet
from rules.quantities import Quantity
from rules.truth import Truth
from tests.proofs.cells import values
from tests.proofs.clusters import all_lines
from tests.proofs.patients import Fragment, exactly, facts_of
from tests.proofs.result import Result

BANDS = {
    "b12_total": ("b12_total_deficient", "b12_total_indeterminate", "b12_total_above_band"),
    "b12_active": ("b12_active_deficient", "b12_active_indeterminate", "b12_active_above_band"),
}
LAST_PLACE = Decimal("0.1")


def each_band(rule_set: RuleSet) -> Iterator[Result]:
    """No value lies between the bands and none in two of them, by the printed limits and by a laboratory's own."""
    for test, names in BANDS.items():
        bands = [rule_set.findings[name] for name in names if name in rule_set.findings]
        for unit in catalogue().fact(test).units:
            yield from _tiling(test, unit, bands)


def _tiling(test: str, unit: str, bands: list[Finding]) -> Iterator[Result]:
    cells = list(_results(test, unit, bands))
    counted = [(_in_bands(result, bands), result) for result in cells]
    method = f"exhaustive, {len(cells)} cells"
    gap = next((str(result.quantity) for count, result in counted if count == 0), None)
    overlap = next((str(result.quantity) for count, result in counted if count > 1), None)
    yield Result("band-gap", f"{test} in {unit}", method, gap and f"{test} of {gap} lies in no band")
    yield Result("band-overlap", f"{test} in {unit}", method, overlap and f"{test} of {overlap} lies in two bands")


def _results(test: str, unit: str, bands: list[Finding]) -> Iterator[LabResult]:
    """Every cell and cut point, and one printed digit beside it; then the same with both limits of a laboratory."""
    cells = values(catalogue().fact(test), all_lines(bands).values(), unit)
    near = sorted({value + step for value in cells for step in (-LAST_PLACE, 0, LAST_PLACE)})
    for value in near:
        quantity = Quantity(exactly(value), unit)
        yield LabResult(test, "", quantity)
        own = [limit for limit in near if limit in (value - LAST_PLACE, value, value + LAST_PLACE)]
        for lower, upper in ((low, high) for low in own for high in own if low <= high):
            yield LabResult(test, "", quantity, deficient_below=lower, unlikely_above=upper)


def _in_bands(result: LabResult, bands: list[Finding]) -> int:
    evaluation = Evaluation(facts_of([Fragment((result,))]))
    return sum(evaluation.truth(band) is Truth.TRUE for band in bands)
