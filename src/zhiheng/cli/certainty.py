"""What may be said of an evaluation's scores, in a few lines on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zhiheng.cli import common

if TYPE_CHECKING:
    from zhiheng.scoring.moved import SetMoved
    from zhiheng.scoring.results import Scored
    from zhiheng.scoring.said import SetSaid

_MOST = 3
"""Factors named that move ranks most."""
_KINDS = {"method": ("方法", "methods"), "data": ("误差", "errors"), "both": ("两者", "both")}


def say_certainty(scored: Scored, language: str) -> None:
    """Print of every level how sure its scores are, and what moves its ranks."""
    for level in scored.draw.left_out if scored.draw else ():
        name = _level(level, language)
        common.said(f"{name}：没有评查任何案卷，不计抽样。", f"{name}: no file of it was read.")
    for said in scored.said:
        _said(said, language)
    for moved in scored.moved:
        _moved(moved, language)


def _level(level: str, language: str) -> str:
    from zhiheng.language import translator
    from zhiheng.reports.words import LEVEL_NAMES, named

    return named(LEVEL_NAMES, level, translator(language))


def _said(said: SetSaid, language: str) -> None:
    import numpy as np

    errors = said.root.error[said.root.error > 0]
    read = np.array([court in said.files for court in said.courts])
    untold = int(np.isnan(said.root.error[read]).sum())
    level = _level(said.level, language)
    middle = f"{float(np.median(errors)):.2f}" if len(errors) else "—"
    ranked, wide = int((said.ranks.rank > 0).sum()), _width(said)
    common.said(
        f"{level}：总分标准误中位数 {middle}；{ranked} 个法院分为 {len(said.bands)} 档，"
        f"名次范围中位宽度 {wide}。" + (f"{untold} 个法院的误差无法得知。" if untold else ""),
        f"{level}: median standard error {middle}; {ranked} courts in {len(said.bands)} bands,"
        f" ranks sure to within {wide} places (median)."
        + (f" Of {untold} courts the error cannot be told." if untold else ""),
    )


def _width(said: SetSaid) -> int:
    import numpy as np

    known = said.ranks.rank > 0
    widths = (said.ranks.worst - said.ranks.best)[known]
    return int(np.median(widths)) if len(widths) else 0


def _moved(moved: SetMoved, language: str) -> None:
    import numpy as np

    for each in moved.analyses:
        zh, en = _KINDS[each.varied]
        total = each.replays.total[0]
        order = np.argsort(-np.nan_to_num(total, nan=-1.0), kind="stable")[:_MOST]
        named = "、" if language == "zh" else ", "
        most = named.join(
            f"{each.replays.factors[at].title.in_language(language)} {total[at]:.2f}"
            for at in order.tolist()
        )
        level = _level(moved.level, language)
        common.said(
            f"{level}，变动{zh}：重算 {each.count:,} 次，名次平均变动 {each.shift:.2f}；"
            f"影响最大（总指数）：{most}",
            f"{level}, {en} varied: {each.count:,} replays, ranks move by {each.shift:.2f};"
            f" most by (total index): {most}",
        )
