"""Where files lie: the checkout, the page templates, the static files."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = PACKAGE.parent
# An installed wheel carries templates and static files inside the package.
_IN_CHECKOUT = (_CHECKOUT / "templates").is_dir()

ROOT = _CHECKOUT if _IN_CHECKOUT else Path.cwd()
TEMPLATES = _CHECKOUT / "templates" if _IN_CHECKOUT else PACKAGE / "_templates"
STATIC = _CHECKOUT / "static" if _IN_CHECKOUT else PACKAGE / "_static"
LOCALE = PACKAGE / "locale"
MIGRATIONS = PACKAGE / "migrations"
