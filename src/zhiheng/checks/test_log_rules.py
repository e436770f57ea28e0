from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from small_logs import duty, raw_rules, rules_of
from zhiheng.checks.log_rules import read_rules, rules_from
from zhiheng.errors import BadInput, WrongUse

EXAMPLE = Path(__file__).parents[3] / "examples" / "road-traffic-fines" / "duties.yaml"
NODES = {"begun": "Begin", "done": "Do"}
SOUND = duty(start=["begun"], stop=["done"], within={"days": 5})


def test_the_example_is_sound_and_asks_for_the_attributes_it_needs() -> None:
    rules = read_rules(EXAMPLE)
    assert rules.attributes == {"amount", "expense", "totalPaymentAmount"}
    assert list(rules.law.duties) == [
        "fine.sent",
        "penalty.exact",
        "appeal.prefect",
        "appeal.judge",
        "collection.unpaid_only",
    ]


def test_attributes_of_facts_and_of_nodes_are_asked_for() -> None:
    nodes = NODES | {"refused": {"activity": "Decide", "where": {"result": "no"}}}
    rules = rules_of(SOUND, nodes=nodes, facts={"kind": {"first": "case:kind"}})
    assert rules.attributes == {"result", "case:kind"}


def about(**change: Any) -> dict[str, Any]:
    return duty(**({"start": ["begun"], "stop": ["done"], "within": {"days": 5}} | change))


def forbidden(when: dict[str, Any]) -> dict[str, Any]:
    return duty(kind="prohibition", start=["begun"], forbidden_when=when)


def judged_at(node: str) -> dict[str, Any]:
    """An act judged at a node."""
    return duty(kind="presence", start=["begun"], stop=["done"], by={"node": node})


def of_length(fact: str) -> dict[str, Any]:
    """A deadline whose length is a fact."""
    return duty(start=["begun"], stop=["done"], within_field={"field": fact, "unit": "days"})


FACTS = {"paid": {"sum": "pay"}, "kind": {"last": "kind"}, "n": {"last": "n", "kind": "integer"}}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ([], "not a mapping"),
        (None, "not a mapping"),
        (raw_rules(nodes=NODES), "no duty at all"),
        (raw_rules(about(cites=[]), nodes=NODES), "cites nothing"),
        (raw_rules(SOUND, nodes=NODES, calendar="italy"), "italy"),
        (raw_rules(SOUND, nodes=NODES, colums={}), "colums"),
        (raw_rules(SOUND, nodes={"begun": "Begin"}), "done is not under nodes"),
        (raw_rules(about(discharged_by=["paid"]), nodes=NODES, facts=FACTS), "paid is not under"),
        (
            raw_rules(judged_at("closed"), nodes=NODES),
            "closed is not under nodes",
        ),
        (raw_rules(SOUND | {"per": "asset"}, nodes=NODES), "per is asset"),
        (raw_rules(about(clock_stops=[{"kind": "stay"}]), nodes=NODES), "no intervals"),
        (raw_rules(about(applies={"kind": ["x"]}), nodes=NODES), "kind is not under facts"),
        (raw_rules(about(applies={"kind": "present"}), nodes=NODES), "neither"),
        (raw_rules(forbidden({"paid": {"ge": "$due"}}), nodes=NODES, facts=FACTS), "due is not"),
        (raw_rules(forbidden({"kind": {"ge": 3}}), nodes=NODES, facts=FACTS), "compare"),
        (raw_rules(forbidden({"paid": {"ge": "$n"}}), nodes=NODES, facts=FACTS), "compare"),
        (
            raw_rules(forbidden({"any_of": [{"who": ["x"]}]}), nodes=NODES, facts=FACTS),
            "who is not under facts",
        ),
        (
            raw_rules(
                forbidden({"paid": {"ge": {"percent": 5, "of": "due"}}}), nodes=NODES, facts=FACTS
            ),
            "due is not under facts",
        ),
        (
            raw_rules(
                forbidden({"n": {"ge": {"percent": 5, "of": "paid"}}}), nodes=NODES, facts=FACTS
            ),
            "compare",
        ),
        (raw_rules(about(unless={"kind": ["x"]}), nodes=NODES), "kind is not under facts"),
        (raw_rules(of_length("paid"), nodes=NODES, facts=FACTS), "paid is no integer"),
        (raw_rules(of_length("m"), nodes=NODES, facts=FACTS), "m is not under facts"),
        (raw_rules(SOUND, nodes=NODES, facts={"begun": {"last": "x"}}), "both a node and a fact"),
        (raw_rules(SOUND, nodes=NODES, facts={"f": {"last": "x", "sum": "y"}}), "exactly one"),
        (raw_rules(SOUND, nodes=NODES, facts={"f": {"sum": "x", "kind": "text"}}), "added"),
        (raw_rules(SOUND, nodes=NODES, facts={"f": {"plus": ["g"]}}), "no fact g above it"),
        (raw_rules(SOUND, nodes=NODES, facts=FACTS | {"f": {"plus": ["n"]}}), "another kind"),
        (raw_rules(SOUND, nodes=NODES, facts={"f": {"sum": "x", "until": "y"}}), "unknown node y"),
        (
            raw_rules(SOUND, nodes=NODES | {"x": {"activity": "X", "before": "y"}}),
            "unknown node y",
        ),
        (raw_rules(SOUND, nodes=NODES | {"x": {"where": {}}}), "activity"),
        (
            raw_rules(SOUND, nodes=NODES | {"x": {"activity": "X", "where": {"case:k": "v"}}}),
            "asks events",
        ),
    ],
)
def test_rules_that_could_not_be_defended_are_refused(raw: Any, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        rules_from(raw, "duties.yaml")
    assert caught.value.place == "duties.yaml"


def test_every_fault_is_named_at_once() -> None:
    with pytest.raises(BadInput, match=r"begun is not under nodes.*done is not under nodes"):
        rules_of(SOUND)


def test_a_composite_of_duties_of_the_file_is_sound() -> None:
    both = duty("both", "composite", start=["begun"], all_of=[{"duty": "d"}])
    assert list(rules_of(both, SOUND, nodes=NODES).law.duties) == ["both", "d"]


def test_rules_that_are_not_there_are_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="no such duties file"):
        read_rules(tmp_path / "duties.yaml")


def test_yaml_that_breaks_off_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "duties.yaml"
    path.write_text("nodes: {begun: Begin\nduties:", "utf-8")
    with pytest.raises(BadInput, match="line 2"):
        read_rules(path)


def test_the_citation_of_the_example_is_graded_where_the_text_was_not_read() -> None:
    grades = {
        cite.place: cite.grade
        for one in read_rules(EXAMPLE).law.duties.values()
        for version in one.versions
        for cite in version.cites
    }
    assert grades["art. 201(1)"] == "text"
    assert grades["art. 206"] == "recollection"
