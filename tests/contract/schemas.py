"""The OpenAPI of each dialect, and the golden file that it is held against. `make schema` rewrites the files."""

import os
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).with_name("golden")


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
    from config.site.schema import DIALECTS

    for name, build in DIALECTS.items():
        (GOLDEN / f"{name}.yaml").write_text(rendered(build()))


if __name__ == "__main__":
    main()
