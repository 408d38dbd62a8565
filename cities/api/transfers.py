"""A city's transfer (native API): its offer, below the city that it is about."""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.access import walks
from accounts.doors.base import UNREADABLE
from accounts.doors.native import NativeViewSet, address
from cities import transfers
from cities.api import shapes
from cities.api.native_schema import SHOWN
from cities.lifecycle import CITY
from cities.models import City, Transfer
from cities.policies import TRANSFERS
from config.dialects.fields import Line
from config.dialects.native import openapi
from config.dialects.native.fields import Flag, NativeSerializer
from config.dialects.native.openapi import nested, shape
from config.dialects.native.query import LIST, read_params, read_query
from config.kernel import ids
from config.kernel.policies import Policy
from config.kernel.states import State, Verb

_OFFER = shape(
    "Transfer",
    city=nested("TransferCity", id=str, name=str),
    user=str,
    offered_by=nested("TransferOwner", id=str, name=str),
    offered_at="date-time",
    expires_at="date-time",
    url=str,
)


ORDERINGS = ("-offered_at", "offered_at")
FIELDS = tuple(_OFFER.fields)


class TransferInput(NativeSerializer):
    """To whom; with `force`, which is a god's, at once: where the owner is out of service."""

    user = Line(8, shortest=8, pattern=f"^{ids.KEY}$")
    force = Flag(required=False)


class TransferViewSet(NativeViewSet):
    """Transfers."""

    kind = CITY.kind
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in TRANSFERS}
    methods: ClassVar[dict[str, Any]] = {"get": "retrieve", "post": "create", "delete": "destroy"}
    verbs: ClassVar[Mapping[str, str]] = {
        "retrieve": Verb.GET,
        "create": transfers.TRANSFER,
        "destroy": transfers.WITHDRAW,
        "accept": transfers.ACCEPT,
        "decline": transfers.DECLINE,
    }

    @openapi.describe_detail("cities_get_transfer", "The offer to hand it on", _OFFER, has_fields=False, is_whole=False)
    def retrieve(self, request: Any, id: str) -> Response:
        offered = transfers.find(id, by=self.actor)
        self.actor.check_scope(Verb.GET)
        read_params(request, ())
        return self._offered(request, offered)

    @openapi.describe_write(
        "cities_transfer", "Offer it to somebody; a god: hand it on", TransferInput, {200: SHOWN, 201: _OFFER}
    )
    def create(self, request: Any, id: str) -> Response:
        read = lambda: TransferInput(data=request.data).read()  # noqa: E731
        if self._is_forced(request):
            return self._handed_on(request, transfers.force(id, by=self.actor, read=read))
        return self._offered(request, transfers.offer(id, by=self.actor, read=read), made_at=f"cities/{id}/transfer")

    @openapi.describe_write("cities_withdraw_transfer", "Take the offer back", None, {204: None}, is_post=False)
    def destroy(self, request: Any, id: str) -> Response:
        transfers.withdraw(id, by=self.actor)
        return Response(status=204)

    @openapi.describe_write("cities_accept_transfer", "Take it over", None, {200: SHOWN})
    def accept(self, request: Any, id: str) -> Response:
        read = lambda: NativeSerializer(data=request.data).read()  # noqa: E731
        return self._handed_on(request, transfers.accept(id, by=self.actor, read=read))

    @openapi.describe_write("cities_decline_transfer", "Turn the offer down", None, {204: None})
    def decline(self, request: Any, id: str) -> Response:
        transfers.decline(id, by=self.actor, read=lambda: NativeSerializer(data=request.data).read())
        return Response(status=204)

    def judge_again(self, request: Any, id: str) -> None:
        if self.action == "accept":
            transfers.judge_again(id, by=self.actor)
        elif self.action == "create":
            (transfers.check_may_force if self._is_forced(request) else transfers.check_may_offer)(id, by=self.actor)

    def _is_forced(self, request: Any) -> bool:
        """Read before all else: who may do it depends on it."""
        try:
            return request.data.get("force") is True
        except UNREADABLE:
            return False

    def _offered(self, request: Any, offered: Transfer, *, made_at: str = "") -> Response:
        # It has no version of its own: what is to be changed is the city.
        version, state = offered.city.version, State.ENABLED
        return self.shown(request, version, state, state, lambda: _shape(offered), made_at=made_at, is_whole=False)

    def _handed_on(self, request: Any, city: City) -> Response:
        state = city.state_at(self.actor.now)
        return self.shown(request, city.version, state, state, lambda: shapes.shown(city, self.actor.now))


class OfferViewSet(NativeViewSet):
    """What is offered to the caller."""

    kind = CITY.kind
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in TRANSFERS}
    verbs: ClassVar[Mapping[str, str]] = {"list": Verb.QRI}

    @openapi.describe_list("transfers_list", "The cities that are offered to me", _OFFER, ORDERINGS)
    def list(self, request: Any) -> Response:
        query = read_query(read_params(request, LIST), orderings=ORDERINGS, fields=FIELDS)
        rows = transfers.made_to(by=self.actor)
        # The newest is the one that was made last: an offer that is made again is an offer anew.
        page = walks.keyset(rows, "offered_at", is_descending=query.ordering.startswith("-")).page(self.ask(query))
        return self.listed(request, page, [_shape(each, query.fields) for each in page.rows])


def _shape(offered: Transfer, fields: tuple[str, ...] = FIELDS) -> dict[str, Any]:
    """No more of the city than its name: who is offered it need not see it."""
    shown = {
        "city": {"id": offered.city.key, "name": offered.city.name},
        "user": offered.addressee,
        "offered_by": {"id": offered.offered_by.key, "name": offered.offered_by.name},
        "offered_at": offered.offered_at,
        "expires_at": offered.ends_at,
        "url": address(f"cities/{offered.city.key}/transfer"),
    }
    return {name: shown[name] for name in fields}
