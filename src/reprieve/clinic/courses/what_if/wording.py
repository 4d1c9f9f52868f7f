"""Why models disagree, what they leave out, and what an effect rests on, in sentences."""

from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.domain.pharmacology.disagreement import LeftOut
from reprieve.domain.pharmacology.effects.standing import EffectKind
from reprieve.domain.pharmacology.linear_model import Site
from reprieve.domain.quantities.findings import Finding, Param

SITES: dict[Site, str | Promise] = {Site.ARTERIAL: _("Artery"), Site.VENOUS: _("Vein")}
PRESSURES: dict[EffectKind, str | Promise] = {
    EffectKind.SYSTOLIC_RISE: _("Systolic"),
    EffectKind.DIASTOLIC_RISE: _("Diastolic"),
}
LEFT_OUT: dict[LeftOut, str | Promise] = {
    LeftOut.DRUG: _("made for the other drug"),
    LeftOut.ROUTE: _("does not have this route"),
    LeftOut.CHILDREN: _("made from children"),
    LeftOut.AGE_UNKNOWN: _("made from children, and the age is unknown"),
    LeftOut.INTENSIVE_CARE: _("made from people in intensive care"),
}
_REASONS: dict[str, str | Promise] = {
    "PK-DIFF-SITE": _(
        "Arterial and venous blood differ: during an infusion an artery reads higher than an arm vein, later lower."
    ),
    "PK-DIFF-CLEARANCE": _(
        "Clearance: %(lowest)s has %(lowest_l_per_h)s L/h, %(highest)s has %(highest_l_per_h)s L/h at this weight."
    ),
    "PK-DIFF-WEIGHT": _(
        "Weight: clearance grows with weight to the power %(least_exponent)s in %(least)s and %(greatest_exponent)s in "
        "%(greatest)s."
    ),
    "PK-DIFF-PEOPLE": _("The people studied differ: healthy volunteers only in %(healthy)s; others in %(others)s."),
    "PK-F-SPAN": _(
        "Papers put the share that reaches the blood between %(lower)s and %(upper)s: one curve says little here."
    ),
}


def reason_sentences(findings: Iterable[Finding]) -> list[str]:
    """One sentence a reason; a code without words is a bug and raises KeyError."""
    return [_sentence(each) for each in findings]


def _sentence(finding: Finding) -> str:
    if finding.code == "PK-DIFF-PEOPLE" and not finding.params["healthy"]:
        return str(_("The people studied differ: patients and volunteers of different ages and operations."))
    return str(_REASONS[finding.code]) % {key: _said(value) for key, value in finding.params.items()}


def has_words(finding: Finding) -> bool:
    """Whether this module, rather than that of orders, has the sentence."""
    return finding.code in _REASONS


def _said(value: Param) -> str:
    if isinstance(value, tuple):
        return ", ".join(str(each) for each in value)
    return f"{value:.3g}" if isinstance(value, float) else str(value)
