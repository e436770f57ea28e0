"""Trees: what makes one, and how every flaw is named by its row."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiheng.composites.tables import read_table
from zhiheng.composites.tree import Tree, read_tree
from zhiheng.errors import BadInput


def tree(home: Path, text: str) -> Tree:
    file = home / "tree.csv"
    file.write_text(text, encoding="utf-8")
    return read_tree(read_table(file))


def test_columns_come_in_any_order_and_only_two_are_needed(tmp_path: Path):
    found = tree(tmp_path, "parent,Code\n,all\nall,a\npart,b\nall,part\npart,c\n")
    assert found.root == "all" and found.leaves == ("a", "b", "c")
    assert found.children == {"all": ("a", "part"), "part": ("b", "c")}
    assert found.heights == {"all": 2, "a": 0, "part": 1, "b": 0, "c": 0}
    assert {node.weight for node in found.nodes} == {1.0}


def test_directions_are_understood_in_words_signs_and_chinese(tmp_path: Path):
    said = ["", "positive", "1", "+", "正", "Negative", "-1", "-", "负"]
    rows = "".join(f"c{at},all,{word}\n" for at, word in enumerate(said))
    found = tree(tmp_path, "code,parent,direction\nall,,\n" + rows)
    assert [node.direction for node in found.nodes[1:]] == [1] * 5 + [-1] * 4


def test_directions_and_kinds_are_understood_as_others_write_them(tmp_path: Path):
    rows = "all,,Index,\np,all,node,\na,p,Leaf,higher\nb,p,Indicator,-1.0\nc,all,,Down\n"
    found = tree(tmp_path, "code,parent,kind,direction\n" + rows)
    assert [node.direction for node in found.nodes] == [1, 1, 1, -1, -1]
    assert [node.kind for node in found.nodes] == ["aggregate", "", "indicator", "indicator", ""]


@pytest.mark.parametrize("word", ["", "-", "NA", "None", "无"])
def test_a_root_may_say_in_words_that_it_has_no_parent(tmp_path: Path, word: str):
    assert tree(tmp_path, f"code,parent\nall,{word}\na,all\n").root == "all"


def test_a_word_for_no_parent_that_is_a_code_is_that_code(tmp_path: Path):
    found = tree(tmp_path, "code,parent\nNA,\nx,NA\ny,x\n")
    assert found.root == "NA" and found.children == {"NA": ("x",), "x": ("y",)}


def test_a_cell_for_no_value_says_nothing_in_any_column(tmp_path: Path):
    head = "code,parent,weight,direction,kind,normalise,aggregate\n"
    found = tree(tmp_path, head + "all,NA,NA,NA,NA,NA,NA\na,all,2,-1,NA,NA,NA\n")
    assert [(node.direction, node.weight) for node in found.nodes] == [(1, 1.0), (-1, 2.0)]
    assert not any(node.kind + node.normalise + node.aggregate for node in found.nodes)


FLAWS = {
    "a code twice": ("all,\na,all\na,all\n", "tree.csv:4", "tree.csv:3"),
    "an unknown parent": ("all,\na,al\n", "tree.csv:3", "'al'"),
    "two roots": ("all,\nother,\na,all\n", "tree.csv", "all, other"),
    "no root": ("a,b\nb,a\n", "tree.csv", "there are 0"),
    "a root alone": ("all,\n", "tree.csv", "one root"),
    "a cycle": ("all,\nx,all\na,b\nb,c\nc,a\n", "tree.csv:4", "a → b → c → a"),
    "a branch beside a cycle": ("all,\nx,all\nd,a\na,b\nb,a\n", "tree.csv:4", "a → b → a"),
    "the name of the units' column": ("unit,\na,unit\n", "tree.csv:2", "'unit'"),
    "no code": (",all\nall,\n", "tree.csv:2", "no code"),
}


@pytest.mark.parametrize("flaw", FLAWS)
def test_what_is_no_tree_is_refused_with_its_row(tmp_path: Path, flaw: str):
    rows, place, said = FLAWS[flaw]
    with pytest.raises(BadInput) as caught:
        tree(tmp_path, "code,parent\n" + rows)
    assert caught.value.place == place
    assert said.lower() in caught.value.what.en.lower()


COLUMNS = {
    "weight": [
        ("-1", "negative"),
        ("much", "no number"),
        ("inf", "no number"),
        ("1e999", "number"),
    ],
    "direction": [("sideways", "'sideways' in column 'direction'"), ("0", "'0'")],
    "kind": [("aggregate", "does not fit"), ("thing", "'thing'")],
    "normalise": [("minimax", "'minimax'")],
    "aggregate": [("geometric", "does not fit"), ("mean", "'mean'")],
}


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [(column, *case) for column, cases in COLUMNS.items() for case in cases],
)
def test_a_cell_that_does_not_fit_is_refused(tmp_path: Path, column: str, value: str, said: str):
    with pytest.raises(BadInput) as caught:
        tree(tmp_path, f"code,parent,{column}\nall,,\na,all,{value}\n")
    assert caught.value.place == "tree.csv:3" and said in caught.value.what.en


def test_a_branch_whose_weights_are_all_nought_is_refused(tmp_path: Path):
    with pytest.raises(BadInput) as caught:
        tree(tmp_path, "code,parent,weight\nall,,\na,all,1\np,all,1\nb,p,0\nc,p,0\n")
    assert caught.value.place == "tree.csv:4" and "'p'" in caught.value.what.en
