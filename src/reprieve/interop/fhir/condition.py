"""FHIR `Condition`: a problem, diagnosis or finding, with its state and dates."""

from datetime import date

from reprieve.domain.candidacy.chart import ChartCondition
from reprieve.interop.fhir.datatypes import CodeableConcept, Period, Reference, Resource
from reprieve.interop.fhir.dates import Imprecise, day_of
from reprieve.interop.fhir.reading import Account, Reason

CLINICAL = frozenset({"active", "recurrence", "relapse", "inactive", "remission", "resolved"})
VERIFICATION = frozenset({"unconfirmed", "provisional", "differential", "confirmed", "refuted"})


class Condition(Resource, frozen=True):
    """The elements of the resource that we read."""

    subject: Reference = Reference()
    clinical_status: CodeableConcept = CodeableConcept()
    verification_status: CodeableConcept = CodeableConcept()
    code: CodeableConcept = CodeableConcept()
    onset_date_time: str = ""
    onset_period: Period = Period()
    abatement_date_time: str = ""
    abatement_period: Period = Period()


def chart_condition(condition: Condition, account: Account, path: str) -> ChartCondition | Reason:
    """The condition, or why it is left. A refuted one is kept as refuted: that it was excluded is knowledge."""
    verification = condition.verification_status.first_code()
    codings = condition.code.comparable()
    if verification == "entered-in-error":
        return Reason.ENTERED_IN_ERROR
    if not codings:
        return Reason.NO_CODE
    clinical = condition.clinical_status.first_code()
    return ChartCondition(
        codings=codings,
        clinical_status=clinical if clinical in CLINICAL else "unknown",
        verification_status=verification if verification in VERIFICATION else "unknown",
        onset_on=kept_day(condition.onset_date_time or condition.onset_period.start, account, "Condition.onset", path),
        abated_on=kept_day(
            condition.abatement_date_time or condition.abatement_period.end, account, "Condition.abatement", path
        ),
    )


def kept_day(text: str, account: Account, part: str, path: str) -> date | None:
    """The day, or None with a line in the account when the source knew only a month or year."""
    day = day_of(text)
    if isinstance(day, Imprecise):
        reason = Reason.DATE_PARTIAL if day is Imprecise.PARTIAL else Reason.DATE_INVALID
        account.leave(part, reason, f"{path}.{part.partition('.')[2]}")
        return None
    return day
