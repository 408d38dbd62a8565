"""Who asks, through which door, from where, at what moment. One is made per request and passed to everything."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from django.utils import timezone

from accounts.models import Credential, Organization, User
from config.kernel import scopes
from config.kernel.errors import Code, DomainError
from config.kernel.roles import BROWSERS, Role, grants_role
from config.kernel.states import Side, Verb

# How long a proof of all factors counts as fresh (S3).
FRESH = timedelta(minutes=15)


class Door(StrEnum):
    """The doors of the audit trail."""

    NATIVE = "native"
    XDUA = "xdua"
    CLOUDROOM = "cloudroom"
    APIG = "apig"
    VERIFY = "verify"
    ADMIN = "admin"
    CONSOLE = "console"
    COMMAND = "command"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """`user` None: a company (CloudRoom's caller), the system, which may everything, or nobody (`is_anonymous`).

    `now` is taken once per request: every query, row and answer of it is about that one moment. `token` is an access
    token, or the access key of a signature. `proved_at` is when the user last proved who they are. `if_match`: the
    versions that the caller takes the thing to be of; None: any. `batch` is the operation that this is a part of.
    """

    now: datetime
    door: Door
    user: User | None = None
    token: Credential | None = None
    address: str = ""
    request_id: str = ""
    is_anonymous: bool = False
    proved_at: datetime | None = None
    if_match: frozenset[int] | None = None
    company: Organization | None = None
    batch: str = ""

    @classmethod
    def system(cls, now: datetime | None = None, *, door: Door = Door.SYSTEM) -> "Actor":
        """The platform itself: sweeps, and commands, whose caller is past every door."""
        return cls(now or timezone.now(), door)

    @property
    def kind(self) -> str:
        if self.user is not None:
            return "user"
        if self.company is not None:
            return "corp"
        return "anonymous" if self.is_anonymous else "system"

    @property
    def key(self) -> str:
        """What the trail and `disabled_by` call the actor."""
        if self.company is not None:
            return f"corp:{self.company.comp_id}"
        return self.user.key if self.user is not None else ""

    @property
    def is_system(self) -> bool:
        return self.user is None and self.company is None and not self.is_anonymous

    @property
    def role(self) -> Role:
        return self.user.platform_role if self.user is not None else Role.DEVELOPER

    @property
    def may_browse(self) -> bool:
        """May they look at everybody's things: the permission `browse_`, behind `?scope=all`."""
        return self.user is not None and self.role in BROWSERS

    @property
    def is_god(self) -> bool:
        return self.user is not None and self.role is Role.GOD

    def side_in(self, verb: Verb) -> Side:
        """Whose hand does it: a steward's is the platform's, on their own things too, in what their role gives them.

        DEL is in no zoon's column: on a city of their own they do it as its owner, whom a ban holds (S7).
        """
        is_administrator = self.is_system or grants_role(self.role, verb)
        return Side.ADMIN if is_administrator else Side.OWNER

    @property
    def cities(self) -> tuple[str, ...]:
        """The keys of the cities beyond which the caller's credential does not reach; none: it is not bound."""
        return tuple(self.token.cities) if self.token is not None else ()

    @property
    def project(self) -> str:
        """The key of the one project that the caller's credential reaches; "": it is not bound to one."""
        return self.token.project if self.token is not None else ""

    @property
    def is_bound(self) -> bool:
        """Does the caller's credential reach less than its user?"""
        return bool(self.cities or self.project)

    def check_scope(self, verb: str) -> None:
        """Pass, or raise OUT_OF_SCOPE. A session has no token and so no scope short of its user."""
        if self.token is not None and not scopes.allows(self.token.scopes, verb):
            needed = scopes.needed(verb)
            raise DomainError(Code.OUT_OF_SCOPE, scope=scopes.READ if scopes.group(needed) == scopes.READ else needed)

    def check_unbound(self) -> None:
        """Pass, or BEYOND_CITIES for a credential that reaches certain cities or one project alone: this is in none."""
        if self.is_bound:
            raise DomainError(Code.BEYOND_CITIES)

    def check_fresh(self) -> None:
        """Pass, or REAUTHENTICATE: what this is for needs a proof of all factors not long ago (S3)."""
        if not self.is_system and (self.proved_at is None or self.now - self.proved_at > FRESH):
            raise DomainError(Code.REAUTHENTICATE, minutes=int(FRESH.total_seconds()) // 60)

    def check_new(self) -> None:
        """Pass, or STALE: what is to be made has no version yet that `If-Match` could name."""
        if self.if_match is not None:
            raise DomainError(Code.STALE)

    def check_version(self, thing: Any) -> None:
        """Pass, or STALE: the caller has said which version they mean, and it is another by now."""
        if self.if_match is not None and thing.version not in self.if_match:
            raise DomainError(Code.STALE)
