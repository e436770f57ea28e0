"""What the data of the law names, the catalogue of the records knows."""

from __future__ import annotations

from zhiheng.law.powers import load_powers
from zhiheng.law.screens import load_screens, load_sequences
from zhiheng.records.catalogue import SUBJECTS, codes, nodes
from zhiheng.screens.run import JUDGED, ROWS


def test_every_node_of_a_power_is_in_the_catalogue_and_entered_as_an_event() -> None:
    for name in load_powers().holders():
        assert nodes()[name].source is None


def test_every_holder_of_a_power_is_a_role_of_officers() -> None:
    for power in load_powers().powers:
        assert {*power.holders, *filter(None, [power.approval])} <= set(codes()["officer_role"])


def test_the_nodes_of_a_pair_are_passed_by_one_kind_of_subject() -> None:
    for pair in load_sequences().pairs:
        assert len({nodes()[name].subject for name in (pair.first, *pair.then)}) == 1


def test_the_nodes_of_a_chain_are_passed_by_one_kind_of_subject() -> None:
    for chain in load_sequences().chains.values():
        assert len({nodes()[name].subject for step in chain.steps for name in step}) == 1
        assert len(chain.steps) > 2


def test_nothing_that_follows_the_closing_by_law_is_held_against_the_archiving() -> None:
    handling = set(load_sequences().before_archiving)
    assert handling <= set(nodes())
    assert not handling & {"archived", "follow_up_inquiry", "paid_out", "closure_registered"}


def test_what_leads_to_a_filing_may_come_before_it_and_nothing_else() -> None:
    early = load_sequences().before_filing
    assert set(early) <= set(nodes())
    assert all(nodes()[name].subject == "case" for name in early)
    assert not set(early) & set(load_sequences().before_archiving)


def test_every_screen_has_its_rows() -> None:
    assert list(ROWS) == list(load_screens())
    assert set(JUDGED) <= set(ROWS)


def test_rows_are_of_a_kind_there_is() -> None:
    kinds = {*SUBJECTS, "event", "officer", "rate"}
    assert {screen.rows for screen in load_screens().values()} <= kinds
