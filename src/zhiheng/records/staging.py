"""What intake hands to the store: a staged batch. And what intake asks the store: what is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import ibis.expr.types as ir


@dataclass(frozen=True)
class SourceFile:
    """A file as it was handed in: its name (no folder), sha256 (hex) and size in bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class StagedTable:
    """What became of the rows of one table: `rows` are to be stored, `updates` of them supersede.

    `given`, `quarantined`, `repeats`, `unchanged` account for every row of the sources:
    given = rows + quarantined + repeats + unchanged.
    """

    given: int
    rows: int
    updates: int
    quarantined: int
    repeats: int
    unchanged: int


@dataclass(frozen=True)
class Staged:
    """A validated batch in `directory`: `files` have the rows of each table to be stored, in the
    stored form, sorted, one file after another.

    `quarantine` and `repeats` are CSV files for people, None where there is nothing to say.
    `intake` is the digest of the sources and the profile; `courts` the courts whose rows change.
    """

    directory: Path
    intake: str
    sources: tuple[SourceFile, ...]
    tables: Mapping[str, StagedTable]
    files: Mapping[str, Sequence[Path]]
    courts: tuple[str, ...]
    quarantine: Path | None
    repeats: Path | None

    @property
    def rows(self) -> int:
        """Rows to be stored."""
        return sum(table.rows for table in self.tables.values())

    @property
    def quarantined(self) -> int:
        """Rows that were not good."""
        return sum(table.quarantined for table in self.tables.values())


class Known(Protocol):
    """What is stored already, as intake needs it to find orphans, repeats and updates."""

    def holds(self, table: str) -> bool:
        """Whether any row of the table is stored."""

    def relation(self, con: Any, table: str) -> ir.Table:
        """The current rows of the table in the stored form, on the engine connection `con`."""

    def among(self, con: Any, table: str, column: str, values: ir.Table) -> ir.Table:
        """Those of the current rows whose `column` (the key; the case, of a table without one) is
        in `values`, a table with a column of that name."""
