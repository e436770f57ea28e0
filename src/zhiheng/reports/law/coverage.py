"""What in the product bears each row of the rulebook, gathered from the rooms that know."""

from __future__ import annotations

from importlib import resources
from pathlib import PurePath

from zhiheng.indexes.editions import available_editions
from zhiheng.law.model import Law
from zhiheng.law.rulebook import Bearers, Rulebook, Standing, coverage
from zhiheng.law.screens import load_screens
from zhiheng.measures.definitions import definitions


def figure_rows() -> dict[str, str]:
    """Figure → the row of the rulebook it bears; figures without a row are left out."""
    return {name: one.row for name, one in definitions().items() if one.row}


def screen_rows() -> dict[str, str]:
    """Screen → the row of the rulebook it bears; screens without a row are left out."""
    return {name: one.rulebook for name, one in load_screens().items() if one.rulebook}


def standings(law: Law, rulebook: Rulebook) -> list[Standing]:
    """Where every row of the rulebook stands, in its order."""
    return coverage(rulebook, law, bearers())


def bearers() -> Bearers:
    """What bears a row besides the duties of the law."""
    return Bearers(
        figures=figure_rows(),
        editions=frozenset(available_editions()),
        programmes=programmes(),
        screens=screen_rows(),
        data=law_files(),
    )


def programmes() -> frozenset[str]:
    """The programmes there are as data."""
    folder = resources.files("zhiheng.indexes").joinpath("data", "programmes")
    if not folder.is_dir():
        return frozenset()
    return frozenset(PurePath(file.name).stem for file in folder.iterdir())


def law_files() -> frozenset[str]:
    """The files of the law beside its duties, such as dishonest/measures."""
    folder = resources.files("zhiheng.law").joinpath("data", "dishonest")
    return frozenset(f"dishonest/{PurePath(file.name).stem}" for file in folder.iterdir())
