"""What makes a whole file unusable: each says where, what, and what to do. Nothing is stored."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.errors import BadInput, Message


def _remedy(zh: str, en: str) -> Message:
    return Message(zh, en)


def empty_file(place: str) -> BadInput:
    """A file of zero bytes."""
    return BadInput(
        Message("文件是空的。", "The file is empty."),
        _remedy("请检查导出是否成功，重新导出。", "Check the export and make it again."),
        place,
    )


def no_rows(place: str) -> BadInput:
    """Headers and nothing below them."""
    return BadInput(
        Message("只有表头，没有数据行。", "There is a header but no row of data."),
        _remedy("请检查导出条件，重新导出。", "Check what was selected for export."),
        place,
    )


def other_kind(place: str, expected: str, found: str) -> BadInput:
    """The content is not what the file's name promises."""
    return BadInput(
        Message(
            f"按文件名应为{expected}，内容却是{found}。", f"Expected {expected}, found {found}."
        ),
        _remedy(
            "请用原程序打开并另存为 CSV（UTF-8）、XLSX 或 Parquet。",
            "Open it in the program it came from and save as CSV (UTF-8), XLSX or Parquet.",
        ),
        place,
    )


def unreadable(place: str, why_zh: str, why_en: str) -> BadInput:
    """The file is damaged."""
    return BadInput(
        Message(f"文件损坏或不完整：{why_zh}。", f"The file is damaged or incomplete: {why_en}."),
        _remedy("请重新导出或重新传输该文件。", "Export or transfer the file again."),
        place,
    )


def wrong_encoding(place: str, line: int, byte: int, value: int) -> BadInput:
    """Bytes that are neither UTF-8 nor GB18030."""
    return BadInput(
        Message(
            f"第 {line} 行、第 {byte} 字节（0x{value:02X}）既不是 UTF-8 也不是 GB18030。",
            f"Line {line}, byte {byte} (0x{value:02X}) is neither UTF-8 nor GB18030.",
        ),
        _remedy("请另存为 UTF-8 编码的 CSV。", "Save the file as CSV in UTF-8."),
        place,
    )


def open_quote(place: str, line: int) -> BadInput:
    """A quotation mark that is never closed."""
    return BadInput(
        Message(
            f"第 {line} 行起的引号没有配对。",
            f"A quotation mark is opened in the record that begins on line {line} and not closed.",
        ),
        _remedy("请补上或删去该引号。", "Close or remove the quotation mark."),
        place,
    )


def missing_columns(place: str, table: str, wanted: dict[str, tuple[str, ...]]) -> BadInput:
    """Required columns that no header names; `wanted` gives the accepted spellings."""
    spelled = "; ".join(f"{name} ({', '.join(names)})" for name, names in wanted.items())
    return BadInput(
        Message(f"表 {table} 缺少必需的列：{spelled}", f"Table {table} lacks columns: {spelled}."),
        _remedy(
            "请补上该列，或在映射文件（--profile）里写明对应的列名。",
            "Add the column, or name its counterpart in a profile (--profile).",
        ),
        place,
    )


def twice_the_column(place: str, column: str, headers: Iterable[str]) -> BadInput:
    """Two headers for one column."""
    named = ", ".join(headers)
    return BadInput(
        Message(f"列 {column} 出现了两次：{named}。", f"Column {column} stands twice: {named}."),
        _remedy("请只保留一列。", "Keep one of them."),
        place,
    )


def wrong_unit(place: str, header: str) -> BadInput:
    """An amount column in another unit than yuan."""
    return BadInput(
        Message(f"列“{header}”的单位不是元。", f"Column {header} is not in yuan."),
        _remedy("请换算成元后重新导出。", "Convert it to yuan and export again."),
        place,
    )


def unknown_table(place: str, labels: Iterable[str]) -> BadInput:
    """The file's or sheet's name names no table."""
    known = ", ".join(labels)
    return BadInput(
        Message("名称对不上任何一张表。", "The name is not that of a table."),
        _remedy(
            f"请按表名命名文件或工作表，或在映射文件里写明。表名：{known}。",
            f"Name the file or sheet after its table, or say so in a profile. Tables: {known}.",
        ),
        place,
    )


def nothing_found(place: str) -> BadInput:
    """No file to take in."""
    return BadInput(
        Message("没有找到可导入的文件。", "No file to take in was found."),
        _remedy(
            "请给出 CSV、XLSX 或 Parquet 文件，或放有这些文件的目录。",
            "Name CSV, XLSX or Parquet files, or a directory that holds them.",
        ),
        place,
    )


def bomb(place: str, why_zh: str, why_en: str) -> BadInput:
    """A workbook made to exhaust the machine."""
    return BadInput(
        Message(f"工作簿被拒绝打开：{why_zh}。", f"The workbook is refused: {why_en}."),
        _remedy(
            "请核实来源；可信的大表请另存为 CSV 再导入。",
            "Check where it came from; save a large table you trust as CSV.",
        ),
        place,
    )


def nested_column(place: str, column: str, found: str) -> BadInput:
    """A Parquet column that holds lists or structures."""
    return BadInput(
        Message(f"列 {column} 的类型 {found} 不能导入。", f"Column {column} has type {found}."),
        _remedy("请导出为普通的单值列。", "Export it as a plain column of single values."),
        place,
    )


def key_collision(table: str, first: str, second: str) -> BadInput:
    """Two different ids with the same key (one chance in 10^18 for any pair)."""
    return BadInput(
        Message(
            f"标识 {first} 与 {second} 的内部键相同。",
            f"The ids {first} and {second} have the same key.",
        ),
        _remedy("请改动其中一个标识。", "Change one of the two ids."),
        table,
    )


def bad_profile(place: str, why: str) -> BadInput:
    """A profile that cannot be read or names what does not exist."""
    return BadInput(
        Message(f"映射文件有误：{why}", f"The profile is wrong: {why}"),
        _remedy("请对照说明改正映射文件。", "Correct the profile; the guide shows an example."),
        place,
    )
