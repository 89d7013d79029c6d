"""The application: settings in, one Litestar app out."""

from __future__ import annotations

import gc
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from functools import cache
from threading import Thread
from typing import Any

import anyio
from litestar import Litestar, Request, Response
from litestar.concurrency import set_asyncio_executor, sync_to_thread
from litestar.datastructures import State
from litestar.di import Provide

from kb.activity.record import use_key
from kb.api.health import health_handlers
from kb.api.problems import answer_problem
from kb.api.router import api_router
from kb.attachments.storage import Storage
from kb.attachments.sweeping import Sweeper
from kb.config import Settings, read_settings
from kb.db import Database
from kb.gate.authentication import Authentication, read_browser
from kb.gate.headers import HEADERS, Finishing
from kb.gate.state import Services, services_of
from kb.gate.transaction import provide_session
from kb.log import set_up_logging
from kb.notifications.worker import Reminder
from kb.search.gaps.recording import SearchLog
from kb.search.indexer import Indexer
from kb.search.live import LiveIndex
from kb.web.failures import answer_failure
from kb.web.pages import preload
from kb.web.router import web_router

MOST_BODY = 12 * 1024 * 1024  # a note of a million Han characters, percent-encoded by a form


def _answer(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Failures in the form the caller reads: JSON under /api and /health, a page elsewhere."""
    read_browser(request.scope, services_of(request).settings.default_locale)
    if request.scope["path"].startswith(("/api/", "/health/")):
        answer: Response[Any] = answer_problem(request, error)
    else:
        answer = answer_failure(request, error)
    # What has no address never reaches the middleware that adds them.
    answer.headers = {**HEADERS, "cache-control": "no-store", **answer.headers}
    return answer


@cache
def _settle(time_zone: str) -> None:
    """Compile the templates; what is in memory then stays, so that no request waits for it to be looked through."""
    preload(time_zone)
    gc.collect()
    gc.freeze()


def _preloading(time_zone: str) -> Thread:
    """Beside the first answers, not before them: compiling takes a second."""
    thread = Thread(target=_settle, args=(time_zone,), name="kb-preload", daemon=True)
    thread.start()
    return thread


def furnish(settings: Settings) -> State:
    """What an application works with: database, index and what runs beside the requests, none of it started yet."""
    set_up_logging(settings.log_level)
    use_key(settings.secret_key)
    database = Database(settings.database_url, settings.pool_size)
    services = Services(settings, database, LiveIndex(settings.search_index), SearchLog(database))
    indexer = Indexer(database, services.index)
    sweeper = Sweeper(database, Storage(settings.data_dir))
    workers = (indexer, sweeper, services.searches, Reminder(database, settings))

    # As many threads as connections: more would only wait for one.
    set_asyncio_executor(ThreadPoolExecutor(settings.pool_size, thread_name_prefix="kb-request"))
    return State({"services": services, "indexer": indexer, "workers": workers})


@asynccontextmanager
async def _running(app: Litestar) -> AsyncIterator[None]:
    services: Services = app.state["services"]
    workers = app.state["workers"]
    preloading = _preloading(services.settings.time_zone)
    for worker in workers:
        worker.start()
    try:
        yield
    finally:
        with anyio.CancelScope(shield=True):
            for worker in reversed(workers):
                await sync_to_thread(worker.stop)
            await sync_to_thread(preloading.join)
        services.index.close()
        services.database.close()


def create_app(settings: Settings | None = None) -> Litestar:
    """The whole application; the schema must be current, which `kb serve` sees to."""
    return Litestar(
        route_handlers=[web_router(), api_router(), *health_handlers()],
        dependencies={"session": Provide(provide_session)},
        middleware=[Finishing(), Authentication()],
        exception_handlers={Exception: _answer},
        lifespan=[_running],
        state=furnish(settings or read_settings()),
        request_max_body_size=MOST_BODY,
        openapi_config=None,
        logging_config=None,
    )
