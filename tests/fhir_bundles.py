"""Three hundred generated patients as FHIR R4 Bundles, all mapped and assessed: `make fhir-bundles`.

The Bundles come from syntha-ehr (Apache-2.0), a generator that samples its own fitted model and invents every
patient; nothing in them is a person's. The seed is fixed, so the patients are always the same, though their
identifiers are drawn anew. `--keep` writes the first dozen to the test data, where the tests read them without
the generator.
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path
from typing import Any

import orjson

from rules import Library, RuleSet, assess
from schemas import render
from schemas.fhir import Mapped, load_records, records_of_bundle

HOW_MANY, SEED = 300, 7
DAYS = {"lo": "2015-01-01", "hi": "2024-12-31"}
TODAY = date(2026, 11, 26)
TOTAL_B12, WITH_TOTAL_B12 = "2132-9", 163
KEPT = Path(__file__).parent / "data" / "fhir" / "generated.ndjson"
HOW_MANY_KEPT = 12

Bundle = dict[str, Any]


def generated() -> Iterator[Bundle]:
    """Bundles of the generator's larger model, only those that are physiologically possible."""
    import pandas as pd
    from syntha.export_model import load_generator_from_json
    from syntha.fhir.export import episode_to_bundle
    from syntha.generator.constraints import ConstraintConfig, PhysiologicConstraints
    from syntha.pipeline import _generate_ids_and_dates

    model = Path(str(resources.files("syntha") / "bundled_models" / "tolerant.json"))
    generator = load_generator_from_json(model, random_seed=SEED)
    possible, _ = PhysiologicConstraints(ConstraintConfig()).apply(generator.sample(HOW_MANY * 3 // 2 + 8))
    patients = possible.head(HOW_MANY).reset_index(drop=True)
    days = (pd.Timestamp(generator.model.extras.get(f"date_{end}") or day) for end, day in DAYS.items())
    dated = pd.concat([_generate_ids_and_dates(len(patients), *days, seed=SEED + 1), patients], axis=1)
    for _, row in dated.iterrows():
        yield json.loads(json.dumps(episode_to_bundle(row, True)))


def kept() -> Iterator[Bundle]:
    """The Bundles that are kept as test data."""
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def has_total_b12(bundle: Bundle) -> bool:
    """Whether one of the Observations is a total B12."""
    return any(f'"{TOTAL_B12}"' in json.dumps(entry["resource"].get("code")) for entry in bundle["entry"])


def answered(bundle: Bundle, rule_set: RuleSet) -> tuple[str, Mapped]:
    """The level of one patient and the mapping behind it; an AssertionError when the report does not add up."""
    intake, mapped = load_records(records_of_bundle(bundle), today=TODAY)
    paths = [f"entry[{place}].resource" for place in range(len(bundle["entry"]))]
    assert [line.path for line in mapped.report] == paths
    assert all(line.used_as or line.reason for line in mapped.report)
    used = [place for line in mapped.report for place in line.used_as]
    assert len(used) == len(set(used))
    assert ("labs" in {place.partition("[")[0] for place in used}) == ("labs" in mapped.summary)
    answer = render(assess(rule_set, intake.facts), intake)
    assert orjson.dumps(answer)
    return answer["likelihood"]["level"], mapped


def main() -> None:
    bundles = list(generated())
    if "--keep" in sys.argv:
        lines = (json.dumps(bundle, ensure_ascii=False) for bundle in bundles[:HOW_MANY_KEPT])
        KEPT.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    rule_set = Library.open().active
    levels: Counter[str] = Counter()
    fates: Counter[str] = Counter()
    for bundle in bundles:
        level, mapped = answered(bundle, rule_set)
        levels[level] += 1
        fates.update("used" if line.used_as else str(line.reason).partition(" entry[")[0] for line in mapped.report)
    with_b12 = sum(map(has_total_b12, bundles))
    say(f"{len(bundles)} Bundles mapped and assessed, {with_b12} with a total B12: {dict(levels)}")
    say(f"{sum(fates.values())} entries, each with its line in the report:")
    for fate, often in fates.most_common():
        say(f"  {often:5} {fate}")
    assert (len(bundles), with_b12) == (HOW_MANY, WITH_TOTAL_B12)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
