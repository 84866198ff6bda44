"""Not to be reached from other machines by mistake: who may call must be said before the service listens to them."""

from collections.abc import Iterable

from service.outbound.client import is_loopback
from service.settings import Settings

REFUSED = (
    "b12cds does not listen on {} for anybody: set B12CDS_API_KEYS (`b12cds key` makes one) or B12CDS_TRUST_FILE, "
    "or say B12CDS_ALLOW_ANONYMOUS=true where the network itself lets only trusted callers in."
)


def refuse_exposure(addresses: Iterable[object], settings: Settings) -> None:
    """Stop the start with the reason when other machines could ask without a key or a token."""
    if settings.allow_anonymous or settings.api_keys or settings.trust_file:
        return
    for address in addresses:
        if isinstance(address, tuple) and not _is_this_machine(str(address[0])):
            raise SystemExit(REFUSED.format(address[0]))


def _is_this_machine(host: str) -> bool:
    return host == "localhost" or is_loopback(host.strip("[]"))
