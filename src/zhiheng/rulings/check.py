"""A ruling checked: read, weighed, flagged. It proposes; a person decides."""

from __future__ import annotations

from pathlib import Path

from zhiheng.rulings.files import read_text
from zhiheng.rulings.flags import find_flags
from zhiheng.rulings.judge import judge
from zhiheng.rulings.model import CheckedRuling
from zhiheng.rulings.read import read_facts
from zhiheng.rulings.sums import balance


def check_file(path: Path) -> CheckedRuling:
    """Read and check one file (text, .docx, .pdf). Raises BadInput."""
    return check_text(read_text(path), path.name)


def check_text(text: str, place: str = "") -> CheckedRuling:
    """Check the text of one ruling. Raises BadInput where it is no ruling of this kind."""
    facts = read_facts(text, place)
    sums = balance(facts.sums, text)
    findings = judge(facts)
    return CheckedRuling(facts, sums, tuple(findings), tuple(find_flags(facts, sums, findings)))
