"""How many files of each stratum: whole numbers that add up, within what a stratum has.

The wanted parts are proportional to a weight: the stratum's files (proportional), its files times
their standard deviation (Neyman 1934; Cochran 1977, 5.5), or 1 (equal). Where a part exceeds the
stratum it stops there, and the rest goes to the others in the same proportion; a minimum works the
same way. What is left of rounding goes to the largest remainders (Hamilton).
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from zhiheng.errors import Message, WrongUse

KINDS = ("proportional", "neyman", "equal")


def allocated(
    n: int,
    sizes: Sequence[int],
    kind: str = "proportional",
    deviations: Sequence[float] | None = None,
    minimum: int = 0,
) -> list[int]:
    """n files over strata of these sizes, by one of `KINDS`.

    deviations: of every stratum, for `neyman` only. minimum: of every stratum, never more than it
    has. Raises WrongUse where n is more than there is or less than the minimum asks for.
    """
    low = [min(minimum, size) for size in sizes]
    if not sum(low) <= n <= sum(sizes):
        raise _cannot(n, sum(low), sum(sizes))
    return spread(n, low, sizes, _weights(kind, sizes, deviations))


def _weights(kind: str, sizes: Sequence[int], deviations: Sequence[float] | None) -> list[Fraction]:
    if kind == "equal":
        return [Fraction(1)] * len(sizes)
    if kind == "neyman" and deviations is not None:
        return [size * Fraction(one) for size, one in zip(sizes, deviations, strict=True)]
    return [Fraction(size) for size in sizes]


def spread(
    n: int, low: Sequence[int], high: Sequence[int], weights: Sequence[Fraction]
) -> list[int]:
    """n in whole parts proportional to the weights, each within its bounds; ties go to the first.

    A part without weight has its lower bound, and more only when all others are full.
    """
    found = list(low)
    left = n - sum(low)
    for heavy in (True, False):
        among = [h for h, weight in enumerate(weights) if (weight > 0) == heavy]
        room = sum(high[h] - low[h] for h in among)
        part = min(left, room)
        wanted = _filled(
            part + sum(low[h] for h in among),
            [low[h] for h in among],
            [high[h] for h in among],
            [weights[h] if heavy else Fraction(max(high[h], 1)) for h in among],
        )
        for h, value in zip(among, _rounded(wanted), strict=True):
            found[h] = value
        left -= part
    return found


def _filled(
    n: int, low: Sequence[int], high: Sequence[int], weights: Sequence[Fraction]
) -> list[Fraction]:
    """The level at which parts `level · weight`, cut at their bounds, add up to n; the parts."""

    def parts(level: Fraction) -> list[Fraction]:
        return [
            min(max(level * weight, Fraction(least)), Fraction(most))
            for least, most, weight in zip(low, high, weights, strict=True)
        ]

    bends = sorted(
        {
            Fraction(bound) / weight
            for bounds in (low, high)
            for bound, weight in zip(bounds, weights, strict=True)
        }
    )
    # Between two bends the sum is a straight line: find the piece, then the place on it.
    first, last = 0, len(bends) - 1
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if sum(parts(bends[middle])) <= n else (first, middle)
    if last < 1:
        return parts(bends[0]) if bends else []
    below, above = sum(parts(bends[first])), sum(parts(bends[last]))
    share = Fraction(n - below) / (above - below) if above != below else Fraction(0)
    return parts(bends[first] + share * (bends[last] - bends[first]))


def _rounded(wanted: Sequence[Fraction]) -> list[int]:
    found = [int(part) for part in wanted]
    rest = int(sum(wanted)) - sum(found)
    by_rest = sorted(range(len(wanted)), key=lambda h: (found[h] - wanted[h], h))
    for h in by_rest[:rest]:
        found[h] += 1
    return found


def _cannot(n: int, least: int, most: int) -> WrongUse:
    return WrongUse(
        Message(
            f"抽 {n} 份办不到：最少 {least}，最多 {most}。",
            f"{n} files cannot be drawn: {least} at least, {most} at most.",
        ),
        Message("请改 --n 或 --minimum。", "Change --n or --minimum."),
        "--n",
    )
