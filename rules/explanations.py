"""What else could explain the picture, and what could have caused deficiency; neither moves its likelihood."""

from collections.abc import Iterator, Mapping
from itertools import islice

from rules.assessment import Criteria, ExplanationNote, Question
from rules.derived import DERIVED_NUMBERS
from rules.evaluation import Evaluation
from rules.model import Explanation, When
from rules.questions import describe
from rules.truth import Truth

MOST_QUESTIONS = 6


def weigh_explanations(explanations: Mapping[str, Explanation], evaluation: Evaluation) -> tuple[ExplanationNote, ...]:
    """A note on each disease or cause whose leading complaint, sign, test or known condition is present."""
    return tuple(_note(one, evaluation) for one in explanations.values() if _is_shown(one, evaluation))


def stance(explanation: Explanation, evaluation: Evaluation) -> str:
    """Known diseases are supported; else what its own findings say, support before opposition."""
    if explanation.known is not None and evaluation.truth(explanation.known) is Truth.TRUE:
        return "supported"
    return next((stance for stance, block in explanation.stances if _fires(block, evaluation)), "undetermined")


def _note(explanation: Explanation, evaluation: Evaluation) -> ExplanationNote:
    return ExplanationNote(
        explanation=explanation,
        stance=stance(explanation, evaluation),
        speaks_for=tuple(evaluation.reasons(explanation.in_favour).values()),
        speaks_against=tuple(evaluation.reasons(explanation.speaks_against).values()),
        missing=tuple(islice(_questions(explanation, evaluation), MOST_QUESTIONS)),
        criteria=_criteria(explanation, evaluation),
    )


def _is_shown(explanation: Explanation, evaluation: Evaluation) -> bool:
    evaluation.need(explanation.appears_marks, explanation.appears)
    return bool(explanation.appears_marks & evaluation.true)


def _fires(block: When, evaluation: Evaluation) -> bool:
    evaluation.need(block.marks, block.findings)
    return block.truth(evaluation.true, evaluation.possible) is Truth.TRUE


def _questions(explanation: Explanation, evaluation: Evaluation) -> Iterator[Question]:
    """One question for each unknown finding: its own fact, or the first open one of a group."""
    evaluation.look_at(explanation.questioned)
    unknown = evaluation.unknown
    open_ones = (finding for finding in explanation.questioned if finding.mark & unknown)
    first = (fact for finding in open_ones for fact in evaluation.unknown_facts(finding)[:1])
    return (Question(fact, describe(fact, evaluation.facts)) for fact in dict.fromkeys(first))


def _criteria(explanation: Explanation, evaluation: Evaluation) -> Criteria | None:
    if explanation.criteria is None:
        return None
    score = evaluation.facts.once(DERIVED_NUMBERS[explanation.criteria["score"]])
    if score is None:
        return None
    return Criteria(explanation.criteria["name"], int(score.low), int(score.high), explanation.criteria["needs"])
