"""XES, plain or gzipped, into an event log: one pass, nothing kept but what was asked for."""

from __future__ import annotations

from pathlib import Path
from xml.parsers import expat

from zhiheng.errors import Message
from zhiheng.intake import log_problems as problems
from zhiheng.intake.event_log import EventLog
from zhiheng.intake.log_builder import LogBuilder
from zhiheng.intake.xes_bytes import Told, document

NAME, TIME = "concept:name", "time:timestamp"
"""The keys under which XES keeps the name of a case or activity, and the time of an event."""

OF_CASE = "case:"
"""Prefix of a key that means the attribute of the trace, not of its events."""

_LARGEST_MB = 8


def read_xes(path: Path, wanted: frozenset[str], told: Told) -> EventLog:
    """The log of an XES file; `wanted` are the attribute keys to keep.

    Raises BadInput with the line: no XML, cut short, another root, a DOCTYPE, an event without
    name or time, a time that does not exist, a case without name or twice, no event at all.
    """
    chunks, encoding = document(path, told)
    reader = _Reader(path.name, wanted, encoding)
    for chunk in chunks:
        reader.parse(chunk, last=False)
    reader.parse(b"", last=True)
    return reader.builder.log(path.name)


class _Reader:
    """Hears the parser. Depth 1 is the log, 2 a trace, 3 an event, 4 an event's attribute."""

    def __init__(self, file: str, wanted: frozenset[str], encoding: str | None) -> None:
        self.file = file
        self.of_event = wanted | {NAME, TIME}
        self.of_trace = {key[len(OF_CASE) :] for key in wanted if key.startswith(OF_CASE)}
        self.builder = LogBuilder(wanted)
        self.depth = self.traces = self.events = self.fed = 0
        self.trace: dict[str, str] | None = None
        self.event: dict[str, str] | None = None
        self.parser = expat.ParserCreate(encoding)
        # Entities, inside and outside, can only be declared in a DOCTYPE.
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def parse(self, chunk: bytes, last: bool) -> None:
        """Parse the next bytes of the document."""
        try:
            self.parser.Parse(chunk, last)
        except expat.ExpatError as error:
            why = expat.ErrorString(error.code)
            raise problems.not_xml(f"{self.file}:{error.lineno}", why) from None
        self.fed += len(chunk)
        if self.fed - self.parser.CurrentByteIndex > _LARGEST_MB << 20:
            raise problems.too_large(self.place(), _LARGEST_MB)

    def place(self) -> str:
        return f"{self.file}:{self.parser.CurrentLineNumber}"

    def doctype(self, *_: object) -> None:
        raise problems.declares_types(self.place())

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth = depth = self.depth + 1
        if depth == 4:
            key = attributes.get("key", "")
            if self.event is not None and key in self.of_event:
                self.event[key] = attributes.get("value", "")
        elif depth == 3:
            if self.trace is not None:
                self.start_in_trace(self.trace, name, attributes)
        elif depth == 2:
            self.start_in_log(name)
        elif depth == 1 and name != "log":
            raise problems.other_root(self.place(), name)

    def start_in_log(self, name: str) -> None:
        if name == "event":
            raise problems.outside_a_trace(self.place())
        if name == "trace":
            self.trace, self.events = {}, 0

    def start_in_trace(self, trace: dict[str, str], name: str, attributes: dict[str, str]) -> None:
        if name == "event":
            self.event = {}
            self.events += 1
        else:
            trace[attributes.get("key", "")] = attributes.get("value", "")

    def end(self, name: str) -> None:
        self.depth = depth = self.depth - 1
        if depth == 2 and self.event is not None:
            self.end_event(self.event)
        elif depth == 1 and self.trace is not None:
            self.end_trace(self.trace)

    def end_event(self, event: dict[str, str]) -> None:
        activity, time = event.get(NAME), event.get(TIME)
        moment = self.builder.moment(time) if time else None
        if not activity:
            raise problems.unnamed_event(self.place(), self.where())
        if moment is None:
            raise problems.no_such_time(self.place(), self.where(), time)
        kept = {key: event[key] for key in event if key in self.builder.entries}
        self.builder.add(self.traces, activity, moment, kept)
        self.event = None

    def end_trace(self, trace: dict[str, str]) -> None:
        name = trace.get(NAME)
        if not name:
            number = self.traces + 1
            where = Message(f"第 {number} 个 trace ", f"Trace {number}")
            raise problems.unnamed_case(self.place(), where)
        if self.builder.cases.of(name) != self.traces:
            raise problems.same_case_twice(self.place(), name)
        if self.events:
            told = {OF_CASE + key: text for key, text in trace.items() if key in self.of_trace}
            self.builder.describe(self.traces, told)
        self.trace = None
        self.traces += 1

    def where(self) -> Message:
        """Which event of which trace."""
        number = self.traces + 1
        name = (self.trace or {}).get(NAME, "")
        zh, en = (f"（{name}）", f" ({name})") if name else ("", "")
        return Message(
            f"第 {number} 个 trace{zh}的第 {self.events} 个事件",
            f"Event {self.events} of trace {number}{en}",
        )
