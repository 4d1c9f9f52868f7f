"""An answer as the page shows it: names instead of ids, sentences instead of codes, numbers in their units."""

from typing import Any

from django.utils.translation import gettext

from reprieve.clinic.courses.presenters import citations, finding_views
from reprieve.clinic.courses.what_if import wording
from reprieve.clinic.courses.what_if.answer import NG_PER_ML, WhatIf
from reprieve.clinic.courses.what_if.exposure import OnRecord, beside_the_curve
from reprieve.clinic.courses.what_if.names import model_about, model_name, with_names
from reprieve.clinic.courses.what_if.picture import draw, rows_of
from reprieve.clinic.courses.what_if.scenario import Scenario, Way
from reprieve.clinic.courses.wording import finding_sentence

_MOST_PEOPLE = 0.95
_MIN_PER_H = 60.0


def shown(found: WhatIf, recorded: OnRecord) -> dict[str, Any]:
    """Everything that the right half of the page needs."""
    asked = found.scenario
    beside = beside_the_curve(recorded.directions, age_y=asked.age_years, is_spray=asked.way is Way.NASAL_SPRAY)
    return {
        "found": found,
        "first": model_name(found.model.id),
        "given": given(asked),
        "pictures": draw(found),
        "rows": rows_of(found),
        "moved": [(wording.SITES[one.site], one) for one in found.moved],
        "exposure": finding_views([with_names(finding) for finding in (*found.exposure, *beside)]),
        "sites": [(wording.SITES[curve.site], curve) for curve in found.curves],
        "second": _second(found),
        "models": _models(found),
        "left_out": [(model_name(name), wording.LEFT_OUT[why]) for name, why in found.disagreement.left_out],
        "reasons": [finding_sentence(with_names(reason)) for reason in found.disagreement.reasons],
        "misfits": finding_views([with_names(finding) for finding in found.misfits]),
        "pressure": [
            (wording.PRESSURES[kind], mean, peak.quantile_mmhg(_MOST_PEOPLE)) for kind, mean, peak in found.pressure
        ],
        "occupancy_range": _range(found),
        "citations": citations(found.model.source),
    }


def given(asked: Scenario) -> list[str]:
    """What is given when, as the pump or the hand would do it, and how much it is in all."""
    lines = []
    for dose in asked.doses:
        if dose.duration_min:
            sentence = gettext("Minute %(start)s to %(end)s: %(rate)s mg/h")
            rate = _short(dose.amount_mg / dose.duration_min * _MIN_PER_H)
            lines.append(sentence % {"start": _short(dose.at_min), "end": _short(dose.end_min), "rate": rate})
        else:
            sentence = gettext("Minute %(start)s: %(mg)s mg")
            lines.append(sentence % {"start": _short(dose.at_min), "mg": _short(dose.amount_mg)})
    total = _short(sum(dose.amount_mg for dose in asked.doses))
    return [*lines, gettext("%(mg)s mg in all") % {"mg": total}]


def _short(number: float) -> str:
    return f"{round(number, 1):g}"


def _second(found: WhatIf) -> dict[str, Any] | None:
    if found.second is None:
        return None
    return {"name": model_name(found.second.model_id), "site": wording.SITES[found.second.site]}


def _models(found: WhatIf) -> list[dict[str, Any]]:
    return [
        {
            "id": curve.model_id,
            "name": model_name(curve.model_id),
            "about": model_about(curve.model_id),
            "site": wording.SITES[curve.site],
            "peak": curve.cmax_mg_per_l * NG_PER_ML,
            "area": curve.auc_mg_min_per_l * NG_PER_ML / _MIN_PER_H,
            "clearance": curve.clearance_l_per_h,
        }
        for curve in found.disagreement.curves
    ]


def _range(found: WhatIf) -> tuple[float, float] | None:
    """Lowest and highest percent over all sets of constants."""
    shares = [share for _name, share in found.occupancy]
    return (min(shares) * 100.0, max(shares) * 100.0) if shares else None
