"""Rules that never speak, always speak, contradict themselves, or say nothing that another does not say already."""

from collections.abc import Iterator
from typing import Any

from rules.model import (
    LEVELS,
    SEVERITIES,
    STRENGTHS,
    URGENCIES,
    AnyRule,
    Explanation,
    Flag,
    Likelihood,
    Recommendation,
    RuleSet,
    When,
)
from tests.proofs.result import Result
from tests.proofs.search import Patients
from tests.proofs.worlds import World


def meant_for(rule: AnyRule, rule_set: RuleSet, world: World) -> Any:
    """Whether a patient is one the rule speaks of at all."""
    adult = world.truth(rule_set.scope).true
    scopes = {"adult": adult, "child": world.negation(adult)}
    return scopes.get(rule.scope, world.every([]))


def fires(rule: AnyRule, rule_set: RuleSet, world: World) -> Any:
    """Whether the rule speaks of a patient."""
    return world.every([meant_for(rule, rule_set, world), world.fires(rule.when)])


def each_rule(rule_set: RuleSet, patients: Patients) -> Iterator[Result]:
    """Every rule can fire, for some patient it does not, and its parts do not exclude each other."""
    for rule in rule_set.rules.values():
        about = (*rule.named_findings(), rule_set.scope)
        logical = patients.search(lambda world, rule=rule: world.fires(rule.when), rule.named_findings(), by_logic=True)
        wrong = None if logical.found else f"'{rule.id}' needs a finding to be present and absent at once"
        yield Result("contradictory-rule", rule.id, logical.method, wrong)
        if logical.found:
            reached = patients.search(lambda world, rule=rule: fires(rule, rule_set, world), about)
            wrong = None if reached.found else f"'{rule.id}' can fire for no patient it is meant for"
            yield Result("unreachable-rule", rule.id, reached.method, wrong)
        silent = patients.search(lambda world, rule=rule: world.negation(world.fires(rule.when)), rule.named_findings())
        wrong = None if silent.found else f"'{rule.id}' fires for every patient, whatever is known"
        yield Result("always-true-rule", rule.id, silent.method, wrong)


def each_pair(rule_set: RuleSet, patients: Patients) -> Iterator[Result]:
    """No rule says only what a rule that always fires with it says as strongly or more."""
    for rules in (rule_set.likelihood, rule_set.flags, rule_set.recommendations):
        order = {rule.id: place for place, rule in enumerate(rules)}
        for rule in rules:
            for other in rules:
                if other is not rule and covers(other.then, rule.then, order[other.id] < order[rule.id]):
                    yield _subsumed(rule, other, rule_set, patients)


def covers(other: object, one: object, is_earlier: bool) -> bool:
    """Whether one conclusion adds nothing to another: the same thing, as strong, and the other's words are shown."""
    match other, one:
        case Likelihood(), Likelihood():
            higher = LEVELS.index(other.level) - LEVELS.index(one.level)
            return higher > 0 or (higher == 0 and other.basis == one.basis and is_earlier)
        case Flag(), Flag():
            return other.id == one.id and _speaks(SEVERITIES, other.severity, one.severity, is_earlier)
        case Recommendation(), Recommendation():
            as_urgent = URGENCIES.index(other.urgency) <= URGENCIES.index(one.urgency)
            return other.id == one.id and as_urgent and _speaks(STRENGTHS, other.strength, one.strength, is_earlier)
    return False


def _speaks(ranks: tuple[str, ...], other: str, one: str, is_earlier: bool) -> bool:
    return ranks.index(other) < ranks.index(one) or (other == one and is_earlier)


def _subsumed(rule: AnyRule, other: AnyRule, rule_set: RuleSet, patients: Patients) -> Result:
    """A floor also matters where it is only possible, or needs no assumption: there the other must hold as well."""

    def alone(world: World) -> Any:
        ways = [World.fires, World.fires_surely, World.can_fire] if isinstance(rule.then, Likelihood) else [World.fires]
        met, by_other = (meant_for(one, rule_set, world) for one in (rule, other))
        silent = [world.negation(world.every([by_other, way(world, other.when)])) for way in ways]
        pairs = zip(ways, silent, strict=True)
        return world.every(
            [met, world.some([world.every([way(world, rule.when), not_other]) for way, not_other in pairs])]
        )

    searched = patients.search(alone, (*rule.named_findings(), *other.named_findings(), rule_set.scope))
    wrong = None if searched.found else f"'{rule.id}' adds nothing: '{other.id}' fires whenever it does, as strongly"
    return Result("subsumed-rule", f"{rule.id} beside {other.id}", searched.method, wrong)


def each_stance(rule_set: RuleSet, patients: Patients) -> Iterator[Result]:
    """Every stance that a disease or a cause is written for can be reached."""
    for explanation in (*rule_set.differential.values(), *rule_set.causes.values()):
        blocks = (
            ("supported", explanation.supported),
            ("against", explanation.opposed),
            ("possible", explanation.possible),
        )
        before: list[When] = []
        for stance, block in blocks:
            if block is not None:
                yield _stance(explanation, stance, block, tuple(before), patients)
                before.append(block)


def _stance(explanation: Explanation, stance: str, block: When, before: tuple[When, ...], patients: Patients) -> Result:
    def reached(world: World) -> Any:
        known = [world.truth(explanation.known).true] if explanation.known else []
        shown = world.some(world.truth(finding).true for finding in explanation.appears)
        earlier = [world.fires(other) for other in before]
        return world.every([shown, world.fires(block), *map(world.negation, [*known, *earlier])])

    searched = patients.search(reached, explanation.named_findings())
    wrong = None if searched.found else f"'{explanation.id}' is {stance} for no patient"
    return Result("unreachable-stance", f"{explanation.id} {stance}", searched.method, wrong)
