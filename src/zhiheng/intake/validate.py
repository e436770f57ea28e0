"""Validation of one table in a few set-based passes: each row good, or with its faults.

A checked row has src and line (where it came from), the stored columns, and `faults`: NULL for a
good row, else a list of "column|reason". The table "checked:<table>" has those rows that need more
than a look at themselves (see doubts).
"""

from __future__ import annotations

from collections.abc import Mapping

from ibis.backends.duckdb import Backend

from zhiheng.intake.cells import Cell, quoted
from zhiheng.intake.columns import Plan, plans
from zhiheng.intake.lookups import load_case_numbers, load_subjects
from zhiheng.intake.privacy import load_pseudonyms
from zhiheng.intake.problems import key_collision
from zhiheng.intake.raw import Raw
from zhiheng.intake.rules import rules_of
from zhiheng.intake.writing import names
from zhiheng.records.catalogue import tables
from zhiheng.records.stored import belongs_to_case, has_key_text, stored_columns


def prepare(con: Backend, table: str, raw: Raw) -> None:
    """Load what only the reading of this table looks up."""
    if table == "cases":
        load_case_numbers(con, raw.sql)
    if table == "events":
        load_subjects(con)
    for name in _identities(table):
        load_pseudonyms(con, name, raw.sql)


def clear(con: Backend, table: str) -> None:
    """Forget what stands in the way of other tables and is needed no longer."""
    con.con.execute(f'DROP TABLE IF EXISTS "checked:{table}"')
    for name in _identities(table):
        con.con.execute(f'DROP TABLE IF EXISTS "pseudonyms:{name}"')


def _identities(table: str) -> list[str]:
    return [name for name, one in tables()[table].columns.items() if one.kind == "identity"]


def checked_sql(table: str, raw: Raw) -> str:
    """The whole reading and judging of a table as one statement."""
    found = plans(table, raw.cells)
    read = _read_sql(raw, found)
    linked = _linked_sql(table, found)
    faults = _faults(table, found)
    judged = ", ".join(f'{sql} AS "f:{n}"' for n, (_, sql) in enumerate(faults))
    every = ", ".join(f'"f:{n}"' for n in range(len(faults)))
    named = ", ".join(f'{quoted(column + "|")} || "f:{n}"' for n, (column, _) in enumerate(faults))
    # The list is only built for rows with a fault: CASE evaluates its branch on those alone.
    return f"""
WITH raw AS ({raw.sql}), parsed AS ({read}), judged AS (SELECT c.src, c.line,
  {_stored(table)}, {judged} {linked})
SELECT src, line, {names(table)},
  CASE WHEN coalesce({every}) IS NOT NULL
    THEN list_filter([{named}], lambda one: one IS NOT NULL) END AS faults
FROM judged"""


def _read_sql(raw: Raw, found: Mapping[str, Plan]) -> str:
    values = [f'{sql} AS "v:{name}"' for p in found.values() for name, sql in p.values.items()]
    helpers = [f'{sql} AS "h:{name}"' for p in found.values() for name, sql in p.helpers.items()]
    joins = "\n".join(join for p in found.values() for join in p.spellings)
    return f"SELECT c.*, {', '.join([*values, *helpers])}\nFROM raw c {joins}"


def _linked_sql(table: str, found: Mapping[str, Plan]) -> str:
    joins = "\n".join(join for p in found.values() for join in p.parents)
    return f"FROM parsed c {joins}"


def _stored(table: str) -> str:
    """The stored columns out of the values and the joined parents."""
    sources = {name: f'c."v:{name}"' for name in stored_columns(table)}
    if belongs_to_case(table):
        sources["court"] = '"k:case".court'
    if table == "events":
        sources["subject"] = (
            'CASE WHEN c."h:subject_kind" = \'case\' THEN c."v:case" ELSE c."h:subject" END'
        )
    types = stored_columns(table)
    return ", ".join(f'({sql})::{types[name]} AS "{name}"' for name, sql in sources.items())


def _faults(table: str, found: Mapping[str, Plan]) -> list[tuple[str, str]]:
    own = [(name, p.fault) for name, p in found.items() if p.fault != "NULL"]
    between = [
        (rule.column, f"CASE WHEN {rule.broken} THEN '{rule.reason}' END")
        for rule in rules_of(table)
    ]
    return own + between


def tell_other_subjects(con: Backend) -> None:
    """An unknown subject that is known as something else is told apart from an orphan."""
    con.con.execute(
        """UPDATE "checked:events" SET faults = list_transform(faults, lambda one:
             CASE WHEN one = 'subject|orphan' THEN 'subject|subject_of_other_table' ELSE one END)
           WHERE list_contains(faults, 'subject|orphan') AND subject IN (
             SELECT key FROM subjects UNION ALL SELECT key FROM "keys:cases")"""
    )


def judge_duplicates(con: Backend, table: str) -> int:
    """Rows that share a key: the same content is a repeat, different content is bad.

    Makes "repeats:<table>" (src, line of rows to drop) and returns how many there are. Raises
    BadInput where two different ids have the same key.
    """
    key = tables()[table].key
    shared = f'"{key}"' if key else f"hash({names(table)})"
    good = "" if key else "AND faults IS NULL"
    con.con.execute(
        f"""CREATE OR REPLACE TABLE clash AS SELECT * FROM "checked:{table}" WHERE {shared} IN (
              SELECT {shared} AS k FROM "checked:{table}" WHERE k IS NOT NULL {good}
              GROUP BY k HAVING count(*) > 1) {good}"""
    )
    if key:
        _refuse_collisions(con, table, "SELECT * FROM clash", "SELECT * FROM clash")
        _quarantine_differing(con, table, key)
    con.con.execute(
        f"""CREATE TABLE "repeats:{table}" AS
            SELECT src, line, first_value(src) OVER same AS first_src,
              first_value(line) OVER same AS first_line
            FROM clash WHERE faults IS NULL
            WINDOW same AS (PARTITION BY {names(table)} ORDER BY src, line)
            QUALIFY row_number() OVER same > 1"""
    )
    return _count(con, f'"repeats:{table}"')


def _quarantine_differing(con: Backend, table: str, key: str) -> None:
    cells = ", ".join(f"coalesce({n}::VARCHAR, chr(0))" for n in names(table).split(", "))
    content = f"[{cells}, (faults IS NULL)::VARCHAR]"
    con.con.execute(
        f"""CREATE OR REPLACE TABLE differing AS SELECT "{key}" AS k FROM clash GROUP BY k
            HAVING count(DISTINCT {content}) > 1"""
    )
    _add_fault(con, table, key, "duplicate_key", f'"{key}" IN (SELECT k FROM differing)')
    con.con.execute(f'DELETE FROM clash WHERE "{key}" IN (SELECT k FROM differing)')


def _add_fault(con: Backend, table: str, column: str, reason: str, where: str) -> int:
    fault = quoted(f"{column}|{reason}")
    result = con.con.execute(
        f"""UPDATE "checked:{table}" SET faults = list_append(coalesce(faults, []), {fault})
            WHERE {where}"""
    ).fetchone()
    return int(result[0]) if result else 0


def judge_own_parents(con: Backend, table: str) -> None:
    """References of a table to itself (a court's parent), until no more rows turn bad."""
    key = tables()[table].key
    for name, column in tables()[table].columns.items():
        if column.kind != "ref" or column.table != table or column.open:
            continue
        stored = f'UNION ALL SELECT key FROM "stored:{table}"'
        every = f'SELECT "{key}" FROM "checked:{table}" WHERE "{key}" IS NOT NULL'
        outside = f'faults IS NULL AND "{name}" NOT IN ({every} {stored})'
        _add_fault(con, table, name, "orphan", outside)
        lost = f'faults IS NULL AND "{name}" NOT IN ({every} AND faults IS NULL {stored})'
        while _add_fault(con, table, name, "parent_quarantined", lost):
            pass


def compare_with_stored(con: Backend, table: str) -> tuple[int, int]:
    """Good rows that are stored already ("unchanged:<table>") and rows that update a stored one.

    Returns how many of each. A keyed row may not move to another case (or a case to another court).
    """
    key = tables()[table].key
    same = same_content(table, "c", "k")
    con.con.execute(
        f"""CREATE TABLE "unchanged:{table}" AS SELECT src, line FROM "checked:{table}" c
            ANTI JOIN "repeats:{table}" USING (src, line)
            SEMI JOIN "known:{table}" k ON {same} WHERE c.faults IS NULL"""
    )
    unchanged = _count(con, f'"unchanged:{table}"')
    if key is None:
        return unchanged, 0
    _refuse_collisions(
        con, table, f'SELECT * FROM "checked:{table}"', f'SELECT * FROM "known:{table}"'
    )
    moved = "court" if table == "cases" else "case" if belongs_to_case(table) else None
    if moved:
        stored = f'SELECT "{key}", "{moved}" AS stored FROM "known:{table}"'
        row = f'"checked:{table}"'
        other = f'k."{key}" = {row}."{key}" AND k.stored <> {row}."{moved}"'
        where = f"faults IS NULL AND EXISTS (SELECT 1 FROM ({stored}) k WHERE {other})"
        _add_fault(con, table, moved, "moved", where)
    updates = _count(
        con,
        f"""(SELECT src, line FROM "checked:{table}" c ANTI JOIN "repeats:{table}" USING (src, line)
             SEMI JOIN "known:{table}" k ON c."{key}" = k."{key}" WHERE c.faults IS NULL)""",
    )
    return unchanged, updates - unchanged


def same_content(table: str, one: str, other: str) -> str:
    """That two rows agree in every stored column."""
    pairs = (f'{one}."{n}" IS NOT DISTINCT FROM {other}."{n}"' for n in stored_columns(table))
    return " AND ".join(pairs)


def _refuse_collisions(con: Backend, table: str, ours: str, others: str) -> None:
    if not has_key_text(table):
        return
    key = tables()[table].key
    row = con.con.execute(
        f"""SELECT a."{key}_id", b."{key}_id" FROM ({ours}) a JOIN ({others}) b USING ("{key}")
            WHERE a."{key}_id" <> b."{key}_id" LIMIT 1"""
    ).fetchone()
    if row:
        raise key_collision(table, *row)


def _count(con: Backend, relation: str) -> int:
    row = con.con.execute(f"SELECT count(*) FROM {relation}").fetchone()
    return int(row[0]) if row else 0


def cell_texts(cells: Mapping[str, Cell]) -> dict[str, str]:
    """Every raw cell as text in SQL."""
    return {n: c.sql if c.text else f"{c.sql}::VARCHAR" for n, c in cells.items()}
