"""English of the discovery document and of the cards. A summary has fewer than 140 characters."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

SOURCE = _("Reprieve, ketamine candidacy rules")
SERVICES: Mapping[str, tuple[Text, Text]] = MappingProxyType(
    {
        "reprieve-patient-view": (
            _("Ketamine therapy: candidacy"),
            _("Says whether ketamine therapy may be considered, why not, and what is not known. Orders nothing."),
        ),
        "reprieve-order-select": (
            _("Ketamine therapy: order check"),
            _("Checks an order for ketamine or esketamine, and medicines that interact with a running treatment."),
        ),
    }
)
ROUTES: Mapping[str, Text] = MappingProxyType(
    {
        "IV": _("ketamine IV"),
        "IM": _("ketamine IM"),
        "SC": _("ketamine SC"),
        "IN_ESK": _("esketamine nasal"),
        "SL_PO": _("ketamine by mouth"),
    }
)
PREFETCH: Mapping[str, Text] = MappingProxyType(
    {
        "patient": _("patient"),
        "conditions": _("problem list"),
        "medications": _("prescriptions"),
        "statements": _("reported medicines"),
        "allergies": _("allergies"),
        "vitals": _("vital signs"),
        "laboratory": _("laboratory"),
        "surveys": _("questionnaires"),
    }
)
OVERRIDE_REASONS: Mapping[str, Text] = MappingProxyType(
    {
        "known": _("Known already"),
        "not-now": _("Not what I am deciding now"),
        "data-wrong": _("The data behind it are wrong or old"),
        "disagree": _("I judge it differently"),
    }
)
HELD_BACK: Mapping[str, Text] = MappingProxyType(
    {
        "other_birth": _(
            "Somebody with this record number but another date of birth is on file at %(clinic)s. Nothing of that "
            "person is used here; compare the two records."
        ),
        "birth_not_sent": _(
            "The date of birth was not sent, so what this person may have told %(clinic)s is not used: open the record."
        ),
        "not_shared": _("What this person may have told %(clinic)s is not part of this answer: open the record."),
    }
)
DISPUTED = _("Reprieve cannot tell who this is: record number and date of birth do not fit together.")
THIS_ORDER = _("this order")
EMERGENCY = _("EMERGENCY: suicide-safety assessment first")
CONFIRM_FIRST = _("What decides here was written from memory: confirm it with its source first.")
ROUTE_ASSUMED = _("The order names no route: decided for %(route)s.")
UNKNOWN_IS_OPEN = _("What is not in this list counts as unknown, never as absent.")
