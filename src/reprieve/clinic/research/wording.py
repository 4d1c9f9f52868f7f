"""English of the registry page."""

from django.utils.translation import gettext_lazy as _

from reprieve.clinic.research.models import Outcome
from reprieve.registry.measures.response_after_induction import Band, Step

STEPS = {
    Step.STARTED: (_("Started induction"), _("had at least one session of a first induction course")),
    Step.BASELINE: (_("With a baseline"), _("had a PHQ-9 total in the 14 days before the first dose")),
    Step.MODERATE: (_("Baseline 10 or more"), _("scored at least 10 then, so that a response means something")),
    Step.DUE: (_("Follow-up due"), _("are more than 31 days past the last session, however many they had")),
    Step.OUTCOME: (_("With an outcome"), _("had a PHQ-9 total 1 to 31 days after the last session")),
    Step.RESPONSE: (_("Response"), _("lost at least half of the baseline score")),
    Step.REMISSION: (_("Remission"), _("ended below 5")),
}
HIDDEN = _("with the other counts it would reveal a group of fewer than 11")
BANDS = {
    Band.MODERATE: _("Moderate, 10–14"),
    Band.MODERATELY_SEVERE: _("Moderately severe, 15–19"),
    Band.SEVERE: _("Severe, 20–27"),
}
TONES = {
    Outcome.WAITING: ("accent", "clock"),
    Outcome.ACCEPTED: ("good", "circle-check"),
    Outcome.REJECTED: ("stop", "circle-x"),
    Outcome.NO_CONSENT: ("", "lock"),
    Outcome.WITHDRAWN: ("hold", "arrow-back-up"),
}
NOTHING_LEFT = {
    Outcome.NO_CONSENT: _("The patient has not consented to the registry. Nothing left the clinic."),
    Outcome.WITHDRAWN: _("The patient withdrew. The rows were deleted from the registry."),
    Outcome.WAITING: _("Will be sent shortly."),
}
