"""Exact chances in whole numbers: no rounding decides whether luck can be ruled out."""

from __future__ import annotations

from fractions import Fraction
from math import comb


def binomial_tail(at_least: int, n: int, chance: Fraction) -> Fraction:
    """The chance of `at_least` or more successes in n trials."""
    hit, miss, whole = chance.numerator, chance.denominator - chance.numerator, chance.denominator
    ways = sum(comb(n, k) * hit**k * miss ** (n - k) for k in range(at_least, n + 1))
    return Fraction(ways, whole**n)


def hypergeometric_tail(at_least: int, marked: int, drawn: int, n: int) -> Fraction:
    """The chance that, of n things `marked` of which are marked, `drawn` at random hold
    `at_least` marked ones or more."""
    most = min(marked, drawn)
    ways = sum(comb(marked, k) * comb(n - marked, drawn - k) for k in range(at_least, most + 1))
    return Fraction(ways, comb(n, drawn))


def fewest_beyond_luck(chance: Fraction, error: Fraction) -> int:
    """The smallest n for which n successes in n trials have a chance of at most `error`."""
    n, likely = 0, Fraction(1)
    while likely > error:
        n, likely = n + 1, likely * chance
    return n
