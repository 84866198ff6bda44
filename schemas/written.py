"""An answer as the bytes that are sent: what a rule set says word for word becomes JSON once, not each time."""

from collections.abc import Iterable
from typing import Any

import orjson

from rules.assessment import Assessment
from rules.model import Citation
from schemas.intake import Intake
from schemas.render import render, render_citations

# Citations live as long as their rule set, which a service keeps for as long as it runs.
_written: dict[int, tuple[Citation, orjson.Fragment]] = {}


def write(assessment: Assessment, intake: Intake, *, trace: bool = False) -> bytes:
    """The answer to one patient summary as JSON: the very bytes of what `render` gives."""
    return orjson.dumps(render(assessment, intake, trace=trace, cite=_fragments))


def _fragments(citations: Iterable[Citation]) -> list[Any]:
    return [_fragment(citation) for citation in citations]


def _fragment(citation: Citation) -> orjson.Fragment:
    known, fragment = _written.get(id(citation), (None, None))
    if known is not citation or fragment is None:
        (part,) = render_citations([citation])
        fragment = orjson.Fragment(orjson.dumps(part))
        _written[id(citation)] = citation, fragment
    return fragment
