"""Names and identity numbers never enter the store: masks, pseudonyms and check digits, in SQL."""

from __future__ import annotations

import hashlib
import hmac
import re

from ibis.backends.duckdb import Backend

_BLOCK = hashlib.sha256().block_size
_RIC_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))
_RIC_ALPHABET = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

_DATE = "(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]"
_RIC_FORM = f"[0-9]{{6}}{_DATE}[0-9]{{3}}[0-9X]"

MASKED = "***"
"""What stands for a personal value in a quarantine file."""

IDENTITY_INSIDE = f"[0-9]{{6}}{_DATE}[0-9]{{3}}[0-9Xx]"
"""An identity number inside other text, masked wherever it turns up in a quarantine file."""


def keep_secret(con: Backend, secret: bytes) -> None:
    """Put the store's key into variables of the connection, for `pseudonym`.

    Variables, because the text of a statement can turn up in an error message.
    """
    block = secret.ljust(_BLOCK, b"\0")
    for name, pad in (("secret_inner", 0x36), ("secret_outer", 0x5C)):
        con.con.execute(f"SET VARIABLE {name} = ?::BLOB", [bytes(b ^ pad for b in block)])


def load_pseudonyms(con: Backend, column: str, raw: str) -> None:
    """Table "pseudonyms:<column>": the pseudonym of every number in a column of raw rows, and
    whether its check digit is right.

    A person stands in many cases, and nothing else in an intake costs as much for a row.
    """
    con.con.execute(
        f"""CREATE TABLE "pseudonyms:{column}" AS
            SELECT number, {pseudonym("number")} AS pseudonym, {valid("number")} AS valid
            FROM (SELECT DISTINCT "c:{column}" AS number FROM ({raw})) WHERE number IS NOT NULL"""
    )


def normalised(text: str) -> str:
    """An identity number as it is compared: capitals, no blanks or hyphens."""
    return rf"regexp_replace(upper({text}), '[\s\-]', '', 'g')"


def pseudonym(text: str) -> str:
    """The first 16 hex digits of HMAC-SHA256 (RFC 2104) of the normalised number."""
    number = f"encode({normalised(text)})"
    inner = f"unhex(sha256(getvariable('secret_inner') || {number}))"
    return f"left(lower(sha256(getvariable('secret_outer') || {inner})), 16)"


def pseudonym_of(number: str, secret: bytes) -> str:
    """The pseudonym of one number outside SQL, to look it up; empty where there is no number."""
    plain = re.sub(r"[\s\-]", "", number.upper())
    return hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()[:16] if plain else ""


def valid(text: str) -> str:
    """Whether the check digit is right, of an identity number (GB 11643) or credit code (GB 32100).

    False where there is none to check (15-digit numbers, passports); NULL where there is no number.
    """
    number = normalised(text)
    person = f"regexp_full_match({number}, '{_RIC_FORM}')"
    other = f"regexp_full_match({number}, '[0-9A-HJ-NP-RTUW-Y]{{18}}')"
    return (
        f"CASE WHEN {person} THEN ({_ric(number)}) WHEN {other} THEN ({_uscc(number)}) "
        f"WHEN {text} IS NOT NULL THEN false END"
    )


def _ric(number: str) -> str:
    digits = (
        f"substr({number}, {i + 1}, 1)::INTEGER * {weight}" for i, weight in enumerate(_RIC_WEIGHTS)
    )
    return (
        f"substr('{_RIC_ALPHABET}', (({' + '.join(digits)}) % 11) + 1, 1) = substr({number}, 18, 1)"
    )


def _uscc(number: str) -> str:
    values = (
        f"(strpos('{_USCC_ALPHABET}', substr({number}, {i + 1}, 1)) - 1) * {weight}"
        for i, weight in enumerate(_USCC_WEIGHTS)
    )
    check = f"((31 - ({' + '.join(values)}) % 31) % 31)"
    return f"substr('{_USCC_ALPHABET}', {check} + 1, 1) = substr({number}, 18, 1)"


def mask(text: str) -> str:
    """张三 → 张*, 陕西某某公司 → 陕西***: the surname, or the first two characters."""
    return (
        f"CASE WHEN length({text}) <= 4 THEN left({text}, 1) || '*' "
        f"ELSE left({text}, 2) || '{MASKED}' END"
    )
