"""English (and later Spanish) for the codes of orders and courses. The domain has codes and numbers only."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reprieve.domain.dosing.second_check import Checked
from reprieve.domain.dosing.weights import WeightBasis, WeightOrigin
from reprieve.domain.quantities.findings import Finding, Param

BASES: dict[WeightBasis, str | Promise] = {
    WeightBasis.ACTUAL: _("Actual weight"),
    WeightBasis.IDEAL: _("Ideal weight (Devine)"),
    WeightBasis.ADJUSTED: _("Adjusted weight"),
}
ORIGINS: dict[WeightOrigin, str | Promise] = {
    WeightOrigin.MEASURED: _("Measured on our scale"),
    WeightOrigin.STATED: _("Stated by the patient"),
}
CHECKED: dict[Checked, tuple[str | Promise, str]] = {
    Checked.WEIGHT_KG: (_("Weight"), "kg"),
    Checked.VIAL_MG_PER_ML: (_("Vial strength"), "mg/mL"),
    Checked.RATE_ML_PER_H: (_("Pump rate"), "mL/h"),
    Checked.DOSE_MG: (_("Dose that follows"), "mg"),
    Checked.DRAW_VOLUME_ML: (_("Volume to draw that follows"), "mL"),
    Checked.DURATION_MIN: (_("Duration that follows"), "min"),
}
INDICATIONS: dict[str, str | Promise] = {
    "IND-TRD": _("Treatment-resistant depression"),
    "IND-MDSI": _("Major depression with acute suicidal ideation"),
    "IND-SI": _("Suicidal ideation"),
    "IND-BP2": _("Bipolar II depression"),
    "IND-PTSD": _("Post-traumatic stress disorder"),
    "IND-OCD": _("Obsessive-compulsive disorder"),
    "IND-ANX": _("Anxiety disorder"),
    "IND-CRPS": _("Complex regional pain syndrome"),
}
REQUIREMENTS: dict[str, str | Promise] = {
    "mood_stabiliser": _("a mood stabiliser is continued"),
    "ymrs_each_visit": _("YMRS before each infusion"),
}
CHANGES: dict[str, str | Promise] = {
    "ticlopidine": _("Ticlopidine"),
    "itraconazole": _("Itraconazole"),
    "clarithromycin": _("Clarithromycin"),
    "grapefruit": _("Grapefruit juice"),
    "rifampicin": _("Rifampin (rifampicin)"),
    "st_johns_wort": _("St John’s wort"),
    "child_pugh_a": _("Child-Pugh A"),
    "child_pugh_b": _("Child-Pugh B"),
    "child_pugh_c": _("Child-Pugh C"),
    "cyp2b6_1_6": _("CYP2B6*1/*6"),
    "cyp2b6_6_6": _("CYP2B6*6/*6"),
    "female": _("Sex: female"),
    "age_liver_flow": _("Liver flow falling with age"),
    "diazepam": _("Diazepam"),
    "chronic_barbiturate": _("A barbiturate over weeks"),
}
"""What changes exposure to ketamine, by the ids of its knowledge file."""
BY_ROUTE: dict[str, str | Promise] = {
    "iv": _("to a dose by vein"),
    "im": _("to a dose into a muscle"),
    "sc": _("to a dose under the skin"),
    "in": _("to a dose by the nose"),
    "sl": _("to a dose held in the mouth"),
    "po": _("to a dose that is swallowed"),
}
_FINDINGS: dict[str, str | Promise] = {
    "REG-WT-ACT-STATED": _("A stated weight cannot carry an order. Weigh the patient."),
    "REG-WT-ACT-AGE": _("The weight is %(days)s days old; at most %(upper)s are allowed. Weigh the patient."),
    "REG-WT-ACT-CHANGE": _(
        "Weight changed by %(percent)s %% since the last one (%(previous_kg)s kg). Check the scale."
    ),
    "WT-POUNDS": _(
        "%(weight_kg)s looks like pounds: the last weight was %(previous_kg)s kg, and %(weight_kg)s lb is "
        "%(converted_kg)s kg."
    ),
    "WT-RANGE": _("A weight of %(value)s kg is outside %(lower)s to %(upper)s kg."),
    "HT-RANGE": _("A height of %(value)s cm is outside %(lower)s to %(upper)s cm."),
    "BMI-RANGE": _("Weight and height give a BMI of %(value)s; one of them is wrong (%(lower)s to %(upper)s)."),
    "REG-WT-IBW": _(
        "BMI %(bmi)s: the 2017 consensus doses on ideal weight from BMI %(limit)s on; community data found no relation "
        "of response to BMI. Both doses are shown; confirm the basis."
    ),
    "REG-WT-IBW-HEIGHT": _("No height: BMI and ideal weight are unknown, the actual weight is used."),
    "REG-WT-FORM": _("Height is under 60 inches, where the ideal weight is not defined."),
    "REG-WT-FORM-SEX": _("Ideal weight needs a sex of female or male; it cannot be calculated."),
    "REG-WT-FORM-ACTUAL": _("Ideal weight (%(ideal_kg)s kg) is above the actual weight, which is used."),
    "DOSE-TENFOLD": _("%(mg_per_kg)s mg/kg is ten times off the regimen's %(regimen)s mg/kg: a decimal slip?"),
    "REG-DOSE-MAX-M": _("%(mg_per_kg)s mg/kg is above the ceiling of %(upper)s mg/kg for one infusion."),
    "REG-DOSE-MAX-M-SOFT": _("%(mg_per_kg)s mg/kg is above the usual upper limit of %(upper)s mg/kg."),
    "REG-DOSE-MAX-M-MG": _("%(mg)s mg is above the ceiling of %(upper)s mg for one infusion."),
    "DOSE-LOW": _("%(value)s mg/kg is below every dose that was studied (%(lower)s mg/kg)."),
    "REG-DOSE-RANGE": _("%(value)s mg/kg is below %(lower)s mg/kg; 0.1 and 0.2 did no better than an active placebo."),
    "REG-DURATION": _("%(value)s minutes is outside the usual %(lower)s to %(upper)s minutes."),
    "REG-DURATION-HARD": _("%(value)s minutes is outside %(lower)s to %(upper)s minutes."),
    "PREP-100": _("A vial of %(vial)s mg/mL is never given by vein undiluted. Choose a bag."),
    "PREP-10": _("The label says that %(vial)s mg/mL is not to be diluted; use 50 or 100 mg/mL for bags."),
    "PREP-VIAL": _("One vial holds %(content_mg)s mg; the dose of %(mg)s mg needs more than one."),
    "PREP-CALC": _("Drawing in steps of 0.01 mL gives %(drawn_mg)s mg instead of %(mg)s mg; use a weaker vial."),
    "PREP-BAG": _("%(draw_ml)s mL does not fit in %(bag_ml)s mL."),
    "PREP-CONC": _("%(mg_per_ml)s mg/mL is stronger than the label's mixtures (up to %(upper)s mg/mL)."),
    "PREP-CONC-HARD": _("%(value)s mg/mL is outside %(lower)s to %(upper)s mg/mL."),
    "PREP-PUMP": _("%(value)s mL/h is outside what the pump runs (%(lower)s to %(upper)s mL/h)."),
    "PK-POP-AGE": _("Age %(age_years)s is outside the ages the model was made from (%(lower)s to %(upper)s)."),
    "PK-POP-AGE-UNKNOWN": _("No age: whether the model fits this person is unknown."),
    "PK-POP-HEALTHY": _("The model was made from healthy volunteers only."),
    "PK-POP-CHILDREN": _("The model was made from children only."),
    "PK-POP-ICU": _("The model was made from people in intensive care."),
    "PK-POP-ROUTE": _("The route %(route)s was not studied with this model."),
    "PK-POP-DOSE": _("%(dose_mg)s mg is outside the doses that were studied (%(lower)s to %(upper)s mg)."),
    "PK-POP-WT-LOW": _("Below %(lower)s kg the model has not been tested."),
    "PK-COV-TYPICAL": _("%(name)s is unknown; the typical value %(typical)s stands in."),
    "PK-POP-WT": _("Above %(upper)s kg the model has not been tested."),
    "PK-POP-BMI": _("BMI %(bmi_kg_per_m2)s: the model was made from people between %(lower)s and %(upper)s kg/m²."),
    "PK-EXP-STUDIED": _("Exposure is moved for %(change)s, by factors measured in people."),
    "PK-EXP-RECALLED": _("Exposure is moved for %(change)s, by factors that were not read again in their source."),
    "PK-EXP-DERIVED": _("Exposure is moved for %(change)s, by factors derived from a model."),
    "PK-EXP-DIRECTION": _(
        "What %(change)s does %(route)s is known by direction only: %(text)s Nothing is moved for it."
    ),
    "PK-EXP-REFUSED": _("%(change)s was not studied and is not recommended: no prediction holds."),
    "PK-EXP-SEVERAL": _("%(count)s changes of exposure are multiplied; nobody measured them together."),
    "PK-EXP-UNMEASURED": _("Nobody measured what %(change)s does %(route)s; nothing is moved for it."),
    "PK-EXP-INFERRED": _("Nobody measured what %(change)s does %(route)s; what other routes show is carried over."),
    "PK-EXP-LIMIT": _("A factor of %(wanted).2f cannot be reached in model %(model)s; %(reached).2f is used."),
    "PK-EXP-FLOW-LIMIT": _(
        "A factor of %(wanted).2f is below what liver flow allows in model %(model)s (%(reached).2f); nothing is moved."
    ),
    "PK-EXP-LIVER-SHARE": _(
        "The gut alone cannot carry this change in model %(model)s: intrinsic clearance is multiplied by "
        "%(intrinsic).2f."
    ),
    "PK-EXP-NO-TARGET": _("Model %(model)s names no clearance; a factor of %(factor).2f is not applied."),
    "PK-EXP-AGE-UNKNOWN": _("No age: whether exposure is higher as in older adults is unknown."),
    "PK-EXP-AGE-BAND": _(
        "From %(from_age_y).0f years on the label reports peaks %(cmax)s times and areas %(auc)s times as high; "
        "this is shown, not applied."
    ),
    "PK-DIFF-SITE": _(
        "Arterial and venous blood differ: while drug enters, an artery reads higher than an arm vein, later lower."
    ),
    "PK-DIFF-CLEARANCE": _(
        "Clearance: %(lowest)s has %(lowest_l_per_h).0f L/h, %(highest)s has %(highest_l_per_h).0f L/h in this person."
    ),
    "PK-DIFF-WEIGHT": _(
        "Weight: clearance grows with weight to the power %(least_exponent).2f in %(least)s and "
        "%(greatest_exponent).2f in %(greatest)s."
    ),
    "PK-DIFF-PEOPLE": _("The models were made from different people; some from healthy volunteers only."),
    "PK-F-SPAN": _(
        "Papers put the share that reaches the blood between %(lower)s and %(upper)s: one curve says little here."
    ),
    "PK-VENOUS-EARLY": _("Within %(after_min)s minutes of a push the venous level does not hold."),
    "PK-POP-HEIGHT": _("No height: whether the model fits this person's build is unknown."),
}


def finding_sentence(finding: Finding) -> str:
    """One plain sentence for a finding."""
    if finding.code.startswith(_EXPOSURE):
        return str(_FINDINGS[finding.code]) % _exposure_words(finding.params)
    return str(_FINDINGS[finding.code]) % finding.params


_EXPOSURE = "PK-EXP-"


def _exposure_words(params: Mapping[str, Param]) -> dict[str, Param]:
    """Ids of changes and routes as words."""
    words = {"change": CHANGES, "route": BY_ROUTE}
    return {key: str(words[key].get(str(value), value)) if key in words else value for key, value in params.items()}
