"""How an edition is put together out of its files: one set for several levels, equal weights, and
one edition laid over another. Works on what the files hold, before it is an `Edition`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zhiheng.indexes.model import LEVELS

Raw = dict[str, Any]
WHOLE = 100
_MERGED = ("sources", "reasons", "differences", "assumptions")


def of_each_level(parse: Callable[[str], Raw]) -> dict[str, Raw]:
    """Level → set, from one file that names several `levels`, each with its titles.

    `parse` reads the file for one level (its ids differ by level).
    """
    found: dict[str, Raw] = {}
    for level in LEVELS:
        raw = parse(level)
        titles = raw.pop("levels", {})
        if level in titles:
            found[level] = {**raw, "level": level, **titles[level]}
    return found


def share_equally(sets: dict[str, Raw]) -> None:
    """Give indicators an equal weight wherever none of those below one parent has any."""
    for one in sets.values():
        _share(one.get("parts", []))


def _share(parts: list[Raw]) -> None:
    unweighted = all("weight" not in part for part in parts)
    for part in parts:
        if unweighted:
            part["weight"] = WHOLE / len(parts)
        _share(part.get("parts", []))


def laid_over(base: Raw, own: Raw) -> Raw:
    """`base` with what `own` adds or replaces: entry by entry in the lists of sources, reasons,
    differences and assumptions, key by key in the sets."""
    merged = {**base, **own}
    for name in _MERGED:
        merged[name] = {**base.get(name, {}), **own.get(name, {})}
    sets = {**base["sets"], **own["sets"]}
    merged["sets"] = {
        level: {**base["sets"].get(level, {}), **own["sets"].get(level, {})} for level in sets
    }
    return merged
