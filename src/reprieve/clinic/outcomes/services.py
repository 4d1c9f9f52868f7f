"""Writes on questionnaires: a link goes out, answers come in, safety items open tasks."""

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from reprieve.clinic.audit.services import Actor, record
from reprieve.clinic.outcomes.models import Invitation, Mode, QuestionnaireResponse
from reprieve.clinic.outcomes.selectors import has_been_dosed, last_dose_at, scores_of, token_sha256
from reprieve.clinic.patients.models import Observation, Patient
from reprieve.clinic.patients.services.observations import observation_record
from reprieve.clinic.patients.services.tasks import safety_task_open
from reprieve.domain.outcomes.instrument import Instrument
from reprieve.domain.outcomes.response import has_worsened
from reprieve.domain.outcomes.scoring import AnswerNotAllowed, Answers, Score, score
from reprieve.domain.quantities.spans import minutes_between
from reprieve.errors import InputError
from reprieve.knowledge.instruments import load_instrument
from reprieve.knowledge.loader import content_hash

_TOKEN_BYTES = 32


@transaction.atomic
def invitation_send(
    actor: Actor, *, patient: Patient, instrument_id: str = "phq-9", at: datetime, valid_days: int = 7
) -> tuple[Invitation, str]:
    """Make a link for one questionnaire; the secret is returned once and only its hash is kept."""
    load_instrument(instrument_id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    invitation = Invitation.objects.create(
        patient=patient,
        instrument_id=instrument_id,
        token_sha256=token_sha256(token),
        sent_at=at,
        expires_at=at + timedelta(days=valid_days),
    )
    record(actor, "invitation.send", entity="Invitation", entity_id=invitation.id, patient_id=patient.id,
           detail={"instrument": instrument_id, "valid_days": valid_days})  # fmt: skip
    return invitation, token


@transaction.atomic
def response_record(
    actor: Actor, *, invitation: Invitation, answers: Answers, mode: Mode, at: datetime
) -> QuestionnaireResponse:
    """Score and keep the answers of one invitation, and open what a person must do about them.

    Raises: InputError when the invitation was answered or has expired, or when an answer is not a printed choice.
    """
    locked = Invitation.objects.select_for_update().select_related("patient").get(pk=invitation.pk)
    _refuse_dead(locked, at)
    instrument = load_instrument(locked.instrument_id)
    result = _scored(instrument, answers)
    earlier = scores_of(locked.patient, instrument.id)
    response = _response_create(actor, locked, instrument, answers, result, mode=mode, at=at)
    locked.used_at = at
    locked.save(update_fields=["used_at"])
    record(actor, "response.record", entity="QuestionnaireResponse", entity_id=response.id,
           patient_id=response.patient_id, detail={"instrument": instrument.id, "status": response.status})  # fmt: skip
    _open_flag_tasks(actor, instrument, result, response)
    before = next((point.total for point in reversed(earlier) if point.total is not None and point.at <= at), None)
    _open_worsening_task(actor, instrument, response, before)
    return response


def _refuse_dead(invitation: Invitation, at: datetime) -> None:
    if invitation.used_at is not None:
        raise InputError("LINK-USED", "These questions have already been answered.")
    if invitation.is_expired(at):
        raise InputError("LINK-EXPIRED", "This link is no longer valid; ask the clinic for a new one.")


def _scored(instrument: Instrument, answers: Answers) -> Score:
    try:
        return score(instrument, answers)
    except AnswerNotAllowed as problem:
        raise InputError(
            "ANSWER", f"Question {problem.item} has no answer {problem.value}.", where=f"item {problem.item}"
        ) from None


def _response_create(  # noqa: PLR0913  the form, its score and how it was given
    actor: Actor, invitation: Invitation, instrument: Instrument, answers: Answers, result: Score, *, mode: Mode,
    at: datetime,
) -> QuestionnaireResponse:  # fmt: skip
    dosed_at = last_dose_at(invitation.patient, before=at)
    return QuestionnaireResponse.objects.create(
        invitation=invitation,
        patient=invitation.patient,
        observation=_total_observation(actor, invitation.patient, instrument, result, at),
        instrument_id=instrument.id,
        instrument_version=instrument.version,
        recall_days=instrument.recall_days,
        mode=mode,
        answered_at=at,
        minutes_since_dose=None if dosed_at is None else int(minutes_between(dosed_at, at)),
        answers={str(item.number): answers.get(item.number) for item in instrument.items},
        status=result.status,
        total=result.total,
        item9=answers.get(9) if instrument.id == "phq-9" else None,
        missing=list(result.missing),
        knowledge_hash=content_hash(),
    )


def _total_observation(
    actor: Actor, patient: Patient, instrument: Instrument, result: Score, at: datetime
) -> Observation | None:
    if result.total is None:
        return None
    return observation_record(
        actor,
        patient=patient,
        loinc=instrument.total_loinc,
        value=float(result.total),
        unit="{score}",
        effective_at=at,
        display=f"{instrument.title} total",
        source="questionnaire",
    )


def _open_flag_tasks(actor: Actor, instrument: Instrument, result: Score, response: QuestionnaireResponse) -> None:
    for flag in result.flags:
        task = instrument.tasks[flag.kind]
        safety_task_open(
            actor,
            patient=response.patient,
            rule=task.rule,
            params={"instrument": instrument.id, "item": flag.item, "value": flag.value, "response": str(response.id)},
            opened_at=response.answered_at,
            due_at=response.answered_at + timedelta(hours=task.due_h),
        )


def _open_worsening_task(
    actor: Actor, instrument: Instrument, response: QuestionnaireResponse, before: int | None
) -> None:
    """FU-WORSE: a clear rise after any dose asks for a call; without a dose it is not an effect of treatment."""
    task = instrument.tasks.get("worsening")
    if task is None or before is None or response.total is None or not has_been_dosed(response.patient):
        return
    if not has_worsened(instrument.change, before=before, after=response.total):
        return
    safety_task_open(
        actor,
        patient=response.patient,
        rule=task.rule,
        params={"instrument": instrument.id, "before": before, "after": response.total, "response": str(response.id)},
        opened_at=response.answered_at,
        due_at=response.answered_at + timedelta(hours=task.due_h),
    )
