"""Courts drawn before their files, each by itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from zhiheng.sampling.alone import drawn_alone
from zhiheng.sampling.design import design_of
from zhiheng.sampling.draw import Settings, draw
from zhiheng.sampling.frames import Frame
from zhiheng.sampling.items import estimate_items
from zhiheng.sampling.readings import read_sampled, readings
from zhiheng.sampling.record import write_draw
from zhiheng.sampling.reviews import Reviews


def test_a_court_drawn_before_its_files_has_the_error_of_a_simple_draw(tmp_path: Path) -> None:
    """Cochran (1977), equation 3.8: (1 - f) p q / (n - 1)."""
    sizes = {"甲": 40, "乙": 60, "丙": 90, "丁": 50}
    ids, courts = zip(
        *((f"{name}{k:03d}", name) for name, n in sizes.items() for k in range(n)), strict=True
    )
    settings = Settings("a", 40, ("court",), courts=3, replacements=0)
    write_draw(draw(Frame("here", ids, {"court": courts}), settings), tmp_path)
    sampled = read_sampled(tmp_path / "sample.csv")
    yes = np.arange(len(sampled.ids))[:, None] % 4 > 0
    every = np.ones_like(yes)
    found = readings(sampled, 40, Reviews("here", sampled.ids, ("送达",), yes, every, every))
    own = [one for one in estimate_items(found, "court") if one.court]
    assert len(own) == 3
    for one in own:
        p, there = one.yes / one.n, sizes[one.court]
        assert one.population == pytest.approx(there)
        assert one.se**2 == pytest.approx((1 - one.n / there) * p * (1 - p) / (one.n - 1))
        assert one.df == one.n - 1
        assert one.low < one.estimate < one.high


def test_files_that_share_their_stratum_with_others_are_no_draw_of_their_own() -> None:
    design = design_of(6, strata=list("aaabbb"), population=[9] * 6)
    assert drawn_alone(design, np.array([1, 1, 0, 0, 0, 0], np.bool_)) is None
    alone = drawn_alone(design, np.array([1, 1, 1, 0, 0, 0], np.bool_))
    assert alone is not None
    assert alone.weights.tolist() == [3, 3, 3]
