"""Duties checked on one case of a store, of which only the case's own rows are unpacked."""

from __future__ import annotations

from collections.abc import Iterable

from zhiheng.checks.from_store import load
from zhiheng.checks.needs import needs_of
from zhiheng.checks.run import Checked, check_part, refuse_unfit
from zhiheng.checks.setting import Setting
from zhiheng.law.order import in_order
from zhiheng.store.case_rows import case_timelines
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part, lay_out_part, part_of
from zhiheng.store.wanted import Needs


def check_case(
    store: Store, setting: Setting, only: Iterable[str], court: str, case: int
) -> Checked | None:
    """Check the duties named in `only` with their members on one case (key) of a court; None where
    no part has the case.

    Raises BadInput where the store holds no record at all, StoreDamaged and DerivedDamaged.
    """
    refuse_unfit(store)
    # Timelines are of the needs of all duties, so that every command shares them.
    part = _laid_out(store, needs_of(setting.law.duties.values()), court, case)
    chosen = in_order(setting.law, only)
    needs = needs_of(chosen)
    timelines = case_timelines(part, needs, case) if part else None
    if part is None or timelines is None:
        return None
    loaded = load(timelines, needs, part.name)
    return check_part(loaded.of(loaded.frames["case"].key == case), setting, chosen)


def _laid_out(store: Store, needs: Needs, court: str, case: int) -> Part | None:
    part = part_of(store, connect, needs, court, case)
    return part and ready(part, needs)


def ready(part: Part, needs: Needs) -> Part:
    """The part, laid out and held against its digests. Raises DerivedDamaged."""
    if not part.home.is_dir():
        lay_out_part(part, connect(), needs)
    part.sound()
    return part
