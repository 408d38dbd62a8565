"""What a person reads in place of a state, a verb, a door or a fact. The Chinese of the verbs is the documents' own."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext, pgettext_lazy

from config.kernel.roles import Role, Share
from config.kernel.states import Side, State, Verb

STATES = {
    State.ENABLED: pgettext_lazy("state", "Enabled"),
    State.DISABLED: pgettext_lazy("state", "Disabled"),
    State.OFFLINE: pgettext_lazy("state", "Offline"),
    State.DELETED: pgettext_lazy("state", "Deleted"),
}

VERBS = {
    Verb.ADD: pgettext_lazy("verb", "Create"),
    Verb.DEL: pgettext_lazy("verb", "Delete"),
    Verb.SET: pgettext_lazy("verb", "Update"),
    Verb.DOL: pgettext_lazy("verb", "Soft-delete"),
    Verb.DIS: pgettext_lazy("verb", "Disable"),
    Verb.ENB: pgettext_lazy("verb", "Enable"),
    Verb.RCC: pgettext_lazy("verb", "Recycle"),
    Verb.PUB: pgettext_lazy("verb", "Publish"),
    Verb.OFF: pgettext_lazy("verb", "Take offline"),
    Verb.GET: pgettext_lazy("verb", "Details"),
    Verb.GIT: pgettext_lazy("verb", "Details"),
    Verb.QRY: pgettext_lazy("verb", "Query all"),
    Verb.QRI: pgettext_lazy("verb", "Query mine"),
    "SHARE": pgettext_lazy("verb", "Share"),
    "UNSHARE": pgettext_lazy("verb", "Unshare"),
    "ACCEPT": pgettext_lazy("verb", "Accept an offer"),
    "DECLINE": pgettext_lazy("verb", "Decline an offer"),
    "ROTATE": pgettext_lazy("verb", "Rotate secret"),
    "ENDSECRET": pgettext_lazy("verb", "End a secret"),
    "OFFER": pgettext_lazy("verb", "Offer a transfer"),
    "WITHDRAW": pgettext_lazy("verb", "Withdraw a transfer"),
    "TRANSFER": pgettext_lazy("verb", "Transfer"),
    "MOVE": pgettext_lazy("verb", "Move"),
    "UNLOCK": pgettext_lazy("verb", "Lift a lock"),
    "EXPORT": pgettext_lazy("verb", "Export the trail"),
    "REQUEST": pgettext_lazy("verb", "Ask the administrators"),
    "ANSWER": pgettext_lazy("verb", "Answer a request"),
    "RETRACT": pgettext_lazy("verb", "Withdraw a request"),
    "INVITE": pgettext_lazy("verb", "Invite"),
    "UNINVITE": pgettext_lazy("verb", "Take back an invitation"),
    "JOIN": pgettext_lazy("verb", "Join a company"),
    "LEAVE": pgettext_lazy("verb", "Leave a company"),
    "SETROLE": pgettext_lazy("verb", "Set the role"),
    "OPERATE": pgettext_lazy("verb", "Many at once"),
    "STOP": pgettext_lazy("verb", "Stop"),
    "VERIFY": pgettext_lazy("verb", "Verify a credential"),
}

KINDS = {
    "city": pgettext_lazy("kind", "City"),
    "project": pgettext_lazy("kind", "Project"),
    "gateway": pgettext_lazy("kind", "Gateway"),
    "app": pgettext_lazy("kind", "App"),
    "appcode": "AppCode",
    "user": pgettext_lazy("kind", "User"),
    "organization": pgettext_lazy("kind", "Organization"),
    "accesstoken": pgettext_lazy("kind", "Access token"),
    "accesskey": pgettext_lazy("kind", "Access key"),
    "login": pgettext_lazy("kind", "Sign-in"),
    "grant": pgettext_lazy("kind", "Grant"),
    "bin": pgettext_lazy("kind", "Recycle bin"),
    "audit": pgettext_lazy("kind", "Audit trail"),
    "verification": pgettext_lazy("kind", "Verification"),
    "policy": pgettext_lazy("kind", "Policy"),
    "notice": pgettext_lazy("kind", "Notice"),
    "request": pgettext_lazy("kind", "Request"),
    "invitation": pgettext_lazy("kind", "Invitation"),
    "operation": pgettext_lazy("kind", "Operation"),
}

# So many of a kind, as a sentence has it.
COUNTED = {
    "project": ngettext_lazy("%(shown)s project", "%(shown)s projects", "many"),
    "gateway": ngettext_lazy("%(shown)s gateway", "%(shown)s gateways", "many"),
    "app": ngettext_lazy("%(shown)s app", "%(shown)s apps", "many"),
}

SIDES = {
    Side.OWNER: _("its owner"),
    Side.ADMIN: _("an administrator"),
}

DOORS = {
    "native": _("Native API"),
    "xdua": "XDUA",
    "cloudroom": "CloudRoom",
    "apig": "APIG",
    "verify": _("Verification"),
    "admin": _("Super-console"),
    "console": _("Console"),
    "command": _("Command"),
    "system": _("System"),
}

OUTCOMES = {
    "ok": pgettext_lazy("outcome", "Done"),
    "refused": pgettext_lazy("outcome", "Refused"),
}

FACTS = {
    "state": _("State"),
    "name": _("Name"),
    "avatar": _("Avatar"),
    "brief": _("Brief"),
    "igrp": _("User group"),
    "secret": _("Secret"),
    "offline": pgettext_lazy("state", "Offline"),
    "disabled_at": _("Disabled at"),
    "disabled_by": _("Disabled by"),
    "disabled_side": _("On behalf of"),
    "reason": _("Reason"),
    "expires_at": _("Expires"),
    "deleted_at": _("Deleted at"),
    "deleted_by": _("Deleted by"),
    "user": _("User"),
    "role": _("Role"),
    "ends_at": _("Ends"),
    "scopes": _("Scopes"),
    "corp": _("Company"),
    "company": _("Company"),
    "is_corp_admin": _("Administers its company"),
    "kind": _("Kind"),
    "zone": _("Zone"),
    "comp_id": _("CompID"),
    "has_api": _("API switch"),
    "project_limit": _("Projects at most"),
    "grace_seconds": _("Grace, in seconds"),
    "auth_type": _("Proof"),
    "previous": _("The one before"),
    "grants": _("Grants ended"),
    "city": _("City"),
    "project": _("Project"),
    "gateway": _("Gateway"),
    "app": _("App"),
    "app_key": "app_key",
    "remark": _("Remark"),
    "acl_type": _("Callers' addresses"),
    "acl_values": _("Addresses"),
    "key_switch": "APP_KEY_SECRET_SWITCH",
    "app_limit": _("Apps at most"),
    "app_code_limit": _("AppCodes at most, of each app"),
    "profile": _("Kind of gateway"),
    "unsigned_body": _("Bodies that nobody checks"),
    "features": _("Features"),
    "failures": _("Failures"),
    "password": _("Password"),
    "enable": "Enable",
    "acitys": "Acitys",
    "request": pgettext_lazy("kind", "Request"),
    "verb": _("Verb"),
    "granted": _("Granted"),
    "invitation": _("Invitation"),
    "offer": _("Offer"),
    "is_admin": _("As an admin"),
    "total": _("How many"),
}

ROLES = {
    Role.DEVELOPER: pgettext_lazy("role", "Developer"),
    Role.ZOON: pgettext_lazy("role", "Zoon"),
    Role.GOD: pgettext_lazy("role", "God"),
}

SHARES = {
    Share.VIEWER: pgettext_lazy("share", "Viewer"),
    Share.OPERATOR: pgettext_lazy("share", "Operator"),
    Share.OWNER: pgettext_lazy("share", "Owner"),
}

_CHANGED = {"changed": pgettext_lazy("fact", "changed")}
# What the trail keeps of a fact as a code, and a person reads as a word.
VALUES: Mapping[str, Mapping[Any, Any]] = {
    "disabled_side": SIDES,
    "role": {**{share.name.lower(): word for share, word in SHARES.items()}, **ROLES},
    "verb": VERBS,
    "kind": {"zone": pgettext_lazy("kind", "Zone"), "corp": _("Company"), "shop": pgettext_lazy("kind", "Shop")},
    "secret": _CHANGED,
    "password": _CHANGED,
}


def verb(code: str) -> str:
    """The word for a verb of the trail; the code itself where there is none."""
    return str(VERBS.get(code, code))


def counted(kind: str, many: int, *, is_more: bool = False) -> str:
    """ "1 project", "1,000+ apps"; `is_more`: at least so many."""
    shown = f"{many:,}+" if is_more else f"{many:,}"
    return str(COUNTED[kind] % {"many": 2 if is_more else many, "shown": shown})


def listed(parts: Sequence[str]) -> str:
    """As a sentence has several: "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    before = pgettext("list", ", ").join(parts[:-1])
    return pgettext("list", "%(before)s and %(last)s") % {"before": before, "last": parts[-1]}
