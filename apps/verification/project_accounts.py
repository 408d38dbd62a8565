"""Project accounts' own credentials: AppId with md5(AppSecret), or a JWT signed with the AppSecret (cloudroom.md)."""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from django.db.models import Prefetch

from accounts.models.secret import SecretTerms
from apps.verification import credentials, judge
from apps.verification.credentials import Proof
from apps.verification.judge import Outcome, Verdict
from apps.verification.lookup import Link
from config.kernel import registry
from projects.models import Project, ProjectSecret

LONGEST = timedelta(hours=24)  # S22
MAX_TOKEN = 4096
_REFUSED = (jwt.PyJWTError, RecursionError, ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class SecretHash:
    """What a client of AuthType 0 proves itself with."""

    app_id: str
    secret_md5: str
    auth_type = Project.AuthType.SECRET

    @classmethod
    def read(cls, app_id: str, secret_md5: str) -> "SecretHash":
        return cls(Project.read_id(app_id), secret_md5)

    def is_by(self, secret: str, now: datetime) -> bool:
        digest = hashlib.md5(secret.encode(), usedforsecurity=False).hexdigest()
        return hmac.compare_digest(digest.encode(), self.secret_md5.encode())


@dataclass(frozen=True, slots=True)
class Token:
    """What one of AuthType 1 does: HS256, with `appID` and an `exp` that is at most 24 hours ahead."""

    app_id: str
    text: str
    auth_type = Project.AuthType.TOKEN

    @classmethod
    def read(cls, text: str) -> "Token":
        """Whose it says it is, "" where it says nothing."""
        try:
            text = text if len(text) <= MAX_TOKEN else ""
            told = jwt.decode(text, options={"verify_signature": False})
        except _REFUSED:
            told = {}
        return cls(Project.read_id(told.get("appID")), text)

    def is_by(self, secret: str, now: datetime) -> bool:
        try:
            told = jwt.decode(self.text, secret, algorithms=["HS256"], options={"require": ["exp", "appID"]})
            return int(told["exp"]) - now.timestamp() <= LONGEST.total_seconds()
        except (*_REFUSED, OverflowError):
            return False


def find(keys: Iterable[str]) -> dict[str, Project]:
    """The projects of these ids with what stands above them, and their secrets that have not been ended."""
    held = Prefetch("secrets", ProjectSecret.objects.filter(ended_at=None), to_attr="held_secrets")
    rows = Project.objects.with_chain().filter(key__in=list(keys)).prefetch_related(held)
    return {project.key: project for project in rows}


def judge_account(presented: SecretHash | Token, project: Project | None, now: datetime) -> Verdict:
    """Of a project that the asker may ask about; None: there is none for them."""
    held: list[SecretTerms] = project.held_secrets if project is not None else []
    secret = credentials.matching(held, now, lambda text: presented.is_by(text, now))
    if project is None or secret is None or project.auth_type != presented.auth_type:
        return Verdict(Outcome.UNKNOWN)
    if (closed := judge.closed_link(chain_of(project, now))) is not None:
        return Verdict(Outcome.CLOSED, closed=closed.kind)
    return Verdict(Outcome.GOOD, Proof(secret.table, secret.pk, secret))


def chain_of(project: Project, now: datetime) -> tuple[Link, ...]:
    things: tuple[Any, ...] = (project, *project.above)
    return tuple(Link(registry.kind_of(thing).name, thing.key, thing.state_at(now)) for thing in things)
