"""Tables written: nothing a spreadsheet runs, nothing lost, the same bytes twice."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from zhiheng.sampling.writing import csv_text, harmless, meant, write


@given(st.text(st.sampled_from("'=+-@ax1"), max_size=5))
def test_what_was_made_harmless_is_read_back_as_it_was(text: str) -> None:
    safe = harmless(text)
    assert not safe.startswith(("=", "+", "-", "@"))
    assert meant(safe) == text


@given(st.lists(st.tuples(st.floats(allow_nan=False, allow_infinity=False), st.text('a,"\n案'))))
def test_floats_keep_every_digit_and_texts_every_character(rows: list[tuple[float, str]]) -> None:
    found = list(csv.reader(io.StringIO(csv_text(("x", "y"), rows), newline="")))
    assert [(float(x), y) for x, y in found[1:]] == rows


def test_what_is_not_there_is_an_empty_cell() -> None:
    assert csv_text(("a", "b"), [(None, float("nan"))]) == "a,b\n,\n"


def test_a_csv_carries_the_mark_that_excel_needs_and_json_does_not(tmp_path: Path) -> None:
    for name, mark in (("a.csv", b"\xef\xbb\xbf"), ("a.json", b"")):
        write(tmp_path / "new" / name, "案\n")
        assert (tmp_path / "new" / name).read_bytes() == mark + "案\n".encode()
    assert len(list((tmp_path / "new").iterdir())) == 2
