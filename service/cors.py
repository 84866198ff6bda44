"""Cross-origin requests: browsers of the origins that the operator listed may call, and no others."""

from flask import Flask, Response, request

from service.settings import Settings

METHODS = "GET, POST"
HEADERS = "Authorization, Content-Type, If-None-Match, Request-Id"
EXPOSED = "ETag, Request-Id, Rule-Set-Version, WWW-Authenticate, Retry-After"
SECONDS_KEPT = "600"


def register(app: Flask, settings: Settings) -> None:
    """Answer listed origins by name; without any listed, browsers keep to the service's own pages."""
    origins = frozenset(settings.cors_origins)

    def answer(response: Response) -> Response:
        response.vary.add("Origin")
        origin = request.headers.get("Origin")
        if origin in origins:
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
            if request.method == "OPTIONS":
                _preflight(response)
        return response

    if origins:
        app.after_request(answer)


def _preflight(response: Response) -> None:
    response.headers["Access-Control-Allow-Methods"] = METHODS
    response.headers["Access-Control-Allow-Headers"] = HEADERS
    response.headers["Access-Control-Max-Age"] = SECONDS_KEPT
