"""Opening a workbook somebody sent: a real one, of reasonable size, without formulas."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.cell.read_only import EmptyCell, ReadOnlyCell
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from zhiheng.errors import BadInput, Message

MAX_UNPACKED = 256 * 1024 * 1024
"""Bytes a workbook may unpack to."""
MAX_RATIO = 200
"""Times its packed size a large part of a workbook may unpack to."""
SMALL_PART = 1024 * 1024
"""Bytes below which the ratio of a part says nothing."""
MAX_PARTS = 2000

AnyCell = Cell | MergedCell | ReadOnlyCell | EmptyCell

_SAVE_AGAIN = Message(
    "请用发出的答卷另存为 .xlsx 后再交。",
    "Save the sheet that was sent out as .xlsx and try again.",
)


@contextmanager
def opened(path: Path) -> Iterator[Workbook]:
    """The workbook at `path`, read-only, formulas as written.

    Raises BadInput where the file is missing, is no workbook, or unpacks beyond reason.
    """
    _guard(path)
    try:
        book = load_workbook(path, read_only=True)
    except (KeyError, ValueError, ParseError, InvalidFileException, OSError) as error:
        raise _not_a_workbook(path) from error
    try:
        yield book
    except (zipfile.BadZipFile, zlib.error, ParseError, ValueError, IndexError) as error:
        # The sheets are unpacked while they are read, so damage shows only now.
        raise _not_a_workbook(path) from error
    finally:
        book.close()


def _guard(path: Path) -> None:
    if not path.is_file():
        raise BadInput(
            Message("没有这个文件。", "There is no such file."),
            Message("请检查路径。", "Check the path."),
            place=path.name,
        )
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise _not_a_workbook(path) from error
    # The sizes are those the archive declares; reading never goes beyond them.
    inflated = any(
        p.file_size > SMALL_PART and p.file_size > MAX_RATIO * max(p.compress_size, 1)
        for p in parts
    )
    if inflated or len(parts) > MAX_PARTS or sum(p.file_size for p in parts) > MAX_UNPACKED:
        raise BadInput(
            Message("文件解压后过大，未打开。", "The file unpacks to too much; it was not opened."),
            _SAVE_AGAIN,
            place=path.name,
        )


def _not_a_workbook(path: Path) -> BadInput:
    return BadInput(
        Message("不是完好的 Excel 工作簿（.xlsx）。", "It is not a sound Excel workbook (.xlsx)."),
        _SAVE_AGAIN,
        place=path.name,
    )


def is_formula(cell: AnyCell) -> bool:
    """True for a formula or its error, and for text that would become one when copied."""
    if cell.data_type in ("f", "e"):
        return True
    return isinstance(cell.value, str) and cell.value.lstrip().startswith("=")
