"""One duty described for a lawyer: what is believed, since when, on what authority, who checked
it, and the cases that prove it. What is shown on the terminal and what stands in the reference
are the same parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from zhiheng.checks.wording import STATES, limit_words, state_words
from zhiheng.law.model import (
    ClockStop,
    Document,
    Duty,
    Excuse,
    Extension,
    FieldLimit,
    JudgedBy,
    Law,
    Limit,
    LimitWhen,
    Member,
    Version,
)
from zhiheng.reports.law import words
from zhiheng.reports.law.words import joined, pick

Table = tuple[tuple[str, ...], list[tuple[str, ...]]]
"""Headings, and rows of as many cells."""


@dataclass(frozen=True)
class Part:
    """One part of a description: a heading, then lines, then perhaps a table."""

    heading: str
    lines: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Telling:
    """Says the values of a version in one language."""

    law: Law
    language: str

    def say(self, value: Any) -> str:
        """Any value a version's field can hold."""
        saying = _SAYINGS.get(type(value))
        if saying is not None:
            return saying(self, value)
        if isinstance(value, tuple):
            return joined((self.say(one) for one in value), self.language)
        if isinstance(value, dict):
            return words.predicate_words(value, self.law, self.language)
        return str(value)

    def name(self, name: str) -> str:
        if name == "stop":
            return pick(("实施之日", "the day of the act"), self.language)
        return words.name_words(name, self.law, self.language)

    def limit(self, limit: Any) -> str:
        said = limit_words(limit, self.language)
        return said if limit.rolls() or limit.unit in ("working_days", "hours") else said + pick(
            ("（末日不顺延）", " (does not roll)"), self.language
        )  # fmt: skip

    def field_limit(self, one: FieldLimit) -> str:
        return words.field_limit_words(one, self.language)

    def yes(self, value: bool) -> str:
        return words.value_words("", value, self.language)

    def limit_when(self, one: LimitWhen) -> str:
        return f"{self.limit(one.within)}{pick(('：', ': '), self.language)}{self.say(one.when)}"

    def clock_stop(self, one: ClockStop) -> str:
        kind = _interval(one.kind, self.language)
        if one.at_most is None:
            return kind
        most = limit_words(one.at_most, self.language)
        return f"{kind}{pick((f'（最长{most}）', f' (at most {most})'), self.language)}"

    def extension(self, one: Extension) -> str:
        approvers = (_role(role, self.language) for role in one.approved_by)
        who = joined(approvers, self.language)
        kind = _interval(one.kind, self.language)
        return kind + pick((f"（{who}批准）", f" (approved by {who})"), self.language)

    def excuse(self, one: Excuse) -> str:
        return f"{self.name(one.node)}{pick(('：', ': '), self.language)}{self.say(one.when)}"

    def judged(self, one: JudgedBy) -> str:
        said = self.name(one.node)
        if one.grace:
            grace = limit_words(self.law.grace(one.grace), self.language)
            said += pick((f"后{grace}", f" and {grace}"), self.language)
        if one.strict:
            said += pick(("（其后补办无效）", " (later does not serve)"), self.language)
        return said

    def member(self, one: Member) -> str:
        if one.any_of:
            return f"({pick(('或', ' or '), self.language).join(map(self.member, one.any_of))})"
        missing = pick(("（无对象则无法判定）", " (none: undeterminable)"), self.language)
        return self.name(one.duty) + (missing if one.empty == "undeterminable" else "")


_SAYINGS: dict[type, Callable[[Telling, Any], str]] = {
    str: Telling.name,
    bool: Telling.yes,
    LimitWhen: Telling.limit_when,
    ClockStop: Telling.clock_stop,
    Extension: Telling.extension,
    Excuse: Telling.excuse,
    JudgedBy: Telling.judged,
    Member: Telling.member,
    Limit: Telling.limit,
    FieldLimit: Telling.field_limit,
}

LABELS = {
    "applies": ("适用于", "applies where"),
    "unless": ("不适用于", "does not apply where"),
    "start": ("起算", "begins with"),
    "stop": ("完成", "performed by"),
    "within": ("期限", "within"),
    "within_field": ("期限", "within"),
    "within_when": ("另有期限", "other limit"),
    "at_least": ("至少经过", "not before"),
    "more_than": ("须超过", "only after more than"),
    "bands": ("分档", "bands"),
    "by": ("判断时点", "judged at"),
    "requires": ("须有", "requires"),
    "forbidden_when": ("不得", "forbidden where"),
    "every": ("每", "every"),
    "during": ("持续", "during"),
    "ended_by": ("终止于", "ended by"),
    "discharged_by": ("义务消灭", "discharged by"),
    "clock_stops": ("不计入期限", "days that do not count"),
    "extended_by": ("延长", "extended by"),
    "excused_by": ("正当理由", "excused by"),
    "discharge_holds": ("消灭后迟延实施不再追究", "a discharge in time holds"),
    "governed_by": ("适用版本", "version in force on"),
    "optional_start": ("起算可以没有", "the start may be absent"),
    "only_if_done": ("仅在实施时判断", "judged only where the act was done"),
    "all_of": ("要件（须全部符合）", "members (all must hold)"),
}
"""Field of a version → its label. Days in force and citations have lines of their own."""
OWN_LINES = ("valid_from", "valid_to", "cites")


def describe(duty: Duty, law: Law, language: str) -> list[Part]:
    """Every part of the description, in reading order."""
    parts = [Part("", tuple(_head(duty, language)))]
    parts += [_version(version, law, language) for version in duty.versions]
    if duty.assumptions:
        parts.append(_assumptions(duty, law, language))
    parts.append(_documents(duty, law, language))
    parts.append(_cases(duty, law, language))
    return parts


def _head(duty: Duty, language: str) -> Iterator[str]:
    yield words.summary_of(duty, language)
    facts = (
        (("规则行", "rulebook row"), duty.rulebook or "—"),
        (("对象", "per"), words.subject_words(duty.per, language)),
        (("种类", "kind"), words.kind_words(duty.kind, language)),
        (("性质", "nature"), pick(words.NATURES[duty.nature], language)),
        (("核对日期", "verified on"), verified(duty, language)),
    )
    for label, value in facts:
        yield f"{pick(label, language)}{pick(('：', ': '), language)}{value}"


def verified(duty: Duty, language: str) -> str:
    """The day the duty was last checked against the text, or that nobody has."""
    return duty.last_verified_on or pick(("未核对", "nobody yet"), language)


def _version(version: Version, law: Law, language: str) -> Part:
    telling = Telling(law, language)
    said = [
        f"{label}{pick(('：', ': '), language)}{value}" for label, value in _set(version, telling)
    ]
    said += [
        f"{pick(('依据：', 'authority: '), language)}{words.cite_words(cite, law, language)}"
        for cite in version.cites
    ]
    until = version.valid_to or pick(("今", "now"), language)
    heading = pick(
        (f"{version.valid_from}至{until}施行", f"In force {version.valid_from} to {until}"),
        language,
    )
    return Part(heading, tuple(said))


def _set(version: Version, telling: Telling) -> Iterator[tuple[str, str]]:
    """The fields that are set, with their labels; a field without one goes by its own name."""
    for field in msgspec.structs.fields(version):
        value = getattr(version, field.name)
        if value and value != field.default and field.name not in OWN_LINES:
            label = LABELS.get(field.name, (field.name, field.name))
            yield pick(label, telling.language), telling.say(value)


def _assumptions(duty: Duty, law: Law, language: str) -> Part:
    lines = []
    for name in duty.assumptions:
        one = law.assumptions[name]
        title, choices = pick((one.zh, one.en), language), []
        for key, choice in one.choices.items():
            mark = pick(("（采用）", " (in force)"), language) if key == one.value else ""
            choices.append(f"{pick((choice.zh, choice.en), language)}{mark}")
        listed = pick(("；", "; "), language).join(choices)
        lines.append(f"{title} [{name}]: {listed}. {one.reason.in_language(language)}")
    return Part(pick(("假设", "Assumptions"), language), tuple(lines))


def _documents(duty: Duty, law: Law, language: str) -> Part:
    cited = {cite.document: None for version in duty.versions for cite in version.cites}
    lines = (_document(law.documents[name], language) for name in cited)
    return Part(pick(("文件", "Documents"), language), tuple(lines))


def _document(one: Document, language: str) -> str:
    known = [one.title.in_language(language), one.number, one.issuer, one.issued]
    if one.in_force:
        known.append(pick((f"{one.in_force}施行", f"in force {one.in_force}"), language))
    text = pick(("，", ", "), language).join(item for item in known if item)
    return f"{text}. {one.note}" if one.note and language == "en" else text


def _cases(duty: Duty, law: Law, language: str) -> Part:
    heading = pick(("证明该规则的案例", "The cases that prove it"), language)
    columns = (
        ("案例", "case"),
        ("记录的事实", "facts on record"),
        ("截至", "as of"),
        ("结果", "outcome"),
        ("到期", "due"),
        ("说明", "detail"),
    )
    rows = [_case_row(case, duty, law, language) for case in duty.cases]
    return Part(heading, (), (tuple(pick(one, language) for one in columns), rows))


GROUPS = {
    "intervals": ("期间", "intervals"),
    "members": ("要件", "members"),
    "interval.from": ("自", "from"),
    "interval.to": ("至", "to"),
}
"""What a case beside the law writes that is no node and no fact."""
NOT_FACTS = ("name", "as_of", "expect", "due", "days_over", "band", "detail")


def _case_row(case: dict[str, Any], duty: Duty, law: Law, language: str) -> tuple[str, ...]:
    facts = [
        f"{_said(name, law, language)} {_fact(name, value, law, language)}"
        for name, value in case.items()
        if name not in NOT_FACTS
    ]
    outcome = state_words(case["expect"], duty, ("zh", "en").index(language))
    detail = words.name_words(case["detail"], law, language) if "detail" in case else ""
    return (
        str(case["name"]),
        "; ".join(facts),
        str(case["as_of"]),
        outcome,
        str(case.get("due", "")),
        detail,
    )


def _said(name: str, law: Law, language: str) -> str:
    return pick(GROUPS[name], language) if name in GROUPS else words.name_words(name, law, language)


def _fact(name: str, value: Any, law: Law, language: str) -> str:
    if isinstance(value, list):
        return joined((_fact(name, one, law, language) for one in value), language)
    if isinstance(value, dict):
        keys = {f"interval.{key}" if name == "intervals" else key: key for key in value}
        inner = (
            f"{_said(key, law, language)} {_fact(key, value[own], law, language)}"
            for key, own in keys.items()
        )
        return f"({'; '.join(inner)})"
    if value in STATES:
        return pick(STATES[value], language)
    return words.value_words(name, value, language)


def _interval(kind: str, language: str) -> str:
    return words.value_words("interval.kind", kind, language)


def _role(role: str, language: str) -> str:
    return words.value_words("interval.approved_by", role, language)
