"""The list of enforcement powers as lines and as a generated page."""

from __future__ import annotations

from collections.abc import Iterator

from zhiheng.law.powers import Power, Powers
from zhiheng.records.catalogue import codes, nodes

HEADINGS = {
    "zh": ("编号", "权力", "权力名称", "法律依据", "文书形式", "权力主体", "节点", "说明"),
    "en": ("no.", "group", "power", "legal basis", "form", "who may", "nodes", "note"),
}


def lines(powers: Powers, language: str) -> Iterator[tuple[str, ...]]:
    """One line a power: number, group, name, basis, form, holders, nodes, note."""
    for power in powers.powers:
        group = powers.groups[power.group]
        note = power.note.in_language(language) if power.note else ""
        yield (
            str(power.number),
            group.zh if language == "zh" else group.en,
            power.zh if language == "zh" else power.en,
            _basis(power, powers, language),
            power.form,
            holders(power, language),
            "、".join(nodes()[name].zh for name in power.nodes)
            if language == "zh"
            else ", ".join(power.nodes),
            note,
        )


def holders(power: Power, language: str) -> str:
    """Who may exercise a power, and with whose approval."""
    zh = language == "zh"
    roles = codes()["officer_role"]
    who = ("、" if zh else ", ").join(
        roles[role].zh if zh else roles[role].en for role in power.holders
    )
    if not power.approval:
        return who
    above = roles[power.approval]
    return f"{who}（须经{above.zh}批准）" if zh else f"{who} (approved by the {above.en})"


def _basis(power: Power, powers: Powers, language: str) -> str:
    zh = language == "zh"
    parts = []
    for law, articles in power.basis.items():
        name = f"《{powers.laws[law].zh}》" if zh else powers.laws[law].en
        place = f"{articles}条" if zh else f" {articles}"
        parts.append(name + (place if articles else ""))
    return "；".join(parts) if zh else "; ".join(parts)


def powers_page(powers: Powers) -> str:
    """The reference page of the list; ends with a newline."""
    return "\n".join(_page(powers)) + "\n"


def _page(powers: Powers) -> Iterator[str]:
    yield from ("# 权力清单 · List of enforcement powers", "")
    yield "Who may take which step, as the list (trial) has it, with its misprints told apart."
    yield "This page is generated from the data of the law; do not edit it. `zhiheng law powers`"
    yield "tells the same in Chinese; `zhiheng screen --screen power.exercised` holds it against"
    yield from ("records.", "")
    yield from (f"- {remark.zh} {remark.en}" for remark in powers.remarks)
    yield from ("", "| law | title |", "|---|---|")
    yield from (f"| {law.en} | 《{law.zh}》 |" for law in powers.laws.values())
    for name, group in powers.groups.items():
        yield from ("", f"## {group.zh} · {group.en} ({group.count})")
        chosen = [power for power in powers.powers if power.group == name]
        yield from _table(chosen, powers)


def _table(chosen: list[Power], powers: Powers) -> Iterator[str]:
    yield from (
        "",
        "| no. | printed as | 权力 | power | legal basis | form | who may | nodes | note |",
    )
    yield "|---|---|---|---|---|---|---|---|---|"
    for power in chosen:
        note = power.note.en if power.note else ""
        of_nodes = ", ".join(f"`{name}`" for name in power.nodes)
        cells = (
            *(str(power.number), power.printed, power.zh, power.en),
            *(_basis(power, powers, "en"), power.form, holders(power, "en"), of_nodes, note),
        )
        yield "| " + " | ".join(cells) + " |"
