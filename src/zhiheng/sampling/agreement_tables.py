"""Agreement as tables: one row an item, one row a reviewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from zhiheng.sampling.agreement import Coefficient
from zhiheng.sampling.agreement_report import NOTES, ItemAgreement, ReviewerAgreement
from zhiheng.sampling.ratings_rows import csv_text

COEFFICIENTS = ("percent", "kappa", "fleiss", "ac", "brennan_prediger", "alpha")
ITEM_COLUMNS = (
    "item", "files", "readers", "scale", "weights",
    *(f"{name}{part}" for name in COEFFICIENTS for part in ("", "_se", "_low", "_high")),
    "percent_exact_low", "kappa_max", "prevalence_index", "bias_index", "spread",
    "reviewer_variance", "reviewer_rho", "reviewer_inflation", "reviewer_added_variance", "notes",
)  # fmt: skip
REVIEWER_COLUMNS = ("reviewer", "files", "pairs", "agreeing", "percent", "kappa", "ac1")


def items_csv(found: Iterable[ItemAgreement]) -> str:
    """One row an item, numbers in full; an undefined number is an empty cell."""
    return csv_text(ITEM_COLUMNS, map(_item, found))


def reviewers_csv(found: Iterable[ReviewerAgreement]) -> str:
    """One row a reviewer."""
    return csv_text(REVIEWER_COLUMNS, map(_reviewer, found))


def _item(one: ItemAgreement) -> Sequence[object]:
    numbers = (part for name in COEFFICIENTS for part in _parts(getattr(one, name)))
    spread = "; ".join(f"{category}={share!r}" for category, share in one.spread)
    effect = one.effect
    return (
        one.item, one.files, one.readers, one.scale, one.weighting, *numbers,
        one.exact_low, one.pair.most, one.pair.prevalence, one.pair.bias, spread,
        *((effect.between, effect.rho, effect.inflation, effect.added) if effect else (None,) * 4),
        " ".join(one.notes),
    )  # fmt: skip


def _parts(one: Coefficient) -> tuple[float | None, ...]:
    return one.value, one.error, one.low, one.high


def _reviewer(one: ReviewerAgreement) -> Sequence[object]:
    return one.reviewer, one.files, one.pairs, one.agreeing, one.percent, one.kappa, one.ac


def notes_in_words(notes: Iterable[str], language: str) -> str:
    """What the notes of an item mean."""
    said = [NOTES[note][0 if language == "zh" else 1] for note in notes]
    return ("；" if language == "zh" else "; ").join(said)
