"""Work of the job process: sending signed sessions, and every night what has changed since.

A score that arrives after the last session, a closed follow-up window or a withdrawn consent reach the registry with
the person's next signed session or the following night, whichever is first.
"""

from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from reprieve.clinic.audit.services import Actor
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.research.selectors import patients_to_refresh
from reprieve.clinic.research.services import person_submit, submission_make
from reprieve.clinic.visits.models import DosingSession

SYSTEM = "registry"
_PASSING = RetryStrategy(max_attempts=10, exponential_wait=4, retry_exceptions={OSError, OperationalError})


@app.task(name="research.submit_session", queue="registry", retry=_PASSING)
def submit_session(session_id: str) -> None:
    """Send a session that has just been signed."""
    session = DosingSession.objects.select_related("clinic", "patient__clinic").get(pk=UUID(session_id))
    submission_make(Actor.program(SYSTEM, session.clinic), session=session, at=timezone.now())


@app.task(name="research.refresh_person", queue="registry", retry=_PASSING)
def refresh_person(patient_id: str) -> None:
    """Bring one person's rows up to date."""
    patient = Patient.objects.select_related("clinic").get(pk=UUID(patient_id))
    person_submit(Actor.program(SYSTEM, patient.clinic), patient=patient, at=timezone.now())


@app.periodic(cron="17 3 * * *")
@app.task(name="research.refresh_everyone", queue="registry")
def refresh_everyone(timestamp: int) -> None:
    """Every night: queue everybody who has a signed session."""
    for patient_id in patients_to_refresh():
        refresh_person.defer(patient_id=str(patient_id))
