"""A ModelViewSet for each, as REST framework's tutorial has them."""

import hmac
from typing import Any
from urllib.parse import quote

from django.db import transaction
from django.urls import path
from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.viewsets import ModelViewSet

from accounts.models import User
from apps.models import App, AppSecret
from apps.services.apps import new_secret
from cities.models import City
from config.kernel.states import State


class PersonSerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="key")

    class Meta:
        model = User
        fields = ("id", "name")


class CitySerializer(serializers.ModelSerializer):
    id = serializers.CharField(source="key", read_only=True)
    owner = PersonSerializer(source="creator", read_only=True)

    class Meta:
        model = City
        fields = (
            *("id", "name", "avatar", "brief", "type", "state", "reason", "expires_at"),
            *("owner", "created_at", "updated_at", "version"),
        )
        read_only_fields = ("state", "reason", "expires_at", "created_at", "updated_at", "version")


class Newest(CursorPagination):
    """By keyset: a page that counts all rows first would be no match."""

    ordering = "-id"
    page_size = 20


class CityViewSet(ModelViewSet):
    queryset = City.objects.select_related("creator")
    serializer_class = CitySerializer
    pagination_class = Newest
    permission_classes = ()
    lookup_field = "key"

    def get_queryset(self) -> Any:
        found, asked = super().get_queryset(), self.request.query_params
        if "creator" in asked:
            found = found.filter(creator=asked["creator"])
        if "name" in asked:
            found = found.filter(name_key__contains=asked["name"].lower())
        return found

    def perform_create(self, serializer: Any) -> None:
        now = timezone.now()
        name_key = serializer.validated_data["name"].lower()
        serializer.save(name_key=name_key, created_at=now, updated_at=now)

    def perform_update(self, serializer: Any) -> None:
        serializer.save(updated_at=timezone.now(), version=serializer.instance.version + 1)

    @action(detail=True, methods=["post"])
    def disable(self, request: Any, key: str) -> Response:
        city, now = self.get_object(), timezone.now()
        city.state, city.disabled_at, city.disabled_side = State.DISABLED, now, "owner"
        city.reason, city.updated_at, city.version = request.data["reason"], now, city.version + 1
        city.save()
        return Response(self.get_serializer(city).data)


class AppViewSet(ModelViewSet):
    queryset = App.objects.all()
    permission_classes = ()
    lookup_field = "key"

    @action(detail=True, methods=["post"])
    def rotate(self, request: Any, key: str) -> Response:
        app, now, value = self.get_object(), timezone.now(), new_secret()
        with transaction.atomic():
            previous = app.secrets.filter(AppSecret.live_at(now)).latest("number")
            previous.ended_at, previous.sealed = now, ""
            previous.save()
            secret = AppSecret(holder=app, number=previous.number + 1, hint=value[:4], created_at=now)
            secret.protect(value)
            secret.save()
        return Response({"secret": {"n": secret.number, "value": value}, "previous": {"n": previous.number}})

    def verify(self, request: Any) -> Response:
        app_key, _, given = request.headers["X-Api-Key"].partition(".")
        app = App.objects.select_related("gateway__project__city").get(app_key=app_key)
        live = app.secrets.filter(AppSecret.live_at(timezone.now()))
        if not any(hmac.compare_digest(secret.reveal(), given) for secret in live):
            return Response(status=401)
        project = app.gateway.project
        headers = {"X-App-Id": app.key, "X-App-Name": quote(app.name)}
        headers |= {"X-Project-Id": project.key, "X-City-Id": project.city.key if project.city else ""}
        return Response(headers=headers)


urlpatterns = [
    path("cities", CityViewSet.as_view({"get": "list", "post": "create"})),
    path("cities/<key>", CityViewSet.as_view({"get": "retrieve", "patch": "partial_update"})),
    path("cities/<key>/disable", CityViewSet.as_view({"post": "disable"})),
    path("apps/<key>/rotate", AppViewSet.as_view({"post": "rotate"})),
    path("verify", AppViewSet.as_view({"get": "verify"})),
]
