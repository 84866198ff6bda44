"""The shapes of what a client of CDS Hooks gets, for the contract; what has nothing to say is left out, never null."""

from marshmallow import Schema, fields

from schemas import wire
from schemas.cds_hooks.case import INDICATORS


def _text(description: str, name: str | None = None) -> fields.String:
    return fields.String(data_key=name, metadata={"description": description})


class HookServiceSchema(Schema):
    """One service that an EHR can register."""

    hook = wire.text("The hook it is for")
    title = wire.text("What it is called")
    description = wire.text("What it does")
    id = wire.text("Its name in the address it is called at")
    prefetch = fields.Dict(
        fields.String(), fields.String(), required=True, metadata={"description": "FHIR queries, by key"}
    )
    usage = wire.text("When it can be used", data_key="usageRequirements")
    version = wire.text("The version of the software")


class HookServicesSchema(Schema):
    """The services there are."""

    services = wire.many(HookServiceSchema, "Each with an id of its own")


class CardSourceSchema(Schema):
    """Where the advice of a card comes from."""

    label = wire.text("The rule set, with its version and whether a clinician has signed it")
    url = _text("Where to read that rule set")


class ActionSchema(Schema):
    """One change that accepting a suggestion makes."""

    type = wire.word(("create",), "What is done with the resource")
    description = wire.text("What is done, in words")
    resource = fields.Dict(required=True, metadata={"description": "A FHIR R4 draft, to be completed and signed"})


class SuggestionSchema(Schema):
    """One option to accept or to leave."""

    label = wire.text("What is suggested")
    uuid = wire.text("The id feedback names it by")
    actions = wire.many(ActionSchema, "All of what accepting it does")


class OverrideCodingSchema(Schema):
    """A code with its words."""

    system = wire.text("The code system")
    code = wire.text("The code")
    display = wire.text("The words")


class LinkSchema(Schema):
    """A source to read."""

    label = wire.text("Its title")
    url = wire.text("Its address")
    type = wire.word(("absolute",), "How the address is meant")


class CardSchema(Schema):
    """One piece of advice."""

    uuid = wire.text("The id feedback names it by, the same for the same call, rule set and advice")
    summary = wire.text("The advice in less than 140 characters")
    detail = wire.text("The advice with its reasons and sources, in GitHub Flavored Markdown without HTML")
    indicator = wire.word(INDICATORS, "How urgent it is; critical only for an emergency")
    source = wire.one(CardSourceSchema, "Where it comes from")
    suggestions = wire.many(SuggestionSchema, "Options, as drafts", required=False)
    selection = _text("`any` when there are suggestions", "selectionBehavior")
    override_reasons = wire.many(OverrideCodingSchema, "Reasons to set the card aside", data_key="overrideReasons")
    links = wire.many(LinkSchema, "Sources", required=False)


class CardsSchema(Schema):
    """The answer to a hook."""

    cards = wire.many(CardSchema, "The gravest first; none when nothing calls for attention")
