"""Questionnaires and self-checks as forms: nothing is preset, and not answering is an answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from reprieve.domain.candidacy.facts import FactValue
from reprieve.domain.outcomes.instrument import Instrument, Item
from reprieve.knowledge.self_check import SelfCheckQuestion, complaints, self_check_questions

SKIPPED = "skip"
COMPLAINT = "complaint"


class QuestionnaireForm(forms.Form):
    """One radio row for each printed choice. A skipped question is missing, never zero."""

    def __init__(self, instrument: Instrument, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instrument = instrument
        for item in instrument.items:
            self.fields[_name(item)] = _field(item)

    def answers(self) -> dict[int, int | None]:
        """Item number to value; None where the patient did not answer."""
        return {item.number: _value(self.cleaned_data[_name(item)]) for item in self.instrument.items}


class SelfCheckForm(forms.Form):
    """Yes, no, or "I do not know"; a question left alone is not known either."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [*((name, one.ask) for name, one in complaints().items()), (SKIPPED, _("I do not know yet"))]
        self.fields[COMPLAINT] = forms.ChoiceField(
            label=_("What would it be for?"), choices=choices, widget=forms.RadioSelect, required=False
        )
        for question in self_check_questions().values():
            self.fields[question.fact] = _check_field(question)

    def questions(self) -> list[tuple[SelfCheckQuestion, forms.BoundField]]:
        """Each question with its field, in order."""
        return [(question, self[fact]) for fact, question in self_check_questions().items()]

    def complaint(self) -> str | None:
        """The indication that the person came for, None where that is open."""
        chosen = self.cleaned_data[COMPLAINT]
        return chosen if chosen in complaints() else None

    def answers(self) -> dict[str, FactValue | None]:
        """Fact to value; None where it is not known."""
        return {
            question.fact: _check_value(question, self.cleaned_data[question.fact])
            for question in self_check_questions().values()
        }


def _check_field(question: SelfCheckQuestion) -> forms.Field:
    if question.is_number:
        return forms.FloatField(
            label=question.ask,
            required=False,
            min_value=0,
            max_value=120,
            error_messages={"invalid": _("Please write a number.")},
        )
    choices = [("yes", _("Yes")), ("no", _("No")), (SKIPPED, _("I do not know, or prefer not to say"))]
    return forms.ChoiceField(label=question.ask, choices=choices, widget=forms.RadioSelect, required=False)


def _check_value(question: SelfCheckQuestion, given: Any) -> FactValue | None:
    if question.is_number:
        return None if given is None else float(given)
    return {"yes": True, "no": False}.get(given)


def _name(item: Item) -> str:
    return f"item_{item.number}"


def _field(item: Item) -> forms.ChoiceField:
    printed = [(str(option.value), option.text) for option in item.options]
    return forms.ChoiceField(
        label=item.text,
        choices=[*printed, (SKIPPED, _("I prefer not to answer"))],
        widget=forms.RadioSelect,
        required=item.counted,
        error_messages={"required": _("Please choose an answer, or “I prefer not to answer”.")},
    )


def _value(chosen: str) -> int | None:
    return None if chosen in {"", SKIPPED} else int(chosen)
