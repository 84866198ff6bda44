"""How often one address may try credentials that do not hold before it is told to wait."""

import time
from math import ceil

from limits import parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from service.settings import Settings


class RefusedTries:
    """Counts the refused requests of each address, in each worker or in the storage that they share.

    A key that holds is never kept waiting for them, so nobody can lock a caller out, even from behind the same proxy.
    """

    def __init__(self, settings: Settings) -> None:
        self._limit = parse(settings.refused_limit) if settings.refused_limit else None
        self._strategy = FixedWindowRateLimiter(storage_from_string(settings.rate_storage))

    def count(self, address: str) -> int:
        """Count one; the seconds to wait when it was one too many, else 0."""
        if self._limit is None or self._strategy.hit(self._limit, "refused", address):
            return 0
        ends = self._strategy.get_window_stats(self._limit, "refused", address).reset_time
        return max(1, ceil(ends - time.time()))
