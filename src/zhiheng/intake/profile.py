"""Profiles: how a court system's own export maps to the canonical tables, as a YAML file."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import yaml

from zhiheng.intake.problems import bad_profile
from zhiheng.records.catalogue import Column, code_spellings, node_spellings, tables


class TableProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One table: names of its files or sheets, its columns, values and constants.

    `columns`: canonical column → header in the export. `values`: canonical column → value in the
    export → canonical spelling. `constants`: canonical column → the value of every row.
    """

    names: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    constants: dict[str, str] = {}


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping of an export. `ignore` lists file stems and sheets that hold no table."""

    tables: dict[str, TableProfile] = {}
    ignore: tuple[str, ...] = ()
    digest: str = ""

    def of(self, table: str) -> TableProfile:
        """What the profile says of a table (nothing, for most)."""
        return self.tables.get(table, TableProfile())


def read_profile(path: Path | None) -> Profile:
    """The profile in a YAML file; the empty one for None. Raises BadInput."""
    if path is None:
        return Profile()
    content = path.read_bytes()
    try:
        profile = msgspec.convert(yaml.load(content, Loader=yaml.CSafeLoader) or {}, Profile)
    except (yaml.YAMLError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise bad_profile(path.name, str(error)) from error
    for name, table in profile.tables.items():
        _check(path.name, name, table)
    return msgspec.structs.replace(profile, digest=hashlib.sha256(content).hexdigest())


def _check(place: str, name: str, profile: TableProfile) -> None:
    if name not in tables():
        raise bad_profile(place, f"tables.{name}: {', '.join(tables())}")
    known = tables()[name].columns
    for section in ("columns", "values", "constants"):
        for column in getattr(profile, section):
            if column not in known:
                raise bad_profile(place, f"tables.{name}.{section}.{column}: {', '.join(known)}")
    for column, spelled in profile.values.items():
        _check_values(f"{place}: tables.{name}.values.{column}", known[column], spelled)


def _check_values(place: str, column: Column, spelled: dict[str, str]) -> None:
    if column.kind == "code":
        accepted = code_spellings(column.codes or "")
    elif column.kind == "node":
        accepted = node_spellings()
    else:
        return
    for value in spelled.values():
        if value not in accepted:
            raise bad_profile(place, f"{value}?")
