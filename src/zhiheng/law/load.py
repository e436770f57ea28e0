"""Load duties from YAML and refuse what could not be defended: a duty without a citation, an
unknown document, versions that overlap or leave a gap, a kind without what the kind needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec
import yaml

from zhiheng.errors import BadInput, Message
from zhiheng.law.model import Assumption, Document, Duty, Law, Version, members
from zhiheng.law.sound import version_faults
from zhiheng.parsed import parse


@cache
def load_law() -> Law:
    """The law the product ships with."""
    folder = resources.files("zhiheng.law").joinpath("data")
    documents = msgspec.convert(_read(folder / "documents.yaml"), dict[str, Document])
    assumptions = msgspec.convert(_read(folder / "assumptions.yaml"), dict[str, Assumption])
    files = sorted(folder.joinpath("duties").iterdir(), key=lambda file: file.name)
    duties = [duty for file in files for duty in msgspec.convert(_read(file), list[Duty])]
    law = Law(documents, {duty.id: duty for duty in duties}, assumptions)
    refuse(file_name="law", found=list(problems(law, duties)))
    return law


def law_from(raw: dict[str, Any], place: str) -> Law:
    """A law out of one parsed document with `documents`, `duties` and perhaps `assumptions`.

    Raises BadInput naming every fault.
    """
    try:
        documents = msgspec.convert(raw.get("documents", {}), dict[str, Document])
        duties = msgspec.convert(raw.get("duties", []), list[Duty])
        assumptions = msgspec.convert(raw.get("assumptions", {}), dict[str, Assumption])
    except (msgspec.ValidationError, ValueError) as error:
        refuse(place, [str(error)])
        raise
    law = Law(documents, {duty.id: duty for duty in duties}, assumptions)
    refuse(place, list(problems(law, duties)))
    return law


def read_yaml(path: Path) -> Any:
    """One YAML file; BadInput with line and column where it cannot be read."""
    try:
        return _read(path)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(
            Message(f"YAML 无法读取：{error}", f"The YAML cannot be read: {error}"),
            Message("请按提示的行列修改。", "Mend the place named."),
            str(path),
        ) from None


def refuse(file_name: str, found: list[str]) -> None:
    """Raise BadInput listing the faults, if there are any."""
    if found:
        listed = "; ".join(found)
        raise BadInput(
            Message(f"规则文件有误：{listed}", f"The rules are not sound: {listed}"),
            Message("请逐条修改后重试。", "Mend each and try again."),
            file_name,
        )


def problems(law: Law, duties: Iterable[Duty]) -> Iterator[str]:
    """Everything wrong with a set of duties, one sentence each."""
    seen: set[str] = set()
    for duty in duties:
        if duty.id in seen:
            yield f"{duty.id}: the id is used twice"
        seen.add(duty.id)
        yield from (f"{duty.id}: {fault}" for fault in _faults(duty, law))
    if not seen:
        yield "there is no duty at all"


def _faults(duty: Duty, law: Law) -> Iterator[str]:
    if not duty.versions:
        yield "it has no version"
    for name in duty.assumptions:
        if name not in law.assumptions:
            yield f"unknown assumption {name}"
    for version in duty.versions:
        yield from _version_faults(duty, version, law)
    yield from _sequence_faults(duty)


def _version_faults(duty: Duty, version: Version, law: Law) -> Iterator[str]:
    when = version.valid_from
    if not version.cites:
        yield f"the version of {when} cites nothing"
    for cite in version.cites:
        if cite.document not in law.documents:
            yield f"the version of {when} cites an unknown document {cite.document}"
    yield from (f"the version of {when}: {fault}" for fault in version_faults(duty, version, law))
    for member in members(version):
        if member.duty not in law.duties:
            yield f"unknown member {member.duty}"
        elif _made_of(member.duty, duty.id, law):
            yield f"it is made of {member.duty}, which is made of it"


def _made_of(whole: str, part: str, law: Law, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a duty has another among its members, or theirs."""
    if whole == part or whole not in law.duties:
        return whole == part
    parts = {one.duty for version in law.duties[whole].versions for one in members(version)}
    return any(_made_of(one, part, law, seen | {whole}) for one in parts - seen)


def _sequence_faults(duty: Duty) -> Iterator[str]:
    for earlier, later in zip(duty.versions, duty.versions[1:], strict=False):
        if earlier.last_day is None or later.first_day <= earlier.last_day:
            yield f"the versions of {earlier.valid_from} and {later.valid_from} overlap"
        elif later.first_day != earlier.last_day + timedelta(days=1):
            yield f"there is a gap before the version of {later.valid_from}"


def _read(file: Any) -> Any:
    return parse(file.read_text(encoding="utf-8"))
