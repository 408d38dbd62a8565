"""Views that are functions, with the ORM."""

import hmac
import json
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone

from apps.models import App, AppSecret
from apps.services.apps import new_secret
from cities.models import City
from config.kernel.states import State

_SHOWN = ("name", "avatar", "brief", "type", "state", "reason", "expires_at", "created_at", "updated_at", "version")


def cities(request: Any) -> HttpResponse:
    if request.method == "POST":
        given, now = json.loads(request.body), timezone.now()
        name_key = given["name"].lower()
        city = City.objects.create(**given, name_key=name_key, created_at=now, updated_at=now)
        return JsonResponse(_shown(city), status=201)
    found = City.objects.select_related("creator").filter(creator=request.GET["creator"])
    if "name" in request.GET:
        found = found.filter(name_key__contains=request.GET["name"].lower())
    return JsonResponse({"results": [_shown(city) for city in found.order_by("-id")[:20]]})


def city(request: Any, key: str) -> HttpResponse:
    found = City.objects.select_related("creator").get(key=key)
    if request.method == "PATCH":
        _change(found, **json.loads(request.body))
    return JsonResponse(_shown(found))


def disable(request: Any, key: str) -> HttpResponse:
    found = City.objects.select_related("creator").get(key=key)
    reason = json.loads(request.body)["reason"]
    _change(found, state=State.DISABLED, disabled_at=timezone.now(), disabled_side="owner", reason=reason)
    return JsonResponse(_shown(found))


def rotate(request: Any, key: str) -> HttpResponse:
    now, value = timezone.now(), new_secret()
    with transaction.atomic():
        previous = AppSecret.objects.filter(AppSecret.live_at(now), holder__key=key).latest("number")
        AppSecret.objects.filter(pk=previous.pk).update(ended_at=now, sealed="")
        secret = AppSecret(holder_id=previous.holder_id, number=previous.number + 1, hint=value[:4], created_at=now)
        secret.protect(value)
        secret.save(force_insert=True)
    return JsonResponse({"secret": {"n": secret.number, "value": value}, "previous": {"n": previous.number}})


def verify(request: Any) -> HttpResponse:
    app_key, _, given = request.headers["X-Api-Key"].partition(".")
    secrets = AppSecret.objects.filter(AppSecret.live_at(timezone.now()), holder__app_key=app_key)
    for secret in secrets.select_related("holder__gateway__project__city"):
        if hmac.compare_digest(secret.reveal(), given):
            return HttpResponse(headers=_headers(secret.holder))
    return HttpResponse(status=401)


def _headers(app: App) -> dict[str, str]:
    project = app.gateway.project
    city_key = project.city.key if project.city else ""
    return {"X-App-Id": app.key, "X-App-Name": quote(app.name), "X-Project-Id": project.key, "X-City-Id": city_key}


def _change(city: City, **given: Any) -> None:
    given |= {"updated_at": timezone.now(), "version": city.version + 1}
    for name, value in given.items():
        setattr(city, name, value)
    city.save(update_fields=given)


def _shown(city: City) -> dict[str, Any]:
    owner = {"id": city.creator.key, "name": city.creator.name} if city.creator else None
    return {"id": city.key, **{name: getattr(city, name) for name in _SHOWN}, "owner": owner}


urlpatterns = [
    path("cities", cities),
    path("cities/<key>", city),
    path("cities/<key>/disable", disable),
    path("apps/<key>/rotate", rotate),
    path("verify", verify),
]
