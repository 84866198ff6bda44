"""What else could explain the picture; it never raises or lowers the likelihood of deficiency."""

from collections.abc import Iterable, Iterator
from itertools import islice

from rules.assessment import Criteria, MimicNote, Question, Reason
from rules.derived import DERIVED_NUMBERS
from rules.evaluation import Evaluation, unknown_facts
from rules.model import Finding, Mimic, RuleSet, When
from rules.truth import Truth
from rules.verdicts import true_reasons, weigh

MOST_QUESTIONS = 6


def compare_mimics(rule_set: RuleSet, evaluation: Evaluation) -> tuple[MimicNote, ...]:
    """A note on each mimic whose leading complaint, sign, test or known condition is present."""
    mimics = rule_set.mimics.values()
    return tuple(_note(mimic, evaluation) for mimic in mimics if _any_true(mimic.appears, evaluation))


def stance(mimic: Mimic, evaluation: Evaluation) -> str:
    """Known diseases are supported; else what its own findings say, support before opposition."""
    if mimic.known is not None and evaluation.truth(mimic.known) is Truth.TRUE:
        return "supported"
    blocks = (("supported", mimic.supported), ("against", mimic.opposed), ("possible", mimic.possible))
    return next((word for word, block in blocks if _fires(block, evaluation)), "undetermined")


def _note(mimic: Mimic, evaluation: Evaluation) -> MimicNote:
    return MimicNote(
        mimic=mimic,
        stance=stance(mimic, evaluation),
        speaks_for=_reasons((*([mimic.known] if mimic.known else []), *mimic.speaks_for), evaluation),
        speaks_against=_reasons(mimic.speaks_against, evaluation),
        missing=tuple(_questions(mimic, evaluation))[:MOST_QUESTIONS],
        criteria=_criteria(mimic, evaluation),
    )


def _any_true(findings: Iterable[Finding], evaluation: Evaluation) -> bool:
    return any(evaluation.truth(finding) is Truth.TRUE for finding in findings)


def _fires(block: When | None, evaluation: Evaluation) -> bool:
    return block is not None and weigh(block, evaluation)[0] is Truth.TRUE


def _reasons(findings: Iterable[Finding], evaluation: Evaluation) -> tuple[Reason, ...]:
    found = (reason for finding in findings for reason in true_reasons(finding, evaluation))
    return tuple({reason.finding: reason for reason in found}.values())


def _questions(mimic: Mimic, evaluation: Evaluation) -> Iterator[Question]:
    """One question for each unknown finding: its own fact, or the first open one of a group."""
    asked: set[str] = set()
    for finding in (*mimic.ask, *mimic.speaks_for, *mimic.speaks_against):
        for fact in islice(unknown_facts(finding, evaluation), 1):
            if fact not in asked:
                asked.add(fact)
                yield Question(fact, evaluation.describe(fact))


def _criteria(mimic: Mimic, evaluation: Evaluation) -> Criteria | None:
    if mimic.criteria is None:
        return None
    score = DERIVED_NUMBERS[mimic.criteria["score"]](evaluation.facts)
    if score is None:
        return None
    return Criteria(mimic.criteria["name"], int(score.low), int(score.high), mimic.criteria["needs"])
