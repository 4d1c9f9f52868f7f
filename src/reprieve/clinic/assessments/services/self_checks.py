"""A self-check on the phone of a known patient: a link goes out, answers come in, danger opens a task (S16, A8)."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from reprieve.clinic.assessments import selectors
from reprieve.clinic.assessments.models import SelfCheckLink, Teller
from reprieve.clinic.assessments.services.emergencies import emergencies_open
from reprieve.clinic.assessments.services.intake import intake_record
from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.patients.models import Patient
from reprieve.clinic.patients.services.tasks import safety_task_open
from reprieve.domain.candidacy.rules import Route
from reprieve.domain.candidacy.screening import decide
from reprieve.errors import InputError
from reprieve.knowledge.candidacy import load_rule_base
from reprieve.knowledge.chart_map import load_chart_map
from reprieve.knowledge.instruments import load_instrument
from reprieve.knowledge.self_check import Answers, answers_to_keep, asks_for_a_talk

_TOKEN_BYTES = 32


@transaction.atomic
def self_check_invite(
    actor: Actor, *, patient: Patient, at: datetime, valid_days: int = 14
) -> tuple[SelfCheckLink, str]:
    """Make a link for one self-check; the secret is returned once and only its hash is kept."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = SelfCheckLink.objects.create(
        patient=patient,
        token_sha256=selectors.token_sha256(token),
        sent_at=at,
        expires_at=at + timedelta(days=valid_days),
    )
    record(actor, "self_check.invite", entity="SelfCheckLink", entity_id=link.id, patient_id=patient.id,
           detail={"valid_days": valid_days})  # fmt: skip
    return link, token


@transaction.atomic
def self_check_record(actor: Actor, *, link: SelfCheckLink, answers: Answers, at: datetime) -> None:
    """Keep the answers as said by the patient, and open what a person must do about them at once.

    A reassuring answer about suicide on a phone is not kept: it does not stand for the screener (SR-01).
    Raises: InputError when the link was used, has expired, or an answer is of the wrong type.
    """
    locked = SelfCheckLink.objects.select_for_update().select_related("patient__clinic").get(pk=link.pk)
    if locked.used_at is not None:
        raise InputError("LINK-USED", "These questions have already been answered.")
    if locked.is_expired(at):
        raise InputError("LINK-EXPIRED", "This link is no longer valid; ask the clinic for a new one.")
    locked.used_at = at
    locked.save(update_fields=["used_at"])
    intake_record(actor, patient=locked.patient, answers=answers_to_keep(answers), at=at, said_by=Teller.PATIENT)
    record(actor, "self_check.record", entity="SelfCheckLink", entity_id=locked.id, patient_id=locked.patient_id)
    case = selectors.case_of(locked.patient, at=at)
    found = decide(case, load_rule_base(), load_chart_map(), route=Route.IV)[1]
    params: dict[str, str | int | float | None] = {"self_check": str(locked.id)}
    emergencies_open(actor, patient=locked.patient, found=found, params=params, at=at)
    if not found.emergency and asks_for_a_talk(fact for fact, value in answers.items() if value is True):
        due_at = at + timedelta(hours=talk_within_h())
        safety_task_open(actor, patient=locked.patient, rule="SR-05", params=params, opened_at=at, due_at=due_at)


def talk_within_h() -> float:
    """How soon a person asks back after such an answer: as after question 9 of the PHQ-9 (SR-05)."""
    return load_instrument("phq-9").tasks["positive"].due_h
