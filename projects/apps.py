"""The app: registers its kind, and what every company has from the start."""

from typing import Any

from django.apps import AppConfig


class ProjectsConfig(AppConfig):
    name = "projects"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from config.kernel import registry
        from projects.lifecycle import PROJECT
        from projects.policies import POLICIES

        registry.register_policies(*POLICIES)
        rotation = {"ROTATE": (_permit_rotation, _check_rotation)}
        registry.register(registry.Kind(PROJECT, "projects.Project", POLICIES, parent="city", services=rotation))
        registry.on_company(_make_default)
        registry.on_leaving(_left)


def _make_default(company: Any, by: Any) -> None:
    from projects.services import make_default

    make_default(company, by)


def _permit_rotation(thing: Any, *, by: Any) -> None:
    from projects.services import permit_rotation

    permit_rotation(thing, by=by)


def _check_rotation(thing: Any, *, by: Any) -> None:
    from projects.services import check_rotation

    check_rotation(thing, by=by)


def _left(company: Any, user: Any, by: Any, keeps: bool) -> None:
    from projects.companies import left

    left(company, user, by, keeps)
