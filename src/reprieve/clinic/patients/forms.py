"""Forms of the patient pages."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reprieve.clinic.patients.models import ConsentScope, Sex
from reprieve.errors import InputError

_TEXT = {"class": "form-control", "autocomplete": "off"}


class RegistrationForm(forms.Form):
    """A person new to the clinic."""

    given_name = forms.CharField(label=_("Given name"), max_length=120, widget=forms.TextInput(_TEXT))
    family_name = forms.CharField(label=_("Family name"), max_length=120, widget=forms.TextInput(_TEXT))
    birth_on = forms.DateField(
        label=_("Date of birth"), widget=forms.DateInput({"class": "form-control", "type": "date"}, format="%Y-%m-%d")
    )
    sex = forms.ChoiceField(
        label=_("Sex"), choices=Sex.choices, initial=Sex.UNKNOWN, widget=forms.Select({"class": "form-select"})
    )
    mrn = forms.CharField(label=_("Record number"), max_length=64, widget=forms.TextInput(_TEXT))
    phone = forms.CharField(
        label=_("Telephone"), max_length=40, required=False, widget=forms.TextInput(_TEXT | {"type": "tel"})
    )

    def clean_birth_on(self) -> Any:
        birth_on = self.cleaned_data["birth_on"]
        if birth_on > timezone.localdate():
            raise ValidationError(_("The date of birth lies in the future."))
        return birth_on

    def refuse(self, problem: InputError) -> None:
        """Show why the service refused, at the field that it names."""
        self.add_error(problem.where if problem.where in self.fields else None, problem.sentence)


class ConsentForm(forms.Form):
    """What a person decided about one scope."""

    scope = forms.ChoiceField(label=_("About"), choices=ConsentScope.choices)
    permit = forms.TypedChoiceField(
        label=_("Decision"), choices=[("yes", _("Consents")), ("no", _("Refuses or withdraws"))],
        coerce=lambda answer: answer == "yes",
    )  # fmt: skip
    version = forms.CharField(label=_("Version of the form"), max_length=24)
    decided_at = forms.DateTimeField(label=_("Signed"), input_formats=["%Y-%m-%dT%H:%M"])

    def clean_decided_at(self) -> datetime:
        decided_at: datetime = self.cleaned_data["decided_at"]
        if decided_at > timezone.now():
            raise ValidationError(_("A consent cannot be signed in the future."))
        return decided_at


class UploadForm(forms.Form):
    """One file."""

    file = forms.FileField(
        label=_("FHIR bundle"),
        widget=forms.FileInput({"class": "form-control", "accept": ".json,.gz,.ndjson,application/json"}),
        error_messages={"required": _("Choose a file first."), "empty": _("The file is empty.")},
    )
