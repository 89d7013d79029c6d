"""What an index was made with; one made with anything else is built again."""

from __future__ import annotations

import whoosh

from kb.notes.rendering import RENDERER_VERSION
from kb.search.analysis import ANALYSER_VERSION

SCHEMA_VERSION = 4  # raise it whenever the fields or the stored row change
VERSIONS = {
    "library": whoosh.versionstring(),
    "schema": SCHEMA_VERSION,
    "analyser": ANALYSER_VERSION,
    "renderer": RENDERER_VERSION,
}
