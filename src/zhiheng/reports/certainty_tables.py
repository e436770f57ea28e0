"""What may be said of scores, as tables: errors, ranks, lines, differences, replays.

Written only where files were drawn and read, or replays were asked for; an earlier report's tables
are removed where there is nothing to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import rmtree

import numpy as np

from zhiheng.composites.files import shown, table_text
from zhiheng.scoring.results import CourtScores, Scored

FOLDER = "certainty"
COURTS = (
    *("level", "court", "name", "part", "score", "error", "low", "high"),
    *("rank", "best_rank", "worst_rank", "bands", "files", "cases"),
)
NODES = ("level", "court", "node", "value", "error", "low", "high", "files", "freedom")
LINES = ("level", "court", "line", "value", "judged", "at_least", "at_most", "reached", "chance")
DIFFERENCES = (
    *("level", "first", "second", "difference", "error", "low", "high"),
    *("first_higher", "told_apart"),
)


def write_certainty(out: Path, scored: Scored) -> Path | None:
    """Write the tables into the folder `certainty` below `out`; None where there are none."""
    folder = out / FOLDER
    contents = dict(_contents(scored))
    if folder.is_dir():
        rmtree(folder)
    if not contents:
        return None
    folder.mkdir(parents=True)
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return folder


def _contents(scored: Scored) -> Iterator[tuple[str, bytes]]:
    if scored.said:
        chances = scored.draw.chances if scored.draw else {}
        heads = (*COURTS, "chance") if chances else COURTS
        yield "courts.csv", table_text(heads, _courts(scored, chances))
        yield "nodes.csv", table_text(NODES, _nodes(scored))
        lines = list(_lines(scored))
        if lines:
            yield "lines.csv", table_text(LINES, lines)
        yield "differences.csv", table_text(DIFFERENCES, _differences(scored))
    for moved in scored.moved:
        from zhiheng.sensitivity.tables import tables_of

        found = tables_of(moved.courts, moved.in_force, moved.analyses, moved.alone)
        for name, content in found.items():
            yield f"sensitivity-{moved.level}-{name}", content


def _by_code(scored: Scored) -> dict[str, CourtScores]:
    return {court.court: court for court in scored.courts}


def _courts(scored: Scored, chances: Mapping[str, float]) -> Iterator[list[str]]:
    known = _by_code(scored)
    roots = {one.level: one.columns[""].value for one in scored.sets}
    for said in scored.said:
        members: dict[int, list[str]] = {}
        for number, band in enumerate(said.bands, 1):
            for place in band.members:
                members.setdefault(place, []).append(str(number))
        for place, code in enumerate(said.courts):
            court, root = known[code], said.root
            score = roots[said.level][place]
            numbers = (score, root.error[place], root.low[place], root.high[place])
            ranks = (said.ranks.rank[place], said.ranks.best[place], said.ranks.worst[place])
            yield [
                *(said.level, code, court.name, court.parent or ""),
                *(shown(float(number)) for number in numbers),
                *(str(int(rank)) if rank else "" for rank in ranks),
                " ".join(members.get(place, ())),
                *map(str, said.files.get(code, (0, ""))),
                *([shown(chances[code]) if code in chances else ""] if chances else ()),
            ]


def _nodes(scored: Scored) -> Iterator[list[str]]:
    """Nodes with an error; those that rest on a census alone are left out."""
    values = {one.level: one.columns for one in scored.sets}
    for said in scored.said:
        columns = values[said.level]
        for place, code in enumerate(said.courts):
            for node, errors in said.errors.items():
                census = errors.error[place] == 0 and not errors.files[place]
                if census or np.isnan(columns[node].value[place]):
                    continue
                numbers = (
                    *(columns[node].value[place], errors.error[place]),
                    *(errors.low[place], errors.high[place]),
                )
                yield [
                    *(said.level, code, node or "total"),
                    *(shown(float(number)) for number in numbers),
                    str(int(errors.files[place])),
                    _whole(float(errors.freedom[place])),
                ]


def _whole(number: float) -> str:
    return str(int(number)) if abs(number) < float("inf") else ""


def _lines(scored: Scored) -> Iterator[list[str]]:
    for court in scored.courts:
        for line in court.lines:
            if line.chance is not None:
                numbers = (line.value, line.judged, line.at_least, line.at_most)
                yield [
                    *(court.level, court.court, line.line),
                    *("" if number is None else shown(number) for number in numbers),
                    *(line.reached, shown(line.chance)),
                ]


def _differences(scored: Scored) -> Iterator[list[str]]:
    from zhiheng.scoring.said import pairs_of

    known = _by_code(scored)
    for said in scored.said:
        parents = [known[code].parent for code in said.courts]
        for pair in pairs_of(said, parents):
            numbers = (pair.value, pair.error, pair.low, pair.high, pair.first_higher)
            yield [
                *(said.level, said.courts[pair.first], said.courts[pair.second]),
                *map(shown, numbers),
                "1" if pair.apart else "0",
            ]
