"""The developers' console: all its rooms, under one roof."""

from accounts.console import tryit
from accounts.console.account import ProfileRoom
from accounts.console.asking import AskRoom, RequestsRoom
from accounts.console.bin import BinRoom
from accounts.console.company import CompanyRoom
from accounts.console.credentials import ACCESS_KEYS, TOKENS, CredentialsRoom
from accounts.console.governed import GovernedRoom
from accounts.console.home import HomeRoom
from accounts.console.invitations import InvitationsRoom
from accounts.console.members import InvitedRoom, MembersRoom
from accounts.console.notices import NoticesRoom
from accounts.console.room import Room
from accounts.console.shared import SharedRoom
from accounts.console.sharing import SharesRoom
from accounts.console.things import PATHS
from apps import tryit as of_apps
from apps.console.apps import AppRoom
from apps.console.codes import CodesRoom
from apps.console.gateways import GatewayRoom
from cities import tryit as of_cities
from cities.console import CityRoom
from cities.handing import TransferRoom
from projects import tryit as of_projects
from projects.console import ProjectRoom

tryit.register("city", of_cities.calls)
tryit.register("project", of_projects.calls)
tryit.register("gateway", of_apps.of_gateway)
tryit.register("app", of_apps.of_app)

app_name = "console"
_TRANSFERS, _INVITATIONS, _INVITED = TransferRoom(), InvitationsRoom(), InvitedRoom()
_SHARED = SharedRoom(_INVITATIONS.waiting, _TRANSFERS.waiting)
OF_ONESELF: tuple[Room, ...] = (
    _SHARED,
    _INVITATIONS,
    _TRANSFERS,
    CredentialsRoom(TOKENS),
    CredentialsRoom(ACCESS_KEYS),
    NoticesRoom(),
    RequestsRoom(),
    BinRoom(),
    CompanyRoom(_INVITED),
    _INVITED,
    MembersRoom(),
    ProfileRoom(),
)
OF_THINGS: tuple[Room, ...] = tuple(room(kind) for kind in PATHS for room in (SharesRoom, AskRoom))
THINGS: tuple[GovernedRoom, ...] = (CityRoom(), ProjectRoom(), GatewayRoom(), AppRoom())
ROOMS: tuple[Room, ...] = (HomeRoom(THINGS, _SHARED.waiting), *THINGS, CodesRoom(), *OF_THINGS, *OF_ONESELF)
urlpatterns = [pattern for room in ROOMS for pattern in room.urls()]
