"""The API described: the OpenAPI document, and a page made of it that asks nobody else for anything."""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import Response, get
from litestar.enums import MediaType

from kb.api.calls import ApiRequest
from kb.api.openapi import PREFIX, document
from kb.gate.guards import anyone
from kb.i18n import _, current_locale

Json = dict[str, Any]
# Any version in the address serves the current file.
STYLES, ICON = "/static/api/app.css", "/static/api/logo.svg"
DEEPEST = 6


@get("/openapi.json", guards=[anyone], sync_to_thread=True)
def get_openapi(request: ApiRequest) -> Json:
    """The OpenAPI document."""
    return document(request.app)


@get("/docs", guards=[anyone], sync_to_thread=True)
def get_docs(request: ApiRequest) -> Response[str]:
    """The document as a page."""
    return Response(
        _page(document(request.app)), media_type=MediaType.HTML, headers={"vary": "Accept-Language"}
    )


def _page(described: Json) -> str:
    """Every call with what it takes and answers; all text escaped, no script, no style of its own."""
    calls = [
        (path, method, one)
        for path, by_method in described["paths"].items()
        for method, one in by_method.items()
    ]
    tags = dict.fromkeys(one["tags"][0] for _path, _method, one in calls)
    contents = "".join(f'<li><a href="#{escape(tag)}">{escape(tag)}</a></li>' for tag in tags)
    sections = "".join(
        f'<section><h2 id="{escape(tag)}">{escape(tag)}</h2>'
        + "".join(_call(path, method, one, described) for path, method, one in calls if one["tags"][0] == tag)
        + "</section>"
        for tag in tags
    )
    title, inside, source = _("JSON API"), _("Contents"), _("The OpenAPI document")
    home = _("Handover Book")
    intro = _(
        "Every call carries a token: Authorization: Bearer TOKEN. Failures are problem documents (RFC 9457)."
    )
    return (
        f'<!doctype html><html lang="{current_locale()}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f'<link rel="icon" href="{ICON}" type="image/svg+xml"><link rel="stylesheet" href="{STYLES}"></head><body>'
        f'<header class="top"><div class="top-in"><a class="brand" href="/">{escape(home)}</a></div></header>'
        f'<main id="main" class="page"><div class="prose">'
        f"<h1>{escape(title)}</h1><p>{escape(intro)} "
        f'<a href="{PREFIX}/openapi.json">{escape(source)}</a></p>'
        f'<nav aria-label="{escape(inside)}"><ul>{contents}</ul></nav>{sections}</div></main></body></html>'
    )


def _call(path: str, method: str, one: Json, described: Json) -> str:
    statuses = _("Statuses: %(statuses)s") % {"statuses": " ".join(one["responses"])}
    parameters = "".join(
        f"<li><code>{escape(p['name'])}</code> {escape(p.get('description', ''))}</li>"
        for p in one["parameters"]
        if p["in"] != "path"
    )
    success = next(answer for answer in one["responses"].values())
    parts = (
        f"<ul>{parameters}</ul>" if parameters else "",
        _block(_("What it takes"), one.get("requestBody"), described),
        _block(_("What it answers"), success, described),
        f"<p>{escape(statuses)}</p>",
    )
    heading = f"<code>{method.upper()} {escape(path.removeprefix(PREFIX))}</code>"
    return f"<h3>{heading}</h3><p>{escape(one['summary'])}</p>{''.join(parts)}"


def _block(title: str, holder: Json | None, described: Json) -> str:
    for kind, content in (holder or {}).get("content", {}).items():
        shape = _sketch(content["schema"], described["components"]["schemas"], 0)
        if kind != "application/json":
            shape = f"{kind}\n{shape}"
        break
    else:
        return ""
    return f"<details><summary>{escape(title)}</summary><pre><code>{escape(shape)}</code></pre></details>"


def _sketch(schema: Json, known: Json, depth: int) -> str:
    """A schema as a person writes it down: field names, types, the words of an enumeration."""
    if depth > DEEPEST:
        return "…"
    if "$ref" in schema:
        return _sketch(known[schema["$ref"].rpartition("/")[2]], known, depth)
    if "allOf" in schema:
        whole = _sketch(schema["allOf"][0], known, depth)
        return whole + "\n" + _("Must be there: %(fields)s") % {"fields": ", ".join(schema["required"])}
    if "anyOf" in schema:
        return " | ".join(_sketch(part, known, depth) for part in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"[{_sketch(schema.get('items', {}), known, depth)}, …]"
    if "properties" in schema:
        indent = "  " * (depth + 1)
        fields = (
            f"{indent}{name}: {_sketch(part, known, depth + 1)}"
            for name, part in schema["properties"].items()
        )
        return "{\n" + ",\n".join(fields) + "\n" + "  " * depth + "}"
    kind = schema.get("type", "…")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)


HANDLERS: list[Any] = [get_openapi, get_docs]
