"""What our own serializer fields are in OpenAPI. Imported where a schema is described."""

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension

from config.kernel import names

_PRINTABLE = r"^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$"  # no control characters, no line ends


class NameSchema(OpenApiSerializerFieldExtension):
    """So many of Han, letters, digits and `_`, beginning with Han or a letter."""

    target_class = "config.dialects.fields.Name"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        about = "Han, English letters, digits and _; begins with Han or a letter"
        limits = {"minLength": self.target.shortest, "maxLength": self.target.longest}
        return {"type": "string", **limits, "pattern": names.PATTERN, "description": about}


class LineSchema(OpenApiSerializerFieldExtension):
    """Text up to its length."""

    target_class = "config.dialects.fields.Line"
    match_subclasses = True

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        limits = {"minLength": self.target.shortest, "maxLength": self.target.longest}
        # Without control characters and line ends, but where the field has a form of its own.
        return {
            "type": "string",
            **limits,
            "pattern": self.target.pattern or "^[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$",
        }


class TextSchema(OpenApiSerializerFieldExtension):
    """Text of a form of its own."""

    target_class = "config.dialects.fields.Text"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "string"}


class WholeSchema(OpenApiSerializerFieldExtension):
    """A whole number, or its digits."""

    target_class = "config.dialects.fields.Whole"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.target.minimum, "maximum": self.target.maximum}


class SwitchSchema(OpenApiSerializerFieldExtension):
    """0 or 1, as a number or a string."""

    target_class = "config.dialects.fields.Switch"

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        return {"oneOf": [{"type": "integer", "enum": [0, 1]}, {"type": "string", "enum": ["0", "1"]}]}
