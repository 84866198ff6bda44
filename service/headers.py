"""The headers by which every answer keeps browsers careful, whoever in the service makes it."""

from collections.abc import Mapping

CAREFUL: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}
INSIST_ON_TLS: Mapping[str, str] = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


def careful_headers(*, https: bool) -> Mapping[str, str]:
    """What an answer says unless it says otherwise itself; to clients that come by TLS also to stay there."""
    return {**CAREFUL, **INSIST_ON_TLS} if https else CAREFUL
