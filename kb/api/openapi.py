"""The OpenAPI 3.1 document, made of the routes themselves: their guards, bodies and answers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from kb import __version__
from kb.api.calls import Call, Parameter
from kb.gate.guards import anyone, rule_of

PREFIX = "/api/v1"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_REF = "#/components/schemas/{name}"
_IN_PATH = re.compile(r"\{(\w+):\w+\}")
Json = dict[str, Any]


def operations(app: Litestar) -> Iterator[tuple[str, str, HTTPRouteHandler, Call]]:
    """Path, method, handler and description of every call, always in the same order."""
    routes = sorted(
        (route for route in app.routes if isinstance(route, HTTPRoute)), key=lambda route: route.path
    )
    for route in routes:
        by_method = {
            str(method): handler for handler in route.route_handlers for method in handler.http_methods
        }
        for method in (method for method in METHODS if method in by_method):
            described = by_method[method].opt.get("call")
            if described is not None:
                yield _IN_PATH.sub(r"{\1}", route.path_format), method, by_method[method], described


def document(app: Litestar) -> Json:
    """The whole document."""
    found = list(operations(app))
    schemas = _Schemas([part for *_place, one in found for part in (one.answer, one.body)])
    paths: dict[str, Json] = {}
    for path, method, handler, one in found:
        paths.setdefault(path, {})[method.lower()] = _operation(path, method, handler, one, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Handover Book", "version": __version__},
        "paths": paths,
        "components": {
            "schemas": schemas.components | {"Problem": _PROBLEM},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


class _Schemas:
    """The JSON Schemas of all bodies and answers, by reference."""

    def __init__(self, types: list[Any]) -> None:
        self._types = list(dict.fromkeys(kind for kind in types if kind is not None))
        found, self.components = msgspec.json.schema_components(self._types, ref_template=_REF)
        self._by_type = dict(zip(self._types, found, strict=True))

    def of(self, one: Call) -> Json:
        """What a call answers."""
        answer: Json = self._by_type[one.answer]
        if not one.listing:
            return answer
        following = {"type": ["string", "null"], "description": "The cursor of the next page."}
        fields = {
            "items": {"type": "array", "items": answer},
            "total": {"type": "integer"},
            "next": following,
        }
        return {"type": "object", "properties": fields, "required": ["items", "total", "next"]}

    def body(self, one: Call) -> Json:
        """What a call takes; what must be there on creating is said beside the shared structure."""
        schema = self._by_type[one.body]
        return {"allOf": [schema], "required": list(one.required)} if one.required else schema


def _operation(path: str, method: str, handler: HTTPRouteHandler, one: Call, schemas: _Schemas) -> Json:
    status = handler.status_code
    success: Json = {"description": HTTPStatus(status).phrase}
    if one.answer is not None:
        success["content"] = {"application/json": {"schema": schemas.of(one)}}
    if one.download:
        success["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    operation: Json = {
        "operationId": f"{method.lower()}{re.sub('[^a-z]+', '_', path.removeprefix(PREFIX))}".rstrip("_"),
        "summary": (_function(handler).__doc__ or "").strip(),
        "tags": [_tag(handler)],
        "parameters": [_in_path(name) for name in re.findall(r"\{(\w+)\}", path)]
        + [_parameter(parameter) for parameter in one.parameters],
        "responses": {str(status): success} | _failures(path, handler, one),
    }
    if one.body is not None:
        content = {"application/json": {"schema": schemas.body(one)}}
        operation["requestBody"] = {"required": not one.optional, "content": content}
    if one.file:
        operation["requestBody"] = {"required": True, "content": _FILE}
    return operation


def _function(handler: HTTPRouteHandler) -> Any:
    """The handler as written: Litestar wraps it to run in a thread."""
    return getattr(handler.fn, "func", handler.fn)


def _tag(handler: HTTPRouteHandler) -> str:
    return str(_function(handler).__module__).rpartition(".")[2]


def _in_path(name: str) -> Json:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _parameter(parameter: Parameter) -> Json:
    schema = {"type": parameter.kind}
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.says,
        "required": False,
        "schema": schema,
    }


def _failures(path: str, handler: HTTPRouteHandler, one: Call) -> Json:
    """The problem documents a call may answer."""
    statuses = set(one.errors)
    if anyone not in (handler.guards or ()):
        statuses.add(401)
    if any(isinstance(rule_of(guard), tuple) for guard in handler.guards or ()):
        statuses.add(403)
    if "{" in path:
        statuses.add(404)
    if one.body is not None:
        statuses |= {400, 413, 415, 422}
    if one.file:
        statuses |= {400, 413, 422, 507}
    if one.parameters:
        statuses |= {400, 422}
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {
        str(status): {"description": HTTPStatus(status).phrase, "content": content}
        for status in sorted(statuses)
    }


_FILE: Json = {
    "multipart/form-data": {
        "schema": {
            "type": "object",
            "properties": {"file": {"type": "string", "format": "binary"}},
            "required": ["file"],
        }
    }
}
_FIELD = {
    "type": "object",
    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
    "required": ["field", "message"],
}
_SECRET = {
    "type": "object",
    "description": "A line that looks like it holds a secret; `field` where that is not `body`.",
    "properties": {"line": {"type": "integer"}, "kind": {"type": "string"}, "field": {"type": "string"}},
    "required": ["line", "kind"],
}
_PROBLEM: Json = {
    "title": "Problem",
    "type": "object",
    "description": "A problem document (RFC 9457); `errors` says which fields were broken.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {"type": "array", "items": _FIELD},
        "current_revision": {"type": "integer"},
        "merge": {
            "type": "object",
            "properties": {"body": {"type": "string"}, "conflicts": {"type": "integer"}},
        },
        "blocking": {"type": "array", "items": {"type": "object"}},
        "secrets": {"type": "array", "items": _SECRET},
    },
    "required": ["type", "title", "status", "detail"],
}
