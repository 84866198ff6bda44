"""What an operator may set, all of it through environment variables named B12CDS_..."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from environs import Env, validate

# Not every system can say which of its cores this process may use.
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True)
class Settings:
    """How this process serves: where it listens, how wide, how loud, and from which rule sets.

    `workers` is 0 for one a core. `rule_sets` is the directory of rule sets, the shipped one when left out.
    """

    bind: str = "127.0.0.1:8000"
    workers: int = 0
    threads: int = 2
    log_level: str = "info"
    rule_sets: Path | None = None

    @classmethod
    def from_environment(cls) -> Self:
        """Read B12CDS_BIND, B12CDS_WORKERS, B12CDS_THREADS, B12CDS_LOG_LEVEL and B12CDS_RULE_SETS."""
        env = Env(prefix="B12CDS_")
        return cls(
            bind=env.str("BIND", cls.bind),
            workers=env.int("WORKERS", cls.workers, validate=validate.Range(0, 256)),
            threads=env.int("THREADS", cls.threads, validate=validate.Range(1, 64)),
            log_level=env.str("LOG_LEVEL", cls.log_level, validate=validate.OneOf(LOG_LEVELS)),
            rule_sets=env.path("RULE_SETS", None),
        )

    @property
    def worker_count(self) -> int:
        """The number of worker processes: as set, or one for each core this process may use."""
        return self.workers or CORES
