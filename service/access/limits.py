"""How often one caller may ask; off unless the operator sets a limit."""

from http import HTTPStatus

from flask import Blueprint, Flask, Response
from flask_limiter import Limiter

from service.access.callers import caller_or_address
from service.access.doors import OPEN
from service.settings import Settings


def register(app: Flask, settings: Settings) -> None:
    """Refuse a caller's requests beyond the limit with 429 and the seconds to wait; probes are never limited.

    Each worker counts alone in its own memory, so that with four workers a caller may get four times the limit; a
    storage that they share makes it exact. A batch counts as one request.
    """
    if settings.rate_limit is None:
        return
    limiter = Limiter(
        caller_or_address,
        application_limits=[settings.rate_limit],
        storage_uri=settings.rate_storage,
        headers_enabled=True,
    )
    app.after_request(_only_the_refused_wait)
    limiter.init_app(app)
    for name, blueprint in app.blueprints.items():
        if isinstance(blueprint, Blueprint) and f"{name}.".startswith((*OPEN, "metrics.")):
            limiter.exempt(blueprint)


def _only_the_refused_wait(response: Response) -> Response:
    """A caller who was answered is not told to try again later."""
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS:
        response.headers.pop("Retry-After", None)
    return response
