"""The OpenAPI of each dialect, and the golden file that it is held against. `make schema` rewrites the files."""

import os
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).with_name("golden")


def xdua() -> dict[str, Any]:
    """XDUA: an operation for each verb of a city, as the header tells them apart, and the login."""
    from drf_spectacular.generators import SchemaGenerator

    from cities.urls import schema_urlpatterns
    from config.urls import urlpatterns

    login = [pattern for pattern in urlpatterns if getattr(pattern, "name", "") == "login"]
    schema: dict[str, Any] = SchemaGenerator(patterns=[*schema_urlpatterns, *login]).get_schema(
        request=None, public=True
    )
    return schema


DIALECTS = {"xdua": xdua}


def rendered(schema: dict[str, Any]) -> str:
    """As the golden file holds it: YAML, in a fixed order."""
    from drf_spectacular.renderers import OpenApiYamlRenderer

    return OpenApiYamlRenderer().render(schema, renderer_context={}).decode()


def main() -> None:
    import tests.environment  # noqa: F401 - keys before settings

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    GOLDEN.mkdir(exist_ok=True)
    for name, build in DIALECTS.items():
        (GOLDEN / f"{name}.yaml").write_text(rendered(build()))


if __name__ == "__main__":
    main()
