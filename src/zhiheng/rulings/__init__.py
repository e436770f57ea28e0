"""Rulings that end the current enforcement round (终本裁定书): read, and held against the rule."""

from zhiheng.rulings.check import check_file, check_text
from zhiheng.rulings.model import CheckedRuling

__all__ = ["CheckedRuling", "check_file", "check_text"]
