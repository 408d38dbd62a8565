"""The look of the super-console on a form that both consoles have."""

from typing import Any

from django import forms
from unfold.widgets import INPUT_CLASSES, SELECT_CLASSES


def dressed(form: Any) -> Any:
    """The same form; its fields that bear no look yet bear the theme's."""
    for field in form.fields.values():
        widget = field.widget
        if not widget.is_hidden and "class" not in widget.attrs:
            is_select = isinstance(widget, forms.Select)
            widget.attrs["class"] = " ".join(SELECT_CLASSES if is_select else INPUT_CLASSES)
    return form
