"""English for the three answers of a self-check."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.domain.candidacy.self_check import Outlook

Text = str | Promise

OUTLOOKS: Mapping[Outlook, tuple[Text, Text, str, str]] = MappingProxyType(
    {
        Outlook.LIKELY: (
            _("Likely worth a first visit"),
            _("Nothing you told us speaks against a first visit. Whether the treatment suits you is decided there, "
              "after an examination and with your record."),
            "message-circle-check",
            "good",
        ),
        Outlook.TALK: (
            _("This needs a talk first"),
            _("Something you told us, or something still open, needs a clinician's eyes before anybody can say more."),
            "users",
            "hold",
        ),
        Outlook.NOT_NOW: (
            _("Not now"),
            _("Something you told us speaks against this treatment at present. Below is why, and what could change it. "
              "A clinician can always look again, and there are other treatments."),
            "hourglass",
            "hold",
        ),
    }
)  # fmt: skip
