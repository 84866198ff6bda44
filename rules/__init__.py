"""The clinical core: facts, three-valued rules, explanations, and the rule sets as data. It needs no web server."""

from rules.assessment import Assessment
from rules.catalogue import Catalogue, catalogue
from rules.engine import ENGINE_VERSION, assess
from rules.facts import Facts, Item, Result
from rules.library import Library
from rules.model import RuleSet
from rules.source import RuleSetError

__all__ = [
    "ENGINE_VERSION",
    "Assessment",
    "Catalogue",
    "Facts",
    "Item",
    "Library",
    "Result",
    "RuleSet",
    "RuleSetError",
    "assess",
    "catalogue",
]
