"""Any event log into columns: told apart by name, and by content where the name says nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from zhiheng.errors import Message, WrongUse
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.log_csv import LogColumns, read_log_csv
from zhiheng.intake.problems import empty_file, other_kind
from zhiheng.intake.xes import read_xes
from zhiheng.intake.xes_bytes import GZIP

_XES = (".xes", ".xml", ".xes.gz", ".xml.gz")
_CSV = (".csv", ".tsv", ".txt")


def read_log(
    path: Path,
    columns: LogColumns,
    wanted: frozenset[str],
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> EventLog:
    """The event log at `path`, XES (also gzipped) or CSV.

    `columns` names the columns of a CSV file, `wanted` the attributes to keep; `told` hears how
    much of the file was read. Raises WrongUse where there is no such file, BadInput where it
    cannot be used.
    """
    if not path.is_file():
        raise WrongUse(
            Message("没有这个文件。", "There is no such file."),
            Message("请检查路径。", "Check the path."),
            str(path),
        )
    with path.open("rb") as stream:
        head = stream.read(64)
    if not head:
        raise empty_file(path.name)
    if _is_xes(path, head):
        return read_xes(path, wanted, told)
    return read_log_csv(path, columns, wanted, told)


def _is_xes(path: Path, head: bytes) -> bool:
    name = path.name.lower()
    zipped = head.startswith(GZIP)
    if head.startswith(b"PK") or (zipped and name.endswith(_CSV)):
        raise other_kind(path.name, "XES / CSV", "ZIP" if head.startswith(b"PK") else "gzip")
    if name.endswith(_CSV):
        if _looks_like_xml(head):
            raise other_kind(path.name, "CSV", "XML")
        return False
    return name.endswith(_XES) or zipped or _looks_like_xml(head)


def _looks_like_xml(head: bytes) -> bool:
    # UTF-16 puts a zero byte beside every character of the mark-up.
    return head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").startswith(b"<")
