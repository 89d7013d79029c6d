"""Icons and the round initials of people: they stand on a page by the dozen, so each is drawn once and kept."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote

from markupsafe import Markup

from kb.web.assets import static_url

_ICON = Markup('<svg class="%s" %s><use href="%s#%s"></use></svg>')
_SAID = Markup('role="img" aria-label="%s"')
_UNSAID = Markup('aria-hidden="true"')
_AVATAR = Markup('<span class="%s" aria-hidden="true">%s</span>')
_PLACES = "0123456789ABCDEFabcdefghijklmnopqrstuvwxyz"
TONES = 5
HAN = "\u2e80"  # from here on names are of few characters, without spaces


# Typed, because a text and the same text as HTML are equal, and only one of them is escaped.
@lru_cache(maxsize=1000, typed=True)
def icon(name: str, label: str | None = None, cls: str = "") -> Markup:
    """An icon of the sprite; without a label it is decoration."""
    return _ICON % (
        f"icon {cls}" if cls else "icon", _SAID % label if label else _UNSAID, static_url("icons.svg"), name
    )  # fmt: skip


@lru_cache(maxsize=1000, typed=True)
def avatar(name: str | None, size: str = "") -> Markup:
    """Latin names give two initials, Chinese names the given name's last character pair."""
    name = name or "?"
    parts = name.split()
    if len(parts) > 1:
        letters = parts[0][0] + parts[-1][0]
    elif name[0] > HAN:
        letters = name[-2:] if len(name) > 2 else name[-1]
    else:
        letters = name[:2]
    # A colour that stays the same for the same name.
    tone = (_PLACES.find(quote(name)[-1]) + len(name)) % TONES
    classes = f"avatar avatar-{tone}" + (f" avatar-{size}" if size else "")
    return _AVATAR % (classes, letters)
