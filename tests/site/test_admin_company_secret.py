"""Rotating a CompSecret in the super-console: by god, shown once, kept nowhere; and what others craft."""

import json
import re

from django.contrib.sessions.models import Session
from django.core import serializers
from django.test import Client

from accounts.models import AuditEvent, Organization
from tests.cast import Cast, Company
from tests.site.console import AUDIT, Browser
from tests.site.pages import COMPANIES, address, shown_secret, trail


def test_god_rotates_the_comp_secret_and_the_company_calls_by_it(
    cast: Cast, god: Browser, company: Organization
) -> None:
    assert company.comp_id is not None
    page = god.post(address(company, "rotate"), version=company.version)
    value = shown_secret(page)
    assert page.status == 200
    assert re.fullmatch(r"[A-Za-z0-9]{32}", value)
    assert "no-store" in page.headers["Cache-Control"]
    assert Company(company.comp_id, value).call("project/query/list").data["ProjectCount"] == 1
    assert cast.root.user is not None
    assert trail(company)[-1] == ("ROTATE", "admin", "ok", cast.root.user.key)


def test_the_comp_secret_is_nowhere_but_in_that_one_answer(
    cast: Cast, god: Browser, zoon: Browser, company: Organization
) -> None:
    value = shown_secret(god.post(address(company, "rotate"), version=company.version))
    assert len(value) == 32
    company.refresh_from_db()
    pages = (address(company), address(company, "rotate"), COMPANIES, AUDIT, f"{AUDIT}?q={company.key}")
    for browser in (god, zoon, Browser(cast.alice.user)):
        for path in pages:
            source = browser.get(path).source
            assert value not in source, path
            assert company.secret_hash not in source, path
    assert value not in serializers.serialize("json", Organization.objects.all())
    assert value not in json.dumps(list(AuditEvent.objects.values_list("before", "after", "thing_name")))
    assert not [each for each in Session.objects.all() if value in str(each.get_decoded())]
    assert not [each for each in god.client.cookies.values() if value in each.value]


def test_the_form_sent_again_by_a_reload_shows_nothing_and_changes_nothing(god: Browser, company: Organization) -> None:
    version = company.version
    value = shown_secret(god.post(address(company, "rotate"), version=version))
    company.refresh_from_db()
    kept, before = company.secret_hash, trail(company)
    again = god.post(address(company, "rotate"), version=version)
    assert (again.status, shown_secret(again)) == (409, "")
    assert value not in again.source
    company.refresh_from_db()
    assert company.secret_hash == kept
    assert trail(company) == before


def test_whoever_else_crafts_a_post_is_refused(cast: Cast, company: Organization) -> None:
    """The company's own admin too: this is not their door."""
    before = Organization.objects.filter(pk=company.pk).values().get()
    sent = {"version": company.version, "has_api": "on", "project_limit": "99", "grace_seconds": "5"}
    for page, verb in (("settings", "SET"), ("rotate", "ROTATE"), ("dis", "DIS"), ("enb", "ENB")):
        for caller in (cast.alice, cast.charlie):
            assert caller.user is not None
            assert Browser(caller.user).post(address(company, page), **sent).status == 403
            assert trail(company)[-1] == (verb, "admin", "refused", caller.user.key)
        assert Browser().post(address(company, page), **sent).status == 302
        client = Client(enforce_csrf_checks=True)
        assert cast.root.user is not None
        client.force_login(cast.root.user)
        assert client.post(address(company, page), sent).status_code == 403
    assert Organization.objects.filter(pk=company.pk).values().get() == before


def test_no_crafted_form_writes_another_field(god: Browser, company: Organization) -> None:
    before = Organization.objects.filter(pk=company.pk).values().get()
    sent = {field.name: "1" for field in Organization._meta.get_fields()} | {"version": str(company.version)}
    god.post(address(company, "settings"), **{**sent, "has_api": "on", "project_limit": "10", "grace_seconds": "0"})
    for path in (COMPANIES, f"{COMPANIES}add/", address(company), address(company, "del"), address(company, "dol")):
        assert god.post(path, **sent).status in {404, 405}, path
    assert Organization.objects.filter(pk=company.pk).values().get() == before
