"""Which table a name names, and which column a header names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from zhiheng.intake.problems import missing_columns, twice_the_column, wrong_unit
from zhiheng.intake.profile import Profile
from zhiheng.records.catalogue import tables

_SEPARATED = re.compile(r"[-_.（( 　\d]")
"""What may follow a table's name in a file's name: `cases-2017`, `案件（新城）`."""


_UNIT = re.compile(r"(?P<name>.+?)\s*[（(\[【](?P<unit>[^（(]*)[）)\]】]")
_YUAN = ("元", "人民币元", "单位：元", "单位:元", "yuan", "rmb", "cny")


def plain(text: str) -> str:
    """A header or name as it is compared: no BOM or outer blanks, Latin letters in lower case."""
    return text.strip("\ufeff \t\r\n　\u00a0").lower()


@cache
def _table_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for identifier, table in tables().items():
        names.update(dict.fromkeys(map(plain, (identifier, table.zh, table.en)), identifier))
    return names


def table_labels() -> list[str]:
    """Every table as `identifier 中文`, for messages."""
    return [f"{identifier} {table.zh}" for identifier, table in tables().items()]


def table_of(name: str, profile: Profile) -> str | None:
    """The table a file stem or sheet name names, None when it names none."""
    wanted = plain(name)
    given = {plain(n): table for table, p in profile.tables.items() for n in p.names}
    known = {**_table_names(), **given}
    if wanted in known:
        return known[wanted]
    starts = [n for n in known if wanted.startswith(n) and _SEPARATED.match(wanted[len(n)])]
    return known[max(starts, key=len)] if starts else None


def spellings(table: str, column: str) -> tuple[str, ...]:
    """The accepted headers of a column."""
    entry = tables()[table].columns[column]
    return (column, entry.zh, entry.en)


def match_columns(
    table: str, headers: Sequence[str], place: str, profile: Profile
) -> Mapping[str, int]:
    """Canonical column → index of its header.

    Raises BadInput for a column named twice and for a required column that nothing names.
    """
    said = profile.of(table)
    known = {
        plain(name): column
        for column in tables()[table].columns
        for name in spellings(table, column)
    }
    known.update({plain(header): column for column, header in said.columns.items()})
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        column = known.get(plain(header)) or _without_unit(table, header, known, place)
        if column in found:
            raise twice_the_column(place, column, (headers[found[column]], header))
        if column is not None:
            found[column] = index
    _require(table, {*found, *said.constants}, place, profile)
    return found


def _without_unit(table: str, header: str, known: Mapping[str, str], place: str) -> str | None:
    """The amount column of a header like 金额（元）; 金额（万元） is refused, not converted."""
    named = _UNIT.fullmatch(plain(header))
    column = known.get(named["name"]) if named else None
    if named is None or column is None or tables()[table].columns[column].kind != "amount":
        return None
    if named["unit"] not in _YUAN:
        raise wrong_unit(place, header)
    return column


def _require(table: str, present: set[str], place: str, profile: Profile) -> None:
    mapped = profile.of(table).columns
    lacking = {
        name: (*spellings(table, name), *((mapped[name],) if name in mapped else ()))
        for name, column in tables()[table].columns.items()
        if column.required and name not in present
    }
    if lacking:
        raise missing_columns(place, table, lacking)
