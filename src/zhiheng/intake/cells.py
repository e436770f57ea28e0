"""How a cell is read, in SQL: one expression for the stored value, one for what is wrong with it.

Every column comes as clean text ("c:<column>", NULL when empty) or, from typed Parquet, in a native
type that needs no text to be parsed. An expression for a fault yields the id of a reason, or NULL.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhiheng.records.stored import FIRST_DIGEST_KEY

BLANKS = "chr(9) || chr(10) || chr(13) || ' ' || chr(160) || chr(12288)"
FORMULA = r"^(=|[@+\-]\s*[A-Za-z(=@+\-])"
CONTROL = r"[\x00-\x1f\x7f\x{80}-\x{9f}\x{200b}-\x{200f}\x{202a}-\x{202e}\x{feff}]"
CONTROL_IN_PROSE = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x{80}-\x{9f}\x{202a}-\x{202e}]"
CELL_ERROR = r"^#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$"
SCIENTIFIC = r"^[0-9](\.[0-9]+)?[eE]\+?[0-9]+$"
SUSPICIOUS = rf"{CONTROL}|^[=+\-@#]|{SCIENTIFIC}"
"""Text worth a second look; all other text is plain and needs no further test."""

_COMPACT = r"([0-9]{4})([0-9]{2})([0-9]{2})"
_DATE = r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?"
_CLOCK = r"([0-9]{1,2})[:：时]([0-9]{2})(?:[:：分][0-9]{2}秒?(?:\.[0-9]+)?|分)?"
_DATE_AND_CLOCK = f"{_DATE}(?:[ T]+{_CLOCK})?"
_ISO = r"\1-\2-\3"
_AMOUNT = r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]{1,2}0*)?"
_LONG_AMOUNT = r"[-+]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)\.[0-9]+"


@dataclass(frozen=True)
class Cell:
    """A column of the raw rows: `text` is whether it comes as clean text, `type` its SQL type."""

    column: str
    type: str

    @property
    def text(self) -> bool:
        """Whether the cell is text that must be parsed."""
        return self.type == "VARCHAR"

    @property
    def sql(self) -> str:
        """The cell in SQL."""
        return f'c."c:{self.column}"'


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def value_of(column: str) -> str:
    """The value read from a column, in the statements that judge it."""
    return f'c."v:{column}"'


def helper(name: str) -> str:
    """Something else read from the row, in the statements that judge it."""
    return f'c."h:{name}"'


def clean(expression: str) -> str:
    """Text without outer blanks (tabs and wide spaces included), NULL when nothing is left."""
    return f"nullif(trim({expression}, {BLANKS}), '')"


def suspicious(cell: str, prose: bool = False) -> str:
    """The fault of a text cell that is no plain text (NULL when it is)."""
    control = CONTROL_IN_PROSE if prose else CONTROL
    return (
        f"CASE WHEN NOT regexp_matches({cell}, {quoted(SUSPICIOUS)}) THEN NULL "
        f"WHEN regexp_matches({cell}, {quoted(FORMULA)}) THEN 'formula' "
        f"WHEN regexp_matches({cell}, {quoted(CELL_ERROR)}) THEN 'cell_error' "
        f"WHEN regexp_matches({cell}, {quoted(SCIENTIFIC)}) THEN 'digits_lost' "
        f"WHEN regexp_matches({cell}, {quoted(control)}) THEN 'control_character' END"
    )


def unparsed(cell: Cell, value: str, otherwise: str) -> str:
    """The fault of a cell whose value came out NULL: the general ones first, then `otherwise`."""
    if not cell.text:
        return f"CASE WHEN {cell.sql} IS NOT NULL AND {value} IS NULL THEN {otherwise} END"
    found = suspicious(cell.sql).replace("'digits_lost'", "NULL")
    return (
        f"CASE WHEN {cell.sql} IS NOT NULL AND {value} IS NULL "
        f"THEN coalesce({found}, {otherwise}) END"
    )


def digest_key(text: str) -> str:
    """The key of an id that is not a canonical integer."""
    return f"((md5_number_lower({text}) >> 2) | {FIRST_DIGEST_KEY}::UBIGINT)::BIGINT"


def key(cell: Cell) -> str:
    """The key of an id or reference (see records.stored)."""
    x = cell.sql
    if not cell.text:
        inside = f"{x} >= 0 AND {x} < {FIRST_DIGEST_KEY}"
        return f"CASE WHEN {inside} THEN {x} ELSE {digest_key(f'{x}::VARCHAR')} END"
    integer = f"CASE WHEN {_full(x, '0|[1-9][0-9]{0,18}')} THEN TRY_CAST({x} AS BIGINT) END"
    return (
        f"CASE WHEN ({integer}) < {FIRST_DIGEST_KEY} THEN ({integer}) "
        f"WHEN {x} IS NOT NULL THEN {digest_key(x)} END"
    )


def _full(text: str, pattern: str) -> str:
    return f"regexp_full_match({text}, {quoted(pattern)})"


def _rewritten(text: str, pattern: str) -> str:
    """A text whose first three groups are year, month and day, as a date."""
    iso = f"regexp_replace({text}, {quoted(f'^{pattern}$')}, {quoted(_ISO)})"
    return f"TRY_CAST({iso} AS DATE)"


def day(cell: Cell) -> str:
    """Days since 1970-01-01 of a date in any usual spelling; NULL where it cannot be read."""
    x = cell.sql
    date = f"{x}::DATE"
    if cell.text:
        # The usual form comes first: it is cast as it stands.
        date = (
            f"CASE WHEN {_full(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}')} THEN TRY_CAST({x} AS DATE) "
            f"WHEN {_full(x, _COMPACT)} THEN {_rewritten(x, _COMPACT)} "
            f"WHEN {_full(x, _DATE_AND_CLOCK)} THEN {_rewritten(x, _DATE_AND_CLOCK)} END"
        )
    return f"(({date}) - DATE '1970-01-01')::INTEGER"


def day_fault(cell: Cell, value: str, earliest: int, latest: int) -> str:
    """What is wrong with a date: unreadable, not in the calendar, or implausible."""
    kind = "'bad_day'"
    if cell.text:
        written = _full(cell.sql, f"{_COMPACT}|{_DATE_AND_CLOCK}")
        kind = f"CASE WHEN {written} THEN 'impossible_day' ELSE 'bad_day' END"
    bounds = f"CASE WHEN {value} NOT BETWEEN {earliest} AND {latest} THEN 'implausible_day' END"
    return f"coalesce({unparsed(cell, value, kind)}, {bounds})"


def clock(cell: Cell) -> str:
    """The minute of the day written with a date; NULL for none and for midnight.

    Midnight is what exports put where there is no time, so it is read as none.
    """
    x = cell.sql
    if cell.type.startswith("TIMESTAMP"):
        return f"nullif(hour({x}) * 60 + minute({x}), 0)::SMALLINT"
    if not cell.text:
        return "NULL::SMALLINT"
    after = f"regexp_extract({x}, '[ T]([^ T]*)$', 1)"
    return f"nullif(CASE WHEN length({x}) > 10 THEN {_clock_minute(after)} END, 0)::SMALLINT"


def _clock_minute(text: str) -> str:
    pattern = quoted(f"^{_CLOCK}$")
    hour, least = (f"regexp_extract({text}, {pattern}, {group})::INTEGER" for group in (1, 2))
    usual = f"left({text}, 2)::INTEGER * 60 + right({text}, 2)::INTEGER"
    return (
        f"CASE WHEN {_full(text, '[01][0-9]:[0-5][0-9]|2[0-3]:[0-5][0-9]')} THEN {usual} "
        f"WHEN NOT {_full(text, _CLOCK)} THEN NULL "
        f"WHEN {hour} < 24 AND {least} < 60 THEN {hour} * 60 + {least} END"
    )


def minute(cell: Cell) -> str:
    """The minute of the day of a clock time or of a number 0 to 1439."""
    x = cell.sql
    if cell.type == "TIME":
        return f"(hour({x}) * 60 + minute({x}))::SMALLINT"
    if not cell.text:
        return f"CASE WHEN {x} BETWEEN 0 AND 1439 THEN {x}::SMALLINT END"
    counted = f"CASE WHEN {_full(x, '[0-9]{1,4}')} AND {x}::INTEGER < 1440 THEN {x}::INTEGER END"
    return f"coalesce({_clock_minute(x)}, {counted})::SMALLINT"


def amount(cell: Cell) -> str:
    """Yuan with two places; NULL where it cannot be read or would have to be rounded."""
    x = cell.sql
    if not cell.text:
        return f"TRY_CAST({x} AS DECIMAL(18,2))"
    return (
        f"CASE WHEN regexp_full_match({x}, {quoted(_AMOUNT)}) "
        f"THEN TRY_CAST(replace({x}, ',', '') AS DECIMAL(18,2)) END"
    )


def amount_fault(cell: Cell, value: str) -> str:
    """What is wrong with an amount: unreadable, too many places, negative."""
    kind = "'bad_amount'"
    if cell.text:
        long = _full(cell.sql, _LONG_AMOUNT)
        kind = f"CASE WHEN {long} THEN 'too_many_places' ELSE 'bad_amount' END"
    negative = f"CASE WHEN {value} < 0 THEN 'negative_amount' END"
    return f"coalesce({unparsed(cell, value, kind)}, {negative})"


def integer(cell: Cell) -> str:
    """A whole number from 0 to 999,999,999."""
    x = cell.sql
    if not cell.text:
        return f"CASE WHEN {x} BETWEEN 0 AND 999999999 THEN {x}::INTEGER END"
    return f"CASE WHEN regexp_full_match({x}, '[0-9]{{1,9}}') THEN {x}::INTEGER END"


def flag(cell: Cell) -> str:
    """True or false."""
    if not cell.text:
        return cell.sql
    x = f"lower({cell.sql})"
    yes, no = f"{x} IN ('是', 'true', '1')", f"{x} IN ('否', 'false', '0')"
    return f"CASE WHEN {yes} THEN true WHEN {no} THEN false END"
