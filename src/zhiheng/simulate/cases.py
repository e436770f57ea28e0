"""The cases of a province: which court, which kind, filed when, numbered how."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiheng.calendar import from_day
from zhiheng.errors import Message, WrongUse
from zhiheng.simulate import calibration
from zhiheng.simulate.world import (
    Codes,
    Days,
    Floats,
    Ints,
    Mask,
    World,
    choose,
    one_in,
    within_group,
)

KINDS = tuple(calibration.shares("case_kinds"))
CLAIMS = tuple(calibration.shares("claim_kinds"))
BASES = tuple(calibration.shares("basis_kinds"))
CLASSES = tuple(calibration.shares("special_classes"))
CLOSINGS = tuple(
    dict.fromkeys(
        [
            *calibration.shares("closing_kinds"),
            *calibration.shares("preservation_closing_kinds"),
            *calibration.shares("review_closing_kinds"),
        ]
    )
)
UPPER_KINDS = ("reconsideration", "supervision", "coordination")
"""Kinds that only courts above the basic level hear."""
ENDED_OTHERWISE = ("terminated", "withdrawn", "refused", "dismissed")


@dataclass(frozen=True, eq=False)
class Filed:
    """Cases as filed, by court and day. `key` is the identifier, `number` counts within court,
    kind and year; `amount` is in cents, -1 where no money is claimed; `claim`, `basis` and
    `special` are -1 where the kind of case has none."""

    court: Ints
    kind: Codes
    filed: Days
    year: Ints
    key: Ints
    number: Ints
    claim: Codes
    basis: Codes
    special: Codes
    amount: Ints

    def __len__(self) -> int:
        return len(self.court)

    def of_kind(self, *kinds: str) -> Mask:
        """Cases of these kinds."""
        return np.isin(self.kind, [KINDS.index(kind) for kind in kinds])

    @property
    def enforcing(self) -> Mask:
        """Cases that enforce: first or resumed."""
        return self.of_kind("first", "resumed")

    @property
    def money(self) -> Mask:
        """Cases that claim money."""
        return np.asarray(self.claim == CLAIMS.index("money"))


def filed_cases(world: World, n: int) -> Filed:
    """n cases, sorted by court and day of filing."""
    rng = world.rng("cases")
    kind = choose(rng, calibration.shares("case_kinds"), n)
    court = _courts(world, rng, kind)
    working = _working_days(world)
    filed = working[rng.integers(0, len(working), n)]
    order = np.lexsort((kind, filed, court))
    court, kind, filed = court[order], kind[order], filed[order]
    year = _years(filed)
    enforcing = np.isin(kind, [KINDS.index("first"), KINDS.index("resumed")])
    claim = np.where(enforcing, choose(rng, calibration.shares("claim_kinds"), n), -1)
    basis = np.where(enforcing, choose(rng, calibration.shares("basis_kinds"), n), -1)
    special = np.where(enforcing, choose(rng, calibration.shares("special_classes"), n), -1)
    amount = np.where(claim == CLAIMS.index("money"), _amounts(rng, n), -1)
    amount = np.where(kind == KINDS.index("preservation"), _amounts(rng, n), amount)
    return Filed(
        court,
        kind,
        filed,
        year,
        _keys(world, court, year),
        _numbers(court, kind, year),
        claim.astype(np.int8),
        basis.astype(np.int8),
        special.astype(np.int8),
        amount.astype(np.int64),
    )


def _courts(world: World, rng: np.random.Generator, kind: Codes) -> Ints:
    """A court for each case; only courts of the levels that hear its kind."""
    sigma = calibration.number("court_volume_sigma")
    size = np.exp(sigma * rng.standard_normal(len(world.courts)))
    size *= np.array([court.volume for court in world.courts])
    upper = np.isin(kind, [KINDS.index(name) for name in UPPER_KINDS])
    court = np.zeros(len(kind), np.int64)
    for rows, shares in ((~upper, "level_shares"), (upper, "upper_level_shares")):
        weights = _weights(world, size, calibration.shares(shares))
        court[rows] = _picked(rng, weights, int(rows.sum()))
    return court


def _weights(world: World, size: Floats, shares: dict[str, float]) -> Floats:
    """Each court's chance of a case, given the share of each level."""
    level = np.array([court.level for court in world.courts])
    weights = np.zeros(len(size))
    for name, share in shares.items():
        here = level == name
        if here.any():
            weights[here] = share * size[here] / size[here].sum()
    return weights if weights.any() else size


def _picked(rng: np.random.Generator, weights: Floats, n: int) -> Ints:
    steps = np.cumsum(weights)
    return np.searchsorted(steps / steps[-1], rng.random(n), side="right")


def _working_days(world: World) -> Days:
    days = np.arange(world.first, world.last + 1, dtype=np.int32)
    working = days[world.calendar.roll_forward(days) == days]
    if not len(working):
        raise WrongUse(
            Message("这段时间没有工作日。", "There is no working day in this span."),
            Message("请延长起止日期。", "Choose a longer span."),
            f"{from_day(world.first)}..{from_day(world.last)}",
        )
    return np.asarray(working, np.int32)


def _years(day: Days) -> Ints:
    years = day.astype("datetime64[D]").astype("datetime64[Y]")
    return np.asarray(years.astype(np.int64) + 1970)


def _amounts(rng: np.random.Generator, n: int) -> Ints:
    mean, sigma = calibration.number("amount_log_mean"), calibration.number("amount_log_sigma")
    yuan = np.clip(np.exp(mean + sigma * rng.standard_normal(n)), 200, 5e9)
    cents = np.round(yuan * 100).astype(np.int64)
    # Most claims are round sums.
    return np.where(one_in(rng, n, 0.6), cents // 10_000 * 10_000 + 10_000, cents)


def _keys(world: World, court: Ints, year: Ints) -> Ints:
    """Identifiers like 610102 18 0000001: court, year, running number over all kinds."""
    prefix = np.array([one.number for one in world.courts], np.int64)[court]
    running = within_group(court * 10_000 + year) + 1
    return (prefix * 100 + year % 100) * 10_000_000 + running


def _numbers(court: Ints, kind: Codes, year: Ints) -> Ints:
    """The number in the case number: by court, kind and year, in order of filing."""
    group = (court * 10_000 + year) * len(KINDS) + kind
    order = np.argsort(group, kind="stable")
    number = np.empty(len(group), np.int64)
    number[order] = within_group(group[order]) + 1
    return number
