"""What makes an event log unusable: each says where, what, and what to do."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.errors import BadInput, Message

_EXPORT = Message("请重新导出或重新传输该文件。", "Export or transfer the file again.")


def broken_gzip(place: str, why: str) -> BadInput:
    """A gzipped file that ends early or is damaged."""
    return BadInput(
        Message(
            f"压缩文件不完整或已损坏（{why}）。",
            f"The compressed file is cut short or damaged ({why}).",
        ),
        _EXPORT,
        place,
    )


def not_xml(place: str, why: str) -> BadInput:
    """Text that is no XML, or XML that stops being it."""
    return BadInput(
        Message(f"不是完整、合法的 XML（{why}）。", f"This is not whole, well-formed XML ({why})."),
        Message(
            "XES 日志请重新导出；CSV 日志请以 .csv 为扩展名。",
            "Export an XES log again; give a CSV log the extension .csv.",
        ),
        place,
    )


def other_root(place: str, root: str) -> BadInput:
    """XML that is no event log."""
    return BadInput(
        Message(
            f"根元素是“{root}”，XES 日志应为“log”。",
            f"The root element is “{root}”; an XES log has “log”.",
        ),
        Message("请导出为 XES 格式的事件日志。", "Export an event log in XES."),
        place,
    )


def declares_types(place: str) -> BadInput:
    """A document type declaration: the way entity bombs and outside files come in."""
    return BadInput(
        Message(
            "文件含有文档类型声明（DOCTYPE），出于安全拒绝读取。",
            "The file has a document type declaration (DOCTYPE), which is refused for safety.",
        ),
        Message(
            "XES 不需要该声明，请删去后重试。", "XES needs none: remove the declaration, try again."
        ),
        place,
    )


def too_large(place: str, megabytes: int) -> BadInput:
    """One tag or value that is larger than any real one."""
    return BadInput(
        Message(
            f"有一个标签或属性值超过 {megabytes} MB。",
            f"One tag or value is larger than {megabytes} MB.",
        ),
        Message("请核实文件来源。", "Check where the file came from."),
        place,
    )


def no_events(place: str) -> BadInput:
    """A log with nothing in it."""
    return BadInput(
        Message("日志里没有任何事件。", "There is no event in the log."),
        Message("请检查导出条件，重新导出。", "Check what was selected for export."),
        place,
    )


def outside_a_trace(place: str) -> BadInput:
    """An event that belongs to no case."""
    return BadInput(
        Message("有事件不在任何案件（trace）之内。", "An event stands outside every trace."),
        Message("请把事件归入所属案件后重新导出。", "Export each event within its case."),
        place,
    )


def unnamed_case(place: str, where: Message) -> BadInput:
    """A case that cannot be named in a finding."""
    return BadInput(
        Message(f"{where.zh}没有案件标识。", f"{where.en} names no case."),
        Message(
            "XES 请给 trace 写上 concept:name；CSV 请填写案件列。",
            "Give the trace a concept:name (XES), or fill the case column (CSV).",
        ),
        place,
    )


def same_case_twice(place: str, name: str) -> BadInput:
    """Two traces that cannot be told apart."""
    return BadInput(
        Message(f"两个 trace 都以“{name}”为案件标识。", f"Two traces name their case “{name}”."),
        Message(
            "同一案件请并为一个 trace，不同案件请用不同的 concept:name。",
            "Make one trace of one case, and give different cases different names.",
        ),
        place,
    )


def unnamed_event(place: str, where: Message) -> BadInput:
    """An event that does not say what happened."""
    return BadInput(
        Message(f"{where.zh}没有活动名称。", f"{where.en} has no activity."),
        Message(
            "XES 请写上 concept:name；CSV 请填写活动列。",
            "Give it a concept:name (XES), or fill the activity column (CSV).",
        ),
        place,
    )


def no_such_time(place: str, where: Message, written: str | None) -> BadInput:
    """An event without a time, or with one that does not exist."""
    if not written:
        what = Message(f"{where.zh}没有时间。", f"{where.en} has no time.")
    else:
        shown = written[:40]
        what = Message(
            f"{where.zh}的时间“{shown}”不存在或无法识别。",
            f"{where.en} has the time “{shown}”, which does not exist or cannot be read.",
        )
    remedy = Message(
        "请写成 2024-03-05 或 2024-03-05T14:30:00+08:00。",
        "Write 2024-03-05 or 2024-03-05T14:30:00+08:00.",
    )
    return BadInput(what, remedy, place)


def without_columns(place: str, missing: Iterable[str], headers: Iterable[str]) -> BadInput:
    """A CSV log whose header lacks columns that the duties file names."""
    lacks, has = ", ".join(missing), ", ".join(headers)
    return BadInput(
        Message(
            f"缺少列：{lacks}；表头为：{has}。", f"Columns are missing: {lacks}; found: {has}."
        ),
        Message(
            "请在规则文件的 columns 里写明案件、活动、时间列的名称，属性列须与表头一致。",
            "Name the columns of case, activity and timestamp under `columns` in the duties file; "
            "attributes are named as in the header.",
        ),
        place,
    )


def same_column_twice(place: str, column: str) -> BadInput:
    """Two headers with one name."""
    return BadInput(
        Message(f"列“{column}”出现了两次。", f"The column “{column}” stands twice."),
        Message("请只保留一列。", "Keep one of them."),
        place,
    )


def ragged(place: str, found: int, expected: int) -> BadInput:
    """A row with too many or too few fields."""
    return BadInput(
        Message(
            f"该行有 {found} 个字段，表头有 {expected} 个。",
            f"The row has {found} fields, the header {expected}.",
        ),
        Message(
            "含分隔符的值请加引号，缺少的字段请留空。",
            "Quote values that hold the delimiter; leave missing fields empty.",
        ),
        place,
    )


def not_csv(place: str, why: str) -> BadInput:
    """Text that cannot be split into rows."""
    return BadInput(
        Message(f"无法按 CSV 拆分（{why}）。", f"The text cannot be split as CSV ({why})."),
        Message(
            "请检查该处的引号，或重新导出。", "Check the quotation marks there, or export again."
        ),
        place,
    )
