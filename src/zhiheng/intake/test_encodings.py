"""Encodings are decided on every byte; a bad byte is told by line and place."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhiheng.errors import BadInput
from zhiheng.intake import encodings
from zhiheng.intake.encodings import examine

HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=5)


def facts(tmp_path: Path, content: bytes) -> encodings.TextFacts:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    return examine(path, "a.csv")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(HAN, st.integers(1, 7))
def test_utf8_is_told_whatever_the_size_of_the_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, size: int
) -> None:
    monkeypatch.setattr(encodings, "_CHUNK", size)
    assert facts(tmp_path, text.encode()).encoding == "utf-8"


def test_gb18030_is_told_and_its_four_byte_characters_too(tmp_path: Path) -> None:
    for text in ("案件标识,案号\n", "姓名\n㐀𠮷\n"):
        assert facts(tmp_path, text.encode("gb18030")).encoding == "gb18030"


@pytest.mark.parametrize("size", [1, 2, 3, 1 << 22])
@pytest.mark.parametrize(
    ("content", "line", "byte", "value"),
    [
        ("案件标识\n甲乙".encode() + b"\xff\n", 2, 7, 0xFF),
        ("案件标识\n".encode() + b"\xe6\xa1", 2, 1, 0xE6),
        ("案件标识\n甲".encode("gb18030") + b"\xff\n", 2, 3, 0xFF),
        (b"a\nb\n\xff\xff", 3, 1, 0xFF),
    ],
)
def test_a_bad_byte_is_told_by_line_and_place(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
    content: bytes,
    line: int,
    byte: int,
    value: int,
) -> None:
    monkeypatch.setattr(encodings, "_CHUNK", size)
    with pytest.raises(BadInput) as problem:
        facts(tmp_path, content)
    assert f"Line {line}, byte {byte} (0x{value:02X})" in problem.value.what.en
    assert problem.value.place == "a.csv"


def test_lines_are_counted_with_or_without_a_last_line_break(tmp_path: Path) -> None:
    for content, lines in ((b"a\nb", 2), (b"a\nb\n", 2), (b"a\r\nb\r\n", 2), (b"a\rb\r", 2)):
        assert facts(tmp_path, content).lines == lines
