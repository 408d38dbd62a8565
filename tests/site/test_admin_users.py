"""People in the super-console: found, closed, opened, given a role; and nothing else can be written (S10)."""

import re
from typing import Any

from accounts.models import AccessToken, AuditEvent, User
from config.kernel.roles import Role
from config.kernel.states import State
from tests.cast import Cast
from tests.factories import make_user
from tests.site.console import Browser, Page, prove
from tests.site.pages import cost_alike, queries

USERS = "/admin/accounts/user/"


def of(user: User | None) -> User:
    assert user is not None
    return User.objects.select_related("corp").get(pk=user.pk)


def address(user: User, page: str = "change") -> str:
    return f"{USERS}{user.key}/{page}/"


def give(browser: Browser, user: User, role: str, **given: Any) -> Page:
    page = browser.get(address(user, "role"))
    version = re.findall(r'name="version" value="(\d+)"', page.source)
    return browser.post(
        address(user, "role"), **{"version": version[0] if version else "", "role": role, "name": user.name, **given}
    )


def trail(user: User) -> list[tuple[str, str, str, str]]:
    rows = AuditEvent.objects.filter(kind="user", thing=user.key).order_by("id")
    return list(rows.values_list("verb", "door", "outcome", "actor"))


def test_each_page_is_for_stewards_alone(cast: Cast) -> None:
    alice = of(cast.alice.user)
    for path in (USERS, *(address(alice, page) for page in ("change", "role", "dis", "enb"))):
        page = Browser().get(path)
        assert (page.status, page.headers["Location"].split("?")[0]) == (302, "/admin/login/"), path
        assert Browser(cast.alice.user).get(path).headers["Location"] == "/console/", path
        assert prove(Browser(cast.root.user)).get(path).status == 200, path


def test_they_are_found_by_id_name_and_mail_and_narrowed_by_role_and_state(cast: Cast, zoon: Browser) -> None:
    User.objects.filter(name="alice").update(email="al@example.com")
    for term in (of(cast.alice.user).key, "ALI", "AL@example.com"):
        text = zoon.get(USERS, q=term).text
        assert ("alice" in text, "charlie" in text) == (True, False), term
    assert "Nothing found." in zoon.get(USERS, q="al@example").text
    gods = zoon.get(USERS, role="god").text
    assert ("root" in gods, "alice" in gods) == (True, False)
    assert zoon.post(address(of(cast.vera.user), "dis"), reason="Spam").status == 302
    closed = zoon.get(USERS, state="1").text
    assert ("vera" in closed, "alice" in closed) == (True, False)


def test_a_list_costs_the_same_for_few_and_for_many(zoon: Browser) -> None:
    few = queries(zoon, USERS)
    for number in range(30):
        make_user(f"person{number}")
    assert cost_alike(few, queries(zoon, USERS), 5)


def test_a_page_tells_who_they_are_and_what_one_may_do(cast: Cast, zoon: Browser, god: Browser) -> None:
    alice = of(cast.alice.user)
    User.objects.filter(pk=alice.pk).update(email="al@example.com")
    page = zoon.get(address(alice))
    for told in ("alice", alice.key, "Developer", "al@example.com", alice.corp.key, "Enabled"):
        assert told in page.text, told
    assert f"/admin/cities/city/?owner={alice.key}" in page.source
    assert page.buttons == ["Disable"]
    assert god.get(address(alice)).buttons == ["Disable", "Set the role"]
    for browser, user in ((zoon, cast.zoe), (zoon, cast.root), (god, cast.root)):
        assert browser.get(address(of(user.user))).buttons == []
    assert god.get(address(of(cast.zoe.user))).buttons == ["Disable", "Set the role"]
    other = make_user("gus", Role.GOD)
    assert god.get(address(other)).buttons == ["Disable", "Set the role"]


def test_a_zoon_closes_a_developer_and_opens_them(cast: Cast, zoon: Browser) -> None:
    alice, zoe = of(cast.alice.user), of(cast.zoe.user)
    assert zoon.post(address(alice, "dis"), reason="Spam").status == 302
    alice = of(alice)
    assert (alice.state, alice.reason, alice.disabled_side, alice.login_epoch) == (State.DISABLED, "Spam", "admin", 1)
    page = zoon.get(address(alice))
    assert page.buttons == ["Change the ban", "Enable"]
    assert "Spam" in page.text
    assert zoon.post(address(alice, "enb")).status == 302
    assert of(alice).state == State.ENABLED
    assert trail(alice)[1:] == [("DIS", "admin", "ok", zoe.key), ("ENB", "admin", "ok", zoe.key)]


def test_a_god_gives_a_role_who_has_just_proved_to_be_one_and_types_the_name(cast: Cast, god: Browser) -> None:
    alice = of(cast.alice.user)
    assert "Sign in anew" in god.get(address(alice, "role")).text
    assert give(god, alice, "zoon").status == 403
    prove(god)
    assert give(god, alice, "zoon", name="alic").status == 400
    assert give(god, alice, "king").status == 400
    assert give(god, alice, "zoon", version="99").status == 409
    assert give(god, alice, "zoon", version="").status == 409
    assert of(alice).role == "developer"
    done = give(god, alice, "zoon")
    assert (done.status, done.headers["Location"]) == (302, address(alice))
    assert (of(alice).role, of(alice).corp.key, of(alice).is_corp_admin) == ("zoon", "XdUaXduA", True)
    assert AccessToken.objects.get(user=alice).state == State.DELETED
    assert trail(alice)[-1] == ("SETROLE", "admin", "ok", of(cast.root.user).key)
    assert "Set the role: alice. Done." in god.get(address(alice)).text
    assert give(god, of(alice), "zoon").status == 302
    assert "It was so already" in god.get(address(alice)).text


def test_a_zoon_gives_no_role_and_nobody_acts_on_themselves(cast: Cast, zoon: Browser, god: Browser) -> None:
    before = list(User.objects.order_by("pk").values())
    for browser, user in ((zoon, cast.alice), (zoon, cast.zoe), (zoon, cast.root), (god, cast.root)):
        target = of(user.user)
        for page in ("role", *(() if (browser, user) == (zoon, cast.alice) else ("dis", "enb"))):
            assert prove(browser).get(address(target, page)).status == 403
            sent = {"version": str(target.version), "role": "developer", "name": target.name, "reason": "x"}
            assert browser.post(address(target, page), **sent).status == 403
            assert browser.user is not None
            verb = {"role": "SETROLE"}.get(page, page.upper())
            assert (verb, "admin", "refused", browser.user.key) in trail(target)
    assert list(User.objects.order_by("pk").values()) == before


def test_no_crafted_form_writes_a_field(cast: Cast, god: Browser) -> None:
    """Every field of the model, sent to every address that takes or might take a form."""
    alice = of(cast.alice.user)
    prove(god)
    before = list(User.objects.order_by("pk").values())
    sent = {field.name: "1" for field in User._meta.get_fields()} | {"role": "god", "name": "root", "is_superuser": "1"}
    sent |= {"action": "delete_selected", "_selected_action": str(alice.pk), "_save": "1", "version": "1"}
    pages = ("change", "delete", "set", "add", "del", "dol", "off", "password", "history")
    for path in (USERS, f"{USERS}add/", *(address(alice, page) for page in pages), f"{USERS}{alice.pk}/password/"):
        assert god.post(path, **sent).status in {404, 405}, path
    assert god.post(address(alice, "role"), **sent).status == 400  # another's name was typed
    assert list(User.objects.order_by("pk").values()) == before


def test_a_form_that_there_is_writes_no_field_but_its_own(cast: Cast, god: Browser) -> None:
    alice = of(cast.alice.user)
    before = User.objects.filter(pk=alice.pk).values().get()
    sent = {field.name: "1" for field in User._meta.get_fields()} | {"reason": "Spam", "expires_at": "", "role": "god"}
    assert god.post(address(alice, "dis"), **sent).status == 302
    after = User.objects.filter(pk=alice.pk).values().get()
    changed = {name for name in after if after[name] != before[name]}
    closing = {"state", "disabled_at", "disabled_by", "disabled_side", "reason"}
    assert changed == closing | {"login_epoch", "version", "updated_at"}


def test_it_is_in_chinese(cast: Cast) -> None:
    page = Browser(cast.root.user, language="zh-hans").get(address(of(cast.alice.user)))
    for word in ("开发者", "设置角色", "公司", "城市"):
        assert word in page.text, word
