"""The catalogue of tables, codes and nodes is sound and agrees with the national list of nodes."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from zhiheng.records.catalogue import (
    SUBJECTS,
    Table,
    code_spellings,
    codes,
    node_spellings,
    nodes,
    tables,
)


def repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]


@pytest.mark.parametrize("name", tables())
def test_a_table_has_one_key_of_its_own_kind_except_events(name: str) -> None:
    table = tables()[name]
    ids = [column for column, spec in table.columns.items() if spec.kind == "id"]
    assert ids == ([table.key] if name != "events" else [])
    assert name == "events" or table.columns[table.key or ""].required


@pytest.mark.parametrize("name", tables())
def test_a_reference_points_to_a_table_loaded_no_later(name: str) -> None:
    order = list(tables())
    for column, spec in tables()[name].columns.items():
        assert (spec.kind == "ref") == (spec.table is not None), column
        if spec.table is not None:
            assert order.index(spec.table) <= order.index(name), column


@pytest.mark.parametrize("name", tables())
def test_a_coded_column_names_a_code_list_and_no_other_column_does(name: str) -> None:
    for column, spec in tables()[name].columns.items():
        assert (spec.kind == "code") == (spec.codes is not None), column
        assert spec.codes is None or spec.codes in codes(), column


def labels(table: Table) -> list[str]:
    return [label for name, spec in table.columns.items() for label in {name, spec.zh, spec.en}]


@pytest.mark.parametrize("name", tables())
def test_column_labels_of_a_table_are_not_ambiguous(name: str) -> None:
    assert repeated(labels(tables()[name])) == []


@pytest.mark.parametrize("name", tables())
def test_an_example_of_a_coded_column_is_a_spelling_of_its_list(name: str) -> None:
    for column, spec in tables()[name].columns.items():
        if spec.codes and spec.example is not None:
            assert spec.example in code_spellings(spec.codes), column


def test_every_code_list_is_used() -> None:
    used = {spec.codes for table in tables().values() for spec in table.columns.values()}
    assert used - {None} == set(codes())


@pytest.mark.parametrize("name", codes())
def test_no_spelling_stands_for_two_codes_of_a_list(name: str) -> None:
    spellings = [
        spelling
        for identifier, code in codes()[name].items()
        for spelling in {identifier, code.zh, code.en, *code.also}
    ]
    assert repeated(spellings) == []
    assert set(code_spellings(name)) == set(spellings)


def test_node_numbers_and_national_codes_are_unique() -> None:
    assert repeated([str(node.number) for node in nodes().values()]) == []
    assert repeated([node.code for node in nodes().values() if node.code]) == []


def test_no_spelling_stands_for_two_nodes_that_are_entered() -> None:
    spellings = [
        spelling
        for name, node in nodes().items()
        if node.source is None
        for spelling in {name, node.zh, node.en, *node.also, *([node.code] if node.code else [])}
    ]
    assert repeated(spellings) == []
    assert set(node_spellings()) == set(spellings)


def test_every_subject_kind_has_its_table_and_every_node_a_subject_kind() -> None:
    assert set(SUBJECTS.values()) <= set(tables())
    assert {node.subject for node in nodes().values()} <= set(SUBJECTS)


@pytest.mark.parametrize(
    "name", [name for name, node in nodes().items() if node.source is not None]
)
def test_a_node_read_off_a_table_names_a_day_column_and_codes_that_exist(name: str) -> None:
    source = nodes()[name].source
    assert source is not None
    table = tables()[source.table]
    assert table.columns[source.column].kind == "day"
    for column, values in source.where.items():
        code_list = table.columns[column].codes
        assert code_list is not None
        assert values
        assert set(values) <= set(codes()[code_list])


def test_a_node_read_off_a_table_belongs_to_a_row_of_that_table_or_to_its_case() -> None:
    for name, node in nodes().items():
        if node.source is not None:
            own = SUBJECTS[node.subject] == node.source.table
            assert own or (node.subject == "case" and "case" in tables()[node.source.table].columns)
            assert own or name.startswith(("closure_ruling", "paper_"))


def test_the_37_key_nodes_and_three_more_agree_with_the_national_list(
    shared: Callable[..., Path],
) -> None:
    with shared("nodes", "enforcement_nodes_203001.csv").open(encoding="utf-8-sig") as file:
        listed = list(csv.DictReader(file))
    assert len(listed) == 40
    assert sum(row["in_37"] == "Y" for row in listed) == 37
    ours = {node.code: node for node in nodes().values() if node.code}
    assert set(ours) == {row["dp_code"] for row in listed}
    for row in listed:
        node = ours[row["dp_code"]]
        assert row["name_short"] in {node.zh, *node.also}
        assert node.number == int(row["dp_code"][-3:])
