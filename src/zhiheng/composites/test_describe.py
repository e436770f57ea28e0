"""Looks at the data and weights from comparisons, against the Handbook's example."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from zhiheng.composites.describe import STATISTICS, describe
from zhiheng.composites.pairs import RANDOM_INDEX, read_pairs, weigh
from zhiheng.composites.tables import read_table
from zhiheng.errors import BadInput

NAN = float("nan")


def test_the_handbooks_alpha_and_eigenvalues_come_out(shared: Callable[..., Path]):
    """OECD and JRC, Handbook (2008), step 4, on the 23 countries of the TAI."""
    folder = shared("statistics", "oecd_tai")
    known = json.loads((folder / "computed_full_precision.json").read_text())
    with (folder / "tai23_minmax.csv").open(newline="") as stream:
        header, *rows = list(csv.reader(stream))
    found = describe(tuple(header[1:]), np.array([row[1:] for row in rows], float))
    assert found.alpha == pytest.approx(known["alpha_standardised"], abs=1e-12)
    assert round(found.alpha, 3) == 0.704
    assert found.alpha_if_deleted.tolist() == pytest.approx(known["alpha_if_deleted"], abs=1e-12)
    assert found.eigenvalues.tolist() == pytest.approx(known["eigenvalues"], abs=1e-12)


def test_statistics_are_those_of_a_spreadsheet():
    column = [1.0, 2, 2, 3, 9, NAN]
    found = describe(("a", "b"), np.array([column, [1, NAN, 3, 4, 5, 6]]).T)
    said = dict(zip(STATISTICS, found.statistics[0].tolist(), strict=True))
    assert (said["n"], said["missing"], said["min"], said["max"], said["mean"]) == (5, 1, 1, 9, 3.4)
    # SKEW and KURT of the five values, from their definitions.
    z = (np.array(column[:5]) - 3.4) / np.std(column[:5], ddof=1)
    assert said["skewness"] == pytest.approx(5 / (4 * 3) * (z**3).sum())
    kurtosis = 5 * 6 / (4 * 3 * 2) * (z**4).sum() - 3 * 16 / (3 * 2)
    assert said["kurtosis"] == pytest.approx(kurtosis)
    assert found.correlations[0, 1] == pytest.approx(stats.pearsonr([1, 2, 3, 9], [1, 3, 4, 5])[0])


def test_a_turned_indicator_turns_its_correlations_and_not_its_mean():
    values = np.array([[1.0, 9], [2, 7], [3, 6], [4, 1]])
    found = describe(("a", "b"), values, np.array([1.0, -1]))
    plain = describe(("a", "b"), values)
    assert found.correlations[0, 1] == -plain.correlations[0, 1] > 0.9
    assert found.statistics.tolist() == plain.statistics.tolist()


def test_what_does_not_vary_has_no_correlation():
    found = describe(("a", "b", "c"), np.array([[1.0, 2, NAN], [2, 2, NAN], [3, 2, NAN]]))
    assert np.isnan(found.correlations[0, 1]) and np.isnan(found.alpha)
    assert np.isnan(found.eigenvalues).all() and found.statistics[2, 1] == 3


def pairs(home: Path, text: str) -> Path:
    (home / "pairs.csv").write_text(text, encoding="utf-8")
    return home / "pairs.csv"


def test_the_handbooks_comparisons_give_its_weights(shared: Callable[..., Path], tmp_path: Path):
    """OECD and JRC, Handbook (2008), Tables 20 to 22."""
    file = shared("statistics", "oecd_tai", "computed_full_precision.json")
    known = json.loads(file.read_text())
    codes = "abcdefgh"
    rows = [
        f"{code}," + ",".join(map(repr, row))
        for code, row in zip(codes, known["ahp_table20_matrix"], strict=True)
    ]
    text = "\n".join(["," + ",".join(codes), *rows])
    found = weigh(*read_pairs(read_table(pairs(tmp_path, text))))
    assert found.weights.tolist() == pytest.approx(known["ahp_table20_eigenvector"], abs=1e-9)
    assert 0 < found.ratio < 0.1


def test_judgments_that_agree_are_consistent_and_half_the_matrix_is_enough(tmp_path: Path):
    text = "code,a,b,c\na,1,2,6\nb,1/2,,3\nc,,,1\n"
    found = weigh(*read_pairs(read_table(pairs(tmp_path, text))))
    assert found.weights.tolist() == pytest.approx([0.6, 0.3, 0.1])
    assert found.largest == pytest.approx(3) and found.ratio == pytest.approx(0, abs=1e-12)


def test_a_circle_of_judgments_is_inconsistent(tmp_path: Path):
    text = "code,a,b,c\na,1,3,1/3\nb,1/3,1,3\nc,3,1/3,1\n"
    found = weigh(*read_pairs(read_table(pairs(tmp_path, text))))
    # By symmetry the weights are equal and the eigenvalue is the sum of a row.
    assert found.weights.tolist() == pytest.approx([1 / 3] * 3)
    assert found.largest == pytest.approx(13 / 3)
    assert found.ratio == pytest.approx((13 / 3 - 3) / 2 / RANDOM_INDEX[2])


BAD = {
    "other codes": "code,a,b\na,1,2\nc,1/2,1\n",
    "one thing": "code,a\na,1\n",
    "no number": "code,a,b\na,1,two\nb,1/2,1\n",
    "nought": "code,a,b\na,1,0\nb,1/2,1\n",
    "division by nought": "code,a,b\na,1,1/0\nb,1/2,1\n",
    "not reciprocal": "code,a,b\na,1,2\nb,2,1\n",
    "both empty": "code,a,b\na,1,\nb,,1\n",
    "an odd diagonal": "code,a,b\na,3,2\nb,1/2,1\n",
}


@pytest.mark.parametrize("flaw", BAD)
def test_what_is_no_matrix_of_comparisons_is_refused(tmp_path: Path, flaw: str):
    with pytest.raises(BadInput):
        read_pairs(read_table(pairs(tmp_path, BAD[flaw])))
