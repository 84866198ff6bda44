"""The door: Flask, gunicorn and the command line. Transport only; the medicine is in `rules`."""

from flask import Flask

from rules import Library
from service import (
    assessments,
    batch,
    cds_hooks,
    contract,
    cors,
    fhir,
    fhir_knowledge,
    health,
    knowledge,
    people,
    problems,
)
from service.access import admission, limits
from service.answers import LIBRARY, PROFILE, UNVERIFIED_CODES, known_profile
from service.observing import observation
from service.selftest import SELF_TEST, SelfTest
from service.settings import Settings


def create_app(settings: Settings | None = None) -> Flask:
    """The application, with every rule set loaded and checked; RuleSetError when one is not fit to serve."""
    settings = settings or Settings.from_environment()
    app = Flask(__name__, static_folder=None)
    app.url_map.merge_slashes = False
    app.extensions[LIBRARY] = Library.open(settings.rule_sets) if settings.rule_sets else Library.open()
    app.extensions[SELF_TEST] = SelfTest.of(app.extensions[LIBRARY])
    app.extensions[PROFILE] = known_profile(settings.profile, app.extensions[LIBRARY])
    app.extensions[UNVERIFIED_CODES] = settings.unverified_codes
    problems.register(app, https=settings.https or settings.tls_cert is not None)
    observation.register(app, settings)
    for module in (assessments, batch, knowledge, fhir, fhir_knowledge, health):
        app.register_blueprint(module.blueprint)
    contract.register(app, settings)
    people.register(app)
    cds_hooks.register(app, settings)
    admission.register(app, settings)
    limits.register(app, settings)
    cors.register(app, settings)
    return app
