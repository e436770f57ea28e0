"""Addresses within the report: safe on every file system, and one address for one thing."""

from __future__ import annotations

import hashlib

_KEPT = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-.")
_LONGEST = 100


def slug(text: str) -> str:
    """`text` as a file name in ASCII: different texts give different names, also where capitals
    do not count."""
    name = "".join(c if c in _KEPT else f"_{ord(c):x}_" for c in text)
    if name.startswith("."):
        name = f"_2e_{name[1:]}"
    if len(name) > _LONGEST:
        digest = hashlib.sha256(text.encode()).hexdigest()
        name = f"{name[:_LONGEST]}__{digest[:16]}"
    return name or "__"


def court_page(court: str) -> str:
    """The page of a court, from the report's root."""
    return f"courts/{slug(court)}/index.html"


def leaf_page(court: str, leaf: str) -> str:
    """The page of a court's leaf with the findings behind it, from the report's root."""
    return f"courts/{slug(court)}/{slug(leaf)}.html"


def other_page(court: str) -> str:
    """The page of a court's findings that no leaf counts, from the report's root."""
    return f"courts/{slug(court)}/other.html"
