"""What one call of the API takes and answers: read by its body's dependency and by the OpenAPI document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response
from litestar.di import Provide
from sqlalchemy import Select
from sqlalchemy.orm import Session

from kb.api.bodies import body_of
from kb.pagination import DEFAULT_LIMIT, MAX_LIMIT, Page, paginate, paginate_list
from kb.validation import Checker

Json = dict[str, Any]
ApiRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Parameter:
    """A parameter in the address or a header."""

    name: str
    says: str
    kind: str = "string"
    place: str = "query"


@dataclass(frozen=True)
class Call:
    """A call as the OpenAPI document describes it; types are msgspec structures or typed dicts."""

    answer: Any = None
    body: Any = None
    required: tuple[str, ...] = ()
    optional: bool = False
    listing: bool = False
    file: bool = False  # a form in parts with one file
    download: bool = False  # answers the bytes of a file
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()


PAGING = (
    Parameter("limit", f"How many at most, 1 to {MAX_LIMIT}; {DEFAULT_LIMIT} when not given.", "integer"),
    Parameter("cursor", "The `next` of the page before."),
)


def call(
    answer: Any = None,
    *,
    body: Any = None,
    required: str = "",
    creating: bool = False,
    optional: bool = False,
    listing: bool = False,
    file: bool = False,
    download: bool = False,
    parameters: tuple[Parameter, ...] = (),
    errors: tuple[int, ...] = (),
) -> dict[str, Any]:
    """Arguments of a route decorator: the body arrives as `sent`, checked for types, after the guards."""
    parameters += PAGING if listing else ()
    described = Call(
        answer, body, tuple(required.split()), optional, listing, file, download, parameters, errors
    )
    arguments: dict[str, Any] = {"sync_to_thread": True, "opt": {"call": described}}
    if body is not None:

        async def sent(request: ApiRequest) -> Any:
            return await body_of(request, body, creating=creating, optional=optional)

        arguments["dependencies"] = {"sent": Provide(sent)}
    return arguments


def created(content: Mapping[str, Any], path: str) -> Response[Any]:
    """201, with where the new thing is."""
    return Response(content, status_code=201, headers={"location": f"/api/v1/{path}"})


def page_of(request: ApiRequest, session: Session, query: Select[Any]) -> Page[Any]:
    """One page of a query by the request's `limit` and `cursor`."""
    return paginate(session, query, **_paging(request))


def page_of_list(request: ApiRequest, rows: Sequence[Any]) -> Page[Any]:
    """One page of what is all in memory."""
    return paginate_list(rows, **_paging(request))


def _paging(request: ApiRequest) -> dict[str, Any]:
    check = Checker(request.query_params)
    limit = check.whole("limit", low=1, high=MAX_LIMIT)
    check.done()
    return {"limit": limit, "cursor": request.query_params.get("cursor")}
