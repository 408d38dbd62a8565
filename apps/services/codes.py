"""AppCodes: each stands for its app by itself. What is kept is a hash; the code is shown when it is made."""

import hashlib
from typing import Any

from django.db import IntegrityError, transaction

from accounts.access.actor import Actor, Door
from accounts.access.visibility import held_share
from accounts.machine import executor, rotation
from accounts.people import companies
from apps.lifecycle import APP, APP_CODE
from apps.models import App, AppCode
from apps.services import apps
from config.kernel import ids
from config.kernel.errors import Code, Forbidden, Invalid, LimitReached, NotVisible, WrongState
from config.kernel.roles import Share
from config.kernel.states import State, Verb

new_code = rotation.maker(ids.ALPHABET, 64)
_HINT = 4


def create_code(app_key: str, rows: Any, *, by: Actor, read: executor.Reader) -> tuple[AppCode, str]:
    """ADD: a code of an app, shown this once. `read` gives `app_code`, "" or none for one of ours.

    Raises NotVisible; Forbidden for less than an operator of the app, or a code of one's own from less than its owner;
    OUT_OF_SCOPE; Invalid, also for a code that its gateway knows (which must not tell whose it is: S13); WrongState;
    LimitReached.
    """
    with transaction.atomic():
        app = apps.find_standing(rows, app_key, by=by)
        executor.permit_below(APP_CODE, app, by=by)
        given: str = read().get("app_code") or ""
        if given and not by.is_system and held_share(app) is not Share.OWNER:
            raise Forbidden(verb=Verb.ADD, kind=APP_CODE.kind)
        _check_open(app, by)
        limit = app.gateway.app_code_limit
        LimitReached.check(AppCode.objects.of_app(app)[:limit].count(), limit, kind=APP_CODE.kind)
        return _insert(app, given, by)


def end_code(app_key: str, code_key: str, rows: Any, *, by: Actor) -> None:
    """DEL: the code is good no more, and never again (S5). Raises NotVisible, Forbidden, OUT_OF_SCOPE, STALE."""
    with transaction.atomic():
        app = apps.find_standing(rows, app_key, by=by)
        code = AppCode.objects.of_app(app).select_for_update().filter(key=code_key).first()
        if code is None:
            raise NotVisible(kind=APP_CODE.kind)
        permit_end(app, by=by)
        by.check_version(code)
        code.app = app
        executor.apply(APP_CODE, code, Verb.DEL, by=by, given={})


def permit_end(app: App, *, by: Actor) -> None:
    """Pass, or Forbidden or OUT_OF_SCOPE: an AppCode is its app's owner's to end (S5).

    At the super-console god's alone, for whom a leak must not wait, as `companies.may_rotate` says.
    """
    if by.door is Door.ADMIN:
        may_end = companies.may_rotate(app.gateway.project.company, by)
    else:
        may_end = by.is_system or held_share(app) is Share.OWNER
    if not may_end:
        raise Forbidden(verb=Verb.DEL, kind=APP_CODE.kind)
    by.check_scope(Verb.DEL)


def check_end(app: App, *, by: Actor) -> None:
    """Pass, or raise as `end_code` would for a code of this app: what a page asks before it offers that."""
    if app.state == State.DELETED:
        raise NotVisible(kind=APP_CODE.kind)
    permit_end(app, by=by)


def find_code(app: App, code_key: str) -> AppCode:
    """One of an app's. Raises NotVisible."""
    code: AppCode | None = AppCode.objects.of_app(app).filter(key=code_key).first()
    if code is None:
        raise NotVisible(kind=APP_CODE.kind)
    return code


def digest_of(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def _check_open(app: App, by: Actor) -> None:
    for thing in (app, *app.above):
        if (state := thing.state_at(by.now)) not in {State.ENABLED, State.OFFLINE}:
            raise WrongState(verb=Verb.ADD, state=state.name, kind=APP.kind)


def _insert(app: App, given: str, by: Actor) -> tuple[AppCode, str]:
    value = given or new_code()
    code = AppCode(app=app, gateway=app.gateway, digest=digest_of(value), hint=value[:_HINT], shown_to=by.key)
    try:
        with transaction.atomic():
            executor.add(APP_CODE, code, by=by, after={"app": app.key})
    except IntegrityError as error:
        if "digest" not in executor.constraint_of(error):
            raise
        raise Invalid(Code.BAD_CHOICE, field="app_code", allowed="codes that are in no use") from None
    return code, value
