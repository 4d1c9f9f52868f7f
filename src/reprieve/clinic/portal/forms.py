"""A questionnaire as a form: every question needs an answer, and "I prefer not to answer" is one."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from reprieve.domain.outcomes.instrument import Instrument, Item

SKIPPED = "skip"


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
