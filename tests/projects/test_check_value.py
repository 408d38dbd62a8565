"""The vendor's check value, CompID 1 and CompSecret 1: good in development alone, where everybody may know it."""

from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from accounts.access.actor import Actor
from accounts.people import companies

KEY = "a7febff6a21c36fb50150f88c95ef641"  # as the vendor's documents print it
BODY = {"RequestId": "r1", "CompID": 1, "SecretKey": KEY}


@pytest.mark.django_db
@pytest.mark.parametrize(("is_development", "code"), [(True, "0"), (False, "3")])
def test_it_signs_in_in_development_only(settings: Any, is_development: bool, code: str) -> None:
    company = companies.find(1)
    assert company is not None
    with transaction.atomic():
        companies.set_secret(company, "1", by=Actor.system())
    settings.DEVELOPMENT = is_development
    client = Client()
    answer = client.post("/CLOUDROOM-API/project/query/list", BODY, content_type="application/json", secure=True)
    assert answer.json()["RspCode"] == code
