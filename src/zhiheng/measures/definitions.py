"""What each figure is called, where it stands, and what its definition fixes; from data."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from zhiheng.law.model import Citation
from zhiheng.parsed import parse


class Definition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One figure: a share, or a mean number of `days` (`unit`). `years` is set where it looks back
    over several years, `nodes` where it counts cases that passed one of certain nodes."""

    zh: str
    en: str
    cite: Citation
    row: str = ""
    years: int | None = None
    unit: Literal["share", "days"] = "share"
    nodes: tuple[str, ...] = ()


@cache
def definitions() -> dict[str, Definition]:
    """Every figure by id."""
    file = resources.files("zhiheng.measures").joinpath("data", "figures.yaml")
    raw = parse(file.read_text(encoding="utf-8"))
    return msgspec.convert(raw, dict[str, Definition])
