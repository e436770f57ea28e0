"""What a column of each kind needs: its stored values, its lookups, its fault. All SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from zhiheng.intake import cells, privacy
from zhiheng.intake.cells import Cell, helper, value_of
from zhiheng.intake.rules import CLOCKED, plausible
from zhiheng.records.catalogue import Column, tables
from zhiheng.records.courts import CODE_PATTERN
from zhiheng.records.stored import FIRST_DIGEST_KEY, TEXT_KEYED, has_key_text


@dataclass(frozen=True)
class Plan:
    """How one column is read.

    `values`: stored column → expression over the cells and the joined `spellings`. `spellings` are
    joins that `values` need; `parents` joins on the values, which `fault` may use.
    """

    values: Mapping[str, str]
    fault: str
    spellings: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    helpers: Mapping[str, str] = field(default_factory=dict)


def plan(table: str, name: str, column: Column, cell: Cell, all_cells: Mapping[str, Cell]) -> Plan:
    """How to read one column of a table."""
    if column.kind in ("id", "ref", "subject", "node", "code"):
        found = _looked_up(table, name, column, cell)
    elif column.kind in ("day", "minute", "amount", "integer", "flag"):
        found = _parsed(table, name, column, cell, all_cells)
    else:
        found = _written(name, column, cell)
    return _required(found, cell) if column.required else found


def _looked_up(table: str, name: str, column: Column, cell: Cell) -> Plan:
    """Columns whose value must be known: here, in the catalogue, or in another table."""
    match column.kind:
        case "id":
            return _id(table, name, cell)
        case "ref":
            return _reference(table, name, column, cell)
        case "subject":
            return _subject(name, cell)
        case "node":
            return _node(name, cell)
        case _:
            return _code(name, column, cell)


def _parsed(
    table: str, name: str, column: Column, cell: Cell, all_cells: Mapping[str, Cell]
) -> Plan:
    """Columns that hold a day, a time, a number or a flag."""
    value = value_of(name)
    match column.kind:
        case "day":
            fault = cells.day_fault(cell, value, *plausible(table))
            return Plan({name: cells.day(cell)}, fault)
        case "minute":
            return _minute(name, cell, all_cells[CLOCKED[name]])
        case "amount":
            return Plan({name: cells.amount(cell)}, cells.amount_fault(cell, value))
        case "integer":
            return Plan({name: cells.integer(cell)}, cells.unparsed(cell, value, "'bad_integer'"))
        case _:
            return Plan({name: cells.flag(cell)}, cells.unparsed(cell, value, "'bad_flag'"))


def _written(name: str, column: Column, cell: Cell) -> Plan:
    """Columns of text, some of which is never stored as it is."""
    if column.kind in ("identity", "name", "account"):
        return _personal(name, column, cell)
    return _case_number(name, cell) if name == "case_number" else _text(name, cell)


def _required(found: Plan, cell: Cell) -> Plan:
    fault = f"CASE WHEN {cell.sql} IS NULL THEN 'missing_value' ELSE {found.fault} END"
    return Plan(found.values, fault, found.spellings, found.parents, found.helpers)


def _plain_fault(cell: Cell, prose: bool = False) -> str:
    return cells.suspicious(cell.sql, prose) if cell.text else "NULL"


def _key_fault(cell: Cell, key: str) -> str:
    """The fault of an id or reference: one that is a plain integer needs no second look."""
    if not cell.text:
        return "NULL"
    return f"CASE WHEN {key} >= {FIRST_DIGEST_KEY} THEN {cells.suspicious(cell.sql)} END"


def _text(name: str, cell: Cell) -> Plan:
    return Plan({name: cell.sql}, _plain_fault(cell, prose=True))


def _id(table: str, name: str, cell: Cell) -> Plan:
    if not has_key_text(table):
        return Plan({name: cell.sql}, _plain_fault(cell))
    text = cell.sql if cell.text else f"{cell.sql}::VARCHAR"
    fault = _key_fault(cell, value_of(name))
    return Plan({name: cells.key(cell), f"{name}_id": text}, fault)


def _reference(table: str, name: str, column: Column, cell: Cell) -> Plan:
    target = column.table or table
    text_keyed = target in TEXT_KEYED
    value = cell.sql if text_keyed else cells.key(cell)
    plain = _plain_fault(cell) if text_keyed else _key_fault(cell, value_of(name))
    # A table that points to itself is looked after when all its rows are known.
    if target == table or (column.open and not text_keyed):
        return Plan({name: value}, plain)
    known, bad = f'"k:{name}"', f'"b:{name}"'
    met = f'LEFT JOIN "keys:{target}" {known} ON {known}.key = {value_of(name)}'
    # What is known has been looked at as an id, and looking at text is what costs most.
    new = f"{value_of(name)} IS NOT NULL AND {known}.key IS NULL"
    if column.open:
        return Plan({name: value}, f"CASE WHEN {new} THEN {plain} END", parents=(met,))
    lost = f"CASE WHEN {bad}.key IS NULL THEN 'orphan' ELSE 'parent_quarantined' END"
    joins = (met, f'LEFT JOIN "bad:{target}" {bad} ON {bad}.key = {value_of(name)}')
    fault = f"CASE WHEN {new} THEN coalesce({plain}, {lost}) END"
    return Plan({name: value}, fault, parents=joins)


def _subject(name: str, cell: Cell) -> Plan:
    """The subject of an event: of the node's kind, known, and of the event's case."""
    kind, own, case = helper("subject_kind"), helper(name), value_of("case")
    known, bad = '"k:subject"', '"b:subject"'
    lost = f"CASE WHEN {bad}.key IS NULL THEN 'orphan' ELSE 'parent_quarantined' END"
    fault = (
        f"CASE WHEN {kind} IS NULL THEN NULL "
        f"WHEN {kind} = 'case' THEN CASE WHEN {own} <> {case} THEN 'subject_not_case' END "
        f"WHEN {own} IS NULL THEN 'subject_missing' WHEN {known}.key IS NULL THEN {lost} "
        f'WHEN {known}."case" <> c."v:case" THEN \'subject_of_other_case\' END'
    )
    joins = (
        f"LEFT JOIN subjects {known} ON {known}.kind = {kind} AND {known}.key = {own}",
        f"LEFT JOIN bad_subjects {bad} ON {bad}.kind = {kind} AND {bad}.key = {own}",
    )
    return Plan(
        {},
        f"coalesce({_plain_fault(cell)}, {fault})",
        parents=joins,
        helpers={name: cells.key(cell)},
    )


def _spelling(code_list: str, name: str, cell: Cell) -> tuple[str, str]:
    alias = f'"s:{name}"'
    table = f'"spell:{code_list}"'
    return alias, f"LEFT JOIN {table} {alias} ON {alias}.spelling = lower({cell.sql})"


def _node(name: str, cell: Cell) -> Plan:
    alias, join = _spelling("node", name, cell)
    value = f"CASE WHEN {alias}.entered THEN {alias}.value END"
    kind = f"CASE WHEN {alias}.entered THEN {alias}.subject END"
    reason = f"CASE WHEN {helper('read_off')} THEN 'node_from_table' ELSE 'unknown_node' END"
    return Plan(
        {name: value},
        cells.unparsed(cell, value_of(name), reason),
        spellings=(join,),
        helpers={"subject_kind": kind, "read_off": f"NOT {alias}.entered"},
    )


def _code(name: str, column: Column, cell: Cell) -> Plan:
    alias, join = _spelling(column.codes or "", name, cell)
    fault = cells.unparsed(cell, value_of(name), "'unknown_code'")
    return Plan({name: f"{alias}.value"}, fault, spellings=(join,))


def _minute(name: str, cell: Cell, day: Cell) -> Plan:
    written = cells.clock(day)
    unread = cells.unparsed(cell, helper(name), "'bad_minute'")
    differs = f"{helper(name)} <> {helper(f'{name} clock')}"
    fault = f"coalesce({unread}, CASE WHEN {differs} THEN 'minute_conflict' END)"
    own = cells.minute(cell)
    return Plan(
        {name: f"coalesce({own}, {written})"},
        fault,
        helpers={name: own, f"{name} clock": written},
    )


def _personal(name: str, column: Column, cell: Cell) -> Plan:
    text = cell.sql
    if column.kind == "name":
        return Plan({name: privacy.mask(text)}, _plain_fault(cell))
    if column.kind == "account":
        return Plan({name: privacy.pseudonym(text)}, _plain_fault(cell))
    alias = f'"s:{name}"'
    values = {name: f"{alias}.pseudonym", f"{name}_valid": f"{alias}.valid"}
    join = f'LEFT JOIN "pseudonyms:{name}" {alias} ON {alias}.number = {text}'
    return Plan(values, _plain_fault(cell), spellings=(join,))


def _case_number(name: str, cell: Cell) -> Plan:
    """A case number in its printed form, naming the court of the case's row."""
    alias = '"s:case_number"'
    join = f"LEFT JOIN case_numbers {alias} ON {alias}.spelling = {cell.sql}"
    value = f"CASE WHEN {alias}.spelling IS NULL THEN {cell.sql} ELSE {alias}.printed END"
    named = f"regexp_extract({value_of(name)}, '^（[0-9]+）({CODE_PATTERN})', 1)"
    court = f"CASE WHEN NOT {helper('old_form')} THEN {named} END"
    unread = cells.unparsed(cell, value_of(name), "'unreadable_case_number'")
    differs = f"{court} <> {value_of('court')}"
    fault = f"coalesce({unread}, CASE WHEN {differs} THEN 'court_mismatch' END)"
    return Plan(
        {name: value},
        fault,
        spellings=(join,),
        helpers={"old_form": f"coalesce({alias}.old_form, false)"},
    )


def plans(table: str, found: Mapping[str, Cell]) -> dict[str, Plan]:
    """How to read every column of a table."""
    return {
        name: plan(table, name, column, found[name], found)
        for name, column in tables()[table].columns.items()
    }
