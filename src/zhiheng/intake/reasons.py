"""Why rows go to quarantine: the catalogue of reasons, in both languages."""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import yaml


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence in both languages."""

    zh: str
    en: str


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a row is not good, and what the user can do."""

    reason: Text
    remedy: Text


@cache
def reasons() -> dict[str, Reason]:
    """Every reason by its stable id."""
    text = resources.files("zhiheng.intake").joinpath("data", "reasons.yaml").read_text("utf-8")
    return msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), dict[str, Reason])
