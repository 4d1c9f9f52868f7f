"""The intake: every question yes, no or not asked. Nothing is ever preset to no."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.assessments import wording
from reprieve.clinic.assessments.models import Teller
from reprieve.clinic.assessments.selectors import MEDICATIONS, TRIALS
from reprieve.domain.candidacy.facts import FactDefinition, FactKind, FactValue, is_exact
from reprieve.domain.candidacy.rules import Route
from reprieve.errors import InputError
from reprieve.interop.facts_rows import read_trial
from reprieve.knowledge.candidacy import fact_definitions, fact_words, indications
from reprieve.knowledge.chart_map import load_chart_map

TRIAL_ROWS, MEDICINE_ROWS = 5, 4
_YES_NO = {"yes": True, "no": False}
_TRIAL_NUMBERS = ("daily_dose_mg", "weeks", "improvement_percent", "adherence_percent")
_DRUGS = ("drug", "added_to")
_TRIAL_CHOICES = ("stopped_for_side_effects", "current_episode")


class IntakeForm(forms.Form):
    """One field a fact; only answers that differ from what is known are handed on."""

    said_by = forms.ChoiceField(
        label=_("Who answers"), choices=Teller.choices, initial=Teller.PATIENT, widget=forms.RadioSelect
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, keys: Collection[str], known: Mapping[str, FactValue]
    ) -> None:
        super().__init__(data)
        self.known = {key: value for key, value in known.items() if is_exact(value)}
        for key, words in fact_words().items():
            if key in keys:
                self.fields[key] = _field(fact_definitions()[key], words.question, self.known.get(key))

    def answers(self) -> dict[str, FactValue | None]:
        """Answers that are new or changed; a cleared one is None, which withdraws it."""
        given = {key: _value(key, self.cleaned_data[key]) for key in self.fields if key != "said_by"}
        return {key: value for key, value in given.items() if value != self.known.get(key)}


class AssessForm(forms.Form):
    """What is to be given, and for what."""

    route = forms.ChoiceField(label=_("Route"), choices=[(str(route), wording.ROUTES[route]) for route in Route])
    indication_id = forms.ChoiceField(label=_("Indication"), required=False)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        choices = [("", _("As the diagnoses say")), *((key, entry.name) for key, entry in indications().items())]
        self.fields["indication_id"].choices = choices  # type: ignore[attr-defined]  # Field has no choices in stubs


class OverrideForm(forms.Form):
    """The reasons of ALG-04; empty for the second signature."""

    risk_benefit = forms.CharField(
        label=_("Why the benefit outweighs the risk"), required=False, max_length=4000, widget=forms.Textarea
    )
    mitigation = forms.CharField(
        label=_("What lowers the risk for this patient"), required=False, max_length=4000, widget=forms.Textarea
    )


class SettleForm(forms.Form):
    """What holds where two statements disagree, and how the clinician knows."""

    fact = forms.ChoiceField(choices=lambda: [(key, key) for key in fact_definitions()])
    value = forms.CharField(max_length=60)
    seen = forms.CharField(max_length=64)
    reason = forms.CharField(label=_("How you know"), max_length=2000)

    def clean(self) -> dict[str, Any]:
        """The value as the fact takes it: yes or no, one of its words, or a number in its unit."""
        given = dict(super().clean() or self.cleaned_data)
        if {"fact", "value"} <= given.keys():
            field = _field(fact_definitions()[given["fact"]], given["fact"], None)
            given["value"] = _value(given["fact"], field.clean(given["value"]))
        return given

    def settled(self) -> dict[str, Any]:
        """Fact, value, reason and the disagreement seen, as the service takes them."""
        return dict(self.cleaned_data)


class TrialDefinitionForm(forms.Form):
    """One of the published definitions of treatment resistance, and why."""

    definition = forms.ChoiceField(label=_("Definition that decides"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why it suits this clinic"), max_length=2000, widget=forms.Textarea)

    def __init__(self, data: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, initial=dict(initial or {}))
        choices = [(criteria.id, wording.VARIANTS[criteria.id]) for criteria in load_chart_map().trial_criteria]
        self.fields["definition"].choices = choices  # type: ignore[attr-defined]  # Field has no choices in stubs


class StepCloseForm(forms.Form):
    """What came of a step."""

    note = forms.CharField(label=_("What came of it"), max_length=2000)


def _field(definition: FactDefinition, question: str, known: FactValue | None) -> forms.Field:
    if definition.kind is FactKind.NUMBER:
        return forms.FloatField(
            label=question, required=False, min_value=definition.lowest or 0, max_value=definition.highest,
            initial=known, widget=forms.NumberInput(attrs={"step": "any"}),
        )  # fmt: skip
    choices = [("yes", _("Yes")), ("no", _("No"))]
    initial: str = "" if known is None else ("yes" if known else "no")
    if definition.kind is FactKind.CHOICE:
        choices = [(word, _(word.replace("_", " ").capitalize())) for word in definition.choices]
        initial = "" if known is None else str(known)
    return forms.ChoiceField(
        label=question,
        required=False,
        initial=initial,
        choices=[*choices, ("", _("Not asked"))],
        widget=forms.RadioSelect,
    )


def _value(key: str, given: Any) -> FactValue | None:
    if given is None or given == "":
        return None
    if fact_definitions()[key].kind is FactKind.BOOLEAN:
        return _YES_NO[given]
    return given  # type: ignore[no-any-return]  # a float or one of the words, cleaned by the field


def read_lists(data: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The rows of trials and medicines out of a posted form.  Raises: InputError."""
    if any("\0" in str(value) for value in data.values()):
        raise InputError("INTAKE-TEXT", "This text holds a character that cannot be kept.")
    return {TRIALS: list(_trials(data)), MEDICATIONS: list(_medicines(data))}


def row_numbers(data: Mapping[str, Any], kind: str) -> list[int]:
    """Numbers of the rows in a posted form: no row is left out, however many there are."""
    found = (re.match(rf"{kind}-(\d{{1,3}})-", key) for key in data)
    return sorted({int(match[1]) for match in found if match})


def _trials(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in row_numbers(data, "trial"):
        given = {
            key: str(data.get(f"trial-{row}-{key}", "")).strip() for key in (*_DRUGS, *_TRIAL_NUMBERS, *_TRIAL_CHOICES)
        }
        if not any(given.values()):
            continue
        trial: dict[str, Any] = {"drug": given["drug"].lower()}
        trial |= {"added_to": given["added_to"].lower()} if given["added_to"] else {}
        trial |= {key: _number(given[key], f"trial {row + 1}") for key in _TRIAL_NUMBERS if given[key]}
        trial |= {key: _YES_NO[given[key]] for key in _TRIAL_CHOICES if given[key] in _YES_NO}
        read_trial(trial, f"trial {row + 1}")
        yield trial


def _medicines(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for row in row_numbers(data, "medicine"):
        name = str(data.get(f"medicine-{row}-name", "")).strip()
        dose = str(data.get(f"medicine-{row}-daily_dose_mg", "")).strip()
        if dose and not name:
            raise InputError("INTAKE-MEDICINE", "Write the name of the medicine.", where=f"medicine {row + 1}")
        if name:
            yield {"name": name, "daily_dose_mg": _number(dose, f"medicine {row + 1}") if dose else None}


def _number(text: str, where: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < 1_000_000:
        raise InputError("INTAKE-NUMBER", f"{text!r} is not a number of 0 or more.", where=where)
    return number
