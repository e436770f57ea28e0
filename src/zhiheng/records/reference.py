"""The reference page of the canonical tables, written from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.records.catalogue import Column, codes, nodes, tables

_KINDS = {
    "id": "编号 id",
    "ref": "引用 reference",
    "subject": "对象编号 subject id",
    "node": "节点 node",
    "text": "文字 text",
    "code": "代码 code",
    "day": "日期 day",
    "minute": "时刻 time of day",
    "amount": "金额（元）amount in yuan",
    "integer": "整数 whole number",
    "flag": "是/否 yes/no",
    "name": "姓名（只存掩码）name, stored masked",
    "account": "账号（只存假名）account number, stored as a pseudonym",
    "identity": "证件号码（只存假名）identity number, stored as a pseudonym",
}


def tables_page() -> str:
    """The page as Markdown: every table with its columns, then code lists and nodes."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 数据表 · Tables"
    yield ""
    yield "本页由目录文件生成，请勿手改。This page is generated from the catalogue."
    yield ""
    yield "表名和列名可写标识、中文或英文。A table or column may be named by its identifier, its"
    yield "Chinese or its English label."
    for name, table in tables().items():
        yield from _table(name, table.zh, table.en, table.columns)
    yield from _code_lists()
    yield from _nodes()


def _table(name: str, zh: str, en: str, columns: dict[str, Column]) -> Iterator[str]:
    yield ""
    yield f"## {zh} · {name}"
    yield ""
    if zh and en != name:
        yield en
        yield ""
    yield "| 列 column | 中文 | English | 类型 kind | 必填 required | 示例 example |"
    yield "|---|---|---|---|---|---|"
    for identifier, column in columns.items():
        required = "是 yes" if column.required else ""
        cells = (f"`{identifier}`", column.zh, column.en, _kind(column), required, _example(column))
        yield f"| {' | '.join(cells)} |"
    for identifier, column in columns.items():
        if column.help:
            yield ""
            yield f"`{identifier}`：{column.help}"


def _kind(column: Column) -> str:
    kind = _KINDS[column.kind]
    if column.kind == "code":
        return f"{kind} [{column.codes}](#{column.codes})"
    if column.kind == "ref" and column.table:
        return f"{kind} → {column.table}{'（可在库外 may be outside）' if column.open else ''}"
    return kind


def _example(column: Column) -> str:
    return "" if column.example is None else str(column.example)


def _code_lists() -> Iterator[str]:
    yield ""
    yield "## 代码 · Code lists"
    for name, entries in codes().items():
        yield ""
        yield f"### {name}"
        yield ""
        yield "| 标识 identifier | 中文 | English | 也接受 also accepted |"
        yield "|---|---|---|---|"
        for identifier, code in entries.items():
            yield f"| `{identifier}` | {code.zh} | {code.en} | {'、'.join(code.also)} |"


def _nodes() -> Iterator[str]:
    yield ""
    yield "## 节点 · Nodes"
    yield ""
    yield "有来源的节点由其他表的日期得出，不录入节点表。A node with a source is read off another"
    yield "table's date and is not entered as an event."
    yield ""
    yield "| 标识 identifier | 中文 | English | 对象 subject | 国家节点号 code | 来源 source |"
    yield "|---|---|---|---|---|---|"
    for identifier, node in nodes().items():
        source = f"{node.source.table}.{node.source.column}" if node.source else ""
        cells = (f"`{identifier}`", node.zh, node.en, node.subject, node.code or "", source)
        yield f"| {' | '.join(cells)} |"
