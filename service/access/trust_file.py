"""The trust file: which clients may call, with which keys, and which FHIR servers the service may ask for them.

clients:
  https://ehr.example.org:                         # the `iss` of the client's tokens
    jku: https://ehr.example.org/jwks.json         # or jwks: {keys: [...]}, written out
    algorithms: [ES384, RS384]
    tenants: [north-hospital]
    doors: [cds-hooks, fhir]                       # all, when left out
    fhir_servers:
      - url: https://fhir.ehr.example.org/r4
        networks: [10.20.0.0/16]                   # when its name leads to private addresses
        authority: /etc/b12cds/hospital-ca.pem     # when its certificate is not from a public authority
"""

from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from marshmallow import Schema, ValidationError, fields, post_load, pre_load, validate, validates_schema
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from schemas.problem import problems_of
from service.access.doors import DOORS
from service.access.keys import FetchedKeys, GivenKeys, public_keys
from service.access.trust import ALGORITHMS, POSSIBLE_ALGORITHMS, Trust, TrustedClient
from service.outbound.client import Destination, Network, Outbound, is_loopback
from service.unfit import Unfit


class TrustFileError(Unfit):
    """A trust file that cannot be used; says where and why, for the operator."""


def _check_url(url: str) -> None:
    """https, or http on this machine, where the servers of tests are and nobody else is asked."""
    try:
        parts = urlsplit(url)
        safe = parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
        usable = safe and parts.hostname and "@" not in parts.netloc and not parts.query
    except ValueError:
        usable = False
    if not usable:
        raise ValidationError("must be an absolute https address")


def _network(text: str) -> Network:
    try:
        return ip_network(text)
    except ValueError:
        raise ValidationError("must be a network such as 10.20.0.0/16") from None


class _ServerSchema(Schema):
    """A server by its address alone, or by an object that says more."""

    url = fields.String(required=True, validate=_check_url)
    networks = fields.List(fields.Function(deserialize=_network))
    authority = fields.String()

    @pre_load
    def _by_address(self, said: Any, **_: Any) -> Any:
        return {"url": said} if isinstance(said, str) else said

    @post_load
    def _destination(self, said: dict[str, Any], **_: Any) -> Destination:
        authority = Path(said["authority"]) if "authority" in said else None
        if authority is not None and not authority.is_file():
            raise ValidationError("must be a file of certificates", "authority")
        return Destination(said["url"].rstrip("/"), tuple(said.get("networks", ())), authority)


class _ClientSchema(Schema):
    jku = fields.Nested(_ServerSchema)
    jwks = fields.Raw()
    algorithms = fields.List(
        fields.String(validate=validate.OneOf(POSSIBLE_ALGORITHMS)),
        validate=validate.Length(1),
        load_default=ALGORITHMS,
    )
    tenants = fields.List(fields.String())
    fhir_servers = fields.List(fields.Nested(_ServerSchema))
    doors = fields.List(fields.String(validate=validate.OneOf(DOORS)))

    @validates_schema
    def _check_keys(self, said: Mapping[str, Any], **_: Any) -> None:
        if ("jku" in said) == ("jwks" in said):
            raise ValidationError("needs either jku or jwks")
        try:
            if "jwks" in said:
                public_keys(said["jwks"])
        except ValueError as error:
            raise ValidationError(str(error), "jwks") from None


class _TrustSchema(Schema):
    clients = fields.Dict(fields.String(), fields.Nested(_ClientSchema), required=True, validate=validate.Length(1))


def open_trust(path: Path, public_url: str, outbound: Outbound) -> Trust:
    """Whom the file at that path trusts, for a service that clients know as `public_url`; TrustFileError."""
    document = _read(path)
    try:
        said = _TrustSchema().load(document)
    except ValidationError as error:
        wrong = "; ".join(f"{problem.path}: {problem.message}" for problem in problems_of(error.messages, document))
        raise TrustFileError(f"{path}: {wrong}") from None
    return Trust({iss: _client(iss, client, outbound) for iss, client in said["clients"].items()}, public_url)


def _read(path: Path) -> Any:
    try:
        return YAML(typ="safe", pure=True).load(path)
    except (OSError, UnicodeDecodeError, RecursionError, YAMLError) as error:
        raise TrustFileError(f"{path} cannot be read: {type(error).__name__}") from None


def _client(iss: str, said: Mapping[str, Any], outbound: Outbound) -> TrustedClient:
    keys = FetchedKeys(said["jku"], outbound) if "jku" in said else GivenKeys(public_keys(said["jwks"]))
    return TrustedClient(
        iss,
        keys,
        tuple(said["algorithms"]),
        frozenset(said.get("tenants", ())),
        tuple(said.get("fhir_servers", ())),
        frozenset(said.get("doors", ())),
    )
