"""Weights from pairwise comparisons (analytic hierarchy process, AHP).

T. L. Saaty, The Analytic Hierarchy Process (1980): weights are the principal eigenvector of the
matrix of judgments, scaled to 1; the consistency index (largest eigenvalue - n)/(n - 1) is divided
by that of random matrices of the same size. OECD and JRC, Handbook (2008), step 6: the TAI.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from zhiheng.composites.aggregate import Floats
from zhiheng.composites.problems import refused
from zhiheng.composites.tables import Table

RANDOM_INDEX = (
    0.0,
    0.0,
    0.58,
    0.90,
    1.12,
    1.24,
    1.32,
    1.41,
    1.45,
    1.49,
    1.51,
    1.48,
    1.56,
    1.57,
    1.59,
)
"""Saaty's random consistency index for 1 to 15 things compared."""
ACCEPTABLE = 0.10
"""Saaty's limit of the consistency ratio."""
_ROUNDING = 0.02
"""How far a judgment times its reverse may be from 1: 0.33 is written for one third."""
_JUDGMENT = re.compile(r"\d+(\.\d+)?(/\d+(\.\d+)?)?", re.ASCII)


@dataclass(frozen=True)
class Weighing:
    """Weights (summing to 1), the largest eigenvalue, consistency index and ratio. The ratio is 0
    for two things, which cannot contradict each other, and NaN beyond 15."""

    codes: tuple[str, ...]
    weights: Floats
    largest: float
    index: float
    ratio: float


def weigh(codes: tuple[str, ...], matrix: Floats) -> Weighing:
    """Weights of a positive reciprocal matrix (n, n)."""
    n = len(codes)
    values, vectors = np.linalg.eig(matrix)
    at = int(np.argmax(values.real))
    vector = np.abs(vectors[:, at].real)
    largest = float(values[at].real)
    index = max(largest - n, 0.0) / (n - 1)
    known = RANDOM_INDEX[n - 1] if n <= len(RANDOM_INDEX) else float("nan")
    return Weighing(codes, vector / vector.sum(), largest, index, index / known if known else 0.0)


def read_pairs(table: Table) -> tuple[tuple[str, ...], Floats]:
    """Codes and matrix of a table: codes down the first column and, in the same order, along the
    header; a cell says how many times the row outweighs the column (3, 1/3, 0.33). Of two cells
    that mirror each other one may be empty. Raises BadInput."""
    codes = tuple(row.cells[0] for row in table.rows)
    if codes != table.header[1:] or len(codes) < 2:
        raise refused(
            table.name,
            ("行与列的代码不一致。", "The codes of rows and columns are not the same."),
            ("行、列按同一顺序列出同样的代码。", "Give rows and columns the same codes in order."),
        )
    matrix = np.array(
        [[_judgment(table, i, j) for j in range(len(codes))] for i in range(len(codes))]
    )
    matrix = np.where(np.isnan(matrix), 1.0 / matrix.T, matrix)
    np.fill_diagonal(matrix, np.where(np.isnan(matrix.diagonal()), 1.0, matrix.diagonal()))
    _refuse_one_sided(table, codes, matrix)
    return codes, matrix


def _judgment(table: Table, i: int, j: int) -> float:
    text = table.rows[i].cells[j + 1]
    if not text:
        return float("nan")
    above, _, below = text.partition("/")
    if not _JUDGMENT.fullmatch(text) or not Fraction(above) or not Fraction(below or "1"):
        raise refused(
            table.place(table.rows[i].number),
            (
                f"“{table.header[j + 1]}”一栏的“{text}”不是正数。",
                f"{text!r} in column {table.header[j + 1]!r} is not above 0.",
            ),
            ("写成 3、1/3 或 0.33。", "Write 3, 1/3 or 0.33."),
        )
    return float(Fraction(above) / Fraction(below or "1"))


def _refuse_one_sided(table: Table, codes: tuple[str, ...], matrix: Floats) -> None:
    wrong = np.argwhere(~(np.abs(matrix * matrix.T - 1) <= _ROUNDING))
    if len(wrong):
        i, j = (int(one) for one in wrong[0])
        raise refused(
            table.place(table.rows[i].number),
            (
                f"“{codes[i]}”对“{codes[j]}”与反向的判断不互为倒数，或都未填。",
                f"{codes[i]!r} against {codes[j]!r}: not the reverse of each other, or both empty.",
            ),
            ("两格应互为倒数，对角线为1。", "Mirrored cells are reciprocal; the diagonal is 1."),
        )
