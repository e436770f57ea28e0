"""What is wrong with a draw or a design, said in both languages."""

from __future__ import annotations

from zhiheng.errors import BadInput, Message, WrongUse


def lonely_stratum(name: str, stage: int) -> BadInput:
    """One unit was drawn out of several: nothing in the sample tells how they vary."""
    return BadInput(
        Message(
            f"第{stage}阶段：层“{name}”只抽了一个单位，无从估计层内方差。",
            f"Stage {stage}: of stratum {name!r} one unit was drawn; how units vary within"
            " it cannot be estimated.",
        ),
        Message(
            "抽样时每层至少抽两个；或合并层；或选用 --lonely certainty|adjust|average。",
            "Draw two at least of each stratum, merge strata, or choose"
            " --lonely certainty|adjust|average.",
        ),
    )


def population_too_small(name: str, drawn: int, population: float) -> BadInput:
    """More units in the sample than the population is said to have."""
    return BadInput(
        Message(
            f"层“{name}”总体为 {population:g}，样本却有 {drawn}。",
            f"Stratum {name!r} is said to have {population:g} units; {drawn} are in the sample.",
        ),
        Message("请核对抽样框中的总数。", "Check the population size against the frame."),
    )


def population_varies(name: str) -> BadInput:
    """Two rows of one stratum name different population sizes."""
    return BadInput(
        Message(f"层“{name}”的总体数目前后不一。", f"The population of {name!r} varies by row."),
        Message(
            "同一层的各行应写同一总数。", "Write one population size in all rows of a stratum."
        ),
    )


def bad_weights() -> BadInput:
    """A weight that is missing, negative or infinite."""
    return BadInput(
        Message("权重须为有限的非负数。", "Weights must be finite and not negative."),
        Message("请核对样本表的权重一栏。", "Check the column of weights."),
    )


def nothing_drawn() -> BadInput:
    """A design without a single file."""
    return BadInput(
        Message("样本是空的。", "There is no file in the sample."),
        Message("请先抽样，或核对样本表。", "Draw a sample first, or check the table."),
    )


def empty_cell(name: str) -> BadInput:
    """A post-stratum with files in the population and none in the sample."""
    return BadInput(
        Message(
            f"事后分层“{name}”在样本中没有文件。", f"No file of post-stratum {name!r} is drawn."
        ),
        Message("请合并事后分层。", "Merge post-strata."),
    )


def unknown_choice(what: str, word: str, known: tuple[str, ...], option: str) -> WrongUse:
    """A word where one of a few was expected."""
    return WrongUse(
        Message(f"没有“{word}”这种{what}。", f"There is no {word!r} to choose."),
        Message(f"可用：{'、'.join(known)}。", f"There are: {', '.join(known)}."),
        option,
    )
