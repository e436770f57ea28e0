"""The reference page of the reasons for quarantine, written from their catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.intake.reasons import reasons


def reasons_page() -> str:
    """The page as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# 隔离原因 · Reasons for quarantine"
    yield ""
    yield "本页由目录文件生成，请勿手改。This page is generated from the catalogue."
    yield ""
    yield "| 编号 id | 原因 | 处理办法 | Reason | What to do |"
    yield "|---|---|---|---|---|"
    for name, entry in reasons().items():
        cells = (entry.reason.zh, entry.remedy.zh, entry.reason.en, entry.remedy.en)
        yield f"| `{name}` | {' | '.join(cells)} |"
