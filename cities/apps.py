"""The app: registers its kind, and the state of the city that a token's audience names."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig
from django.db.models import OuterRef, Subquery


class CitiesConfig(AppConfig):
    name = "cities"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cities.lifecycle import CITY
        from cities.policies import POLICIES, TRANSFERS
        from config.kernel import registry

        registry.register_policies(*POLICIES, *TRANSFERS)
        registry.register(registry.Kind(CITY, "cities.City", POLICIES, quota=_quota))
        registry.set_audience_state(_audience_state)


def _quota(user: Any) -> Any:
    from cities.services import quota

    return quota(user)


def _audience_state(now: datetime) -> Subquery:
    from accounts.models.thing import present_state
    from cities.models import City

    named = City.objects.filter(key=OuterRef("audience"))
    return Subquery(named.values(present=present_state(now))[:1])
