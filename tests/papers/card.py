"""The card of the rule set that answers: what it is, what it rests on and how it does, counted from the set itself."""

from collections import Counter

from rules import Library, RuleSet
from rules.library import SETS
from rules.model import VERIFICATIONS
from rules.source import Problems
from rules.vignettes import read_vignettes
from tests.case_table import read_cases

CARD = """\
# Rule set card: {version}

Written by `python -m tests.papers` from the set itself and compared by the tests. Review status: **{review}**.

| | |
|---|---|
| Title | {title} |
| Status | {status}, effective {effective}, next review {next_review} |
| Written by | {authored_by} |
| Checked by | {checked_by} |
| For | adults of 16 and over; for children red flags and one referral |
| Profiles | {profiles} |

## What it holds

{contents}

## What it rests on

{sources} sources with {passages} passages that statements cite. How they were verified:

{verified}

Each citation in an answer says which of these it is. Nothing rests on a consumer page alone.

## How it does

- {vignettes} whole patients with the answer a good clinician expects, all of which hold (`b12cds check`).
- {cases} published cases, with and without their markers: [tests/data/cases.md](../../tests/data/cases.md).
- Laws that hold for every patient tried or proved: a lower B12 never lowers the level, joint disease never moves
  it, a red flag is never taken away by a result (`make prove`).
- Small changes to the rules that its examples notice: [tests/data/mutants.md](../../tests/data/mutants.md).

## What is not known

Sensitivity, specificity and the burden of its flags in care: it has not been tried there. It gives levels by
published limits and no probability. Limits measured in other people than those it is used for may not fit them.

{notice}
"""


def card() -> str:
    """The card of the active rule set."""
    rule_set = Library.open(SETS).active
    manifest = rule_set.manifest
    return CARD.format(
        version=manifest.version,
        review=manifest.review,
        title=manifest.title,
        status=manifest.status,
        effective=manifest.effective,
        next_review=manifest.next_review,
        authored_by=manifest.authored_by,
        checked_by=manifest.checked_by or "nobody yet",
        profiles=", ".join(f"`{profile}`" for profile in manifest.profiles),
        contents=_contents(rule_set),
        sources=len(rule_set.sources),
        passages=sum(len(source.passages) for source in rule_set.sources.values()),
        verified=_verified(rule_set),
        vignettes=len(read_vignettes(SETS / manifest.version, Problems())),
        cases=len(read_cases()),
        notice=f"> {manifest.notice}",
    )


def _contents(rule_set: RuleSet) -> str:
    counted = {
        "rules for the level": rule_set.likelihood,
        "rules for red flags and warnings": rule_set.flags,
        "rules for recommendations": rule_set.recommendations,
        "diseases that can look alike": rule_set.differential,
        "possible causes": rule_set.causes,
    }
    return "\n".join(f"- {len(parts)} {what}" for what, parts in counted.items())


def _verified(rule_set: RuleSet) -> str:
    passages = (passage for source in rule_set.sources.values() for passage in source.passages.values())
    counted = Counter(passage.verified for passage in passages)
    return "\n".join(f"- {counted[word]} {word}" for word in VERIFICATIONS if counted[word])
