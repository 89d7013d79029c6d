"""Imports too long for one answer: worked in a thread, looked at by their id, gone when the process goes.

Nothing is half done when that happens: an import writes all of it in one transaction, or nothing.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from kb.access.identity import Facts, Identity
from kb.access.permits import not_found
from kb.clock import now
from kb.db import Database
from kb.errors import Invalid, KbError
from kb.i18n import _, current_locale, in_locale
from kb.import_export.importer import WRITING, Progress, Report
from kb.import_export.models import Job, JobState

TOLD_EVERY = 1.0  # seconds between two looks at how far it is
BROKEN_OFF = timedelta(minutes=15)  # nobody has heard of it for so long: its process is gone
_log = structlog.get_logger(__name__)


def answer_of(report: Report) -> dict[str, Any]:
    """A report as the API answers it."""
    return {
        "imported": len(report.notes),
        "items": report.items,
        "register": report.entries,
        "skipped": [{"name": one.name, "reason": one.reason} for one in report.skipped],
        "remarks": [{"name": one.name, "reason": one.reason} for one in report.remarks],
        "notes": list(report.notes),
    }


def begin(
    database: Database, identity: Identity, handover_id: str, work: Callable[[Progress], Report]
) -> str:
    """Start the work in a thread of its own; the job's id."""
    moment = now()
    with database.transaction() as session:
        job = Job(handover_id=handover_id, user_id=identity.user_id, created_at=moment, updated_at=moment)
        session.add(job)
        session.flush()
        job_id = job.id
    arguments = (database, job_id, work, current_locale())
    threading.Thread(target=_run, args=arguments, name=f"kb-import-{job_id}", daemon=True).start()
    return job_id


def _run(database: Database, job_id: str, work: Callable[[Progress], Report], locale: str) -> None:
    with in_locale(locale):
        try:
            answer, state = answer_of(work(_teller(database, job_id))), JobState.DONE
        except Invalid as refused:
            errors = [{"field": error.field, "message": error.message} for error in refused.errors]
            answer, state = {"errors": errors}, JobState.FAILED
        except KbError as refused:
            answer, state = {"errors": [{"field": "file", "message": refused.message}]}, JobState.FAILED
        except Exception:
            _log.exception("import failed", job=job_id)
            message = _("Something went wrong here. Nothing was imported.")
            answer, state = {"errors": [{"field": "file", "message": message}]}, JobState.FAILED
    _write(database, job_id, state=str(state), answer=answer)


def _teller(database: Database, job_id: str) -> Progress:
    last = 0.0

    def tell(stage: str, done: int, total: int) -> None:
        """Not while it writes: on SQLite that would wait for itself."""
        nonlocal last
        if stage != WRITING and (time.monotonic() - last > TOLD_EVERY or done == total):
            last = time.monotonic()
            _write(database, job_id, stage=stage, done=done, total=total)

    return tell


def _write(database: Database, job_id: str, **fields: Any) -> None:
    with database.transaction() as session:
        job = session.get(Job, job_id)
        if job is not None:
            for name, value in fields.items():
                setattr(job, name, value)
            job.updated_at = now()


def job_facts(session: Session, job_id: str) -> Facts:
    """Facts for the policy; raises NotFound."""
    row = session.execute(select(Job.handover_id, Job.user_id).where(Job.id == job_id)).first()
    if row is None:
        raise not_found()
    return Facts(row.handover_id, row.user_id)


def get_job(session: Session, identity: Identity, job_id: str) -> dict[str, Any]:
    """How far one's own import is: `{id, state, stage, done, total, …}` with its answer once it has ended."""
    job = session.get(Job, job_id)
    if job is None or job.user_id != identity.user_id:
        raise not_found()
    gone = job.state == JobState.RUNNING and now() - job.updated_at > BROKEN_OFF
    return {
        "id": job.id, "state": str(JobState.FAILED if gone else job.state), "stage": job.stage, "done": job.done,
        "total": job.total, **job.answer,
    }  # fmt: skip
