"""The courts of a province: from the data that ships with the product, or from a user's file."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import msgspec
import yaml

from zhiheng.errors import BadInput, Message, WrongUse
from zhiheng.records.catalogue import code_spellings
from zhiheng.records.courts import is_court_code


@dataclass(frozen=True)
class Court:
    """One court. `number` is six digits that begin the identifiers of its cases; `volume` is how
    busy its city is against an average one."""

    code: str
    name: str
    level: str
    parent: str
    number: int
    volume: float = 1.0
    aliases: str = ""


class _City(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    courts: dict[str, str]
    volume: float = 1.0
    aliases: str = ""


class _High(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    code: str
    name: str
    aliases: str = ""


class _Province(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    aliases: tuple[str, ...]
    division: int
    high: _High
    cities: tuple[_City, ...]


def courts_of(province: str, file: Path | None = None) -> tuple[Court, ...]:
    """The courts of a province in order of their codes; from `file` where one is given.

    `file` is a CSV with the columns of the table of courts. Raises WrongUse for a province that
    does not ship with the product, BadInput for a file that cannot be used.
    """
    found = _from_file(file) if file else _of_province(_province(province))
    return tuple(sorted(found, key=lambda court: court.code))


def _province(wanted: str) -> _Province:
    folder = resources.files("zhiheng.simulate").joinpath("data", "provinces")
    files = sorted(folder.iterdir(), key=lambda file: file.name)
    texts = [yaml.load(file.read_text("utf-8"), Loader=yaml.CSafeLoader) for file in files]
    known = msgspec.convert(texts, list[_Province])
    for province in known:
        if wanted.strip().lower() in (province.name, *province.aliases):
            return province
    names = "、".join(province.name for province in known)
    raise WrongUse(
        Message(
            f"没有“{wanted}”的法院数据，现有：{names}。",
            f"There are no courts for “{wanted}”; there are: {names}.",
        ),
        Message(
            "请换用现有省份，或用 --courts 给出法院表。",
            "Use one of these, or hand in a table of courts with --courts.",
        ),
        "--province",
    )


def _of_province(province: _Province) -> list[Court]:
    base = province.division * 10_000
    high = province.high
    found = [Court(high.code, high.name, "high", "最高法", base, aliases=high.aliases)]
    for city in province.cities:
        number = base + int(city.code[-2:]) * 100
        found.append(
            Court(
                city.code, city.name, "intermediate", high.code, number, city.volume, city.aliases
            )
        )
        found += [
            Court(city.code + digits, name, "basic", city.code, number + int(digits), city.volume)
            for digits, name in city.courts.items()
        ]
    return found


def _from_file(file: Path) -> list[Court]:
    rows = _rows(file)
    spellings = code_spellings("court_level")
    found: dict[str, Court] = {}
    for line, row in enumerate(rows, start=2):
        place = f"{file.name}:{line}"
        code, name = (row.get("court") or "").strip(), (row.get("name") or "").strip()
        level = spellings.get((row.get("level") or "").strip())
        if not is_court_code(code) or not name or level is None or code in found:
            raise _bad(
                place,
                Message("法院代字、名称或层级有误，或代字重复", "wrong or repeated court"),
            )
        parent, aliases = (row.get("parent") or "").strip(), (row.get("aliases") or "").strip()
        found[code] = Court(code, name, level, parent, 990_000 + line, aliases=aliases)
    if not any(court.level == "basic" for court in found.values()):
        raise _bad(file.name, Message("没有基层法院", "there is no basic court"))
    return list(found.values())


def _rows(file: Path) -> list[dict[str, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _bad(file.name, Message("文件无法读取", "the file cannot be read")) from error


def _bad(place: str, what: Message) -> BadInput:
    return BadInput(
        Message(f"法院表不能使用：{what.zh}。", f"The table of courts cannot be used: {what.en}."),
        Message(
            "请用 UTF-8 编码的 CSV，列为 court、name、level、parent。",
            "Use CSV in UTF-8 with the columns court, name, level, parent.",
        ),
        place,
    )
