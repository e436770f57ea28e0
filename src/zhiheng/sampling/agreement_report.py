"""Agreement item by item and reviewer by reviewer, from the files read twice or more.

Files read once say nothing about agreement. They are left out, not counted as unread by a second
reviewer: whether a file is read twice was decided by lot beforehand, and to count that as chance
would widen every interval for nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from zhiheng.sampling import agreement as ag
from zhiheng.sampling.agreement_alpha import DRAWS, alpha
from zhiheng.sampling.agreement_effect import Effect, of_double_readings
from zhiheng.sampling.agreement_paradox import Pair, is_paradox, pair_of
from zhiheng.sampling.agreement_weights import Scale, Weighting, weights
from zhiheng.sampling.ratings import NOT_APPLICABLE, Item

NOTHING = ag.Coefficient(None)


@dataclass(frozen=True)
class ItemAgreement:
    """Agreement on one item; coefficients without value where undefined.

    `files` were read twice or more. `scale` and `weighting` are what was used: an item whose
    categories are not all numbers is nominal and unweighted whatever was asked. `ac` is AC1, or
    AC2 where weighted; `kappa` is Conger's, which is Cohen's where the same two read every file.
    `exact_low` is the lower end of the exact interval for the share of files on which all agree.
    `spread` is the share of each category among the answers. `notes`: see NOTES.
    """

    item: str
    files: int
    readers: int
    scale: Scale
    weighting: Weighting
    exact_low: float | None
    percent: ag.Coefficient
    kappa: ag.Coefficient
    fleiss: ag.Coefficient
    ac: ag.Coefficient
    brennan_prediger: ag.Coefficient
    alpha: ag.Coefficient
    pair: Pair
    spread: tuple[tuple[str, float], ...]
    effect: Effect | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class ReviewerAgreement:
    """One reviewer against everybody who read the same files, over all items.

    `pairs` counts answers held against another's (file, item, other reviewer). There are no errors:
    answers of one file hang together and items differ.
    """

    reviewer: str
    files: int
    pairs: int
    agreeing: int
    percent: float | None
    kappa: float | None
    ac: float | None


NOTES = {
    "not_read_twice": (
        "没有案卷由两人评查，无从比较",
        "no file was read twice: nothing to compare",
    ),
    "one_category": (
        "所有回答相同，kappa 无定义（不是 1，也不是 0）",
        "every answer is the same: kappa is undefined (neither 1 nor 0)",
    ),
    "paradox": (
        "一致率高而 kappa 低：回答集中于一类所致，见 AC1 与最大 kappa",
        "agreement is high and kappa low, as nearly all answers lie in one category: "
        "see AC1 and the highest kappa possible",
    ),
    "all_agree": (
        "全部一致，标准误为 0；样本之外未必如此，见 percent_exact_low",
        "all agree, so the error is 0; beyond these files that need not hold: "
        "see percent_exact_low",
    ),
    "few": ("双评案卷不足 10 件，区间不可靠", "fewer than 10 files read twice: poor interval"),
    "not_a_scale": (
        "回答不全是数，按名义尺度计算",
        "not all answers are numbers: taken as nominal",
    ),
}
"""Note → in Chinese, in English."""
_FEW = 10


def of_items(
    items: Iterable[Item], scale: Scale, weighting: Weighting, seed: int, draws: int = DRAWS
) -> list[ItemAgreement]:
    """The agreement on every item."""
    return [of_item(item, scale, weighting, seed, draws) for item in items]


def of_item(
    item: Item, scale: Scale, weighting: Weighting, seed: int, draws: int = DRAWS
) -> ItemAgreement:
    """The agreement on one item."""
    asked = (scale, weighting)
    if not item.numeric or (scale == "ratio" and item.values.min(initial=0) < 0):
        scale, weighting = "nominal", "identity"
    codes = item.double
    if not len(codes):
        return ItemAgreement(
            item.name, 0, 0, scale, weighting, None, *(NOTHING,) * 6,
            Pair(None, None, None), (), None, ("not_read_twice",),
        )  # fmt: skip
    notes = ("not_a_scale",) if (scale, weighting) != asked else ()
    table = ag.table_of(codes, weights(weighting, item.values))
    percent, kappa = ag.percent(table), ag.conger(table)
    totals = table.counts.sum(axis=0)
    return ItemAgreement(
        item.name,
        len(codes),
        int((codes != ag.MISSING).any(axis=0).sum()),
        scale,
        weighting,
        ag.exact_low(int((table.counts > 0).sum(axis=1).tolist().count(1)), len(codes)),
        percent,
        kappa,
        ag.fleiss(table),
        ag.gwet(table),
        ag.brennan_prediger(table),
        alpha(codes, item.values, scale, seed, draws),
        pair_of(table),
        tuple(zip(item.categories, (totals / totals.sum()).tolist(), strict=True)),
        effect_of(item),
        (*notes, *_notes(table, percent, kappa)),
    )


def _notes(table: ag.Table, percent: ag.Coefficient, kappa: ag.Coefficient) -> Iterable[str]:
    if (table.counts.sum(axis=0) > 0).sum() == 1:
        yield "one_category"
    elif percent.observed == 1:
        yield "all_agree"
    if is_paradox(percent.value, kappa.value):
        yield "paradox"
    if len(table.given) < _FEW:
        yield "few"


def effect_of(item: Item) -> Effect | None:
    """What the reviewers add to the variance of the item's mean; None unless the item's answers
    that apply are numbers with two files read twice and some variance."""
    values = np.array(
        [np.nan if one == NOT_APPLICABLE else _number(one) for one in item.categories]
    )
    if np.isnan(values[[one != NOT_APPLICABLE for one in item.categories]]).any():
        return None
    answers = np.where(item.codes == ag.MISSING, np.nan, np.append(values, np.nan)[item.codes])
    given = ~np.isnan(answers)
    readers = given.sum(axis=1)
    pairs = np.array([np.flatnonzero(row)[:2] for row in given[readers >= 2]]).reshape(-1, 2)
    if len(pairs) < 2:
        return None
    one, other = pairs.T
    rows = np.flatnonzero(readers >= 2)
    # A file counts once in the item's mean, whoever read it: its readers share it.
    loads = (given[readers > 0] / readers[readers > 0, None]).sum(axis=0)
    variance = float(answers[given].var(ddof=1))
    return of_double_readings(
        answers[rows, one], answers[rows, other], (one, other), loads, variance
    )


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def of_reviewers(items: Sequence[Item]) -> list[ReviewerAgreement]:
    """Every reviewer who shares a file with another, by name."""
    held: dict[str, list[tuple[str, str, str]]] = {}
    for item in items:
        for file, row in zip(item.files, item.codes, strict=True):
            for one, other in combinations(np.flatnonzero(row != ag.MISSING), 2):
                answers = item.categories[row[one]], item.categories[row[other]]
                held.setdefault(item.reviewers[one], []).append((file, *answers))
                held.setdefault(item.reviewers[other], []).append((file, *answers[::-1]))
    return [_reviewer(name, held[name]) for name in sorted(held)]


def _reviewer(name: str, held: list[tuple[str, str, str]]) -> ReviewerAgreement:
    categories = sorted({answer for _, *both in held for answer in both})
    place = {answer: at for at, answer in enumerate(categories)}
    codes = np.array([[place[own], place[other]] for _, own, other in held])
    table = ag.table_of(codes, np.eye(len(categories)))
    agreeing = int((codes[:, 0] == codes[:, 1]).sum())
    return ReviewerAgreement(
        name,
        len({file for file, *_ in held}),
        len(held),
        agreeing,
        agreeing / len(held),
        ag.conger(table).value,
        ag.gwet(table).value,
    )
