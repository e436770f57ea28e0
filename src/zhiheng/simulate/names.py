"""Made-up names and identity numbers that nobody can bear.

A person's number has the code of a whole province where a real one has a county's, and a correct
check digit (GB 11643-1999); a firm's has the division 990000, which does not exist, and a correct
check character (GB 32100-2015). The same person or firm keeps name and number in every case.
"""

from __future__ import annotations

from functools import cache
from importlib import resources

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml
from numpy.typing import NDArray

from zhiheng.simulate.world import Ints, Mask

PROVINCE_CODE = b"610000"
FIRM_PREFIX = b"91990000"
_PERSON_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_PERSON_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_FIRM_WEIGHTS = np.array([1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28])
_FIRM_CHECK = np.frombuffer(b"0123456789ABCDEFGHJKLMNPQRTUWXY", np.uint8)


class Parts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What names are put together from."""

    surnames: str
    given: str
    firms: tuple[str, ...]
    trades: tuple[str, ...]


@cache
def parts() -> Parts:
    """The parts that ship with the product."""
    text = resources.files("zhiheng.simulate").joinpath("data", "names.yaml").read_text("utf-8")
    return msgspec.convert(yaml.load(text, Loader=yaml.CSafeLoader), Parts)


def person_names(person: Ints) -> pa.Array:
    """Names of persons by their number: a surname and one or two characters."""
    given = list(parts().given)
    mixed = _mixed(person)
    first = _taken(list(parts().surnames), mixed)
    second = _taken(given, mixed // 101)
    third = _taken(["", *given], np.where(mixed % 5 == 0, 0, 1 + mixed // 10_007 % len(given)))
    return pc.binary_join_element_wise(first, second, third, "")


def firm_names(firm: Ints, province: str) -> pa.Array:
    """Names of firms by their number, such as 陕西恒远商贸第12有限公司."""
    word = _taken(list(parts().firms), firm)
    trade = _taken(list(parts().trades), firm // len(parts().firms))
    ordinal = pa.array(firm // 20).cast(pa.string())
    return pc.binary_join_element_wise(province, word, trade, "第", ordinal, "有限公司", "")


def person_numbers(person: Ints, born: NDArray[np.datetime64], known: Mask) -> pa.Array:
    """Identity numbers of persons born on given days; null where not known."""
    year = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    day = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
    digits = np.empty((len(person), 18), np.uint8)
    digits[:, :6] = np.frombuffer(PROVINCE_CODE, np.uint8)
    digits[:, 6:14] = _decimal(year * 10_000 + month * 100 + day, 8)
    digits[:, 14:17] = _decimal(person % 1000, 3)
    total = (digits[:, :17].astype(np.int64) - 48) @ _PERSON_WEIGHTS
    digits[:, 17] = _PERSON_CHECK[total % 11]
    return _strings(digits, known)


def firm_numbers(firm: Ints, known: Mask) -> pa.Array:
    """Unified social credit numbers of firms; null where not known."""
    digits = np.empty((len(firm), 18), np.uint8)
    digits[:, :8] = np.frombuffer(FIRM_PREFIX, np.uint8)
    digits[:, 8:17] = _decimal(firm % 10**9, 9)
    total = (digits[:, :17].astype(np.int64) - 48) @ _FIRM_WEIGHTS
    digits[:, 17] = _FIRM_CHECK[(31 - total) % 31]
    return _strings(digits, known)


def _mixed(number: Ints) -> Ints:
    """Neighbouring numbers made far apart, so that names do not run in a row."""
    return (number * 2_654_435_761 + 12_345) % (1 << 40)


def _taken(words: list[str], position: Ints) -> pa.Array:
    return pa.array(words).take(pa.array(position % len(words)))


def _decimal(number: Ints, width: int) -> NDArray[np.uint8]:
    """Numbers as rows of ASCII digits."""
    powers = 10 ** np.arange(width - 1, -1, -1, dtype=np.int64)
    return (number[:, None] // powers % 10 + 48).astype(np.uint8)


def _strings(rows: NDArray[np.uint8], known: Mask) -> pa.Array:
    """Rows of ASCII as strings, null where not known."""
    offsets = np.arange(0, rows.size + 1, rows.shape[1], dtype=np.int32)
    data = pa.py_buffer(np.ascontiguousarray(rows))
    strings = pa.StringArray.from_buffers(len(rows), pa.py_buffer(offsets), data)
    return pc.if_else(pa.array(known), strings, pa.scalar(None, pa.string()))
