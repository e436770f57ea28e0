"""Of one case only what its duties can see is unpacked, and every fact of it is as in the whole."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from zhiheng.checks.frame import Field, Frame
from zhiheng.checks.from_store import Loaded, load
from zhiheng.checks.test_from_store import laid_out
from zhiheng.records.catalogue import nodes
from zhiheng.store.arrow_files import write_arrow
from zhiheng.store.case_rows import case_timelines
from zhiheng.store.lake import Store
from zhiheng.store.layers import Layer
from zhiheng.store.manifest import Manifest
from zhiheng.store.parts import Part
from zhiheng.store.touched import Touched
from zhiheng.store.wanted import Needs, Wanted

ALL: Needs = {
    "asset": Wanted(("kind", "owner"), ("frozen",)),
    "case": Wanted(("kind", "urgent"), ("closed",), (), ("follow_up_inquiry",)),
    "control": Wanted(("asset",), ("control_replied",)),
    "listing": Wanted(("party",)),
    "party": Wanted(("minor",), ("sanction",), ("sanction",), ("sanction",)),
}
CASES, EACH = 12, 4
"""Subjects refer to any party or asset, also to one of another case."""


def records(seed: int) -> dict[str, list[dict[str, Any]]]:
    draw = random.Random(seed)
    keys = range(1, CASES * EACH)

    def of(name: str, **facts: Any) -> list[dict[str, Any]]:
        drawn = [{k: fact() for k, fact in facts.items()} for _ in keys]
        return [{name: key, **case(), **row} for key, row in zip(keys, drawn, strict=True)]

    def case() -> dict[str, Any]:
        return {"case": draw.randint(1, CASES), "court": "陕0102"}

    def maybe(*values: Any) -> Any:
        return lambda: draw.choice((None, *values))

    def event(node: str, key: int, owner: dict[str, Any]) -> dict[str, Any]:
        when = {"day": draw.randint(40, 60), "minute": draw.choice((None, 600))}
        own = {"case": owner["case"], "court": owner["court"], "subject": key}
        return {**own, "node": nodes()[node].number, **when}

    cases = [
        {"case": key, "court": "陕0102", "kind": maybe("first", "resumed")(),
         "urgent": maybe(True, False)(), "closed": maybe(50, 51)()}
        for key in range(1, CASES + 1)
    ]  # fmt: skip
    parties = of("party", minor=maybe(True, False))
    assets = of("asset", owner=maybe(*keys), kind=maybe("deposit", "vehicle"))
    events = [event("sanction", one["party"], one) for one in parties * 2 if draw.random() < 0.6]
    events += [event("frozen", one["asset"], one) for one in assets if draw.random() < 0.6]
    events += [event("follow_up_inquiry", one["case"], one) for one in cases * 2]
    return {
        "cases": cases,
        "parties": parties,
        "assets": assets,
        "controls": of("control", asset=maybe(*keys), replied=maybe(45, 46)),
        "listings": of("listing", party=maybe(*keys)),
        "intervals": of("interval", **{"from": maybe(43, 44), "to": maybe(47), "kind": maybe("x")}),
        "events": events,
    }


def part_of(timelines: dict[str, pa.Table], home: Path) -> Part:
    for name, table in timelines.items():
        write_arrow(table, home / f"{name}.arrow")
    store = Store(home, Manifest())
    nobody = np.zeros(0, np.int64)
    touched = Touched(home, {}, nobody, nobody)
    return Part("part", ("陕0102",), home, store, Layer(0, 0, 0), touched, nobody)


def plain(part: Loaded, case: int) -> dict[str, Any]:
    """All that is known of a case, by kind of subject."""
    some = part.of(part.frames["case"].key == case)
    courts = {
        kind: [some.courts[at] for at in some.court_of(frame)]
        for kind, frame in some.frames.items()
    }
    return {kind: [_facts(frame), courts[kind]] for kind, frame in some.frames.items()}


def _facts(frame: Frame) -> dict[str, Any]:
    own = frame.intervals.where(np.isin(frame.intervals.case, frame.case))
    return {
        "key": frame.key.tolist(),
        "case": frame.case.tolist(),
        "fields": {name: _words(fact) for name, fact in frame.fields.items()},
        "days": {name: days.tolist() for name, days in frame.days.items()},
        "minutes": {name: minutes.tolist() for name, minutes in frame.minutes.items()},
        "lists": {n: (d.row.tolist(), d.day.tolist()) for n, d in frame.lists.items()},
        "intervals": [own.first.tolist(), own.last.tolist(), own.kind.tolist()],
    }


def _words(fact: Field) -> list[Any]:
    """The values of a fact as people would read them; None where it is not known."""
    values = [fact.vocabulary[at] for at in fact.values] if fact.vocabulary else fact.values
    return [value if known else None for value, known in zip(values, fact.known, strict=True)]


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kinds", [("case",), ("listing", "party"), ("asset", "control", "party")])
def test_a_case_alone_is_as_in_its_part(seed: int, kinds: tuple[str, ...], tmp_path: Path) -> None:
    part = part_of(laid_out(ALL, **records(seed)), tmp_path)
    needs = {kind: ALL[kind] for kind in sorted({"case", *kinds})}
    every = {name: part.read(name) for name in (path.stem for path in tmp_path.glob("*.arrow"))}
    whole = load(every, ALL)
    for case in range(1, CASES + 1):
        alone = case_timelines(part, needs, case)
        assert alone is not None and alone["case"].num_rows <= CASES
        found, expected = plain(load(alone, needs), case), plain(whole, case)
        assert found == {kind: expected[kind] for kind in needs}


def test_a_case_that_is_not_of_the_part_is_not_found(tmp_path: Path) -> None:
    part = part_of(laid_out(ALL, **records(0)), tmp_path)
    assert case_timelines(part, ALL, 0) is None
    assert case_timelines(part, ALL, CASES + 1) is None


def test_of_the_whole_only_the_rows_of_the_case_and_those_it_refers_to_are_there(
    tmp_path: Path,
) -> None:
    tables = records(1)
    part = part_of(laid_out(ALL, **tables), tmp_path)
    alone = case_timelines(part, ALL, 3)
    assert alone is not None
    own = [one for one in tables["controls"] if one["case"] == 3]
    assert sorted(alone["control"].column("key").to_pylist()) == [one["control"] for one in own]
    referred = {one["asset"] for one in own if one["asset"]}
    assets = {one["asset"] for one in tables["assets"] if one["case"] == 3}
    assert set(alone["asset"].column("key").to_pylist()) == assets | referred
    assert referred - assets
