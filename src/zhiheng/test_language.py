"""The Chinese catalogue is complete, true to the source, and compiled."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path

import pytest

from zhiheng.errors import WrongUse
from zhiheng.language import translator

PACKAGE = Path(__file__).parent
SCRIPT = PACKAGE.parents[1] / "scripts" / "messages.py"


@pytest.fixture(scope="module")
def messages():
    if not SCRIPT.exists():
        pytest.skip("the development scripts are not part of an installed package")
    spec = importlib.util.spec_from_file_location("messages", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def said(catalogue) -> dict[str, str]:
    return {message.id: message.string for message in catalogue if message.id}


def test_english_is_the_source_and_chinese_the_catalogue():
    assert translator("en")("Score") == "Score"
    assert translator("zh")("Score") == "得分"


def test_the_empty_text_stays_empty_in_every_language():
    assert translator("en")("") == translator("zh")("") == ""


def test_a_text_that_is_not_in_the_catalogue_is_shown_as_it_is():
    assert translator("zh")("not a message") == "not a message"


def test_a_language_there_is_none_of_is_refused():
    with pytest.raises(WrongUse):
        translator("fr")


def test_every_message_of_the_source_is_in_the_catalogue_and_no_other(messages):
    assert set(said(messages.translations())) == set(said(messages.source_messages()))


def test_every_message_has_a_translation_and_none_is_fuzzy(messages):
    catalogue = messages.translations()
    assert len(catalogue) > 100
    assert [m.id for m in catalogue if m.id and (not m.string or m.fuzzy)] == []
    assert [m.id for m in catalogue if m.id and not re.search("[一-鿿{]", m.string)] == []


def test_a_translation_has_the_same_placeholders_as_its_source(messages):
    for source, target in said(messages.translations()).items():
        places = re.findall(r"\{[^}]*\}", source)
        assert sorted(places) == sorted(re.findall(r"\{[^}]*\}", target)), source


def test_the_compiled_catalogue_is_current(messages):
    assert messages.MO.read_bytes() == messages.compiled(messages.translations())


def test_no_message_is_hidden_where_extraction_cannot_see_it(messages):
    """A call inside an f-string, or with a text put together, would never be translated."""
    known = set(said(messages.translations()))
    hidden = []
    for file in sorted(PACKAGE.rglob("*.py")):
        if file.name.startswith("test_"):
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("_", "marked"):
                text = node.args[0]
                if isinstance(text, ast.Constant) and text.value not in known:
                    hidden.append((file.name, text.value))
                elif isinstance(text, ast.JoinedStr | ast.BinOp):
                    hidden.append((file.name, ast.unparse(text)))
    assert hidden == []
