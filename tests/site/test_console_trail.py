"""What the console refuses is in the trail under the thing that it was about, however that was spelt (S17)."""

import pytest

from accounts.models import AuditEvent, User
from tests.cast import Caller, Cast
from tests.factories import make_app, make_gateway, make_user
from tests.site.console import Browser


def refused(whom: Caller) -> set[tuple[str, str, str]]:
    """(verb, kind, thing) of what was refused to somebody."""
    assert whom.user is not None
    events = AuditEvent.objects.filter(actor=whom.user.key, outcome="refused", door="console")
    return set(events.values_list("verb", "kind", "thing"))


@pytest.mark.parametrize(
    ("path", "verb"),
    [
        ("edit", "SET"),
        ("rotate", "ROTATE"),
        ("invite", "INVITE"),
        ("invitations/XXXXXXXX/end", "UNINVITE"),
        ("people/{alice}/admin", "SET"),
        ("people/{alice}/remove", "LEAVE"),
    ],
)
def test_what_is_refused_of_a_company_is_told_of_that_company(cast: Cast, path: str, verb: str) -> None:
    assert cast.alice.user is not None
    assert cast.oscar.user is not None
    company = cast.alice.user.corp
    User.objects.filter(pk=cast.oscar.user.pk).update(corp=company, is_corp_admin=False)
    cast.oscar.user.refresh_from_db()
    address = f"/console/company/{path.format(alice=cast.alice.user.key)}"
    assert Browser(cast.oscar.user).post(address, version=1).status == 403
    assert refused(cast.oscar) == {(verb, "organization", company.key)}


@pytest.mark.parametrize(("path", "verb"), [("people/share", "SHARE"), ("ask", "REQUEST"), ("edit", "SET")])
def test_an_app_is_one_id_in_the_trail_however_it_is_spelt(cast: Cast, path: str, verb: str) -> None:
    dora = make_user("dora")
    app = make_app(make_gateway(dora), dora)[0]
    address = f"/console/apps/{app.key.replace('-', '')}/{path}"
    assert Browser(cast.charlie.user).get(address).status == 404
    assert refused(cast.charlie) == {(verb, "app", app.key)}
