"""What the parts of a simulation pass on to one another while a province is made."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from zhiheng.simulate.cases import Filed
from zhiheng.simulate.closing import Closed
from zhiheng.simulate.events import EventLog
from zhiheng.simulate.people import Officers, Parties
from zhiheng.simulate.spotted import Spotted
from zhiheng.simulate.timing import Acts, acts, drawn_plan
from zhiheng.simulate.truth import Ledger
from zhiheng.simulate.world import FAR, Codes, Days, Ints, Quality, World


@dataclass
class Making:
    """A province in the making: what is settled already, and where results are collected."""

    world: World
    province: str
    quality: Quality
    cases: Filed
    closed: Closed
    officers: Officers
    parties: Parties
    log: EventLog
    ledger: Ledger
    spotted: Spotted
    tables: dict[str, pa.Table] = field(default_factory=dict)
    further: dict[tuple[str, str], pa.Array] = field(default_factory=dict)
    """Columns, by table and name, that a part draws before the table is made."""

    @property
    def last(self) -> int:
        """The last day."""
        return self.world.last

    def plan(self, duty: str, case: Ints) -> Codes:
        """Kept, late or never, drawn for a duty on subjects of these cases."""
        return drawn_plan(self.world, self.quality, duty, self.cases.court[case])

    def acts(self, duty: str, case: Ints, start: Days) -> Acts:
        """When a duty on subjects of these cases is done."""
        return acts(self.world, self.quality, duty, self.cases.court[case], start)


def up_to(day: Days, end: Days) -> Days:
    """Days, FAR where they lie after `end`: what would follow does not happen any more."""
    return np.where(day > end, FAR, day).astype(np.int32)


def after(day: Days, more: Days) -> Days:
    """`more` days later; FAR stays FAR."""
    return np.where(day >= FAR, FAR, np.minimum(day + more, FAR)).astype(np.int32)
