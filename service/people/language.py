"""The languages of the page's own words; rule sets and the catalogue stay in the English they were checked in."""

from pathlib import Path

from flask import Flask, request
from flask_babel import Babel, get_locale

TRANSLATIONS = Path(__file__).parent / "translations"
LANGUAGES = {"en": "English", "de": "Deutsch"}


def register(app: Flask) -> None:
    """Give the templates of the application their words."""
    Babel(app, default_translation_directories=str(TRANSLATIONS), locale_selector=_wanted)


def _wanted() -> str:
    """The language of the address, else the one that the browser prefers."""
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else request.accept_languages.best_match(list(LANGUAGES)) or "en"


def language() -> str:
    """The language of the page that is being written."""
    return str(get_locale().language)
