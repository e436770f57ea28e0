"""What a published index system is: sets, indicators, scoring rules, assumptions. Plain data.

The terms follow the assessment of 2017 (四套指标体系): one *set* a court level, a tree of
*indicators* whose leaves carry the figures. Nothing here reads a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from zhiheng.law.model import Assumption, Citation, Text

Level = Literal["supreme", "high", "intermediate", "basic"]
LEVELS: tuple[Level, ...] = ("supreme", "high", "intermediate", "basic")

SourceKind = Literal["system", "file_review", "website", "self_report", "questionnaire"]
Method = Literal[
    "share",
    "band",
    "all_or_nothing",
    "complement",
    "presence",
    "absence",
    "answered_share",
    "answered_complement",
    "within_days",
]
AnswerKind = Literal["choice", "count", "ratio", "points"]

COMPUTED: tuple[Method, ...] = ("share", "band", "all_or_nothing", "complement", "within_days")
"""Methods that take their figure from duties or figures, not from an answer."""

_ANSWERS: dict[Method, AnswerKind] = {
    "presence": "choice",
    "absence": "count",
    # A band has more than two outcomes, so a review of files can only report the mean score.
    "band": "points",
    "within_days": "points",
}


class ScoreRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a leaf becomes 0-100.

    `share` 100 × met / (met + late + overdue) of `duties` (excused ones as `excused_counts` says),
    or 100 × `figure`; `band` the mean of
    the band scores of `duties`; `all_or_nothing` as share, a case counts only if every member of
    the duty holds; `complement` 100 × (1 − `figure`); `presence` 有 100, 无 0; `absence` a count,
    none 100; `answered_share` and `answered_complement` a numerator over a denominator answered
    by people; `within_days` a mean number of days, scored as `assumption` says. `assumption`
    names the parameter that settles what the source leaves open.
    """

    method: Method
    duties: tuple[str, ...] = ()
    figure: str | None = None
    assumption: str | None = None


class Indicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One node of a tree. `weight` is a percentage of its parent.

    A node with `parts` is a branch and has no scoring fields; a leaf has all of `source` (the
    source the assessment declares), `source_grade` ("stated" where the edition's document names
    the indicator or its group, "inferred" where it does not), `direction` and `score`. `also`
    lists further sources a figure may come from. `reason` names why a leaf cannot be computed
    from case records; such a leaf has a `question` for the person who answers it.
    """

    id: str
    zh: str
    en: str
    weight: float
    parts: tuple[Indicator, ...] = ()
    criterion: Text | None = None
    source: SourceKind | None = None
    source_grade: Literal["stated", "inferred"] | None = None
    also: tuple[SourceKind, ...] = ()
    direction: Literal["positive", "negative"] | None = None
    score: ScoreRule | None = None
    question: Text | None = None
    reason: str | None = None
    place: str | None = None

    @property
    def is_leaf(self) -> bool:
        """True where the node has no parts."""
        return not self.parts

    @property
    def sources(self) -> tuple[SourceKind, ...]:
        """The declared source first, then the others."""
        return (self.source, *self.also) if self.source else self.also

    @property
    def computed(self) -> bool:
        """True where the figure can be computed from case records."""
        return self.score is not None and self.score.method in COMPUTED

    @property
    def answerable(self) -> bool:
        """True where a person's answer is accepted (beside or instead of a computed figure)."""
        return self.is_leaf and (not self.computed or any(s != "system" for s in self.sources))

    @property
    def answer_kind(self) -> AnswerKind:
        """What an answer consists of: 有/无, a count, numerator and denominator, or points."""
        return _ANSWERS.get(self.score.method, "ratio") if self.score else "choice"

    def title(self, language: str) -> str:
        """The title in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class Node(msgspec.Struct, frozen=True):
    """An indicator in its place. `depth` is 1 for the first level; `effective` is the share (0-1)
    of the whole set's weight; `parent` is "" at the first level."""

    indicator: Indicator
    parent: str
    depth: int
    effective: float


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line (指标线) a court has to keep to, in percent.

    What is held against it is the ratio behind `leaf`, or, where `assumption` is named instead,
    the sum of the figures that the settings of its choice list. A line with neither `at_least`
    nor `at_most` (no published interval) is reported without a verdict; one with both is a
    reference interval. `missed` says what missing it means: "veto" (一票否决) or "not_reached".
    """

    id: str
    zh: str
    en: str
    cites: tuple[Citation, ...]
    leaf: str | None = None
    assumption: str | None = None
    at_least: float | None = None
    at_most: float | None = None
    missed: Literal["veto", "not_reached"] = "not_reached"

    @property
    def judged(self) -> bool:
        """True where the line has a threshold."""
        return self.at_least is not None or self.at_most is not None

    def title(self, language: str) -> str:
        """The title in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en


class IndexSet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The index system of one court level. `counts` are the declared numbers of indicators at
    each depth; `place` is where the table stands in the document. Indicators `beside` the tree
    have no weight: they are there for the `lines` that rest on them."""

    level: Level
    zh: str
    en: str
    place: str
    counts: tuple[int, ...]
    parts: tuple[Indicator, ...]
    beside: tuple[Indicator, ...] = ()
    lines: tuple[Line, ...] = ()

    def walk(self) -> Iterator[Node]:
        """Every node with its parent, depth and effective weight, in the order of the table."""
        return _walk(self.parts, "", 1, 1.0)

    def leaves(self) -> Iterator[Node]:
        """The nodes that carry figures: those of the tree, then those beside it (effective 0)."""
        yield from (node for node in self.walk() if node.indicator.is_leaf)
        yield from (Node(one, "", 1, 0.0) for one in self.beside)


def _walk(parts: tuple[Indicator, ...], parent: str, depth: int, share: float) -> Iterator[Node]:
    for part in parts:
        effective = share * part.weight / 100
        yield Node(part, parent, depth, effective)
        yield from _walk(part.parts, part.id, depth + 1, effective)


class Difference(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where published documents disagree, and how this edition stands to it."""

    zh: str
    en: str
    places: tuple[Citation, ...]


class GroupLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The share of courts, in percent, that have to reach every line of their set."""

    at_least: float
    zh: str
    en: str
    cites: tuple[Citation, ...]


class Edition(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A published index system: its sets by court level, in the order of `LEVELS`.

    `extends` names the edition this one is laid over; `assumptions_of` the one whose general
    assumptions it takes. `verdict` says what decides over a court: "lines" (it passes where it
    reaches all) or "veto" (it cannot pass where it misses one that vetoes); None: no verdict.
    `group` is what is asked of the courts together. `also_required` switches further checks on:
    composite duty → duties that have to hold as well for this edition (none by default: only what
    a rule asks for counts).
    """

    id: str
    zh: str
    en: str
    published: str
    cites: tuple[Citation, ...]
    sources: dict[SourceKind, Text]
    reasons: dict[str, Text]
    differences: dict[str, Difference]
    assumptions: dict[str, Assumption]
    sets: dict[Level, IndexSet]
    extends: str | None = None
    assumptions_of: str | None = None
    verdict: Literal["lines", "veto"] | None = None
    group: GroupLine | None = None
    also_required: dict[str, tuple[str, ...]] = {}

    def title(self, language: str) -> str:
        """The title in `language` ("zh" or "en")."""
        return self.zh if language == "zh" else self.en

    def leaf(self, leaf_id: str) -> Indicator | None:
        """The leaf of that id in any set, or None."""
        found = (n.indicator for s in self.sets.values() for n in s.leaves())
        return next((leaf for leaf in found if leaf.id == leaf_id), None)

    def assuming(self, **choices: str) -> Edition:
        """The same edition with other choices in force: assumption name → choice name.

        Raises KeyError where the assumption or the choice does not exist.
        """
        changed = dict(self.assumptions)
        for name, choice in choices.items():
            if choice not in changed[name].choices:
                raise KeyError(f"{name}: {choice}")
            changed[name] = msgspec.structs.replace(changed[name], value=choice)
        return msgspec.structs.replace(self, assumptions=changed)
