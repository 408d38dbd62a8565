"""A moment that somebody types: to the minute, in the time zone in which they read."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

_MINUTE = "%Y-%m-%dT%H:%M"


class MomentField(forms.DateTimeField):
    """None where nothing is typed; `help_text` says what that means."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE)
        super().__init__(input_formats=[_MINUTE, "%Y-%m-%dT%H:%M:%S"], widget=widget, required=False, **options)

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return moment.astimezone(UTC) if moment is not None else None
        except OverflowError:  # the ends of what a date can hold are beyond them in another zone
            raise forms.ValidationError(self.error_messages["invalid"]) from None


def in_zone(said: str) -> str:
    """What stands beside such a field: a sentence, and which time zone it is read in."""
    return _("%(sentence)s Time zone: %(zone)s.") % {"sentence": said, "zone": timezone.get_current_timezone_name()}
