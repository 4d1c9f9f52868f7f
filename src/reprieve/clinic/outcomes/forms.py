"""What people type on the pages of outcomes."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TaskCloseForm(forms.Form):
    """What was done about a safety task."""

    note = forms.CharField(
        label=_("What was done, and by whom"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        error_messages={"required": _("Write what was done before closing the task.")},
    )
