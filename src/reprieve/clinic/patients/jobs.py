"""Work of the job process."""

from uuid import UUID

from procrastinate.contrib.django import app

from reprieve.clinic.patients.services.uploads import TASK, upload_import


@app.task(name=TASK, queue="imports")
def import_upload(job_id: str) -> None:
    """Import one upload."""
    upload_import(job_id=UUID(job_id))
