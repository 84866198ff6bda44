"""Whether an example or a vignette notices a change; only those whose patient it can touch are run."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from rules.engine import assess
from rules.evaluation import Evaluation
from rules.model import Explanation, Finding, RuleSet
from rules.verdicts import weigh
from rules.vignettes import Vignette, differences, failed_examples
from service.checking import read_summary
from tests.mutants.changes import Mutant
from tests.mutants.substitution import DISEASES, RULES, reads, with_part

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Witnesses:
    """A rule set with all its patients, each read once and judged once."""

    rule_set: RuleSet
    vignettes: list[Vignette]

    @cached_property
    def parts(self) -> list[Any]:
        """Everything that has examples."""
        sets = (self.rule_set.rules, self.rule_set.differential, self.rule_set.causes)
        return [part for each in sets for part in each.values()]

    @cached_property
    def judged(self) -> dict[int, Evaluation]:
        """The findings of every patient of an example or a vignette, by the summary that gives them."""
        given = [example.given for part in self.parts for example in part.examples]
        return {id(one): Evaluation(read_summary(one)) for one in (*given, *(each.given for each in self.vignettes))}

    def notice(self, mutant: Mutant) -> bool:
        """Whether an example of what was changed fails, or a vignette."""
        changed = _Change(mutant)
        touched = [part for part in (self._touched(part, changed) for part in self._reached(mutant)) if part.examples]
        vignettes = [one for one in self.vignettes if changed.touches(self.judged[id(one.given)])]
        if not touched and not vignettes:
            return False
        mutated = with_part(self.rule_set, mutant.after)
        examples = failed_examples(_only(mutated, touched), lambda given: self.judged[id(given)].facts)
        return _is_any(examples) or any(self._fails(vignette, mutated) for vignette in vignettes)

    def _reached(self, mutant: Mutant) -> list[Any]:
        if isinstance(mutant.after, Finding):
            return [part for part in self.parts if reads(part, mutant.after)]
        return [mutant.before]

    def _touched(self, part: Any, changed: "_Change") -> Any:
        return replace(
            part, examples=tuple(one for one in part.examples if changed.touches(self.judged[id(one.given)]))
        )

    def _fails(self, vignette: Vignette, mutated: RuleSet) -> bool:
        return _is_any(differences(vignette.expect, assess(mutated, self.judged[id(vignette.given)].facts)))


def _is_any(sentences: Iterator[str]) -> bool:
    return next(sentences, None) is not None


def _only(mutated: RuleSet, touched: Iterable[Any]) -> RuleSet:
    """The changed set with nothing but the parts whose examples are to be run."""
    examples = {(type(part), part.id): part.examples for part in touched}

    def kept(parts: Iterable[Any]) -> list[Any]:
        found = ((part, examples.get((type(part), part.id))) for part in parts)
        return [replace(part, examples=some) for part, some in found if some is not None]

    rules: dict[str, Any] = {name: tuple(kept(getattr(mutated, name))) for name in RULES}
    diseases = {name: {one.id: one for one in kept(getattr(mutated, name).values())} for name in DISEASES}
    return replace(mutated, **rules, **diseases)


class _Change:
    """What a change does to one patient; the changed finding goes by a name of its own beside the old one."""

    def __init__(self, mutant: Mutant) -> None:
        self.before, self.after = mutant.before, mutant.after
        if isinstance(self.after, Finding):
            self.after = replace(self.after, id=f"{self.after.id}: {mutant.what}")

    def touches(self, judged: Evaluation) -> bool:
        """Whether a patient could be answered differently."""
        if isinstance(self.before, Finding) and isinstance(self.after, Finding):
            return judged.truth(self.before) is not judged.truth(self.after)
        if isinstance(self.before, Explanation) or isinstance(self.after, (Explanation, Finding)):
            return True
        if self.before.then is not self.after.then:
            return True
        return weigh(self.before.when, judged) != weigh(self.after.when, judged)
