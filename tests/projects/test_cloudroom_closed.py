"""A company that is closed while its call is under way: what has not been done by then is not done."""

from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEvent, Organization
from tests.cast import Company
from tests.projects.reading import default_id, live_values


@pytest.mark.parametrize(
    ("path", "given"), [("update/secret", {}), ("update", {"Status": 0}), ("delete", {}), ("update", {"AuthType": 1})]
)
def test_it_is_judged_again_under_the_lock(acme: Company, path: str, given: dict[str, Any]) -> None:
    key = default_id(acme)
    before, events = live_values(key), AuditEvent.objects.filter(outcome="ok").count()

    def close_after_the_door(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Whoever closes it comes between the door, which has read the company, and the lock on the project."""
        result = execute(sql, params, many, context)
        if 'FROM "accounts_organization"' in sql and "comp_id" in sql:
            Organization.objects.filter(comp_id=acme.comp_id).update(has_api=False)
        return result

    with connection.execute_wrapper(close_after_the_door):
        answer = acme.call(f"project/{path}", OperateAppId=key, **given)
    assert answer.said == ("1", "用户所属企业没有接口API权限")
    assert live_values(key) == before
    assert AuditEvent.objects.filter(outcome="ok").count() == events
