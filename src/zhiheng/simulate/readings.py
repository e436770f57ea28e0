"""Made-up answers to the questions of a file review, with the truth known for every file.

Courts differ (a beta law between courts, moved partly by a level of the court's own, partly by the
item), and files differ: one latent normal number a file moves all its items, so that what is wrong
comes together (a one-factor Gaussian copula). Every answer is a hash of the seed, the court, the
file and the item: a file has the same truth in whatever frame or draw it stands.

The figures below are assumptions: nothing published tells them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtr, ndtri

from zhiheng.indexes.model import Edition, Indicator, Level

Codes = NDArray[np.int8]
Floats = NDArray[np.float64]

NO, YES, NOT_APPLICABLE = 0, 1, 2
"""What is found in a file."""
RIGHT = (0.75, 0.95)
"""Between these lies the share of files in order, over all courts, of an item."""
APPLIES = (0.6, 1.0)
"""Between these lies the share of files that an item applies to."""
SPREAD = 0.08
"""Standard deviation between courts of the share in order."""
OF_COURT = 0.5
"""The part of that variance that is the court's own level, the same for all its items."""
OF_FILE = 0.3
"""The correlation between two items of a file, on the latent scale."""


def file_items(edition: Edition, level: str, more: Collection[str] = ()) -> tuple[str, ...]:
    """The leaves of a court level that the edition has found by reading files, each a share; and
    those of `more`."""
    known: dict[str, Level] = {one: one for one in edition.sets}
    if level not in known:
        return ()
    leaves = (node.indicator for node in edition.sets[known[level]].leaves())
    return tuple(leaf.id for leaf in leaves if leaf.id in more or _is_read(leaf))


def _is_read(leaf: Indicator) -> bool:
    return leaf.source == "file_review" and leaf.answer_kind == "ratio"


def may_be_read(edition: Edition, item: str) -> bool:
    """Whether a share of files can score the item, a leaf of the edition."""
    leaf = edition.leaf(item)
    return leaf is not None and leaf.answerable and leaf.answer_kind == "ratio"


def true_answers(
    files: Sequence[str], courts: Sequence[str], items: Sequence[str], seed: int
) -> Codes:
    """What is true of every file of those courts: codes, shape (files, items)."""
    right = _right(sorted(set(courts)), items, seed)
    share = right[np.searchsorted(sorted(set(courts)), courts)]
    of_file = ndtri(_chances(seed, (("file", file) for file in files)))[:, :1]
    own = _chances(seed, (("answer", file, item) for file in files for item in items))
    applies, moved = own[:, 0].reshape(share.shape), ndtri(own[:, 1]).reshape(share.shape)
    latent = np.sqrt(OF_FILE) * of_file + np.sqrt(1 - OF_FILE) * moved
    found = np.where(latent < ndtri(share), YES, NO)
    return np.where(applies < _applying(items, seed), found, NOT_APPLICABLE).astype(np.int8)


def misread(
    answers: Codes, files: Sequence[str], items: Sequence[str], reader: Sequence[str],
    error: float, seed: int,
) -> Codes:  # fmt: skip
    """What a reader of each file takes down: yes for no and no for yes with the chance `error`,
    each reader and item by itself. What does not apply is always seen."""
    names = (
        ("read", file, item, one) for file, one in zip(files, reader, strict=True) for item in items
    )
    slips = _chances(seed, names)[:, 0].reshape(answers.shape) < error
    return np.where(slips & (answers != NOT_APPLICABLE), 1 - answers, answers).astype(np.int8)


def _right(courts: Sequence[str], items: Sequence[str], seed: int) -> Floats:
    """The chance that a file is in order, shape (courts, items)."""
    of_court = ndtri(_chances(seed, (("court", court) for court in courts)))[:, :1]
    names = (("court", court, item) for court in courts for item in items)
    own = ndtri(_chances(seed, names)[:, 0]).reshape(len(courts), len(items))
    place = ndtr(np.sqrt(OF_COURT) * of_court + np.sqrt(1 - OF_COURT) * own)
    mean = _between(RIGHT, _chances(seed, (("item", item) for item in items))[:, 0])
    size = mean * (1 - mean) / SPREAD**2 - 1
    return np.asarray(betaincinv(mean * size, (1 - mean) * size, place))


def _applying(items: Sequence[str], seed: int) -> Floats:
    return _between(APPLIES, _chances(seed, (("item", item) for item in items))[:, 1])


def _between(ends: tuple[float, float], chance: Floats) -> Floats:
    return ends[0] + (ends[1] - ends[0]) * chance


def _chances(seed: int, names: Iterable[tuple[str, ...]]) -> Floats:
    """Four numbers between 0 and 1 for every name: SHA-256 in four parts, of 52 bits each."""
    digests = (hashlib.sha256("|".join((str(seed), *name)).encode()).digest() for name in names)
    parts = np.frombuffer(b"".join(digests), ">u8").reshape(-1, 4).astype(np.uint64)
    return np.asarray((parts >> np.uint64(12)) + 0.5) * 2.0**-52
