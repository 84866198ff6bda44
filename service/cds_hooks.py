"""CDS Hooks: an EHR calls when a record is opened or an order is written, and gets cards."""

import logging
from collections import Counter
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, Flask, Response, current_app, request

from schemas import Refused
from schemas.cds_hooks.cards import render_cards
from schemas.cds_hooks.case import CardOptions
from schemas.cds_hooks.chart import ReadChart, read_chart
from schemas.cds_hooks.consider import consider
from schemas.cds_hooks.feedback import load_feedback
from schemas.cds_hooks.request import HookRequest, load_hook_request
from schemas.cds_hooks.services import SERVICES, HookService, render_services
from service.access.callers import caller
from service.answers import (
    active_rule_set,
    json_answer,
    lasting,
    read_query,
    software_version,
    today,
    unverified_codes,
)
from service.body import read_document
from service.observing.observation import note
from service.outbound.client import Outbound
from service.prefetch import access_for, gather
from service.reader import Limits
from service.refusal import Refusal, require
from service.settings import Settings

HOOKS = "b12cds.hooks"
CALL = Limits(size=1024 * 1024, depth=64, free_text=True)
FEEDBACK = Limits(size=64 * 1024, free_text=True)

blueprint = Blueprint("cds_hooks", __name__, url_prefix="/cds-services")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hooks:
    """What the operator decided: who may be asked, and how cards look."""

    outbound: Outbound
    options: CardOptions


def register(app: Flask, settings: Settings) -> None:
    """Serve the hooks as the operator set them up."""
    options = CardOptions(settings.max_cards, settings.min_indicator, settings.public_url)
    app.extensions[HOOKS] = Hooks(Outbound(loopback=settings.loopback_fhir), options)
    app.register_blueprint(blueprint)


@blueprint.get("")
def list_services() -> Response:
    """List the CDS Hooks services.

    Discovery: which hook each service is for, and which parts of the record it wants beforehand. Open to all, since
    nothing in it is about a patient.
    """
    read_query({})
    return lasting(json_answer(render_services(software_version())))


@blueprint.post("/<service_id>")
def call_service(service_id: str) -> Response:
    """Answer a hook with cards.

    Takes what an EHR sends when the hook of the service fires and says what a clinician should know, each statement
    with its source: at most as many cards as the operator wants, none when nothing calls for attention. Parts of the
    record that were not sent are asked for at the client's FHIR server when the operator listed it for that client.
    """
    service = _service(service_id)
    rule_set = active_rule_set()
    call = load_hook_request(read_document(request, CALL), service)
    case = consider(call, service, _chart(call), rule_set, today())
    note(case.assessment)
    return json_answer(render_cards(case, _hooks().options), rule_set)


@blueprint.post("/<service_id>/feedback")
def take_feedback(service_id: str) -> Response:
    """Take feedback on cards.

    Checks that the document is feedback and counts its outcomes in the log; nothing of it is kept.
    """
    service = _service(service_id)
    outcomes = Counter(load_feedback(read_document(request, FEEDBACK)))
    log.info("feedback on %s: %s", service.id, ", ".join(f"{count} {outcome}" for outcome, count in outcomes.items()))
    return Response(status=200)


def _hooks() -> Hooks:
    return cast(Hooks, current_app.extensions[HOOKS])


def _service(service_id: str) -> HookService:
    read_query({})
    require(service_id, SERVICES, "path.service_id", "CDS Hooks service")
    return SERVICES[service_id]


def _chart(call: HookRequest) -> ReadChart:
    asking = caller()
    client = asking.client if asking else None
    parts = gather(call, access_for(call, client, _hooks().outbound))
    try:
        return read_chart(parts, today(), patient_id=call.patient_id, unverified_codes=unverified_codes())
    except Refused as refused:  # an age is as needed as the record it is read from
        raise Refusal(412, *refused.problems) from None
