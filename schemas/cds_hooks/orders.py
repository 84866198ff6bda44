"""What is being ordered: the drafts of an order hook as if they were signed today, and the tests on their way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.cds_hooks.fields import Resource
from schemas.cds_hooks.request import HookRequest
from schemas.fhir.bundles import Record
from schemas.fhir.concepts import Concept
from schemas.fhir.terms import Terms

ON_THEIR_WAY = ("draft", "active", "on-hold")


@dataclass(frozen=True, slots=True)
class Draft:
    """One order of the context, with its place; `selected` when it is what the hook is about."""

    path: str
    resource: Mapping[str, Any]
    selected: bool

    def signed(self, today: date) -> Record:
        """The order as it would be once signed."""
        dated = {"status": "active", "intent": "order", "authoredOn": today.isoformat()}
        return Record(
            self.path, {**self.resource, **dated} if self.resource.get("status") == "draft" else self.resource
        )


def drafts_of(request: HookRequest) -> list[Draft]:
    """The orders of the context; where the hook names no selection, each is what it is about."""
    return [
        Draft(f"context.draftOrders.entry[{place}].resource", resource, _is_selected(resource, request.selections))
        for place, resource in _resources(request.draft_orders)
    ]


def tests_ordered(resources: Iterable[Mapping[str, Any]], known: Terms) -> frozenset[str]:
    """The tests of the catalogue that orders on their way ask for, by code or by name."""
    asked = (
        one.get("code")
        for one in resources
        if one.get("resourceType") == "ServiceRequest" and one.get("status", "draft") in ON_THEIR_WAY
    )
    concepts = [Concept(code) for code in asked if isinstance(code, dict)]
    return frozenset(match.fact.code for one in concepts for match in known.find(one, ("labs",)))


def _resources(bundle: Resource) -> Iterator[tuple[int, Mapping[str, Any]]]:
    entries = bundle.get("entry")
    for place, entry in enumerate(entries if isinstance(entries, list) else []):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            yield place, resource


def _is_selected(resource: Mapping[str, Any], selections: frozenset[str] | None) -> bool:
    """Selections are `Type/id`, or an address that ends in it."""
    if selections is None:
        return True
    name = f"{resource.get('resourceType')}/{resource.get('id')}"
    return any(one == name or one.endswith(f"/{name}") for one in selections)
