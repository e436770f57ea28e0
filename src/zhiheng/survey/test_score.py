"""Scores by hand, response rates by the formulas, what is withheld and what is never printed."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from zhiheng.errors import BadInput, WrongUse
from zhiheng.survey.conftest import MAPPING
from zhiheng.survey.invited import Invited, read_invited
from zhiheng.survey.mapping import Scored, read_mapping
from zhiheng.survey.model import Form
from zhiheng.survey.rates import outcome, rates
from zhiheng.survey.responses import Responses
from zhiheng.survey.results import auxiliary_csv, questions_csv, response_csv, response_rows
from zhiheng.survey.score import figure, people, unknown_conditions


def mapping_of(tmp_path: Path, form: Form, text: str = MAPPING) -> dict[str, Scored]:
    path = tmp_path / "mapping.csv"
    path.write_text(text, "utf-8")
    return read_mapping(path, form)


def answered(*answers: dict[str, str]) -> Responses:
    read = frozenset({"court", "told", "ways", "days"})
    told = tuple({name: tuple(said.split()) for name, said in one.items()} for one in answers)
    return Responses(told, read, (), 0)


FIVE = answered(
    {"court": "c1", "told": "yes", "ways": "sms letter", "days": "30"},
    {"court": "c1", "told": "yes", "ways": "letter", "days": "45"},
    {"court": "c1", "told": "no"},
    {"court": "c2", "told": "dk"},
    {"court": "c2", "told": "na"},
)


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_scores_come_out_as_by_hand(tmp_path: Path, form: Form) -> None:
    mapping = mapping_of(tmp_path, form)
    persons = people(FIVE, form, mapping, ["court"])
    # a: told alone: 100, 100, 0. b: told and days: (100+100)/2, (100+40)/2, 0.
    # c: letter is 100 - 0.
    first, second, third = (
        figure(persons, names) for names in (["told"], ["told", "days"], ["ways"])
    )
    assert (first.mean, first.respondents) == (pytest.approx(200 / 3), 3)
    assert second.mean == pytest.approx((100 + 70 + 0) / 3)
    assert third.mean == pytest.approx(((50 + 100) / 2 + 100) / 2)
    assert first.counts == {"score": 3, "dont_know": 1, "not_applicable": 1}
    assert third.counts == {"score": 2, "not_asked": 3}


def test_do_not_know_scores_where_the_mapping_says_so(tmp_path: Path, form: Form) -> None:
    mapping = mapping_of(tmp_path, form, MAPPING.replace("told,dk,,dont_know", "told,dk,20,"))
    found = figure(people(FIVE, form, mapping, []), ["told"])
    assert found.mean == pytest.approx(220 / 4)


def test_a_blank_is_not_asked_or_not_answered_by_the_forms_condition(
    tmp_path: Path, form: Form
) -> None:
    mapping = mapping_of(tmp_path, form)
    told = {"court": "c1", "told": "yes", "ways": "sms"}
    persons = people(answered(told, {"court": "c1", "told": "no"}), form, mapping, [])
    assert [one.states["days"] for one in persons] == ["no_answer", "not_asked"]
    assert [one.outcome for one in persons] == ["partial", "complete"]  # 3 of 4, 2 of 2


def test_a_number_outside_every_bound_is_no_score(tmp_path: Path, form: Form) -> None:
    mapping = mapping_of(tmp_path, form, MAPPING.replace("days,31..,40", "days,31..60,40"))
    full = {"court": "c1", "told": "yes", "ways": "sms", "days": "90"}
    (person,) = people(answered(full), form, mapping, [])
    assert (person.states["days"], person.scores.get("days")) == ("no_answer", None)


def test_a_break_off_is_no_response_and_not_scored(tmp_path: Path, form: Form) -> None:
    mapping = mapping_of(tmp_path, form)
    persons = people(answered({"told": "yes"}, {"court": "c1", "told": "no"}), form, mapping, [])
    assert [one.outcome for one in persons] == ["break_off", "complete"]  # 1 of 4
    assert figure(persons, ["told"]).mean == 0


@pytest.mark.parametrize(
    ("given", "asked", "kind"),
    [(81, 100, "complete"), (80, 100, "partial"), (50, 100, "partial"), (49, 100, "break_off"),
     (0, 0, "break_off")],
)  # fmt: skip
def test_an_outcome_follows_aapors_shares(given: int, asked: int, kind: str) -> None:
    assert outcome(given, asked) == kind


def test_response_rates_follow_aapors_formulas() -> None:
    found = rates(["complete"] * 30 + ["partial"] * 10 + ["break_off"] * 5, 100)
    assert (found.rr1, found.rr2, found.returned, found.not_returned) == (0.3, 0.4, 45, 55)
    unknown = rates(["complete"], None)
    assert (unknown.rr1, unknown.rr2, unknown.not_returned) == (None, None, None)


def test_a_court_that_nobody_answered_from_stands_in_the_response(
    tmp_path: Path, form: Form
) -> None:
    one = answered({"court": "c1", "told": "no"})
    persons = people(one, form, mapping_of(tmp_path, form), ["court"])
    rows = response_rows(persons, form, ["court"], Invited(7, {"c1": 3, "c2": 4}), "court")
    found = {row["group"]: row for row in table(response_csv(rows))}
    assert (found[""]["invited"], found[""]["rr1"]) == ("7", repr(1 / 7))
    assert (found["c2"]["returned"], found["c2"]["rr1"]) == ("0", "0.0")
    assert found["c2"]["label"] in ("乙法院", "Court Two")


def test_the_mean_of_fewer_than_five_is_withheld_and_the_note_stands_in_every_row(
    tmp_path: Path, form: Form
) -> None:
    mapping = mapping_of(tmp_path, form)
    many = answered(*({"court": "c1", "told": "no"},) * 5, {"court": "c2", "told": "yes"})
    persons = people(many, form, mapping, ["court"])
    rows = table(auxiliary_csv(persons, mapping, form, ["court"], "no sample"))
    found = {(row["indicator"], row["group"]): row for row in rows}
    assert found["a", ""]["mean"] == repr(100 / 6)
    assert (found["a", "c1"]["mean"], found["a", "c1"]["withheld"]) == ("0.0", "0")
    assert (found["a", "c2"]["mean"], found["a", "c2"]["withheld"]) == ("", "1")
    assert {row["note"] for row in rows} == {"no sample"}
    assert not any("low" in name or "high" in name or name == "se" for name in rows[0])
    (told, *_) = table(questions_csv(persons, mapping))
    assert (told["question"], told["indicator"], told["scored"]) == ("told", "a;b", "6")


def test_conditions_not_understood_are_named(tmp_path: Path, form: Form) -> None:
    mapping = mapping_of(tmp_path, form)
    assert unknown_conditions(form, mapping, ["court", "told", "ways", "days"]) == []
    assert unknown_conditions(form, mapping, ["court", "ways", "days"]) == ["days", "ways"]


@pytest.mark.parametrize(
    ("change", "place", "says"),
    [
        (("told,yes,100", "nobody,yes,100"), "mapping.csv:2", "no question"),
        (("told,yes,100", "told,maybe,100"), "mapping.csv:2", "no such choice"),
        (("told,yes,100", "told,yes,101"), "mapping.csv:2", "within 0 to 100"),
        (("told,yes,100", "told,yes,nan"), "mapping.csv:2", "within 0 to 100"),
        (("told,yes,100", "told,no,100"), "mapping.csv:3", "row already"),
        (("told,dk,,dont_know,,\n", ""), "mapping.csv", "dk"),
        (("told,dk,,dont_know", "told,dk,5,dont_know"), "mapping.csv:4", "no score"),
        (("told,dk,,dont_know", "told,dk,,perhaps"), "mapping.csv:4", "not known"),
        (("told,no,0,,,", "told,no,0,,,z"), "mapping.csv:3", "another indicator"),
        (("days,..30", "days,few"), "mapping.csv:6", "0..9"),
        ((",a;b", ","), "mapping.csv:2", "no indicator"),
        (("told,yes", "person,yes"), "mapping.csv:2", "no question"),
    ],
)
def test_a_bad_mapping_is_refused_with_its_row(
    tmp_path: Path, form: Form, change: tuple[str, str], place: str, says: str
) -> None:
    with pytest.raises(BadInput) as caught:
        mapping_of(tmp_path, form, MAPPING.replace(*change))
    assert caught.value.place == place
    assert says in caught.value.what.en + caught.value.remedy.en


def test_a_mapping_that_scores_nothing_is_refused(tmp_path: Path, form: Form) -> None:
    head = "question,answer,score,counts,indicator\n"
    with pytest.raises(BadInput, match="Not one answer"):
        mapping_of(tmp_path, form, head + "days,..,,dont_know,a\n")


def test_the_invited_are_a_number_or_a_list(tmp_path: Path, form: Form) -> None:
    court = form.questions["court"]
    assert read_invited("500", court) == Invited(500)
    path = tmp_path / "invited.csv"
    path.write_text("court,invited\nc1,30\n乙法院,20\n", "utf-8")
    assert read_invited(str(path), court) == Invited(50, {"c1": 30, "c2": 20})
    path.write_text("姓名,法院\n张三,c1\n李四,c1\n王五,c2\n", "utf-8")
    assert read_invited(str(path), court) == Invited(3, {"c1": 2, "c2": 1})
    with pytest.raises(WrongUse, match="neither"):
        read_invited("-3", court)
    path.write_text("court,invited\nc9,30\n", "utf-8")
    with pytest.raises(BadInput, match="no such court"):
        read_invited(str(path), court)
    path.write_text("court,invited\nc1,x\n", "utf-8")
    with pytest.raises(BadInput, match="whole number"):
        read_invited(str(path), court)
