"""A call of b12-patient-view with everything prefetched: 200 results, 77 KiB."""

import json

from tests.hook_calls import METFORMIN, OMEPRAZOLE, b12, call, condition, medicine, prefetch, result

HOOK = "/cds-services/b12-patient-view"
RESULTS = 200

# What a laboratory sends again and again, each with a plausible value.
PANEL = (
    *(("718-7", 10.2, "g/dL"), ("787-2", 104, "fL"), ("788-0", 16.1, "%"), ("6690-2", 5.1, "10*3/uL")),
    *(("777-3", 180, "10*3/uL"), ("2160-0", 0.9, "mg/dL"), ("2823-3", 4.1, "mmol/L"), ("2276-4", 60, "ng/mL")),
)


def _body() -> bytes:
    months = [f"{year}-{month:02}" for year in (2026, 2025, 2024) for month in range(10, 0, -1)]
    panels = [result(code, value, unit, f"{month}-01") for month in months for code, value, unit in PANEL]
    record = prefetch(
        b12(),
        *panels[: RESULTS - 1],
        condition("44054006", "Type 2 diabetes mellitus"),
        condition("386033004", "Neuropathy"),
        medicine(METFORMIN, "24 HR metformin hydrochloride 500 MG Extended Release Oral Tablet"),
        medicine(OMEPRAZOLE, "omeprazole 40 MG Delayed Release Oral Capsule"),
    )
    return json.dumps(call(record), separators=(",", ":")).encode()


BODY = _body()
