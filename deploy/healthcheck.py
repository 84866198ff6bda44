"""What the image's HEALTHCHECK runs: exit 0 when the service beside it says that it is alive.

It stands outside the packages, so that looking costs a few milliseconds and not the start of the application.
"""

import os
import ssl
import sys
from http.client import HTTPConnection, HTTPException, HTTPSConnection

WELL = 200
PATIENCE = 4


def main() -> int:
    """Ask for /healthz where the service listens, by TLS if that is how it serves."""
    port = int(os.environ["B12CDS_BIND"].rpartition(":")[2])
    connection = _connection(port, by_tls="B12CDS_TLS_CERT" in os.environ)
    try:
        connection.request("GET", "/healthz")
        return int(connection.getresponse().status != WELL)
    except (OSError, HTTPException):
        return 1


def _connection(port: int, *, by_tls: bool) -> HTTPConnection:
    if not by_tls:
        return HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    # The certificate names the service, not this loopback address, and nothing is sent that needs to be kept.
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return HTTPSConnection("127.0.0.1", port, timeout=PATIENCE, context=context)


if __name__ == "__main__":
    sys.exit(main())
