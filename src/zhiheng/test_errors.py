"""Problems travel from the process that met them to the one that tells the user."""

import pickle
from pathlib import Path

import pytest

from zhiheng.errors import BadInput, Message, Problem, WrongUse
from zhiheng.machine import DiskFull
from zhiheng.store.problems import DerivedDamaged, StoreBusy, StoreDamaged, StoreNewer

SAID = (Message("坏", "bad"), Message("改", "mend"), "here")


@pytest.mark.parametrize(
    "problem",
    [
        BadInput(*SAID),
        WrongUse(*SAID),
        DiskFull("/data"),
        StoreBusy(Path("store")),
        StoreDamaged("x", "坏", "bad"),
        DerivedDamaged("x", "坏", "bad"),
        StoreNewer(Path("store"), 3, 2),
    ],
    ids=lambda problem: type(problem).__name__,
)
def test_a_problem_is_handed_on_as_it_is(problem: Problem) -> None:
    again = pickle.loads(pickle.dumps(problem))
    assert type(again) is type(problem)
    assert str(again) == str(problem)
    assert (again.what, again.remedy, again.place) == (problem.what, problem.remedy, problem.place)
    assert again.exit_code == problem.exit_code
