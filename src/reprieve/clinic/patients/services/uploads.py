"""Uploads on their way into the chart: queued by a page, worked off by the job process."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction
from procrastinate.contrib.django import app

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import ImportJob, ImportState
from reprieve.clinic.patients.services.imports import Imported, bundle_import
from reprieve.errors import InputError

TASK = "patients.import_upload"


@transaction.atomic
def upload_queue(actor: Actor, *, content: bytes, file_name: str) -> ImportJob:
    """Keep an upload and ask the job process to import it.  Raises: InputError UPLOAD-PERSON."""
    if actor.user is None:
        raise InputError("UPLOAD-PERSON", "A person has to upload a file.")
    job = ImportJob.objects.create(
        clinic=actor.clinic,
        uploaded_by=actor.user,
        file_name=file_name,
        size_bytes=len(content),
        content=content,
    )
    record(actor, "document.upload", entity="ImportJob", entity_id=job.id, detail={"size_bytes": len(content)})
    app.configure_task(TASK).defer(job_id=str(job.id))
    return job


def upload_import(*, job_id: UUID) -> None:
    """Work an upload off; a job that has ended is left alone, so the queue may run it twice."""
    job = ImportJob.objects.select_related("clinic", "uploaded_by").get(pk=job_id)
    if job.ended:
        return
    _step(job, ImportState.READING)
    try:
        with _progress_of(job) as on_progress:
            imported = bundle_import(
                Actor.person(job.uploaded_by),
                content=bytes(job.content),
                file_name=job.file_name,
                on_progress=on_progress,
            )
    except InputError as problem:
        _refuse(job, problem)
        return
    _finish(job, imported)


def _step(job: ImportJob, state: ImportState) -> None:
    job.state = state
    job.save(update_fields=["state"])


def _refuse(job: ImportJob, problem: InputError) -> None:
    job.state = ImportState.REFUSED
    job.problem_code, job.problem_sentence, job.problem_where = problem.code, problem.sentence, problem.where
    job.content = b""
    job.save()


def _finish(job: ImportJob, imported: Imported) -> None:
    job.state, job.document, job.changed = ImportState.DONE, imported.document, imported.changed
    job.content = b""
    job.save()


@contextmanager
def _progress_of(job: ImportJob) -> Iterator[Callable[[int, int], None]]:
    """Tell the progress page through a connection of its own: the import itself is one unfinished transaction."""
    aside = connection.copy()

    def tell(done: int, total: int) -> None:
        with aside.cursor() as cursor:
            cursor.execute(
                "update patients_importjob set state = %s, rows_done = %s, rows_total = %s where id = %s",
                [ImportState.WRITING, done, total, job.pk],
            )

    try:
        yield tell
    finally:
        aside.close()
        job.refresh_from_db(fields=["rows_done", "rows_total"])
