"""Second factors: a code of an authenticator app, or one of the recovery codes (S3).

django-allauth keeps and checks them; their seeds are encrypted at rest (S15, `accounts.machine.seeds`).
"""

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from accounts.access.actor import FRESH, Actor
from accounts.audit import journal
from accounts.lifecycle import USER
from accounts.machine import executor
from accounts.models import User
from config.kernel.errors import Code, DomainError, Forbidden, WrongState
from config.kernel.roles import Role
from config.kernel.states import Verb


def of_user() -> Exists:
    """Has the user of the query a second factor? Recovery codes alone are none: they stand in for one."""
    return Exists(Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP))


def has_one(user: User) -> bool:
    """Asked of a user who was found without `of_user`."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def must_have_one(user: User) -> bool:
    """Zoon and god, outside development: a password alone lets them in nowhere (S3)."""
    return user.platform_role in (Role.ZOON, Role.GOD) and not settings.DEVELOPMENT


def check(user: User, code: str) -> bool:
    """Is it the code of this moment, or a recovery code that was never used? Either is good once."""
    for each in _of(user).order_by("-type"):  # the app's first: it is the likelier
        if each.wrap().validate_code(code):
            each.record_usage()
            return True
    return False


def enrol(user: User, seed: str, *, by: Actor, code: str = "") -> list[str]:
    """An authenticator app with this seed is the user's second factor from now on; the recovery codes, shown once.

    Whoever holds the app has proved it by a `code`, which is used with that. Raises REAUTHENTICATE, WrongState for who
    has one already.
    """
    by.check_fresh()
    with transaction.atomic():
        locked = _locked(user)
        if has_one(user):
            raise WrongState(verb=Verb.ADD, state="ENABLED", kind=USER.kind)
        TOTP.activate(user, seed).validate_code(code)
        codes = _new_codes(user)
        _tell(locked, "added", by)
        return codes


def drop(user: User, *, by: Actor) -> None:
    """No second factor any more, and no recovery codes. Who has none changes nothing.

    Raises REAUTHENTICATE, Forbidden for whose role needs one.
    """
    by.check_fresh()
    if must_have_one(user):
        raise Forbidden(verb=Verb.SET, kind=USER.kind)
    with transaction.atomic():
        locked = _locked(user)
        if _of(user).delete()[0]:
            _tell(locked, "removed", by)


def renew_codes(user: User, *, by: Actor) -> list[str]:
    """New recovery codes, shown this once; the old ones are good no more. Raises REAUTHENTICATE, WrongState."""
    by.check_fresh()
    with transaction.atomic():
        locked = _locked(user)
        if not has_one(user):
            raise WrongState(verb=Verb.SET, state="NONE", kind=USER.kind)
        codes = _new_codes(user)
        _tell(locked, "recovery codes renewed", by)
        return codes


def codes_left(user: User) -> int:
    """Recovery codes that were never used."""
    kept = _of(user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return len(kept.wrap().get_unused_codes()) if kept is not None else 0


def _of(user: User) -> QuerySet[Authenticator]:
    return Authenticator.objects.filter(user=user)


def _new_codes(user: User) -> list[str]:
    _of(user).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
    return RecoveryCodes.activate(user).generate_codes()


def _locked(user: User) -> User:
    """As they were when the request began, or REAUTHENTICATE: a sign-in that has ended meanwhile changes no factor."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.login_epoch != user.login_epoch:
        raise DomainError(Code.REAUTHENTICATE, minutes=int(FRESH.total_seconds()) // 60)
    return locked


def _tell(user: User, what: str, by: Actor) -> None:
    """And sign out everywhere: who was in by less than is asked for now, or knows a code that is no more, is out."""
    user.login_epoch += 1
    executor.touch(user, "login_epoch", by=by)
    journal.write(by, Verb.SET, executor.about(USER, user), {}, {"second_factor": what})
