"""`zhiheng check --json` says by digest what its counts rest on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from zhiheng.cli.test_ledger import run
from zhiheng.law.load import load_law
from zhiheng.scoring.proof import prove
from zhiheng.store.lake import open_store


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("check")
    run("simulate", "--cases", 200, "--seed", 5, "--out", home / "data")
    run("intake", home / "data", "--store", home / "store")
    return home / "store"


def check(store: Path, *more: object) -> str:
    return run("check", "--store", store, "--as-of", "2019-12-31", "--json", *more)


def proof(store: Path, *more: object) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(check(store, *more))["proof"]
    return found


def test_two_checks_of_a_store_are_the_same_bytes_with_the_same_proof(store: Path) -> None:
    first, second = check(store), check(store)
    assert first == second
    opened, expected = open_store(store), json.loads(first)["proof"]
    assert expected["store"] == opened.digest
    assert expected == vars(prove(opened, load_law()))
    assert all(len(expected[name]) == 64 for name in ("store", "law", "assumptions", "code"))
    assert expected["edition"] == expected["answers"] == ""


def test_the_proof_changes_with_what_is_assumed_and_with_the_edition(store: Path) -> None:
    plain = proof(store)
    assumed = proof(store, "--assume", "closure_checks=practice")
    assert {name for name in plain if plain[name] != assumed[name]} == {"assumptions"}
    of_an_edition = proof(store, "--edition", "cass-2017")
    assert of_an_edition["edition"] and of_an_edition["store"] == plain["store"]
    assert of_an_edition["assumptions"] != plain["assumptions"]


def test_the_proof_is_of_the_store_as_it_is_now(store: Path, tmp_path: Path) -> None:
    before = proof(store)
    run("simulate", "--cases", 20, "--seed", 6, "--from", "2017-05-01", "--to", "2017-12-31",
        "--out", tmp_path)  # fmt: skip
    run("intake", tmp_path, "--store", store)
    after = proof(store)
    assert after["store"] == open_store(store).digest != before["store"]
    assert {**after, "store": before["store"]} == before
