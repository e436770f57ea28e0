"""Every duty on every subject of a store as of one day, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from zhiheng.checks.cents import amount_facts, duty_in_cents
from zhiheng.checks.columns import Columns, Source
from zhiheng.checks.composite import Judged, check_composite_begun
from zhiheng.checks.duty import check_begun
from zhiheng.checks.frame import Frame
from zhiheng.checks.from_store import Loaded, load
from zhiheng.checks.needs import needs_of
from zhiheng.checks.outcomes import Outcomes, Partial
from zhiheng.checks.setting import Setting
from zhiheng.errors import BadInput, Message
from zhiheng.law.model import Duty, members
from zhiheng.law.order import in_order
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part, lay_out_part, plan
from zhiheng.store.wanted import Needs


@dataclass(frozen=True, eq=False)
class Checked:
    """One part of the store with the outcomes of every duty: duty id → those of the subjects on
    which anything began it, in the frame of the duty's subject kind."""

    loaded: Loaded
    found: Mapping[str, Partial]

    @cached_property
    def outcomes(self) -> Mapping[str, Outcomes]:
        """Duty id → its outcomes on all subjects of the frame."""
        whole = {name: _whole(partial) for name, partial in self.found.items()}
        return Columns(whole, None)

    def only(self, duties: Iterable[str]) -> Checked:
        """The same with the outcomes of some of the duties."""
        return Checked(self.loaded, {name: self.found[name] for name in duties})

    def frame(self, duty: Duty) -> Frame:
        """The subjects a duty was checked on."""
        return self.loaded.frames[duty.per]


def _whole(partial: Partial) -> Source[Outcomes]:
    return lambda rows: partial.of_all()


def run(
    store: Store,
    setting: Setting,
    progress: Callable[[int, int], None] | None = None,
    only: Iterable[str] | None = None,
    court: str | None = None,
) -> Iterator[Checked]:
    """Check the duties (all, or those named in `only` with their members), part by part.

    `court`: only the parts of the store that can hold the court's cases.

    Timelines are built where they are missing, and always for all duties, so that every command
    shares them.

    Raises BadInput where the store holds no record at all: nothing checked is not nothing found.
    """
    refuse_unfit(store)
    needs = needs_of(setting.law.duties.values())
    chosen = in_order(setting.law, only)
    con = connect()
    found = plan(store, con, needs, court)
    for done, part in enumerate(found):
        if progress:
            progress(done, len(found))
        lay_out_part(part, con, needs)
        yield check_part(of_live(load_part(part, needs), part), setting, chosen)
    if progress:
        progress(len(found), len(found))


def load_part(part: Part, needs: Needs) -> Loaded:
    """The frames of a part, also of cases that count in a layer above.

    Raises DerivedDamaged where a file of it is not what its digest says.
    """
    part.sound()
    names = [*needs, *(f"{kind}.{node}" for kind, of in needs.items() for node in of.lists)]
    return load({name: part.read(name) for name in (*names, "intervals")}, needs, part.name)


def of_live(loaded: Loaded, part: Part) -> Loaded:
    """A part's frames without the cases that count in a layer above."""
    if not part.has_dead:
        return loaded
    return loaded.of(~np.isin(loaded.frames["case"].key, part.dead))


def refuse_unknown_court(store: Store, court: str) -> None:
    """Raise BadInput where the store has no such court."""
    con = connect()
    courts = store.relation(con, "courts")
    if not con.to_pyarrow(courts.filter(courts["court"] == court)).num_rows:
        raise BadInput(
            Message("数据仓中没有这个法院。", "The store has no such court."),
            Message("请核对法院代字。", "Check the court's code."),
            court,
        )


def refuse_unfit(store: Store) -> None:
    """Raise BadInput where a store holds no record, StoreDamaged where a file is not what its
    digest says: also where nothing of it will be read, since results of it are kept."""
    if not store.manifest.batches:
        raise nothing_to_check(store)
    store.sound()


def nothing_to_check(store: Store) -> BadInput:
    """The error for a store without any record."""
    return BadInput(
        Message("数据仓中还没有记录，无从检查。", "The store has no records to check yet."),
        Message("请先用 zhiheng intake 导入。", "Take records in first: zhiheng intake."),
        store.path.name,
    )


def check_part(loaded: Loaded, setting: Setting, duties: Iterable[Duty]) -> Checked:
    """The outcomes of duties (members before their composites) on one part.

    Amounts are held in cents, so figures compared with them are, too.
    """
    frames = {name: frame.as_of(setting.as_of) for name, frame in loaded.frames.items()}
    found: dict[str, Partial] = {}
    judged: dict[str, Judged] = {}
    chosen = [duty_in_cents(one, amount_facts()) for one in duties]
    asked_for = {m.duty for duty in chosen for version in duty.versions for m in members(version)}
    for duty in chosen:
        frame = frames[duty.per]
        if duty.kind == "composite":
            partial = check_composite_begun(duty, frame, setting, judged)
        else:
            partial = check_begun(duty, frame, setting)
        found[duty.id] = partial
        if duty.id in asked_for:
            judged[duty.id] = Judged.of(frame, partial)
    return Checked(loaded, found)
