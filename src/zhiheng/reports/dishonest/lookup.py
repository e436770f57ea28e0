"""Bidders looked up in the store's dishonest list by pseudonym; their numbers go nowhere else."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from pathlib import Path

from zhiheng.errors import BadInput, Message
from zhiheng.intake.encodings import examine
from zhiheng.intake.privacy import IDENTITY_INSIDE, MASKED, pseudonym_of
from zhiheng.listings.bidders import Bid, bids
from zhiheng.listings.model import bidding
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store

HEADERS = {
    "bid": ("bid", "投标", "标", "联合体"),
    "role": ("role", "角色"),
    "number": ("number", "证件号码", "统一社会信用代码", "身份证号码"),
}
"""Column → the headers it may bear."""

_NUMBER = re.compile(rf"{IDENTITY_INSIDE}|[0-9A-HJ-NP-RTUW-Y]{{18}}|[0-9]{{15}}")


def read_bidders(path: Path) -> list[dict[str, str]]:
    """The rows of a list of bidders (CSV, UTF-8 or GB18030): bid, role, number.

    Raises BadInput where it cannot be read, has no column of numbers or names an unknown role.
    """
    if not path.is_file():
        raise BadInput(
            Message("没有这个文件。", "There is no such file."),
            Message("请核对文件名。", "Check the name of the file."),
            str(path),
        )
    encoding = examine(path, str(path)).encoding
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.DictReader(line.lstrip("\ufeff") for line in stream)
        named = {name: _column(name, reader.fieldnames or ()) for name in HEADERS}
        if named["number"] is None:
            raise _bad(path, "没有证件号码一列。", "There is no column of numbers.")
        return [_row(path, row, named) for row in reader]


def _column(name: str, headers: object) -> str | None:
    assert isinstance(headers, list | tuple)
    return next((head for head in headers if head.strip() in HEADERS[name]), None)


def _row(path: Path, row: Mapping[str, str | None], named: dict[str, str | None]) -> dict[str, str]:
    found = {name: (row.get(head or "") or "").strip() for name, head in named.items()}
    spelled = {role.zh: name for name, role in bidding().roles.items()}
    found["role"] = spelled.get(found["role"], found["role"])
    if found["role"] and found["role"] not in bidding().roles:
        raise _bad(path, "有不认识的角色。", "There is a role that is not known.")
    # A bid named after somebody's number would print it.
    return {**found, "bid": _NUMBER.sub(MASKED, found["bid"])}


def _bad(path: Path, zh: str, en: str) -> BadInput:
    roles = "、".join(role.zh for role in bidding().roles.values())
    return BadInput(
        Message(zh, en),
        Message(
            f"列名：投标、角色、证件号码；角色：{roles}。",
            f"Columns: bid, role, number; roles: {', '.join(bidding().roles)}.",
        ),
        str(path),
    )


def look_up(store: Store, rows: list[dict[str, str]], day: int) -> list[Bid]:
    """Every bid with whether it counts as listed on a day, as far as this store knows."""
    secret = store.secret
    listed = listed_persons(store, day)
    found: dict[int, bool | None] = {}
    for number, row in enumerate(rows, start=1):
        person = pseudonym_of(row["number"], secret)
        found[number] = person in listed if person else None
    return bids(rows, found)


def listed_persons(store: Store, day: int) -> frozenset[str]:
    """The pseudonyms of everybody whose entry is in force on a day."""
    con = connect()
    listings, parties = store.relation(con, "listings"), store.relation(con, "parties")
    later = day + 1
    standing = listings.filter(
        (listings["kind"] == "dishonest")
        & (listings["listed"] <= day)
        & (listings["lifted"].fill_null(later) > day)
        & (listings["withdrawn"].fill_null(later) > day)
    )
    joined = standing.select("party").inner_join(parties.select("party", "person"), "party")
    persons = con.to_pyarrow(joined.select("person").distinct())["person"].to_pylist()
    return frozenset(person for person in persons if person)
