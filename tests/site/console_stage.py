"""alice's things, as the console's addresses name them, what waits for oscar's answer, and who looks at them."""

from dataclasses import replace
from typing import Any

from django.urls import reverse

from accounts.lifecycle import ACCESS_KEY, ACCESS_TOKEN
from accounts.models import Notice, User
from accounts.people import credentials, invitations, requests, sharing
from apps.models import App
from apps.services import codes
from cities import transfers
from config.kernel import registry
from config.kernel.roles import Share
from config.kernel.states import State, Verb
from tests.cast import Cast
from tests.factories import actor, do, make_city, make_user
from tests.site.console import Browser, prove
from tests.site.test_admin_matrix import AWAY

PEOPLE = {
    "stranger": "charlie", "viewer": "vera", "operator": "oscar", "owner": "alice", "zoon": "zoe", "god": "root",
}  # fmt: skip
KINDS = ("city", "project", "gateway", "app")
_MAIL = "oscar@polis.example"


class ConsoleStage:
    """Each thing is shared with dora; a city of alice's lies in the bin, another is offered to oscar."""

    def __init__(self, cast: Cast, app: App) -> None:
        self.cast, self.app = cast, app
        alice = self.user("owner")
        self.by = replace(actor(alice), proved_at=actor(alice).now)
        User.objects.filter(pk=self.user("operator").pk).update(email=_MAIL)
        self.user("operator").refresh_from_db()
        self.dora = make_user("dora")
        gateway = app.gateway
        self.things: dict[str, Any] = {"city": cast.city, "project": gateway.project, "gateway": gateway, "app": app}
        self.grants = {kind: self._share(kind, self.things[kind].key, self.dora.key) for kind in KINDS}
        self.code = codes.create_code(app.key, App.objects.with_chain(), by=self.by, read=dict)[0]
        self.binned = make_city(alice, "Binned_City", State.DELETED)
        wish = {"verb": Verb.RCC, "message": ""}
        self.request = requests.ask(registry.kind("city"), self.binned.key, by=self.by, read=lambda: wish)
        self.other = make_city(alice, "Other_City")
        transfers.offer(self.other.key, by=self.by, read=lambda: {"user": self.user("operator").key})
        self.offer = self._share("city", self.other.key, _MAIL)
        self.invitation = invitations.invite(
            alice.corp.key, by=self.by, read=lambda: {"email": _MAIL, "is_admin": False}
        )
        self.notice = self._notice(alice)
        self.other.refresh_from_db()
        terms = {"name": "mine"}
        self.token = credentials.make(ACCESS_TOKEN, by=self.by, read=lambda: terms)[0]
        self.access_key = credentials.make(ACCESS_KEY, by=self.by, read=lambda: terms)[0]

    def browser(self, who: str) -> Browser:
        """Signed in anew, having just proved who they are."""
        if who in AWAY:
            return AWAY[who]()
        return prove(Browser(self.user(who)))

    def user(self, who: str) -> User:
        user: User = getattr(self.cast, PEOPLE[who]).user
        return user

    def address(self, page: str) -> str:
        return reverse(f"console:{page.partition(':')[0]}", kwargs=self.named(page))

    def form(self, page: str, version: str = "1") -> dict[str, str]:
        """What the page's own form sends: by it the owner does what there is to do."""
        kind = page.partition("_")[0]
        names = {"city": "Alice_City", "project": "Payments", "gateway": "Tram_Signals", "app": "Night_Market"}
        fresh = {"city": "New_City", "project": "New Project", "gateway": "New_Gateway", "app": "New_App"}
        is_named = page.endswith(":dol") or page.endswith(":del")
        return {
            "version": str(self.other.version) if page in {"transfer_decline", "city_withdraw"} else version,
            "name": (names if is_named else fresh).get(kind, "newcomer"),
            "project": self.things["project"].key,
            "gateway": self.things["gateway"].key,
            "city": "",
            "auth_type": "SECRET",
            "profile": "nginx",
            "app_limit": "3",
            "app_code_limit": "3",
            "grace_seconds": "3600",
            "user": self.user("stranger").key,
            "email": "new@polis.example",
            "role": "viewer",
            "message": "",
            "language": "en",
            "time_zone": "Asia/Shanghai",
            "scopes": "read",
            "lasts": "30",
            **({"is_admin": "0"} if page == "company_admin" else {}),
        }

    def named(self, page: str) -> dict[str, str]:
        """What the address of a page names, if it is about one thing."""
        name, _, verb = page.partition(":")
        found = self._one_of(name) or self._of_a_thing(name)
        return found | ({"verb": verb} if verb else {})

    def _one_of(self, name: str) -> dict[str, str]:
        """Of what is neither city, project, gateway nor app, and of some pages that are about another."""
        keys = {
            "city_ask": self.binned,
            "request": self.request,
            "request_withdraw": self.request,
            "notices_read": self.notice,
            **dict.fromkeys(("city_withdraw", "transfer", "transfer_decline"), self.other),
            **dict.fromkeys(("share_accept", "share_decline"), self.offer),
            **dict.fromkeys(("invitation", "invitation_decline"), self.invitation),
            **dict.fromkeys(("token", "token_edit", "token_verb"), self.token),
            **dict.fromkeys(("access_key", "access_key_edit", "access_key_verb"), self.access_key),
            **dict.fromkeys(("code_new", "code_end"), self.app),
        }
        ids = {
            "company_uninvite": self.invitation,
            **dict.fromkeys(("company_admin", "company_remove"), self.user("owner")),
        }
        found = {"key": keys[name].key} if name in keys else {}
        found |= {"id": ids[name].key} if name in ids else {}
        return found | ({"code": self.code.key} if name == "code_end" else {})

    def _of_a_thing(self, name: str) -> dict[str, str]:
        kind, _, page = name.partition("_")
        if kind not in self.things or page in {"new", "name"}:
            return {}
        grant = {"id": self.grants[kind].key} if page in {"grant", "unshare"} else {}
        return {"key": self.things[kind].key, **grant, **({"number": "1"} if page == "secret_end" else {})}

    def _share(self, kind: str, key: str, to: str) -> Any:
        terms = {"user": to, "role": Share.VIEWER}
        return sharing.share(registry.kind(kind), key, by=self.by, read=lambda: terms)

    def _notice(self, to: User) -> Notice:
        zoe = actor(self.user("zoon"))
        do(self.other, Verb.DIS, zoe, reason="Spam")
        do(self.other, Verb.ENB, zoe)
        return Notice.objects.filter(user=to).latest("pk")
