"""How far courts' scores and ranks hang on what an edition leaves open, on its weights, on how its
indicators are put together, and on the error of samples."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhiheng.checks.engines import HERE, Engine
from zhiheng.errors import Message
from zhiheng.indexes.answers import Answer
from zhiheng.law.model import Assumption
from zhiheng.scoring.assumed import Assumed, Counted, alternatives
from zhiheng.scoring.columns import Floats, SetScores
from zhiheng.scoring.counting import Progress
from zhiheng.scoring.evaluate import evidence_of
from zhiheng.scoring.leaf import Evidence
from zhiheng.scoring.moved import SetMoved
from zhiheng.scoring.node_errors import Scored as ScoredSet
from zhiheng.scoring.run import Run
from zhiheng.scoring.saying import scored_sets
from zhiheng.scoring.set_plan import plan_of_set
from zhiheng.sensitivity.alone import Change, change
from zhiheng.sensitivity.analysis import analyse
from zhiheng.sensitivity.study import Study, alternatives_alone

NORMALISATIONS = ("none", "minmax", "rank")
AGGREGATIONS = ("arithmetic", "geometric")
FLOOR = 1.0
"""What scores are raised to under a geometric mean: a single 0 would leave nothing of the rest."""


@dataclass(frozen=True)
class Asked:
    """What is varied: `replays` per factor (see `analysis.analyse`), weights by ± the share
    `weights`; `recount` says whether choices that need a count of their own are tried."""

    replays: int = 512
    weights: float = 0.25
    seed: int = 1
    recount: bool = True


def moved_of(
    run_: Run, sets: Sequence[SetScores], asked: Asked, progress: Progress, engine: Engine = HERE
) -> tuple[SetMoved, ...]:
    """The replays of every level with two scored courts or more."""
    (evidence,) = evidence_of([run_], None, engine)
    counted = list(_counted(run_, evidence, progress, engine)) if asked.recount else []
    found = []
    for one, scored in zip(sets, scored_sets(sets, evidence), strict=True):
        if np.count_nonzero(~np.isnan(one.columns[""].value)) > 1:
            found.append(_moved(one, scored, _assumed(run_, one, evidence, counted, scored), asked))
    return tuple(found)


def _moved(of: SetScores, scored: ScoredSet, assumed: Assumed, asked: Asked) -> SetMoved:
    leaves = assumed.leaves.items()
    study = Study(
        replace(plan_of_set(scored.index), floor=FLOOR),
        assumed,
        asked.weights,
        NORMALISATIONS,
        AGGREGATIONS,
        True,
        {},
        of.courts,
        {code: Message(f"{leaf.zh}（{code}）", f"{leaf.en} ({code})") for code, leaf in leaves},
    )
    found = analyse(study.run, study.factors, study.in_force, asked.replays, asked.seed)
    alone = [*alternatives_alone(study), *_choices_alone(study, assumed)]
    return SetMoved(of.level, of.courts, study.in_force, tuple(found), tuple(alone))


def _choices_alone(study: Study, assumed: Assumed) -> Iterator[Change]:
    for factor, title, draws in alternatives(assumed):
        yield change(factor, title, study.in_force, study.run(draws)[0])


def _assumed(
    run_: Run,
    of: SetScores,
    evidence: Evidence,
    counted: Sequence[Counted],
    scored: ScoredSet,
) -> Assumed:
    places = {court: place for place, court in enumerate(of.courts)}
    answers: dict[str, dict[int, Answer]] = {}
    for answer in run_.answers:
        if answer.court in places:
            answers.setdefault(answer.leaf, {})[places[answer.court]] = answer
    base = Assumed(scored.index, of.courts, evidence, (), answers, _errors(scored))
    return replace(base, counted=tuple(one for one in counted if base.differs(one.evidence)))


def _errors(scored: ScoredSet) -> Mapping[int, tuple[tuple[str, ...], Floats]]:
    """Of every court with sampled leaves: those that vary smoothly, and a root of the covariance
    of their scores, for draws of all of them together."""
    readings = scored.readings
    if readings is None:
        return {}
    found = {}
    for place, court in enumerate(scored.courts):
        items = [item for item in scored.sampled(place) if item not in scored.cliffs]
        if items and readings.tells_error(court):
            _, design = readings.of_court(court)
            at = [readings.items.index(item) for item in items]
            covariance = readings.estimates(court).covariance(design)[np.ix_(at, at)]
            covariance += np.diag([readings.readers.get((court, item), 0.0) for item in items])
            signs = np.array([scored.signs[item] for item in items])
            found[place] = tuple(items), _root(covariance * np.outer(signs, signs))
    return found


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)))


def _counted(
    run_: Run, evidence: Evidence, progress: Progress, engine: Engine
) -> Iterator[Counted]:
    """Counts under each choice of the edition or the law that departs from what is in force."""
    others = list(_departing(run_))
    for done, (title, other) in enumerate(others):
        progress(done, len(others))
        (found,) = evidence_of([other], None, engine)
        yield Counted(title, replace(found, edition=evidence.edition))
    progress(len(others), len(others))


def _departing(run_: Run) -> Iterator[tuple[Message, Run]]:
    for name, one in run_.edition.assumptions.items():
        for choice in one.alternatives:
            yield (
                _title(one, choice),
                replace(run_, edition=run_.edition.assuming(**{name: choice})),
            )
    for name, one in run_.law.assumptions.items():
        for choice in one.alternatives:
            law = run_.law.assuming({name: choice})
            yield _title(one, choice), replace(run_, law=law)


def _title(one: Assumption, choice: str) -> Message:
    said = one.choices[choice]
    return Message(f"{one.zh}：{said.zh}", f"{one.en}: {said.en}")
