"""The reference pages of the dishonest list: its rules, and the joint sanctions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhiheng.law.load import load_law
from zhiheng.listings.model import Measure, admission, bidding, publication, sanctions
from zhiheng.records.catalogue import codes

GENERATED = "This page is generated from the data of the law; do not edit it."


def pages() -> dict[str, str]:
    """File name → text of every generated page."""
    return {
        "joint-sanctions.md": "\n".join(_sanctions()) + "\n",
        "dishonest-list.md": "\n".join(_list()) + "\n",
    }


def binds_words(one: Measure, language: str) -> str:
    """Whom a measure binds, and for what part of it."""
    bound = sanctions().bound
    said = ("、" if language == "zh" else ", ").join(
        bound[name].in_language(language) for name in one.binds
    )
    if one.bound_for is None:
        return said
    part = one.bound_for.in_language(language)
    return f"{said}（后四类限于：{part}）" if language == "zh" else f"{said} (others: {part})"


def _sanctions() -> Iterator[str]:
    data, biddings = sanctions(), bidding()
    yield from ("# 联合惩戒 · Joint sanctions", "", _from(data.document), GENERATED, "")
    yield "| no. | 措施 | measure | kind | carried out by | binds | cass-2017 | stands in |"
    yield "|---|---|---|---|---|---|---|---|"
    for one in data.measures:
        notes = f" ({one.also.en})" if one.also else ""
        only = f" Only {one.only} persons." if one.only == "natural" else ""
        yield _row((
            str(one.number), one.zh, f"{one.en}.{only}{notes}", data.kinds[one.kind].en,
            "、".join(one.by), binds_words(one, "en"),
            ", ".join(f"`{leaf}`" for leaf in one.cass), one.place,
        ))  # fmt: skip
    yield from ("", "## 反馈与解除 · Feedback and end", "")
    for told in (data.feedback, data.updates):
        yield f"- {told.zh}。{told.en[:1].upper()}{told.en[1:]} ({told.place})."
    yield from ("", "## 招标投标 · Public bidding", "", _from(biddings.document), "")
    yield "| 角色 | role | looked up by | when | if listed | stands in |"
    yield "|---|---|---|---|---|---|"
    for role in biddings.roles.values():
        cells = (role.zh, role.en, role.by.en, role.when.en, role.if_listed.en, role.place)
        yield _row(cells)
    yield from ("", f"{biddings.ends.zh}。{_sentence(biddings.ends.en)} ({biddings.ends.place})")


def _list() -> Iterator[str]:
    rules, shown = admission(), publication()
    labels = codes()["listing_ground"]
    yield from ("# 失信名单 · The dishonest list", "", _from(rules.document), GENERATED)
    yield from ("", "## 情形 · Grounds", "", "| 情形 | ground | period | fact | stands in |")
    yield "|---|---|---|---|---|"
    for name, ground in rules.grounds.items():
        period = "yes" if ground.dated else "none"
        label = labels[name]
        yield _row((label.zh, label.en, period, f"`parties.{ground.fact}`", ground.place))
    longer = "–".join(str(months) for months in rules.period.extended)
    yield from ("", f"A period is {rules.period.usual} months, or {longer} months for serious")
    yield f"violence or threats, or several acts ({rules.period.place})."
    yield from ("", "## 障碍 · Bars", "", "| 障碍 | bar | bars | stands in |", "|---|---|---|---|")
    for bar in rules.bars.values():
        grounds = ", ".join(labels[name].en for name in bar.on) or "every ground"
        yield _row((bar.zh, bar.en, grounds, bar.place))
    yield from ("", "## 公布 · Publication", "", "| 内容 | field | of | from | stands in |")
    yield "|---|---|---|---|---|"
    for field in shown.fields.values():
        yield _row((field.zh, field.en, field.of or "all", f"`{field.source}`", field.place))
    for name in ("may", "never"):
        told = getattr(shown, name).values()
        yield from ("", f"{name.capitalize()} be shown: " + "; ".join(
            f"{one.zh} ({one.en}, {one.place})" for one in told) + ".")  # fmt: skip


def _from(document: str) -> str:
    title = load_law().documents[document].title
    return f"《{title.zh}》 ({title.en})."


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
