"""Commands killed at random moments: a few of the trials that `python -m bench.kills` runs."""

from pathlib import Path

from bench.kills import SHARES, leftovers_at_last, prepare, run_trials


def test_killed_at_random_a_store_is_as_before_or_as_after(tmp_path: Path) -> None:
    ground = prepare(tmp_path / "kills", cases=60)
    trials = list(run_trials(ground, times=12, seed=20160320))
    assert len(trials) == 12
    assert {trial.command for trial in trials} == set(SHARES)
    assert sum(not trial.ended for trial in trials) >= 6
    assert not leftovers_at_last(ground)
