"""The request that the README sends, with 15 results instead of two, and larger ones like it."""

import json
from typing import Any

LABS = (
    *(("b12_total", 142, "ng/L"), ("mcv", 104, "fL"), ("hemoglobin", 109, "g/L"), ("hematocrit", 33.1, "%")),
    *(("mch", 34.2, "pg"), ("rdw_cv", 15.1, "%"), ("platelets", 201, "10*9/L"), ("wbc", 4.8, "10*9/L")),
    *(("neutrophils", 2.6, "10*9/L"), ("ferritin", 61, "ug/L"), ("folate_serum", 8.2, "ug/L")),
    *(("creatinine", 74, "umol/L"), ("egfr", 71, "mL/min/{1.73_m2}"), ("tsh", 2.1, "mU/L"), ("hba1c", 52, "mmol/mol")),
)


def readme_request(times: int = 1) -> bytes:
    """The README's patient with each of 15 tests done so many times, a year apart; undated when once."""
    labs = [{"test": test, "value": value, "unit": unit} for test, value, unit in LABS]
    dated = [{**lab, "date": f"{2026 - year}-03-01"} for year in range(times) for lab in labs]
    summary: dict[str, Any] = {
        "age": 67,
        "sex": "female",
        "labs": labs if times == 1 else dated,
        "symptoms": ["fatigue", {"code": "paresthesia", "since": "2026-03"}],
        "medications": ["omeprazole", {"name": "metformin", "dose": 2000, "unit": "mg/day", "since": "2018-05"}],
    }
    return json.dumps(summary).encode()
