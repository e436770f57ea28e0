"""What a person reads, in their own language: English in the source, Chinese from the catalogue."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import cache
from importlib import resources

from zhiheng.errors import Message, WrongUse

Translate = Callable[[str], str]
"""Takes an English source string, gives the text in the reader's language."""

LANGUAGES = ("zh", "en")
"""The languages of the product: Chinese (simplified), English."""


def marked(text: str) -> str:
    """`text` itself: marks for the catalogue what is translated later, where it is used."""
    return text


@cache
def translator(language: str) -> Translate:
    """The function that turns an English source string into `language` ("zh" or "en").

    Raises WrongUse for any other language.
    """
    if language == "en":
        return marked
    if language == "zh":
        catalogue = _chinese()
        # The catalogue's entry for the empty text is its own header.
        return lambda text: catalogue.gettext(text) if text else ""
    raise WrongUse(
        Message(f"没有语言“{language}”。", f"There is no language “{language}”."),
        Message("请用 zh 或 en。", "Use zh or en."),
    )


def _chinese() -> gettext.GNUTranslations:
    file = resources.files("zhiheng").joinpath("locale/zh_Hans/LC_MESSAGES/zhiheng.mo")
    with file.open("rb") as stream:
        return gettext.GNUTranslations(stream)
