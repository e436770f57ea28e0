"""A proof changes with everything a result rests on, and with nothing else."""

from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from zhiheng.indexes.answers import Answers
from zhiheng.indexes.editions import available_editions, load_edition
from zhiheng.law.load import load_law
from zhiheng.scoring.assumptions import choose
from zhiheng.scoring.proof import Proof, prove
from zhiheng.store import program
from zhiheng.store.lake import Store, open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return open_store(tmp_path_factory.mktemp("proof") / "store", create=True)


def of(store: Store, edition: str = "cass-2017", **choices: str) -> Proof:
    chosen, law = choose(load_edition(edition), load_law(), choices)
    return prove(store, law, chosen)


def test_the_same_has_the_same_proof_wherever_the_store_lies(store: Store, tmp_path: Path) -> None:
    elsewhere = open_store(tmp_path / "elsewhere", create=True)
    assert of(store) == of(elsewhere)
    assert all(len(digest) == 64 for digest in (of(store).law, of(store).edition, of(store).code))


def test_a_choice_changes_the_digest_of_the_assumptions_alone(store: Store) -> None:
    before, law = of(store), load_law()
    edition = load_edition("cass-2017")
    chosen = [
        {name: choice}
        for name, each in {**law.assumptions, **edition.assumptions}.items()
        for choice in each.choices
        if choice != each.value
    ]
    found = [of(store, **choice) for choice in chosen]
    assert all(replace(each, assumptions=before.assumptions) == before for each in found)
    assert len({each.assumptions for each in [before, *found]}) == len(found) + 1


def test_every_edition_has_a_digest_of_its_own(store: Store) -> None:
    digests = {name: of(store, name).edition for name in available_editions()}
    assert len(set(digests.values())) == len(digests)


def test_an_answer_sheet_is_named_by_its_file(store: Store) -> None:
    law, edition = load_law(), load_edition("cass-2017")
    assert prove(store, law, edition).answers == ""
    assert prove(store, law, edition, Answers({}, "ab" * 32)).answers == "ab" * 32


def test_a_check_without_an_edition_has_a_proof_too(store: Store) -> None:
    bare = prove(store, load_law())
    assert bare.edition == "" and bare.assumptions and bare.law == of(store).law


def test_tests_and_what_python_compiles_are_no_part_of_the_code() -> None:
    names = [name for name, _ in program._below(resources.files("zhiheng"), "")]
    assert "scoring/proof.py" in names and "law/data/rulebook.yaml" in names
    assert not [name for name in names if "test_" in name or "__pycache__" in name]


def test_a_changed_file_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program.resources, "files", lambda _: tmp_path)
    (tmp_path / "law").mkdir()
    seen = set()
    for name, content in (("a", "1"), ("a", "2"), ("b", "2"), ("law/a", "1")):
        (tmp_path / name).write_text(content)
        seen.add(program.digest_of_files.__wrapped__())
    assert len(seen) == 4
    before = program.digest_of_files.__wrapped__("law")
    (tmp_path / "c").write_text("3")
    assert program.digest_of_files.__wrapped__("law") == before
