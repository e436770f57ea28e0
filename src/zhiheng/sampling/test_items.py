"""From reviews to shares: against the design told by hand, and what must be refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiheng.errors import BadInput
from zhiheng.sampling.design import design_of
from zhiheng.sampling.draw import Settings, draw
from zhiheng.sampling.estimates import ratios
from zhiheng.sampling.frames import Frame
from zhiheng.sampling.intervals import exact_finite
from zhiheng.sampling.items import covariance_of, estimate_items, leaves_of
from zhiheng.sampling.readings import Readings, read_sampled, readings
from zhiheng.sampling.record import write_draw
from zhiheng.sampling.reviews import Reviews, read_reviews

SIZES = {"甲": 60, "乙": 40, "丙": 9}
ROWS = sorted((f"{court}-{k:02d}", court) for court, n in SIZES.items() for k in range(n))
FRAME = Frame("here", tuple(one for one, _ in ROWS), {"court": tuple(c for _, c in ROWS)})


def answer(one: str, item: str) -> str:
    """What a reviewer finds: a fixed, arbitrary answer."""
    k = (sum(one.encode()) * 7 + len(item)) % 10
    return "不适用" if item == "评估" and k == 0 else "是" if k < 8 else "否"


def reviews(path: Path, ids: list[str], items: tuple[str, ...] = ("送达", "评估")) -> Path:
    lines = [
        "案号,指标,结果",
        *(f"{one},{item},{answer(one, item)}" for one in ids for item in items),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def drawn(home: Path, settings: Settings) -> list[str]:
    write_draw(draw(FRAME, settings), home)
    return list(read_sampled(home / "sample.csv").ids)


def found(home: Path, settings: Settings) -> Readings:
    ids = drawn(home, settings)
    return readings(
        read_sampled(home / "sample.csv"), len(ids), read_reviews(reviews(home / "r.csv", ids))
    )


STRATIFIED = Settings("seed", 30, ("court",))


def test_every_item_of_all_and_of_each_court_is_the_ratio_by_the_design(tmp_path: Path) -> None:
    read = found(tmp_path, STRATIFIED)
    rows = {(row.court, row.item): row for row in estimate_items(read, "court")}
    assert len(rows) == 2 * 4
    ids = read.sampled.ids
    court = [one[0] for one in ids]
    design = design_of(len(ids), strata=court, population=[SIZES[c] for c in court])
    for item in read.items:
        for name in ("", *SIZES):
            inside = np.array([not name or c == name for c in court])
            applies = inside & [answer(one, item) != "不适用" for one in ids]
            yes = applies & [answer(one, item) == "是" for one in ids]
            direct, row = ratios(design, yes, applies), rows[name, item]
            assert row.estimate == pytest.approx(direct.values[0], rel=1e-12)
            assert row.se == pytest.approx(direct.standard_errors(design)[0], rel=1e-9, abs=1e-15)
            assert (row.n, row.yes, row.read) == (applies.sum(), yes.sum(), inside.sum())
            assert row.population == pytest.approx(SIZES.get(name, 109))


def test_the_covariance_of_items_is_that_of_the_leaves(tmp_path: Path) -> None:
    read = found(tmp_path, STRATIFIED)
    matrix = covariance_of(read)
    assert matrix.shape == (2, 2) and matrix[0, 1] > 0
    leaves = leaves_of(read).covariance(read.design)
    np.testing.assert_array_equal(matrix, leaves)


def test_the_exact_interval_is_used_where_the_files_are_a_simple_draw(tmp_path: Path) -> None:
    rows = estimate_items(found(tmp_path, STRATIFIED), "court", "exact")
    every, court = rows[0], next(row for row in rows if (row.court, row.item) == ("甲", "送达"))
    assert every.method == "korn-graubard" and court.method == "exact"
    assert (court.low, court.high) == exact_finite(court.yes, court.n, 60)
    some = next(row for row in rows if (row.court, row.item) == ("甲", "评估"))
    assert some.n < some.read  # those it does not apply to are known not to be among the others
    bounds = exact_finite(some.yes, some.n, 60 - (some.read - some.n))
    assert (some.low, some.high) == bounds


def test_a_court_read_to_the_last_file_has_no_error(tmp_path: Path) -> None:
    rows = estimate_items(found(tmp_path, Settings("s", 9, ("court",), each=True)), "court")
    court = next(row for row in rows if (row.court, row.item) == ("丙", "送达"))
    assert court.low == court.estimate == court.high and court.se == 0


def test_courts_drawn_first_carry_the_variance_between_them(tmp_path: Path) -> None:
    sizes = {f"法院{k}": 30 + 5 * k for k in range(8)}
    rows = sorted((f"{court}-{k:02d}", court) for court, n in sizes.items() for k in range(n))
    ids, courts = zip(*rows, strict=True)
    write_draw(
        draw(Frame("here", ids, {"court": courts}), Settings("s", 40, ("court",), courts=4)),
        tmp_path,
    )
    sampled = read_sampled(tmp_path / "sample.csv")
    file = tmp_path / "r.csv"
    good = sorted(set(sampled.labels("court")))[:2]
    lines = [
        f"{one},送达,{int(c in good)}"
        for one, c in zip(sampled.ids, sampled.labels("court"), strict=True)
    ]
    file.write_text("\n".join(["id,item,answer", *lines]), encoding="utf-8")
    (row,) = estimate_items(readings(sampled, 40, read_reviews(file)))
    assert row.df == 3
    assert row.deff > 5  # files of one court all alike: hardly more than four readings
    assert row.n_eff < 5


def test_a_sample_drawn_elsewhere_in_two_stages_is_taken_as_it_was(tmp_path: Path) -> None:
    """Two of five courts, three of ten and of twenty files, written as a sample."""
    lines = ["id,stratum,cluster,place,probability,weight,population,population_within"]
    for court, within in (("甲", 10), ("乙", 20)):
        weight = 5 / 2 * within / 3
        lines += [f"{court}{k},,{court},{k},{1 / weight},{weight},5,{within}" for k in range(3)]
    (tmp_path / "s.csv").write_text("\n".join(lines), encoding="utf-8")
    sampled = read_sampled(tmp_path / "s.csv")
    yes = np.array([1, 1, 0, 1, 0, 0])
    answers = [f"{one},送达,{flag}" for one, flag in zip(sampled.ids, yes, strict=True)]
    (tmp_path / "r.csv").write_text("\n".join(["id,item,answer", *answers]), encoding="utf-8")
    (row,) = estimate_items(readings(sampled, 6, read_reviews(tmp_path / "r.csv")))
    design = design_of(
        6,
        clusters=[0, 0, 0, 1, 1, 1],
        population=[5] * 6,
        population_within=[10] * 3 + [20] * 3,
    )
    direct = ratios(design, yes, np.ones(6))
    assert row.estimate == pytest.approx(direct.values[0])
    assert row.se == pytest.approx(direct.standard_errors(design)[0], rel=1e-9)


def test_over_seeds_the_error_of_courts_drawn_by_size_is_about_the_true_one(tmp_path: Path) -> None:
    """Counted as with replacement, it may be too wide, by the share of courts taken; not short."""
    random = np.random.default_rng(11)
    sizes = {f"法院{k:02d}": int(random.integers(20, 90)) for k in range(30)}
    rows = sorted((f"{court}-{k:02d}", court) for court, n in sizes.items() for k in range(n))
    ids, courts = zip(*rows, strict=True)
    good = {court: random.beta(16, 2) for court in sizes}
    yes = dict(zip(ids, (random.random() < good[court] for court in courts), strict=True))
    frame, found = Frame("here", ids, {"court": courts}), []
    for seed in range(200):
        settings = Settings(f"{seed}", 90, ("court",), courts=6, replacements=0)
        write_draw(draw(frame, settings), tmp_path)
        sampled = read_sampled(tmp_path / "sample.csv")
        flags = np.array([[yes[one]] for one in sampled.ids])
        answers = Reviews(
            "here", sampled.ids, ("送达",), flags, np.ones_like(flags), np.ones_like(flags)
        )
        (row,) = estimate_items(readings(sampled, 90, answers))
        found.append((row.estimate, row.se**2))
    values, variances = np.array(found).T
    assert values.mean() == pytest.approx(np.mean(list(yes.values())), abs=0.01)
    assert 0.9 < variances.mean() / values.var() < 1.5


def test_a_replacement_stands_for_the_file_it_replaces(tmp_path: Path) -> None:
    ids = drawn(tmp_path, STRATIFIED)
    both = read_sampled(tmp_path / "sample.csv", tmp_path / "replacements.csv")
    lost = next(one for one in ids if one.startswith("甲"))
    spare = next(one for one in both.ids[len(ids) :] if one.startswith("甲"))
    read = reviews(tmp_path / "r.csv", [one for one in ids if one != lost] + [spare])
    result = readings(both, len(ids), read_reviews(read))
    assert result.missing == 0
    assert result.design.weights.sum() == pytest.approx(109)
    with pytest.raises(BadInput, match=spare):
        readings(read_sampled(tmp_path / "sample.csv"), len(ids), read_reviews(read))


def test_reviewers_may_name_a_file_by_its_case_number(tmp_path: Path) -> None:
    ids = tuple(f"{k:05d}" for k in range(50))
    numbers = tuple(f"（2019）陕0102执{k}号" for k in range(50))
    write_draw(draw(Frame("here", ids, {"case_number": numbers}), Settings("s", 8)), tmp_path)
    sampled = read_sampled(tmp_path / "sample.csv")
    by_id, by_number = (
        readings(sampled, 8, read_reviews(reviews(tmp_path / "r.csv", list(names))))
        for names in (sampled.ids, sampled.columns["case_number"])
    )
    assert by_id.sampled.ids == by_number.sampled.ids == sampled.ids


def test_a_file_not_read_is_refused_and_on_request_made_up_for(tmp_path: Path) -> None:
    ids = drawn(tmp_path, STRATIFIED)
    sampled = read_sampled(tmp_path / "sample.csv")
    rest = read_reviews(reviews(tmp_path / "r.csv", ids[1:]))
    with pytest.raises(BadInput, match="1 have no answers"):
        readings(sampled, len(ids), rest)
    result = readings(sampled, len(ids), rest, allow_missing=True)
    assert result.missing == 1
    assert result.design.weights.sum() == pytest.approx(109)


def test_a_stratum_not_read_at_all_is_refused_whatever_is_allowed(tmp_path: Path) -> None:
    ids = drawn(tmp_path, STRATIFIED)
    some = [one for one in ids if not one.startswith("丙")]
    rest = read_reviews(reviews(tmp_path / "r.csv", some))
    with pytest.raises(BadInput, match="丙"):
        readings(read_sampled(tmp_path / "sample.csv"), len(ids), rest, allow_missing=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,item,answer\n", "no row"),
        ("id,item\n甲,a\n", "'answer'"),
        ("id,item,answer\n甲,a,maybe\n", "Row 2: 'answer' cannot be 'maybe'"),
        ("id,item,answer\n甲,a,1\n甲,a,0\n", "Row 3: 甲 has 'a' already"),
        ("id,item,answer\n甲,a,1\n甲,b,\n", "Row 3: 'answer' cannot be ''"),
        ("id,item,answer\n甲,,1\n", "Row 2: 'item' is empty"),
    ],
)
def test_reviews_that_cannot_be_used_are_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "r.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=said):
        read_reviews(file)


def test_a_file_and_its_replacement_are_not_both_read(tmp_path: Path) -> None:
    ids = drawn(tmp_path, STRATIFIED)
    spare = read_sampled(tmp_path / "replacements.csv").ids[0]
    both = read_sampled(tmp_path / "sample.csv", tmp_path / "replacements.csv")
    read = read_reviews(reviews(tmp_path / "r.csv", [*ids, spare]))
    with pytest.raises(BadInput, match=r"files were drawn and \d+ read"):
        readings(both, len(ids), read)


def test_an_item_is_asked_in_a_whole_stratum_or_not_at_all(tmp_path: Path) -> None:
    ids = drawn(tmp_path, STRATIFIED)
    only = [one for one in ids if one.startswith("甲")]
    rows = [f"{one},a,1" for one in ids] + [f"{one},b,0" for one in only]
    file = tmp_path / "r.csv"
    file.write_text("\n".join(["id,item,answer", *rows]), encoding="utf-8")
    found = readings(read_sampled(tmp_path / "sample.csv"), len(ids), read_reviews(file))
    assert found.asked.sum(axis=0).tolist() == [len(ids), len(only)]
    assert found.applies[:, 1].sum() == len(only)
    file.write_text("\n".join(["id,item,answer", *rows[:-1]]), encoding="utf-8")
    with pytest.raises(BadInput, match=r"has no answer to 'b' \(1 answers are missing\)"):
        readings(read_sampled(tmp_path / "sample.csv"), len(ids), read_reviews(file))


def test_answers_are_understood_in_both_languages(tmp_path: Path) -> None:
    file = tmp_path / "r.csv"
    words = ["1", "是", "Yes", "0", "否", "no", "n/a", "NA", "不适用"]
    lines = [f"f{k},a,{word}" for k, word in enumerate(words)]
    file.write_text("\n".join(["id,item,answer", *lines]), encoding="utf-8")
    read = read_reviews(file)
    assert read.yes[:, 0].tolist() == [True] * 3 + [False] * 6
    assert read.applies[:, 0].tolist() == [True] * 6 + [False] * 3


@pytest.mark.parametrize("word", ["x", "-1", "0", "nan"])
def test_a_weight_that_is_none_is_refused_by_row(tmp_path: Path, word: str) -> None:
    ids = drawn(tmp_path, Settings("s", 10))
    file = tmp_path / "sample.csv"
    file.write_text(file.read_text("utf-8-sig").replace(",10.9,", f",{word},", 1), "utf-8")
    with pytest.raises(BadInput, match="Row 2: 'weight'"):
        readings(read_sampled(file), 10, read_reviews(reviews(tmp_path / "r.csv", ids)))
