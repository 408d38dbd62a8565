"""Things that prove themselves by a secret, in the native API: a new one, what they have, the end of one."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access.visibility import find_thing
from accounts.api.governed import VERBS, GovernedViewSet
from accounts.machine import executor, rotation
from accounts.machine.rotation import Rotated
from accounts.models import HeldSecret
from config.dialects.fields import Whole
from config.dialects.native import openapi
from config.dialects.native.fields import Moment, NativeSerializer
from config.dialects.native.openapi import nested, nullable, shape
from config.dialects.native.query import read_params
from config.kernel import registry
from config.kernel.states import Verb, check_future

_LONGEST_GRACE = int(rotation.LONGEST_GRACE.total_seconds())
_SHOWN = 50

once = partial(serializers.CharField, allow_null=True, help_text="shown this once; null in a replay")
known_to_former = partial(
    serializers.BooleanField,
    required=False,
    help_text="live, and shown to somebody who has less than an operator's share today",
)
shown_at = partial(serializers.DateTimeField, required=False, help_text="in a replay: when it was shown")
_ROTATED = shape(
    "Rotated",
    secret=nested("RotatedSecret", or_null=True, n=int, value=once, expires_at=nullable("date-time")),
    previous=nested("RotatedPrevious", or_null=True, n=int, ends_at=nullable("date-time")),
    secret_shown_at=shown_at,
)
_secret = nested(
    "SecretShown",
    n=int,
    secret_hint=str,
    is_live=bool,
    created_at="date-time",
    expires_at=nullable("date-time"),
    ended_at=nullable("date-time"),
    known_to_former=known_to_former,
    last_used_at=nullable("date-time"),
    last_used_ip=nullable(str),
)
_SECRETS = shape("Secrets", results=lambda: serializers.ListField(child=_secret()))
_NUMBER = OpenApiParameter("number", int, OpenApiParameter.PATH, description="its n")


class Rotation(NativeSerializer):
    """For how long the secret of now stays good; without it the company's own grace."""

    grace_seconds = Whole(0, _LONGEST_GRACE, required=False)
    expires_at = Moment(required=False)


class SecretsMixin(GovernedViewSet):
    """Abstract. `made` is the member that shows the secret of a new thing, `body` what a rotation takes."""

    made: ClassVar[str]
    body: ClassVar[type[NativeSerializer]] = Rotation
    verbs: ClassVar[Mapping[str, str]] = {
        **VERBS,
        "rotate": rotation.ROTATE,
        "secrets": Verb.GET,
        "end_secret": rotation.ROTATE,
    }

    @property
    def secret(self) -> str:  # type: ignore[override]
        """The member that is shown once."""
        return "secret" if self.action == "rotate" else self.made

    def rotate_one(self, id: str, read: executor.Reader) -> Rotated:
        """A new secret; a third live one is refused."""
        raise NotImplementedError

    def end_one(self, id: str, number: int) -> None:
        """End the secret of this number."""
        raise NotImplementedError

    def permit_rotation(self, thing: Any) -> None:
        """Pass, or raise as a rotation would."""
        raise NotImplementedError

    @action(detail=True, methods=["post"])
    def rotate(self, request: Any, id: str) -> Response:
        done = self.rotate_one(id, lambda: self._read_rotation(request))
        thing, previous = done.secret.holder, done.previous
        ended = {"n": previous.number, "ends_at": previous.ended_at or previous.good_until} if previous else None
        made = {"n": done.secret.number, "expires_at": done.secret.expires_at}
        body = lambda: {"secret": {**made, "value": done.value}, "previous": ended}  # noqa: E731
        return self.shown(request, thing.version, thing.state_at(self.actor.now), self.effective(thing), body)

    @action(detail=True, methods=["get"])
    def secrets(self, request: Any, id: str) -> Response:
        thing = find_thing(registry.kind(self.kind), id, by=self.actor, rows=self.rows())
        executor.permit(self.table, thing, Verb.GET, by=self.actor)
        read_params(request, ())
        rows = list(thing.secrets.order_by("-number")[:_SHOWN])
        live = [row.shown_to for row in rows if row.is_live(self.actor.now)]
        outside = rotation.outsiders(thing, live, by=self.actor)
        body = lambda: {"results": [self._secret(row, outside) for row in rows]}  # noqa: E731
        state, effective = thing.state_at(self.actor.now), self.effective(thing)
        # Time ends a secret, and use touches it: neither bumps the version.
        return self.shown(request, thing.version, state, effective, body, is_whole=False)

    @action(detail=True, methods=["delete"], url_path="secrets/(?P<number>[^/]+)")
    def end_secret(self, request: Any, id: str, number: str) -> Response:
        self.end_one(id, int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0)
        return Response(status=204)

    def judge_thing(self, thing: Any) -> None:
        if self.verb == rotation.ROTATE:
            self.permit_rotation(thing)
        else:
            super().judge_thing(thing)

    def _read_rotation(self, request: Any) -> dict[str, Any]:
        given = self.body(data=request.data).read()
        check_future(given.get("expires_at"), self.actor.now, field="expires_at")
        return given

    def _secret(self, row: HeldSecret, outside: frozenset[str]) -> dict[str, Any]:
        is_live = row.is_live(self.actor.now)
        return {
            "n": row.number,
            "secret_hint": row.hint,
            "is_live": is_live,
            "created_at": row.created_at,
            "expires_at": row.good_until,
            "ended_at": row.ended_at,
            "known_to_former": is_live and row.shown_to in outside,
            "last_used_at": row.last_used_at,
            "last_used_ip": row.last_used_ip,
        }


def described_secrets(path: str, body: type[NativeSerializer] = Rotation) -> dict[str, Callable[[Any], Any]]:
    """The descriptions of these interfaces, for `governed.described`."""
    write = openapi.describe_write
    return {
        "rotate": write(f"{path}_rotate", "Make a new secret", body, {200: _ROTATED}),
        "secrets": openapi.describe_detail(
            f"{path}_secrets", "Its secrets, no values", _SECRETS, has_fields=False, is_whole=False
        ),
        "end_secret": write(f"{path}_end_secret", "End a secret now", None, {204: None}, is_post=False, more=[_NUMBER]),
    }
