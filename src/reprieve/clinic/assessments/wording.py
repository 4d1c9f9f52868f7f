"""English for decisions, severities, tellers and themes; the statements of rules come from the knowledge files."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """How a decision is named, shown and explained; `tone` is the suffix of the state classes."""

    word: Text
    icon: str
    tone: str
    meaning: Text


DECISIONS: Mapping[str, DecisionWords] = MappingProxyType(
    {
        "ELIGIBLE": DecisionWords(_("Candidate"), "circle-check", "good", _("No rule speaks against treatment.")),
        "CONDITIONAL": DecisionWords(
            _("Candidate with precautions"), "shield-check", "good", _("Treatment can go ahead with the points below.")
        ),
        "DEFER": DecisionWords(
            _("Not yet"), "hourglass", "hold", _("Something is missing or has to be put right first.")
        ),
        "REVIEW": DecisionWords(
            _("Needs a review"), "users", "hold", _("Two clinicians have to weigh risk against benefit.")
        ),
        "INELIGIBLE": DecisionWords(
            _("Not a candidate"), "circle-x", "stop", _("A contraindication excludes this treatment.")
        ),
    }
)
EMERGENCY_FIRST = DecisionWords(
    _("Emergency first"),
    "urgent",
    "stop",
    _("No routine treatment until the emergency is settled and its task is closed. The rules alone would say:"),
)
SEVERITIES: Mapping[str, tuple[Text, str, str]] = MappingProxyType(
    {
        "EMERGENCY": (_("Emergency"), "urgent", "stop"),
        "ABSOLUTE": (_("Excludes"), "ban", "stop"),
        "RELATIVE": (_("Needs a review"), "users", "hold"),
        "WORKUP": (_("To be settled first"), "hourglass", "hold"),
        "CAUTION": (_("Precaution"), "shield", "accent"),
        "INFO": (_("To know"), "info-circle", "plain"),
    }
)
CONFIDENCES: Mapping[str, Text] = MappingProxyType(
    {
        "verified": _("Source read"),
        "recalled": _("From memory, confirm first"),
        "policy": _("Site default"),
        "seed_claim": _("Claimed, not shown"),
    }
)
TELLERS: Mapping[str, Text] = MappingProxyType(
    {
        "patient": _("Patient"),
        "clinician": _("Clinician"),
        "chart": _("Record"),
        "file": _("File"),
        "rule": _("Follows from other answers"),
    }
)
EFFORTS: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "ask": (_("Ask"), "message-question"),
        "measure": (_("Measure"), "ruler-measure"),
        "test": (_("Test"), "test-pipe"),
        "wait": (_("Wait"), "clock"),
        "treat": (_("Treat"), "stethoscope"),
    }
)
DOING: Mapping[str, Text] = MappingProxyType(
    {
        "ask": _("Find out"),
        "measure": _("Measure"),
        "test": _("Test"),
        "wait": _("Wait until this no longer holds"),
        "treat": _("Treat what stands in the way"),
    }
)
OWNERS: Mapping[str, Text] = MappingProxyType(
    {
        "patient": _("Patient"),
        "nurse": _("Nurse"),
        "prescriber": _("Prescriber"),
        "referrer": _("Referring clinician"),
        "front_desk": _("Front desk"),
    }
)
THEMES: Mapping[str, tuple[Text, str]] = MappingProxyType(
    {
        "suicide": (_("Suicidal thoughts"), "lifebuoy"),
        "person": (_("Person"), "user"),
        "mood": (_("Scales"), "chart-line"),
        "treatment": (_("Earlier treatment"), "history"),
        "mind": (_("Mind"), "brain"),
        "substances": (_("Substances"), "bottle"),
        "medicines": (_("Medicines"), "pill"),
        "heart": (_("Heart and vessels"), "heartbeat"),
        "body": (_("Body"), "lungs"),
        "reproduction": (_("Pregnancy"), "baby-carriage"),
        "allergy": (_("Allergy and earlier ketamine"), "alert-octagon"),
        "workup": (_("Work-up"), "clipboard-check"),
    }
)
ROUTES: Mapping[str, Text] = MappingProxyType(
    {
        "IV": _("Ketamine into a vein"),
        "IM": _("Ketamine into a muscle"),
        "SC": _("Ketamine under the skin"),
        "IN_ESK": _("Esketamine nasal spray"),
        "SL_PO": _("Ketamine lozenge or by mouth"),
    }
)
GATE_STATES: Mapping[str, tuple[Text, str, str]] = MappingProxyType(
    {
        "satisfied": (_("Satisfied"), "circle-check", "good"),
        "not_satisfied": (_("Not satisfied"), "circle-x", "hold"),
        "unknown": (_("Not known"), "help-circle", "hold"),
    }
)
TRIAL_PARTS: Mapping[str, Text] = MappingProxyType(
    {
        "DEF-DOSE": _("dose"),
        "DEF-DUR": _("weeks"),
        "DEF-IMPR": _("improvement"),
        "DEF-ADH": _("taken as prescribed"),
        "DEF-INTOL": _("stopped for side effects"),
        "DEF-EP": _("present episode"),
        "DEF-AUG": _("augmentation"),
    }
)
LETTER_CONFIDENCES: Mapping[str, Text] = MappingProxyType(
    {
        "verified": _("taken from its source"),
        "recalled": _("from memory, still to be confirmed"),
        "policy": _("our clinic's policy"),
        "seed_claim": _("often claimed, not shown"),
    }
)
REVIEWS: Mapping[str, Text] = MappingProxyType(
    {
        "name_and_code_disagree": _("Name and code of this medicine disagree; neither is used"),
        "drug_not_recognised": _("Not in any interaction list; check by hand"),
        "status_unknown": _("The record does not say whether this is still so"),
        "not_confirmed": _("This diagnosis is not confirmed"),
        "unit_not_read": _("The unit of this value cannot be read, so it is not used"),
        "route_not_known": _("The record does not say how this is taken (nasal spray, inhaler, tablet); ask"),
        "only_one_names_it": _("Only one of those who told a list names this medicine; it counts"),
        "trials_told_apart": _("Told differently: it failed, and it helped; the clinician's account counts"),
        "value_not_plausible": _("This value cannot be true, so it is not used; check it and its unit"),
    }
)
VARIANTS: Mapping[str, Text] = MappingProxyType(
    {
        "default": _("This episode: 6 weeks, under 50% better"),
        "lifetime": _("Any time in life: 6 weeks, under 50% better"),
        "four_weeks": _("Shorter trials count: from 4 weeks"),
        "three_trials": _("Stricter: three failed trials"),
        "two_classes": _("Stricter: from two drug classes"),
        "with_augmentation": _("Wider: an augmentation counts"),
        "european": _("European consensus: 4 weeks, under 25% better"),
    }
)
