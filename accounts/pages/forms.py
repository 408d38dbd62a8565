"""Forms whose values a service takes: it reads them once it is sure that the caller may give it anything."""

from collections.abc import Callable
from typing import Any

from django import forms

from config.kernel import names, words
from config.kernel.errors import Code, DomainError, Invalid
from config.kernel.states import State

# Cleans a text, given what to call the field; raises Invalid.
Clean = Callable[..., str]


class ReadForm(forms.Form):
    """`read` is what the service calls."""

    def read(self) -> dict[str, Any]:
        """The service's arguments. Raises Invalid, with the errors beside their fields."""
        if not self.is_valid():
            raise Invalid(Code.BAD_REQUEST, field=next(iter(self.errors)))
        return self.given()

    def given(self) -> dict[str, Any]:
        """What is given, of a form without faults."""
        return dict(self.cleaned_data)


class CleanField(forms.CharField):
    """A text that the domain itself cleans, and finds fault with."""

    def __init__(self, clean: Clean, **options: Any) -> None:
        self.clean_text = clean
        super().__init__(strip=False, **options)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        try:
            return self.clean_text(text, field=self.label or "")
        except Invalid as error:
            raise forms.ValidationError(error.sentence) from None


def clean_label(text: str, *, field: str) -> str:
    """What people call something, without the spaces around it. Raises Invalid."""
    return names.clean_label(text.strip(), field=field)


def sentence_of(error: DomainError, **called: Any) -> str:
    """An error as a page says it: the state in words, and its field by its label where that is given."""
    facts = {**error.facts, **called}
    if facts.get("state") in State.__members__:
        facts["state"] = words.STATES[State[facts["state"]]]
    return DomainError(error.code, **facts).sentence


def tell(form: forms.Form, error: DomainError) -> None:
    """Say an error of the domain beside the field that is at fault, or above all; what is said already is enough."""
    if not form.is_bound or form.errors:
        return
    for fault in error.faults if isinstance(error, Invalid) else [error]:
        field = form.fields.get(fault.field)
        called = {"field": field.label} if field is not None else {}
        sentence = sentence_of(fault, **called)
        form.add_error(fault.field if field is not None else None, sentence)
