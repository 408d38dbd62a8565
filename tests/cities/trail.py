"""What a call left behind: the events of the audit trail, and everything that a refused call must not touch."""

from typing import Any

from accounts.models import AuditEvent, User
from cities.models import City, CityGrant


def events(key: str = "") -> list[AuditEvent]:
    """What was done, oldest first: to one city, or to anything."""
    found = AuditEvent.objects.filter(outcome="ok").order_by("id")
    return list(found.filter(kind="city", thing=key) if key else found)


def verbs(key: str) -> list[str]:
    """The verbs of those events."""
    return [event.verb for event in events(key)]


def everything() -> list[Any]:
    """Each row that a verb could change, with its version, and how many things were done."""
    return [
        list(City.objects.order_by("pk").values()),
        list(CityGrant.objects.order_by("pk").values()),
        list(User.objects.order_by("pk").values()),
        AuditEvent.objects.filter(outcome="ok").count(),
    ]
