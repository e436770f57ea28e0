"""How the report came about, in words: the annex that workbook and HTML share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from zhiheng.indexes.model import Difference, Edition, Indicator
from zhiheng.language import Translate, translator
from zhiheng.law.model import Citation
from zhiheng.reports.bands import all_bands, bands
from zhiheng.reports.certainty_words import certainty_sections
from zhiheng.reports.facts import cite_text, document_name, state_name
from zhiheng.reports.lines import group_note, judged_note, threshold_text
from zhiheng.reports.section import Section
from zhiheng.reports.words import (
    METHOD_NAMES,
    STATE_GLYPHS,
    STATE_MEANINGS,
    STATES,
    day_text,
    named,
    percent_text,
)
from zhiheng.scoring.results import Evaluation


def method_sections(evaluation: Evaluation, edition: Edition, language: str) -> list[Section]:
    """Formulae, states, coverage, sources, counting, bands and the edition's known differences."""
    _ = translator(language)
    return [
        _basis(evaluation, edition, language),
        _scores(_),
        _formulae(edition, _),
        *_lines(edition, language),
        _states(language),
        _sources(edition, language),
        _counting(evaluation, _),
        _bands(language),
        *certainty_sections(evaluation, _),
        _differences(edition, language),
    ]


def formula_text(leaf: Indicator, _: Translate) -> str:
    """The formula of a leaf in words; empty for a branch."""
    if leaf.score is None:
        return ""
    of_figure = leaf.score.method == "share" and leaf.score.figure is not None
    return named(METHOD_NAMES, "figure" if of_figure else leaf.score.method, _)


def basis_terms(evaluation: Evaluation, _: Translate) -> tuple[tuple[str, str], ...]:
    """As-of day, period, and the digest that names the records used."""
    first, last = evaluation.period
    return (
        (_("As of"), day_text(evaluation.as_of)),
        (_("Period"), f"{day_text(first)} – {day_text(last)}"),
        (_("Courts"), str(len(evaluation.courts))),
        (_("Digest of the records"), evaluation.store_digest),
    )


def _basis(evaluation: Evaluation, edition: Edition, language: str) -> Section:
    _ = translator(language)
    return Section(
        _("Basis"),
        (edition.title(language),),
        (
            (_("Edition"), edition.id),
            *((document_name(cite.document, language), cite.place) for cite in edition.cites),
            *basis_terms(evaluation, _),
            *_proof_terms(evaluation, _),
        ),
    )


def _proof_terms(evaluation: Evaluation, _: Translate) -> Iterator[tuple[str, str]]:
    """The other digests that prove the result; what there was none of is left out."""
    proof = evaluation.proof
    if proof is None:
        return
    named = (
        (_("Digest of the law and the calendar"), proof.law),
        (_("Digest of the edition"), proof.edition),
        (_("Digest of the assumptions"), proof.assumptions),
        (_("Digest of the answer sheet"), proof.answers),
        (_("Digest of the program"), proof.code),
        (_("Version of the program"), f"{proof.version} ({proof.libraries})"),
    )
    yield from (term for term in named if term[1])


def _scores(_: Translate) -> Section:
    return Section(
        _("Scores and coverage"),
        (
            _(
                "A score runs from 0 to 100. The score of an indicator is the mean of its parts,"
                " weighted as the edition prescribes, over the parts that have a score."
            ),
            _(
                "An indicator without data is “no data”, never 0. An indicator without a single"
                " case to which it applies (0 ÷ 0) is “not applicable”. The weight of both moves"
                " to their siblings."
            ),
            _(
                "Coverage is the share of the applicable weight that has data. It stands beside"
                " every score: a score with little coverage says little about the whole."
            ),
            _(
                "The coverage of a computed leaf is the share of its subjects whose outcome could"
                " be determined."
            ),
            _("The ratio of a group of courts is pooled from numerators and denominators."),
        ),
    )


def _formulae(edition: Edition, _: Translate) -> Section:
    apart = _(
        "Fulfilled is what was done in time; whether a delay with an approved ground counts as"
        " fulfilled or is left out is one of the assumptions. What is not yet due, discharged or"
        " undeterminable is in neither numerator nor denominator unless an assumption says"
        " otherwise, but is counted beside them."
    )
    used = {
        node.indicator.score.method
        for s in edition.sets.values()
        for node in s.leaves()
        if node.indicator.score
    }
    # A mean number of days is no share: its formula is printed only where an edition has one.
    names = [text for name, text in METHOD_NAMES.items() if name != "within_days" or name in used]
    return Section(_("Formulae"), (*(_(text) for text in names), apart))


def _lines(edition: Edition, language: str) -> list[Section]:
    """What the lines are, where they stand, and what follows from them; none without lines."""
    _ = translator(language)
    lines = {line.id: line for found in edition.sets.values() for line in found.lines}
    if not lines:
        return []
    paragraphs = [
        _(
            "A line is held against a figure of the court, beside its score. A line without data"
            " is never a line missed."
        ),
        judged_note(_),
    ]
    if edition.verdict == "lines":
        paragraphs.append(_("A court passes where it reaches every line that has a threshold."))
    if edition.verdict == "veto":
        paragraphs.append(
            _(
                "A court that misses a line marked as a veto does not pass. Where none bars it the"
                " verdict stays open: the edition's other conditions are not published."
            )
        )
    if edition.group:
        paragraphs += [edition.group.zh if language == "zh" else edition.group.en, group_note(_)]
    terms = tuple(
        (f"{line.title(language)} {threshold_text(line)}", _cites(line.cites, language))
        for line in lines.values()
    )
    return [Section(_("Lines"), tuple(paragraphs), terms)]


def _states(language: str) -> Section:
    _ = translator(language)
    return Section(
        _("Outcome states"),
        (_("Every duty on every subject has exactly one of eight outcomes on the as-of day."),),
        tuple(
            (f"{STATE_GLYPHS[state]} {state_name(state, language)}", _(STATE_MEANINGS[state]))
            for state in STATES
        ),
    )


def _sources(edition: Edition, language: str) -> Section:
    _ = translator(language)
    actual = _("The source printed beside a score is the one the figure really came from.")
    texts = (text.in_language(language) for text in edition.sources.values())
    return Section(_("Data sources"), (*texts, actual))


def _counting(evaluation: Evaluation, _: Translate) -> Section:
    paragraphs = [
        _(
            "The first day is not counted. A last day on a rest day rolls to the next working day."
            " A month ends on the day of the same number, or on the month's last day. Hours run"
            " from the minute. Working days follow the notices of the State Council."
        )
    ]
    if evaluation.provisional_days:
        paragraphs.append(provisional_note(_))
    return Section(_("Counting of days"), tuple(paragraphs))


def provisional_note(_: Translate) -> str:
    """What is said wherever a due day lies beyond the last published calendar."""
    return _(
        "Some due days lie beyond the last year whose working days have been published. They are"
        " provisional: only weekends are taken as rest days there."
    )


def _bands(language: str) -> Section:
    _ = translator(language)
    found = bands()
    return Section(
        _("Bands instead of a ranking"),
        (
            _(
                "Courts are listed in the order of their codes. Scores are read against fixed"
                " intervals, not against other courts."
            ),
            found.reason[language],
            _("Below a coverage of {share} the interval is marked as thin.").format(
                share=percent_text(found.low_coverage)
            ),
        ),
        tuple((band.name, band_glyphs(band.rank)) for band in all_bands(_)),
    )


def band_glyphs(rank: int) -> str:
    """The interval as a shape that needs no colour: ●●●○."""
    size = len(bands().cuts) + 1
    return "●" * (rank + 1) + "○" * (size - rank - 1)


def _differences(edition: Edition, language: str) -> Section:
    _ = translator(language)
    return Section(
        _("Known differences of the edition"),
        () if edition.differences else (_("None."),),
        tuple(
            (_places(item, language), item.zh if language == "zh" else item.en)
            for item in edition.differences.values()
        ),
    )


def _places(item: Difference, language: str) -> str:
    return _cites(item.places, language)


def _cites(cites: Iterable[Citation], language: str) -> str:
    return "\n".join(cite_text(cite, language) for cite in cites)
