"""Duties checked on the cases of one court, of which only the court's own rows are unpacked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhiheng.checks.from_store import Loaded, load
from zhiheng.checks.needs import needs_of
from zhiheng.checks.one_case import ready
from zhiheng.checks.run import Checked, check_part, refuse_unfit
from zhiheng.checks.setting import Setting
from zhiheng.law.order import in_order
from zhiheng.store.case_rows import court_timelines
from zhiheng.store.engine import connect
from zhiheng.store.lake import Store
from zhiheng.store.parts import Part, parts_of
from zhiheng.store.wanted import Needs, both


def check_court(
    store: Store, setting: Setting, only: Iterable[str], court: str, more: Needs
) -> Iterator[Checked]:
    """Check the duties named in `only` with their members on the cases of one court, part by part
    as `run` does; a part that has none is passed over.

    `more`: what else is asked of the cases, all of which some duty of the law asks, too.

    Raises BadInput where the store holds no record at all, StoreDamaged and DerivedDamaged.
    """
    refuse_unfit(store)
    # Timelines are of the needs of all duties, so that every command shares them.
    every = needs_of(setting.law.duties.values())
    chosen = in_order(setting.law, only)
    needs = both(needs_of(chosen), more)
    for part in parts_of(store, connect, every, court):
        loaded = _loaded(ready(part, every), needs, court)
        if loaded is not None:
            yield check_part(loaded, setting, chosen)


def _loaded(part: Part, needs: Needs, court: str) -> Loaded | None:
    timelines = court_timelines(part, needs, court)
    if timelines is None:
        return None
    loaded = load(timelines, needs, part.name)
    # What a subject refers to may belong to a case of another court, or to one that counts above.
    own = loaded.court["case"] == loaded.courts.index(court)
    return loaded.of(own & ~part.among_dead(loaded.frames["case"].key))
