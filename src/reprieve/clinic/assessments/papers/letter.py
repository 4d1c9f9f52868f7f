"""The letter to the referrer: decision, reasons by rule id in plain words, what to change and by when (A10)."""

import json
from collections.abc import Sequence
from datetime import date, datetime
from importlib.resources import as_file, files
from typing import Any

import typst
from django.utils import dateformat, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reprieve.clinic.assessments.models import Assessment
from reprieve.clinic.assessments.presenters import DecisionPresenter, planned_steps
from reprieve.clinic.assessments.presenters.findings import FindingGroup
from reprieve.clinic.assessments.selectors import is_overridden, override_has_ended
from reprieve.clinic.assessments.wording import SEVERITIES
from reprieve.clinic.patients.models import Patient
from reprieve.domain.candidacy.assessment import Decision

_NAMED_STEPS = 5
_NOT_DECISIVE = frozenset(SEVERITIES[severity][0] for severity in ("CAUTION", "INFO"))


def letter_pdf(assessment: Assessment, *, printed_at: datetime) -> bytes:
    """The paper as PDF bytes."""
    content = letter_content(assessment, printed_at=printed_at)
    with as_file(files("reprieve.clinic.assessments.papers") / "letter.typ") as template:
        return bytes(typst.compile(str(template), sys_inputs={"letter": json.dumps(content, ensure_ascii=False)}))


def letter_content(assessment: Assessment, *, printed_at: datetime) -> dict[str, Any]:
    """Everything on the paper, as texts. What clinicians typed about other people or sources is not on it."""
    patient, shown = assessment.patient, DecisionPresenter(assessment)
    reasons, noted = _apart(shown.groups())
    with timezone.override(patient.clinic.zone):
        return {
            "title": _("Candidacy for ketamine treatment"),
            "clinic": [part for part in (patient.clinic.name, patient.clinic.address, patient.clinic.phone) if part],
            "date": _day(printed_at),
            "patient": _patient(patient),
            "salutation": _("Dear colleague,"),
            "opening": _opening(shown, assessment),
            "decision": str(shown.words.word),
            "meaning": _meaning(shown, assessment),
            "emergency": _emergency(patient) if assessment.emergency else "",
            "reasons_title": _("Why"),
            "reasons": [row for group in reasons for row in _reasons(group)],
            "noted_title": _("Also to know"),
            "noted": [row for group in noted for row in _reasons(group)],
            "no_reasons": _("No rule speaks against treatment."),
            "steps_title": _("What has to happen, by whom and by when"),
            "steps_head": [_("What"), _("Who"), _("By")],
            "steps": _steps(assessment),
            "no_steps": _no_steps(assessment),
            "closing": _closing(patient),
            "signed": _signed(assessment),
            "privacy": _("Confidential. It goes to the person named by the patient, with the patient's permission."),
            "version": _("Decision %(id)s of %(day)s, knowledge %(hash)s") % {
                "id": str(assessment.pk)[:8], "day": _day(assessment.made_at), "hash": assessment.knowledge_hash[:12],
            },
        }  # fmt: skip


def _apart(groups: Sequence[FindingGroup]) -> tuple[list[FindingGroup], list[FindingGroup]]:
    """What decides, and what comes after the steps so that nobody has to search for those; all of it if none does."""
    decisive = [group for group in groups if group.label not in _NOT_DECISIVE]
    return (decisive, [group for group in groups if group not in decisive]) if decisive else (list(groups), [])


def _patient(patient: Patient) -> list[list[str]]:
    return [
        [_("Patient"), f"{patient.family_name}, {patient.given_name}"],
        [_("Born"), _day(patient.birth_on)],
        [_("Record number"), patient.mrn],
    ]


def _opening(shown: DecisionPresenter, assessment: Assessment) -> str:
    return _("On %(day)s we assessed this patient for %(route)s. Indication: %(indication)s. Our decision:") % {
        "route": _inside_a_sentence(str(shown.route)), "day": _day(assessment.made_at),
        "indication": _inside_a_sentence(shown.indication or _("none stated")),
    }  # fmt: skip


def _inside_a_sentence(words: str) -> str:
    return words[:1].lower() + words[1:]


def _meaning(shown: DecisionPresenter, assessment: Assessment) -> str:
    parts = [str(shown.words.meaning)]
    if assessment.emergency:
        parts.append(f"{shown.rule_words.word}.")
    if assessment.temporary:
        parts.append(_("This is for now: it clears when its cause has gone."))
    return " ".join(parts)


def _emergency(patient: Patient) -> str:
    return _(
        "There is acute suicide risk: the person must not be left alone and needs a psychiatric assessment the same"
        " day. This does not depend on the decision. Crisis line: %(line)s."
    ) % {"line": patient.clinic.crisis_line}


def _reasons(group: FindingGroup) -> list[list[str]]:
    return [
        [
            str(group.label),
            finding.statement,
            finding.advice,
            finding.rule,
            _("Rule %(rule)s, %(basis)s") % {"rule": finding.rule, "basis": str(finding.basis)},
        ]
        for finding in group.findings
    ]


def _steps(assessment: Assessment) -> list[list[str]]:
    return [
        [f"{step.effort}: {_named(step.what)}", str(step.owner), _day(step.due_on)]
        for step in planned_steps(assessment.record)
    ]


def _named(what: Sequence[str]) -> str:
    """The first of them; how many more there are. A colleague has to see at a glance what the letter asks for."""
    more = len(what) - _NAMED_STEPS
    if more <= 0:
        return " · ".join(what)
    rest = ngettext("and %(count)s more", "and %(count)s more", more) % {"count": more}
    return " · ".join([*what[:_NAMED_STEPS], rest])


def _no_steps(assessment: Assessment) -> str:
    if assessment.decision != Decision.REVIEW or assessment.emergency:
        return _("There is nothing further to do for this decision.")
    if is_overridden(assessment) and not override_has_ended(assessment):
        return _("Two of our clinicians have weighed risk and benefit and decided to go ahead with one series.")
    return _("Before any treatment two of our clinicians have to weigh risk and benefit and sign.")


def _closing(patient: Patient) -> str:
    if not patient.clinic.phone:
        return _("Please write to us with questions, or when something above has changed; we then decide anew.")
    return _("Please call %(phone)s with questions, or when something above has changed; we then decide anew.") % {
        "phone": patient.clinic.phone
    }


def _signed(assessment: Assessment) -> str:
    signature = assessment.signature
    return _("Signed by %(name)s, %(day)s") % {
        "name": signature.signed_by.signature, "day": _day(signature.signed_at)
    }  # fmt: skip


def _day(on: date | datetime) -> str:
    return dateformat.format(timezone.localtime(on) if isinstance(on, datetime) else on, "j M Y")
