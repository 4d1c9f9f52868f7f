"""Sites, pressures and the reasons why a model does not take part, in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.domain.pharmacology.disagreement import LeftOut
from reprieve.domain.pharmacology.effects.standing import EffectKind
from reprieve.domain.pharmacology.linear_model import Site

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
