"""A table of measurements in which each row kept its promise or did not."""

from dataclasses import dataclass, field


@dataclass
class Table:
    """What was measured, row by row."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def add(self, *cells: object, kept: bool) -> None:
        row = tuple(str(cell) for cell in cells)
        self.rows.append((*row, "kept" if kept else "BROKEN"))
        if not kept:
            self.broken.append(f"{self.title}: {row[0]}")

    def __str__(self) -> str:
        lines = [(*self.headings, "promise"), *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        return "\n".join(["", self.title, *(_line(cells, widths) for cells in lines)])


def _line(cells: tuple[str, ...], widths: list[int]) -> str:
    first, *others = (
        f"{cell:<{width}}" if not place else f"{cell:>{width}}"
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    )
    return "  ".join(["", first, *others])
