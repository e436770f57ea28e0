"""Every duty on every subject of a store as of one day, part by part."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from zhiheng.checks.cents import amount_facts, duty_in_cents
from zhiheng.checks.composite import Judged, check_composite
from zhiheng.checks.duty import check
from zhiheng.checks.frame import Frame
from zhiheng.checks.from_store import Loaded, load
from zhiheng.checks.needs import needs_of
from zhiheng.checks.outcomes import Outcomes
from zhiheng.checks.setting import Setting
from zhiheng.errors import BadInput, Message
from zhiheng.law.model import Duty
from zhiheng.law.order import in_order
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.timelines import parts


@dataclass(frozen=True, eq=False)
class Checked:
    """One part of the store with the outcomes of every duty: duty id → its outcomes, in the
    order of the frame of the duty's subject kind."""

    loaded: Loaded
    outcomes: Mapping[str, Outcomes]

    def frame(self, duty: Duty) -> Frame:
        """The subjects a duty was checked on."""
        return self.loaded.frames[duty.per]


def run(
    store: Store,
    setting: Setting,
    progress: Callable[[int, int], None] | None = None,
    only: Iterable[str] | None = None,
    court: str | None = None,
) -> Iterator[Checked]:
    """Check the duties (all, or those named in `only` with their members), part by part.

    `court`: only the part of the store that court belongs to.

    Timelines are built where they are missing, and always for all duties, so that every command
    shares them.

    Raises BadInput where the store holds no record at all: nothing checked is not nothing found.
    """
    if not store.manifest.batches:
        raise _nothing_to_check(store)
    needs = needs_of(setting.law.duties.values())
    chosen = in_order(setting.law, only)
    for part in parts(store, connect(), needs, progress, court):
        yield check_part(load(part, needs), setting, chosen)


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


def _nothing_to_check(store: Store) -> BadInput:
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
    outcomes: dict[str, Outcomes] = {}
    judged: dict[str, Judged] = {}
    for duty in (duty_in_cents(one, amount_facts()) for one in duties):
        frame = frames[duty.per]
        if duty.kind == "composite":
            outcomes[duty.id] = check_composite(duty, frame, setting, judged)
        else:
            outcomes[duty.id] = check(duty, frame, setting)
        judged[duty.id] = Judged(frame.case, outcomes[duty.id])
    return Checked(loaded, outcomes)
