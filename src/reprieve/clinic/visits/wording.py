"""Words for the codes of a session."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reprieve.clinic.visits.models import Phase
from reprieve.knowledge.monitoring import load_adverse_terms, load_observed_alarms

_ALARMS = {
    "ALM-BP-1": (gettext_lazy("Blood pressure has risen"),
                 gettext_lazy("Recheck in 2 to 5 min, calm the patient, check pain, bladder and anxiety.")),
    "ALM-BP-2": (gettext_lazy("Blood pressure above 180/110"),
                 gettext_lazy("Confirmed after 5 min: pause until below 180/110, prescriber to the chair.")),
    "ALM-BP-3": (gettext_lazy("Blood pressure above 200/120"),
                 gettext_lazy("Stop the infusion, call prescriber and emergency service, 12-lead ECG.")),
    "ALM-BP-LOW": (gettext_lazy("Blood pressure low"),
                   gettext_lazy("Stop the infusion, legs up, fluids, look for allergy or a vagal cause.")),
    "ALM-HR-HI": (gettext_lazy("Heart rate high"), gettext_lazy("Pause, ECG, treat anxiety, call the prescriber.")),
    "ALM-HR-LO": (gettext_lazy("Heart rate low"),
                  gettext_lazy("Look for symptoms; with symptoms or below 40 stop the infusion, ECG, prescriber.")),
    "ALM-SPO2-1": (gettext_lazy("SpO2 below 92 %"),
                   gettext_lazy("Head position, stimulate, oxygen 2 to 4 L/min, pause.")),
    "ALM-SPO2-2": (gettext_lazy("Breathing is failing"),
                   gettext_lazy("Stop the infusion, open the airway, bag and mask, call the emergency service.")),
    "ALM-RR": (gettext_lazy("Respiratory rate outside 10 to 25"),
               gettext_lazy("Look at the patient; stop when below 10 with sedation.")),
    "ALM-SED": (gettext_lazy("Sedation too deep"),
                gettext_lazy("Speak to the patient and pause; at MOAA/S 1 or less stop and secure the airway.")),
    "ALM-NAUS": (gettext_lazy("Nausea or vomiting"), gettext_lazy("Antiemetic on order; check the QT first.")),
    "ALM-DIST": (gettext_lazy("Distress"),
                 gettext_lazy("Stay, speak, ground; lower the rate or pause 10 min; medicine only on order.")),
}  # fmt: skip
_OBSERVED_ADVICE = gettext_lazy("Act by the clinic's protocol, call the prescriber, write what was done.")
_DUE = {
    "MON-BP": gettext_lazy("Blood pressure"),
    "MON-HR": gettext_lazy("Heart rate"),
    "MON-SPO2": gettext_lazy("SpO2"),
    "MON-RR": gettext_lazy("Respiratory rate"),
    "MON-SED": gettext_lazy("Sedation"),
    "MON-DISS": gettext_lazy("Dissociation"),
    "MON-DIST": gettext_lazy("Distress"),
    "MON-NAUS": gettext_lazy("Nausea"),
}
_CHECKLIST = {
    "GO-ID": gettext_lazy("Identity by two identifiers, drug, dose, route, bag label"),
    "GO-CONS": gettext_lazy("Consent for this series, and assent today"),
    "GO-ORDER": gettext_lazy("Weight measured today, against the order"),
    "GO-BP": gettext_lazy("Resting blood pressure, mean of two"),
    "GO-HR": gettext_lazy("Resting heart rate"),
    "GO-SPO2": gettext_lazy("SpO2 on room air"),
    "GO-RR": gettext_lazy("Respiratory rate"),
    "GO-TEMP": gettext_lazy("Temperature"),
    "GO-FAST": gettext_lazy("Fasting: solids 6 h, clear liquids 2 h"),
    "GO-PREG": gettext_lazy("Pregnancy test negative or not applicable"),
    "GO-SUBST": gettext_lazy("No alcohol, cannabis, sedative or other substance"),
    "GO-MED": gettext_lazy("Changes of medicine since the last visit checked"),
    "GO-MSE": gettext_lazy("Mental state and C-SSRS since the last contact"),
    "GO-LUTS": gettext_lazy("Urinary symptoms asked"),
    "GO-ESC": gettext_lazy("Escort confirmed, with phone"),
    "GO-STAFF": gettext_lazy("Staff and equipment at the chair"),
    "GO-IV": gettext_lazy("IV patent, flushed, site checked"),
    "GO-PREVAE": gettext_lazy("Adverse events of the last session resolved"),
}
_CRITERIA = {
    "DIS-TIME-IV": gettext_lazy("60 min observed after the infusion"),
    "DIS-TIME-EXTRA": gettext_lazy("Longer observation after rescue medicine or deep sedation"),
    "DIS-ALD": gettext_lazy("Modified Aldrete score 9 or 10"),
    "DIS-BP": gettext_lazy("Blood pressure near the resting value, below 160/100, not rising"),
    "DIS-SPO2": gettext_lazy("SpO2 92 % or more, respiratory rate 10 to 25"),
    "DIS-SED": gettext_lazy("Awake (MOAA/S 5), oriented to person, place and time"),
    "DIS-DISS": gettext_lazy("Dissociation gone (0 or 1)"),
    "DIS-GAIT": gettext_lazy("Walks without help, no fall of pressure on standing"),
    "DIS-NAUS": gettext_lazy("Nausea 3 or less, no vomiting for 15 min"),
    "DIS-SI": gettext_lazy("C-SSRS since the start: no intent or plan"),
    "DIS-ESC": gettext_lazy("Escort is here"),
    "DIS-INST": gettext_lazy("Written advice given and repeated back"),
    "DIS-IV": gettext_lazy("IV removed, site dry"),
}
OUTCOMES = {
    "GO": gettext_lazy("Go"),
    "HOLD": gettext_lazy("Hold"),
    "RECHECK": gettext_lazy("Recheck"),
    "UNKNOWN": gettext_lazy("Open"),
    "NO_GO": gettext_lazy("Not today"),
}


def alarm_words(rule: str) -> tuple[str, str]:
    """Label and advice of an alarm."""
    if rule in _ALARMS:
        label, advice = _ALARMS[rule]
        return str(label), str(advice)
    return load_observed_alarms()[rule].label, str(_OBSERVED_ADVICE)


def due_label(item: str) -> str:
    """Of a MON-* item, or of the alarm to be rechecked."""
    if item in _DUE:
        return str(_DUE[item])
    return _("Recheck: %(alarm)s") % {"alarm": alarm_words(item)[0]}


def checklist_label(item: str) -> str:
    return str(_CHECKLIST[item])


def criterion_label(criterion: str) -> str:
    return str(_CRITERIA[criterion])


def phase_label(phase: str) -> str:
    return str(Phase(phase).label)


def term_label(term: str) -> str:
    """Of an adverse event, or of an alarm that a person sees."""
    terms, seen = load_adverse_terms(), load_observed_alarms()
    return terms[term].term if term in terms else seen[term].label
