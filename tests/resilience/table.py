"""A table of measurements in which each row kept its promise or did not."""

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass
class Table:
    """What was measured, row by row."""

    title: str
    headings: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)

    def add(self, *cells: object, kept: bool, in_time: bool = True) -> None:
        """A row: what was promised is kept, or kept late, for which a busy machine is an excuse, or broken."""
        row = tuple(str(cell) for cell in cells)
        self.rows.append((*row, ("kept" if in_time else "LATE") if kept else "BROKEN"))
        if not kept:
            self.broken.append(f"{self.title}: {row[0]}")
        elif not in_time:
            self.late.append(f"{self.title}: {row[0]}")

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


def judge(tables: Iterable[Table]) -> int:
    """Say what was not kept; 1 when something is broken. What is late is said, for whoever knows the machine."""
    tables = list(tables)
    broken = [promise for table in tables for promise in table.broken]
    late = [promise for table in tables for promise in table.late]
    for word, promises in (("BROKEN", broken), ("LATE", late)):
        for promise in promises:
            print(f"{word}: {promise}")
    if not broken and not late:
        print("Every promise was kept.")
    return int(bool(broken))
