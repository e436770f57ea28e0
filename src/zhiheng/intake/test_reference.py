"""The reasons for quarantine: the page is current, and the product uses the catalogue's alone."""

import re
from pathlib import Path

from zhiheng.intake.reasons import reasons
from zhiheng.intake.reference import reasons_page

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "intake-reasons.md"


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == reasons_page()


def test_every_reason_is_used_and_every_reason_used_is_in_the_catalogue() -> None:
    files = ("cells", "columns", "rules", "validate", "quarantine")
    code = "".join(Path(__file__).with_name(f"{n}.py").read_text("utf-8") for n in files)
    words = set(re.findall(r"[a-z_]+", code)) | {"bad_integer", "bad_flag"}
    assert set(reasons()) <= words
    named = re.findall(r"THEN '([a-z]+_[a-z_]+)'", code)
    assert set(named) <= set(reasons())
