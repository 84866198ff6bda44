"""A corpus of bad requests as data, and how each is sent whole through the service.

A body is `body` (text), `base64` (bytes) or `parts` (pieces with how often each is repeated; `#` in a piece is the
number of its repetition). `policy` is the answer the project chose where others would be as good.
"""

import base64
import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

Row = dict[str, Any]


def corpus(name: str) -> list[Row]:
    lines = (Path(__file__).parent / "data" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def body_of(row: Row) -> bytes:
    if "base64" in row:
        return base64.b64decode(row["base64"])
    text = row["body"] if "body" in row else "".join(_repeated(*part) for part in row["parts"])
    return str(text).encode("utf-8", "surrogatepass")


def _repeated(piece: str, times: int) -> str:
    return "".join(piece.replace("#", str(number)) for number in range(times)) if "#" in piece else piece * times


def send(client: FlaskClient, row: Row) -> Any:
    return send_body(client, row, body_of(row))


def send_body(client: FlaskClient, row: Row, body: bytes) -> Any:
    return client.open(row["path"], method=row["method"], headers=row["headers"], data=body)
