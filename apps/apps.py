"""The app: registers its kinds."""

from django.apps import AppConfig


class AppsConfig(AppConfig):
    name = "apps"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from apps.lifecycle import APP, APP_CODE, GATEWAY
        from apps.policies import APP_CODES, APPS, GATEWAYS
        from config.kernel import registry

        registry.register(registry.Kind(GATEWAY, "apps.Gateway", GATEWAYS, parent="project", is_made_below=True))
        registry.register(registry.Kind(APP, "apps.App", APPS, parent="gateway", is_made_below=True))
        registry.register(registry.Kind(APP_CODE, "apps.AppCode", APP_CODES))
