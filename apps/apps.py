"""The app: registers its kinds."""

from typing import Any

from django.apps import AppConfig


class AppsConfig(AppConfig):
    name = "apps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.lifecycle import APP, APP_CODE, GATEWAY
        from apps.policies import APP_CODES, APPS, EVERY, GATEWAYS, SET_DEVLTMPL
        from config.kernel import registry

        registry.register_policies(*EVERY)
        below: dict[str, Any] = {"is_made_below": True, "services": {"ROTATE": (_permit_rotation, _check_rotation)}}
        registry.register(registry.Kind(GATEWAY, "apps.Gateway", GATEWAYS, parent="project", **below))
        # Of two rows of a verb a kind's own is the last.
        registry.register(registry.Kind(APP, "apps.App", (SET_DEVLTMPL, *APPS), parent="gateway", **below))
        registry.register(registry.Kind(APP_CODE, "apps.AppCode", APP_CODES))


def _permit_rotation(thing: Any, *, by: Any) -> None:
    _service_of(thing).permit_rotation(thing, by=by)


def _check_rotation(thing: Any, *, by: Any) -> None:
    _service_of(thing).check_rotation(thing, by=by)


def _service_of(thing: Any) -> Any:
    from apps.models import Gateway
    from apps.services import apps, gateways

    return gateways if isinstance(thing, Gateway) else apps
