"""One transaction per request, owned here: committed when the handler returns, rolled back when it raises."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from litestar import Request
from sqlalchemy.orm import Session

from kb.gate.csrf import SAFE_METHODS
from kb.gate.state import services_of

# Ending a transaction has threads of its own: the handlers' threads may all be waiting for a lock
# that only a transaction whose handler has returned can let go of.
_ending = ThreadPoolExecutor(8, thread_name_prefix="kb-ending")


async def provide_session(request: Request[Any, Any, Any]) -> AsyncGenerator[Session, None]:
    """The request's session; a safe method gets one that cannot write."""
    database, reading = services_of(request).database, request.method in SAFE_METHODS
    transaction = database.transaction(read_only=reading)
    leave, loop = transaction.__exit__, asyncio.get_running_loop()
    try:
        yield transaction.__enter__()
    except BaseException as error:
        await loop.run_in_executor(_ending, leave, type(error), error, error.__traceback__)
        raise
    if reading and database.is_sqlite:
        leave(None, None, None)  # nothing to write, nobody to wait for: changing threads would cost more
    else:
        await loop.run_in_executor(_ending, leave, None, None, None)
