"""The reference page of the questionnaires says what the data says."""

from __future__ import annotations

from pathlib import Path

from zhiheng.survey.authored import FORMS, questionnaire
from zhiheng.survey.reference import questionnaires_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "questionnaires.md"


def test_the_page_is_current() -> None:
    # To renew it: zhiheng survey reference docs/reference
    assert PAGE.read_text(encoding="utf-8") == questionnaires_page()


def test_the_page_names_every_question_and_its_indicators() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in FORMS:
        for one in questionnaire(name).questions:
            assert f"| `{one.name}` | {one.zh} |" in text
            assert all(f"`{leaf}`" in text for leaf in one.indicators)


def test_no_cell_breaks_its_row() -> None:
    rows = [line for line in questionnaires_page().splitlines() if line.startswith("| `")]
    assert {line.replace("\\|", "").count("|") for line in rows} <= {3, 6, 9}
