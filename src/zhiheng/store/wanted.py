"""What the timelines of a store have to hold, by kind of subject."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from zhiheng.records.catalogue import SUBJECTS, Node, nodes

PACK, NO_MINUTE = 2048, 2047
"""A day with its minute is packed as day × 2048 + minute, 2047 where no minute is recorded."""


class Wanted(msgspec.Struct, frozen=True):
    """What the timeline of one subject kind has to hold, each sorted: facts (columns of its
    table), nodes, nodes with their minute, nodes with all their days."""

    fields: tuple[str, ...] = ()
    nodes: tuple[str, ...] = ()
    minutes: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


Needs = Mapping[str, Wanted]


def both(one: Needs, other: Needs) -> Needs:
    """What either asks."""
    return {
        kind: _either(one.get(kind, Wanted()), other.get(kind, Wanted()))
        for kind in sorted({*one, *other})
    }


def _either(one: Wanted, other: Wanted) -> Wanted:
    names = one.__struct_fields__
    return Wanted(*(tuple(sorted({*getattr(one, name), *getattr(other, name)})) for name in names))


def refuse_unseen(needs: Needs) -> None:
    """Raise ValueError where a subject would need a node that is not its own: only a case sees
    the nodes of its parties, assets, … and of other tables."""
    for subject, wanted in needs.items():
        for name in (*wanted.nodes, *wanted.lists):
            if subject != "case" and not is_own(nodes()[name], subject):
                raise ValueError(f"{name} is not a node of {subject}")


def is_own(node: Node, subject: str) -> bool:
    """Whether a node belongs to subjects of this kind themselves."""
    if node.source is not None:
        return node.source.table == SUBJECTS[subject]
    return node.subject == subject


def read_off(needs: Needs, table: str) -> tuple[str, ...]:
    """Nodes wanted of anyone that are read off a table, sorted."""
    return tuple(
        name
        for name in _all_nodes(needs.values())
        if (s := nodes()[name].source) and s.table == table
    )


def entered(needs: Needs) -> tuple[str, ...]:
    """Nodes wanted of anyone that are entered as events, sorted."""
    return tuple(name for name in _all_nodes(needs.values()) if nodes()[name].source is None)


def _all_nodes(wanted: Iterable[Wanted]) -> list[str]:
    return sorted({name for each in wanted for name in (*each.nodes, *each.lists)})
