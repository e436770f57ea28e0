"""The joint sanctions, the rules of bidding, and bidders against the list."""

from __future__ import annotations

from zhiheng.indexes.editions import load_edition
from zhiheng.law.load import load_law
from zhiheng.listings.bidders import Member, bids
from zhiheng.listings.model import admission, bidding, publication, sanctions


def test_there_are_thirty_two_measures_in_order() -> None:
    assert [one.number for one in sanctions().measures] == list(range(1, 33))
    assert all(one.by and one.binds and one.place for one in sanctions().measures)
    assert {one.kind for one in sanctions().measures} == set(sanctions().kinds)


def test_every_measure_binds_the_listed_person() -> None:
    assert len(sanctions().binding("listed")) == 32


def test_the_four_persons_behind_a_listed_organisation_are_bound_by_six() -> None:
    for bound in ("representative", "principal", "responsible", "controller"):
        assert [one.number for one in sanctions().binding(bound)] == [5, 19, 20, 21, 22, 23]


def test_feedback_is_quarterly() -> None:
    assert sanctions().feedback.every.months == 3


def test_the_documents_are_known() -> None:
    documents = load_law().documents
    for one in (admission(), publication(), sanctions(), bidding()):
        assert one.document in documents


def test_the_measures_name_leaves_of_the_index_there_are() -> None:
    edition = load_edition("cass-2017")
    named = {leaf for one in sanctions().measures for leaf in one.cass}
    assert named
    assert all(edition.leaf(leaf) for leaf in named)


def test_the_index_asks_the_supreme_court_for_eleven_sanctions_and_high_courts_for_ten() -> None:
    edition = load_edition("cass-2017")
    for level, count in (("supreme", 11), ("high", 10)):
        leaves = [edition.leaf(f"{level}.2.2.{n}") for n in range(1, count + 2)]
        assert [bool(leaf) for leaf in leaves] == [True] * count + [False]


def test_the_rules_of_bidding_name_five_roles() -> None:
    assert set(bidding().roles) == {"bidder", "consortium", "agency", "expert", "staff"}


ROWS = [{"bid": "A"}, {"bid": "A"}, {"bid": "B"}, {"bid": "B"}, {}]


def test_one_listed_member_makes_the_consortium_listed() -> None:
    first, second, alone = bids(ROWS, {1: False, 2: True, 3: False, 4: False, 5: False})
    assert (first.listed, second.listed, alone.listed) == (True, False, False)
    assert (first.consortium, alone.consortium) == (True, False)


def test_a_member_who_cannot_be_looked_up_leaves_a_clear_consortium_open() -> None:
    found = bids(ROWS[:2], {1: False, 2: None})
    assert found[0].listed is None
    assert bids(ROWS[:2], {1: True, 2: None})[0].listed is True


def test_a_row_without_a_bid_stands_for_itself() -> None:
    found = bids([{"role": "expert"}, {}], {1: False, 2: True})
    assert found[0].members == (Member(1, "1", "expert", False),)
    assert found[1].bid == "2"
