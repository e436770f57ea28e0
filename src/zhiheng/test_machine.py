"""What the machine refuses is recognised however a library says it, and nothing else is."""

import errno
import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from zhiheng.machine import DiskFails, DiskFull, NoMemory, NoRight, trouble


def os_error(number: int, path: object = None) -> OSError:
    return OSError(number, os.strerror(number), path)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (os_error(errno.ENOSPC), DiskFull),
        (os_error(errno.EDQUOT), DiskFull),
        (os_error(errno.EROFS), NoRight),
        (os_error(errno.EACCES), NoRight),
        (os_error(errno.EIO), DiskFails),
        (MemoryError(), NoMemory),
        (duckdb.OutOfMemoryException("could not allocate block of size 256.0 KiB"), NoMemory),
        (duckdb.OutOfMemoryException("... 'max_temp_directory_size' setting"), DiskFull),
        (duckdb.IOException('Could not write file "x": No space left on device'), DiskFull),
        (OSError("[Errno 28] Error writing bytes to file. No space left on device"), DiskFull),
    ],
)
def test_it_is_recognised_and_says_what_to_do(error: Exception, kind: type) -> None:
    problem = trouble(error)
    assert type(problem) is kind
    assert problem.exit_code == 1
    assert problem.what.zh and problem.what.en and problem.remedy.zh and problem.remedy.en


@pytest.mark.parametrize(
    "error",
    [
        ValueError("No space left on device"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "x"),
        duckdb.IOException('Could not open file "x"'),
        pa.ArrowInvalid("Parquet magic bytes not found"),
        KeyError("memory"),
    ],
)
def test_other_errors_are_not(error: Exception) -> None:
    assert trouble(error) is None


def test_what_led_to_an_error_counts() -> None:
    try:
        try:
            raise os_error(errno.ENOSPC)
        except OSError as error:
            raise RuntimeError("the report failed") from error
    except RuntimeError as error:
        assert isinstance(trouble(error), DiskFull)


def test_it_names_the_folder_that_is_still_there(tmp_path: Path) -> None:
    gone = tmp_path / "staging" / "x.parquet"
    problem = trouble(os_error(errno.ENOSPC, str(gone)))
    assert problem is not None and problem.place == str(tmp_path)
    text = f'Async write failed: {{"exception_message":"Could not write file \\"{gone}\\": No space'
    problem = trouble(duckdb.IOException(f'{text} left on device","errno":"28"}}'))
    assert problem is not None and problem.place == str(tmp_path)


def test_without_a_name_it_is_the_fullest_of_the_places_written_to(tmp_path: Path) -> None:
    problem = trouble(os_error(errno.ENOSPC), [tmp_path / "new" / "x"])
    assert problem is not None and problem.place == str(tmp_path)
    problem = trouble(os_error(errno.ENOSPC))
    assert problem is not None and problem.place == ""
