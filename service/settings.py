"""What an operator may set, all of it through environment variables named B12CDS_..."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from environs import Env, validate
from limits import parse
from limits.errors import ConfigurationError
from limits.storage import storage_from_string

from schemas.cds_hooks.case import INDICATORS
from service.unfit import Unfit

# Not every system can say which of its cores this process may use.
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
LOG_LEVELS = ("debug", "info", "warning", "error", "critical")


@dataclass(frozen=True)
class Settings:
    """How this process serves: where it listens and how wide, from which rule sets, to whom, and what it shows."""

    bind: str = "127.0.0.1:8000"
    # Worker processes, 0 for one a core; each uses its threads only while requests take long.
    workers: int = 0
    threads: int = 4
    log_level: str = "info"

    # The directory of rule sets, the shipped one when left out, and the profile that answers where none is asked for.
    rule_sets: Path | None = None
    profile: str | None = None

    # Where clients know the service, which their tokens name; who they are, and the FHIR servers to ask for them.
    public_url: str | None = None
    trust_file: Path | None = None
    cors_origins: tuple[str, ...] = ()
    # What an EHR is shown of all cards: so many, and none less grave.
    max_cards: int = 1
    min_indicator: str = "info"
    # For tests: FHIR servers on a literal loopback address.
    loopback_fhir: bool = False
    # Public codes that nobody has read anywhere count too when FHIR is read, and stand in draft orders.
    unverified_codes: bool = False

    tls_cert: str | None = None
    tls_key: str | None = None
    # Clients come by TLS though this process does not see it.
    https: bool = False
    metrics: bool = True
    docs: bool = True

    # The keys that callers must have, as `b12cds key` makes them; or whether other machines are served without any.
    api_keys: Path | None = None
    allow_anonymous: bool = False
    # Such as 100/minute: for each key or address, and for the requests of one address that bring none that holds. Each
    # worker counts alone, unless `rate_storage` names a store that they share.
    rate_limit: str | None = None
    rate_storage: str = "memory://"
    refused_limit: str | None = "60/minute"
    # A span of each request goes to the collector that OpenTelemetry's own settings name.
    tracing: bool = False

    @classmethod
    def from_environment(cls) -> Self:
        """Read B12CDS_BIND, B12CDS_WORKERS and so on: the name of each setting in capitals."""
        env = Env(prefix="B12CDS_")
        return cls(
            bind=env.str("BIND", cls.bind),
            workers=env.int("WORKERS", cls.workers, validate=validate.Range(0, 256)),
            threads=env.int("THREADS", cls.threads, validate=validate.Range(1, 64)),
            log_level=env.str("LOG_LEVEL", cls.log_level, validate=validate.OneOf(LOG_LEVELS)),
            rule_sets=env.path("RULE_SETS", None),
            profile=env.str("PROFILE", None),
            public_url=_url(env.str("PUBLIC_URL", None)),
            trust_file=env.path("TRUST_FILE", None),
            cors_origins=tuple(env.list("CORS_ORIGINS", [])),
            max_cards=env.int("MAX_CARDS", cls.max_cards, validate=validate.Range(1, 50)),
            min_indicator=env.str("MIN_INDICATOR", cls.min_indicator, validate=validate.OneOf(INDICATORS)),
            loopback_fhir=env.bool("LOOPBACK_FHIR", default=cls.loopback_fhir),
            unverified_codes=env.bool("UNVERIFIED_CODES", default=cls.unverified_codes),
            tls_cert=env.str("TLS_CERT", None),
            tls_key=env.str("TLS_KEY", None),
            https=env.bool("HTTPS", default=cls.https),
            metrics=env.bool("METRICS", default=cls.metrics),
            docs=env.bool("DOCS", default=cls.docs),
            api_keys=env.path("API_KEYS", None),
            allow_anonymous=env.bool("ALLOW_ANONYMOUS", default=cls.allow_anonymous),
            rate_limit=_limit(env.str("RATE_LIMIT", None), "B12CDS_RATE_LIMIT"),
            rate_storage=_storage(env.str("RATE_STORAGE", cls.rate_storage)),
            refused_limit=_limit(env.str("REFUSED_LIMIT", cls.refused_limit), "B12CDS_REFUSED_LIMIT"),
            tracing=env.bool("TRACING", default=cls.tracing),
        )

    @property
    def worker_count(self) -> int:
        """The number of worker processes: as set, or one for each core this process may use."""
        return self.workers or CORES


def _url(text: str | None) -> str | None:
    return text.rstrip("/") if text else None


def _limit(text: str | None, name: str) -> str | None:
    if not text:
        return None
    try:
        parse(text)
    except ValueError:
        raise Unfit(f"{name} must be a number for a time, such as 100/minute") from None
    return text


def _storage(text: str) -> str:
    try:
        storage_from_string(text)
    except ConfigurationError:
        accepted = "memory:// or the address of a store whose client is installed"
        raise Unfit(f"B12CDS_RATE_STORAGE must be {accepted}") from None
    return text
