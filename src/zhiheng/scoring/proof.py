"""What a result rests on, by digest: two results of the same proof are the same bytes.

Printed with every check and evaluation, so that who has the store, the edition and the program can
compute the figures again and know that nothing else went into them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import metadata

import msgspec

from zhiheng import __version__
from zhiheng.indexes.answers import Answers
from zhiheng.indexes.model import Edition
from zhiheng.law.model import Law
from zhiheng.store.lake import Store
from zhiheng.store.program import digest_of_files

_LAW = ("law/data", "calendar/data")
"""The duties and what days are counted by."""

_LIBRARIES = ("duckdb", "numpy", "pyarrow")
"""What computes; another version may round or write otherwise."""


@dataclass(frozen=True)
class Proof:
    """Digests (sha256, hex) of everything a result was computed from; "" where there was none.

    `store`: the records in force. `law`: the duties and the calendar. `edition`: the index system,
    whatever its assumptions are set to. `assumptions`: the settings in force. `answers`: the answer
    sheet. `readings`: a draw of files with what was read in them. `code`: the program's own files,
    with their data. `version` and `libraries` are names of versions, for people.
    """

    store: str
    law: str
    edition: str
    assumptions: str
    answers: str
    readings: str
    code: str
    version: str
    libraries: str


def prove(
    store: Store,
    law: Law,
    edition: Edition | None = None,
    answers: Answers | None = None,
    readings: str = "",
) -> Proof:
    """The proof of a result; `law` and `edition` with the assumptions it was computed under."""
    return Proof(
        store=store.digest,
        law=digest_of_files(*_LAW),
        edition=_edition(edition) if edition else "",
        assumptions=_assumptions(law, edition),
        answers=answers.digest if answers is not None else "",
        readings=readings,
        code=digest_of_files(),
        version=__version__,
        libraries=", ".join(f"{name} {metadata.version(name)}" for name in _LIBRARIES),
    )


def _edition(edition: Edition) -> str:
    plain = msgspec.to_builtins(edition)
    for assumption in plain["assumptions"].values():
        del assumption["value"]
    return _sha256([msgspec.json.encode(plain, order="deterministic")])


def _assumptions(law: Law, edition: Edition | None) -> str:
    every = {**law.assumptions, **(edition.assumptions if edition else {})}
    also = edition.also_required if edition else {}
    lines = [f"{name}={one.value}\n" for name, one in sorted(every.items())]
    lines += [f"{name}+{','.join(duties)}\n" for name, duties in sorted(also.items())]
    return _sha256(line.encode() for line in lines)


def _sha256(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()
