"""The app: its kinds, its triggers, its connections' functions."""

from dataclasses import replace

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import checks, lifecycle, policies  # noqa: F401 - checks register themselves
        from accounts.audit import counting, triggers
        from accounts.models import grant
        from config.kernel import registry

        registry.register_policies(*policies.EVERY)
        for kind in lifecycle.KINDS:
            rows = tuple(row for row in policies.EVERY if row.resource == kind.name)
            registry.register(replace(kind, policies=rows))
        connection_created.connect(triggers.register_gate, dispatch_uid="accounts.gate")
        post_migrate.connect(triggers.make_triggers, sender=self, dispatch_uid="accounts.triggers")
        pre_migrate.connect(counting.before_migrating, dispatch_uid="accounts.uncounted")
        post_migrate.connect(counting.make_triggers, dispatch_uid="accounts.counted")
        post_migrate.connect(grant.forget_permissions, dispatch_uid="accounts.permissions")
