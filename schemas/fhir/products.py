"""Which medicines a product is: by its own name and codes, and by what it is made of."""

import re
from collections.abc import Iterator, Mapping, Sequence

from rules.catalogue import catalogue
from rules.derived.treatment import B12_PRODUCTS
from schemas.fhir.bundles import Record
from schemas.fhir.concepts import Concept, Match
from schemas.fhir.elements import EMPTY, Element, part, parts, text
from schemas.fhir.records import Records
from schemas.fhir.terms import Terms

VITAMINS = (*B12_PRODUCTS, "folic_acid", "multivitamin")
SEVERAL_INGREDIENTS = re.compile(r"\s[/+&]\s|\sand\s")


def product_of(record: Record, records: Records) -> Element:
    """The Medication: the concept itself, one inside the resource, one elsewhere in the document, or only its name."""
    resource = record.resource
    concept, reference = part(resource, "medicationCodeableConcept"), part(resource, "medicationReference")
    named = text(reference, "reference")
    if concept:
        return {"code": concept}
    if named.startswith("#"):
        inside = (one for one in parts(resource, "contained") if text(one, "id") == named[1:])
        return next(inside, EMPTY)
    found = records.referred(named) if named else None
    return found.resource if found else {"code": {"text": text(reference, "display")}}


def medicines_in(medication: Element, terms: Terms, records: Records) -> list[Match]:
    """What a product is, and what it is made of; B12 or folic acid among other things is a multivitamin."""
    product = Concept(part(medication, "code"))
    ingredients = [_ingredient(one, records) for one in parts(medication, "ingredient")]
    found = [match for concept in (product, *ingredients) for match in _meant(concept, terms)]
    named_together = any(match.by_name for match in found) and _is_mixture(product)
    distinct = {match.fact.code: match for match in reversed(found)}
    if len(distinct) > 1 or len(ingredients) > 1 or named_together:
        return list(_as_mixture(distinct))
    return list(distinct.values())


def _ingredient(ingredient: Element, records: Records) -> Concept:
    item = part(ingredient, "itemCodeableConcept")
    referred = records.referred(text(part(ingredient, "itemReference"), "reference"))
    return Concept(item or (part(referred.resource, "code") if referred else EMPTY))


def _meant(concept: Concept, terms: Terms) -> Sequence[Match]:
    return terms.by_code(concept, ("medications", "procedures")) or terms.find(concept, ("medications",))


def _is_mixture(product: Concept) -> bool:
    return any(SEVERAL_INGREDIENTS.search(name) for name in product.called)


def _as_mixture(found: Mapping[str, Match]) -> Iterator[Match]:
    others = {code: match for code, match in found.items() if code not in VITAMINS}
    vitamins = [match for code, match in found.items() if code in VITAMINS]
    yield from others.values()
    if vitamins:
        yield Match(catalogue().fact("multivitamin"), by_name=any(match.by_name for match in vitamins))
