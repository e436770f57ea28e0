"""What the product believes the law says, as data: documents, duties, assumptions. No I/O.

A *duty* (职责) is one thing the law asks of a court on one subject (a case, a party, an asset, …).
Its *versions* follow one another without overlap or gap; the one in force on the day the duty
began applies. Every version cites where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import msgspec

Unit = Literal["days", "working_days", "months", "hours"]
DutyKind = Literal[
    "deadline", "presence", "condition", "prohibition", "recurring", "recent", "composite"
]
Predicate = dict[str, Any]
"""Field or node → allowed values (a list; null in it lets a missing value pass), the word
"present", or a comparison {ge|gt|le|lt: number, "$field" or {percent: p, of: field}}. All entries
must hold; `any_of: [predicate, …]` holds when one does.

A fact that is not recorded makes an entry unknown, not false (an entry that is certainly false
beside it still decides). A comparison with a share, fact ≤ p % of another fact, is exact: no
rounding on either side; unknown where either fact is missing, the compared one being named
first."""

COMPARISONS = ("ge", "gt", "le", "lt")
"""What a comparison may be: at least, more than, at most, less than."""


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One text in Chinese and English."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """The text in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where something stands. `grade` is "recollection" where the text was not read."""

    document: str
    place: str
    grade: Literal["text", "recollection"] = "text"


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A law, interpretation, plan or index that duties cite."""

    title: Text
    issuer: str
    issued: str
    number: str = ""
    in_force: str | None = None
    note: str = ""


class Limit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A length of time in exactly one unit. `roll` overrides whether a last day on a rest day
    moves to the next working day (by default days and months do)."""

    days: int | None = None
    working_days: int | None = None
    months: int | None = None
    hours: int | None = None
    roll: bool | None = None

    def __post_init__(self) -> None:
        units = [self.days, self.working_days, self.months, self.hours]
        if sum(unit is not None for unit in units) != 1:
            raise ValueError("a limit has exactly one of days, working_days, months, hours")

    @property
    def unit(self) -> Unit:
        """The unit the limit is given in."""
        if self.days is not None:
            return "days"
        if self.working_days is not None:
            return "working_days"
        return "months" if self.months is not None else "hours"

    @property
    def count(self) -> int:
        """How many of the unit."""
        return int(getattr(self, self.unit))

    def rolls(self) -> bool:
        """Whether a last day on a rest day moves to the next working day."""
        return self.roll if self.roll is not None else self.unit in ("days", "months")


class FieldLimit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A limit whose length is a fact of the subject: so many days, working days or months.

    It rolls as a `Limit` of its unit does. A length that is missing, negative
    or beyond what the calendar reaches is not known.
    """

    field: str
    unit: Literal["days", "working_days", "months"]
    roll: bool | None = None


class LimitWhen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another limit for the subjects a predicate selects."""

    when: Predicate
    within: Limit


class ClockStop(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of interval whose days do not count, at most so long for each interval."""

    kind: str
    at_most: Limit | None = None


class Extension(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of interval whose last day replaces an earlier due day, if properly approved."""

    kind: str
    approved_by: tuple[str, ...]


class Excuse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A ground and an approval on record (`node` no later than the due day) excuse a breach."""

    node: str
    when: Predicate


class JudgedBy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When an act without a limit of its own is judged: at a node, some grace after it.

    `strict`: an act after that node does not serve any more.
    """

    node: str
    grace: str | None = None
    strict: bool = False


class Member(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One member of a composite: a duty on the case or on each subject of the case.

    `empty` says what it means that no subject of the case falls under the member.
    """

    duty: str = ""
    empty: Literal["ignored", "undeterminable"] = "ignored"
    any_of: tuple[Member, ...] = ()


class Version(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A duty as it stood from one day to another. Which fields are set depends on its kind
    (see `sound.HEEDED`).

    `unless`: who it does not concern, though `applies` holds. Where it certainly holds the duty is
    not applicable (reason exempt, whether or not `applies` is known); where `applies` is false it
    is out of scope whatever `unless` says; where `applies` is true and `unless` unknown the outcome
    is undeterminable and names the fact `unless` misses; where `applies` is unknown and `unless`
    does not hold, that which `applies` misses. A deadline's act on record without its start (see
    `optional_start`) shows nothing on an exempt subject.

    `within_field`: the limit where its length is a fact of the subject; in place of `within`, and
    with clock stops, extensions and excuses as there. While the length is not known an act that
    came too early (`at_least`, `more_than`) is still late; else the outcome is undeterminable and
    names the field, whether the act was done, fell away or is outstanding, with no due day.

    A `recent` duty asks that on the day of its start at least one of all the days of its `stop`
    nodes lie in the time `within` before it: from the day `within` (days or months) back, which
    counts and never rolls (a month back ends on the same day number or that month's last day), to
    the day of the start, which counts too. Then it is met; else it is overdue from the day of the
    start (reason nothing_recent), however soon the act came afterwards. No day on record is no
    act, never a missing fact.

    `discharge_holds`: an event that ended the duty within its limit ends it for good, even if the
    act was done late afterwards. `governed_by`: the day that decides which version is in force.
    `optional_start`: the act without its start shows nothing. `only_if_done`: a right, not a duty.
    """

    valid_from: str
    start: tuple[str, ...]
    cites: tuple[Citation, ...]
    valid_to: str | None = None
    applies: Predicate = {}
    unless: Predicate = {}
    stop: tuple[str, ...] = ()
    within: Limit | None = None
    within_field: FieldLimit | None = None
    within_when: tuple[LimitWhen, ...] = ()
    at_least: Limit | None = None
    more_than: Limit | None = None
    bands: tuple[Limit, ...] = ()
    by: JudgedBy | None = None
    requires: Predicate = {}
    forbidden_when: Predicate = {}
    every: Limit | None = None
    during: Limit | None = None
    ended_by: tuple[str, ...] = ()
    discharged_by: tuple[str, ...] = ()
    clock_stops: tuple[ClockStop, ...] = ()
    extended_by: Extension | None = None
    excused_by: Excuse | None = None
    discharge_holds: bool = False
    governed_by: Literal["start", "stop"] = "start"
    optional_start: bool = False
    only_if_done: bool = False
    all_of: tuple[Member, ...] = ()

    @property
    def first_day(self) -> date:
        """The first day the version is in force."""
        return date.fromisoformat(self.valid_from)

    @property
    def last_day(self) -> date | None:
        """The last day the version is in force; None while it is."""
        return date.fromisoformat(self.valid_to) if self.valid_to else None


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One duty with its versions and the cases that prove it.

    `per` is the kind of subject. `nature` keeps a limit set by law apart from one that only an
    index, a local plan or the practice of a deployed system sets. `summary` is our own wording;
    a rule file for one's own log may give it in one language. `last_verified_on` is empty where
    the text was not read.
    """

    id: str
    title: Text
    per: str
    kind: DutyKind
    nature: Literal["statutory", "indicator", "local", "practice"]
    summary: Text | str
    versions: tuple[Version, ...]
    last_verified_on: str | None = None
    rulebook: str = ""
    assumptions: tuple[str, ...] = ()
    cases: tuple[dict[str, Any], ...] = ()


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to settle an open point. `settings` are the figures that go with it, or under
    `versions` the fields of duties it sets anew (duty → field → value)."""

    zh: str
    en: str
    settings: dict[str, Any] = {}


class Assumption(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A named parameter for what the sources leave open: the choice in force and the others."""

    zh: str
    en: str
    value: str
    choices: dict[str, Choice]
    reason: Text
    left_open: tuple[Citation, ...]

    @property
    def alternatives(self) -> tuple[str, ...]:
        """The names of the choices not in force."""
        return tuple(name for name in self.choices if name != self.value)

    @property
    def settings(self) -> dict[str, Any]:
        """The figures of the choice in force."""
        return self.choices[self.value].settings


class Law(msgspec.Struct, frozen=True):
    """Everything the checks need to know of the law."""

    documents: dict[str, Document]
    duties: dict[str, Duty]
    assumptions: dict[str, Assumption]

    def grace(self, assumption: str) -> Limit:
        """The limit an assumption sets (KeyError where it sets none)."""
        return msgspec.convert(self.assumptions[assumption].settings["limit"], Limit)

    def assuming(self, choices: dict[str, str]) -> Law:
        """The same law with other choices in force: assumption → choice.

        Raises KeyError where the assumption or the choice does not exist.
        """
        changed = dict(self.assumptions)
        for name, choice in choices.items():
            if choice not in changed[name].choices:
                raise KeyError(f"{name}={choice}")
            changed[name] = msgspec.structs.replace(changed[name], value=choice)
        law = msgspec.structs.replace(self, assumptions=changed)
        patches = [changed[name].settings.get("versions", {}) for name in choices]
        return law.patched(patches)

    def patched(self, patches: list[dict[str, dict[str, Any]]]) -> Law:
        """The law with fields of every version of a duty set anew: duty → field → value.

        Raises KeyError for a duty that is not there, msgspec.ValidationError for a wrong value.
        """
        duties = dict(self.duties)
        for patch in patches:
            for name, fields in patch.items():
                plain = [
                    {**msgspec.to_builtins(version), **fields} for version in duties[name].versions
                ]
                versions = msgspec.convert(plain, tuple[Version, ...])
                duties[name] = msgspec.structs.replace(duties[name], versions=versions)
        return msgspec.structs.replace(self, duties=duties)

    def find(self, name: str) -> Duty | None:
        """A duty by id, or by rulebook row where only one duty bears it."""
        named = self.named(name)
        return named[0] if len(named) == 1 else None

    def named(self, name: str) -> list[Duty]:
        """The duty of an id, or every duty that bears a rulebook row; empty where there is none."""
        if name in self.duties:
            return [self.duties[name]]
        return [duty for duty in self.duties.values() if duty.rulebook == name.upper()]


def members(version: Version) -> Iterator[Member]:
    """Every member of a composite that names a duty, inside any-of groups too."""
    for member in version.all_of:
        yield from (member.any_of or (member,))
