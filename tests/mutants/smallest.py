"""A patient made as plain as can be while it still shows what it was found for."""

from collections.abc import Callable, Iterator

from rules.catalogue import catalogue
from rules.facts import Result
from rules.quantities import Quantity
from tests.proofs.patients import Fragment, exactly

Pieces = tuple[Fragment, ...]
# What a reader takes at a glance: one value in each band, and a child of school age.
EASY = {
    "b12_total": (150, 300, 500),
    "b12_active": (20, 50, 90),
    "mma": (200, 600),
    "hemoglobin": (60, 75, 95, 115, 140),
}
CHILD = 10


def smallest(pieces: Pieces, tells: Callable[[Pieces], bool]) -> Pieces:
    """Without every piece that is not needed, and with easier values where they do as well."""
    atoms = tuple(atom for piece in pieces for atom in _atoms(piece))
    pieces = atoms if tells(atoms) else pieces
    for piece in pieces:
        rest = tuple(one for one in pieces if one is not piece)
        if tells(rest):
            pieces = rest
    for place, piece in enumerate(pieces):
        ways = ((*pieces[:place], easier, *pieces[place + 1 :]) for easier in _easier(piece))
        pieces = next((way for way in ways if tells(way)), pieces)
    return tuple(piece for piece in pieces if piece)


def _atoms(piece: Fragment) -> Iterator[Fragment]:
    yield from (Fragment((result,)) for result in piece.results)
    yield from (Fragment(items=(item,)) for item in piece.items)
    yield from (Fragment(statements=(said,)) for said in piece.statements)
    yield from (Fragment(age=piece.age),) if piece.age is not None else ()
    yield from (Fragment(sex=piece.sex),) if piece.sex is not None else ()
    yield from (Fragment(listed=True),) if piece.listed else ()


def _easier(piece: Fragment) -> Iterator[Fragment]:
    if piece.age is not None:
        yield Fragment(age=CHILD)
    for result in piece.results:
        fact = catalogue().fact(result.test)
        for value in EASY.get(result.test, ()):
            yield Fragment((Result(result.test, "", Quantity(exactly(value), fact.unit or "")),))
