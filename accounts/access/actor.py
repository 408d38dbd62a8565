"""Who asks, through which door, from where, at what moment. One is made per request and passed to everything."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone

from accounts.models import AccessToken, User
from config.kernel.errors import Code, DomainError
from config.kernel.roles import Role, grants_role
from config.kernel.states import READS, Side, Verb


class Door(StrEnum):
    """The doors of the audit trail."""

    NATIVE = "native"
    XDUA = "xdua"
    CLOUDROOM = "cloudroom"
    APIG = "apig"
    ADMIN = "admin"
    CONSOLE = "console"
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`user` None: the system, which may everything, or nobody (`is_anonymous`), who may nothing.

    `now` is taken once per request: every query, row and answer of it is about that one moment.
    """

    now: datetime
    door: Door
    user: User | None = None
    token: AccessToken | None = None
    address: str = ""
    request_id: str = ""
    is_anonymous: bool = False

    @classmethod
    def system(cls, now: datetime | None = None, *, door: Door = Door.SYSTEM) -> "Actor":
        """The platform itself: sweeps, and commands, whose caller is past every door."""
        return cls(now or timezone.now(), door)

    @property
    def kind(self) -> str:
        if self.user is not None:
            return "user"
        return "anonymous" if self.is_anonymous else "system"

    @property
    def key(self) -> str:
        """What the trail and `disabled_by` call the actor."""
        return self.user.key if self.user is not None else ""

    @property
    def is_system(self) -> bool:
        return self.user is None and not self.is_anonymous

    @property
    def role(self) -> Role:
        return self.user.platform_role if self.user is not None else Role.DEVELOPER

    def side_in(self, verb: Verb) -> Side:
        """Whose hand does it: a steward's is the platform's, on their own things too, in what their role gives them.

        DEL is in no zoon's column: on a city of their own they do it as its owner, whom a ban holds (S7).
        """
        is_administrator = self.is_system or grants_role(self.role, verb)
        return Side.ADMIN if is_administrator else Side.OWNER

    def check_scope(self, verb: Verb) -> None:
        """Pass, or raise OUT_OF_SCOPE. A session has no token and so no scope short of its user."""
        if self.token is None:
            return
        scopes = set(self.token.scopes)
        enough = {"read" if verb in READS else "verbs", verb.lower()}
        if not scopes & enough:
            raise DomainError(Code.OUT_OF_SCOPE, scope="read" if verb in READS else verb.lower())
