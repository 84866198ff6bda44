"""Generated FHIR R4 Bundles kept as test data (tests/data/fhir/README.md says how they were made)."""

import pytest

from tests.core_helpers import published_set
from tests.fhir_bundles import Bundle, answered, has_total_b12, kept

BUNDLES = list(kept())


def test_some_of_them_have_a_total_b12() -> None:
    assert 0 < sum(map(has_total_b12, BUNDLES)) < len(BUNDLES)


@pytest.mark.parametrize("bundle", BUNDLES, ids=range(len(BUNDLES)))
def test_each_is_assessed_and_its_report_adds_up_to_every_entry(bundle: Bundle) -> None:
    level, mapped = answered(bundle, published_set())
    assert level != "undetermined" or not has_total_b12(bundle)
    tests = {lab["test"] for lab in mapped.summary["labs"]}
    assert ("b12_total" in tests) == has_total_b12(bundle)
    assert {"hemoglobin", "platelets"} <= tests
