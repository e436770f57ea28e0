"""A description from files, and as files."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from zhiheng.composites.aggregate import Floats
from zhiheng.composites.bounds import Bounds, read_bounds
from zhiheng.composites.data import Data, read_data
from zhiheng.composites.describe import STATISTICS, Description, describe
from zhiheng.composites.files import shown, table_text
from zhiheng.composites.result import refuse_without_logarithm
from zhiheng.composites.tables import read_table
from zhiheng.composites.tree import read_tree


def read_and_describe(data: Path, tree: Path | None, bounds: Path | None) -> Description:
    """Describe a table: the indicators of the tree where one is given, else every column.

    Indicators that the bounds put on a log scale are described by their natural logarithm.
    Raises BadInput as the readers do.
    """
    nodes = read_tree(read_table(tree)) if tree else None
    found = read_data(read_table(data), nodes.leaves if nodes else None)
    limits = read_bounds(read_table(bounds)) if bounds else {}
    codes = tuple(found.columns)
    values = np.stack([_values(found, code, limits.get(code)) for code in codes], axis=-1)
    signs = np.array([nodes.by_code[code].direction for code in codes], float) if nodes else None
    return describe(codes, values, signs)


def _values(data: Data, code: str, limits: Bounds | None) -> Floats:
    if limits is None or not limits.log:
        return data.columns[code]
    refuse_without_logarithm(data, code)
    return np.asarray(np.log(data.columns[code]))


def tables_of(found: Description) -> dict[str, bytes]:
    """File name → content: indicators.csv, correlations.csv, eigenvalues.csv."""
    return {
        "indicators.csv": table_text(
            ("code", *STATISTICS, "alpha_if_deleted"),
            (
                [code, *(str(int(n)) for n in row[:2]), *map(shown, row[2:]), shown(without)]
                for code, row, without in zip(
                    found.codes, found.statistics, found.alpha_if_deleted, strict=True
                )
            ),
        ),
        "correlations.csv": table_text(
            ("code", *found.codes),
            (
                [code, *map(shown, row)]
                for code, row in zip(found.codes, found.correlations, strict=True)
            ),
        ),
        "eigenvalues.csv": table_text(
            ("component", "eigenvalue", "share"),
            (
                [str(at), shown(value), shown(value / len(found.codes))]
                for at, value in enumerate(found.eigenvalues, start=1)
            ),
        ),
    }
