"""How verifications are described in the native API's OpenAPI."""

from functools import partial
from typing import Any

from rest_framework import serializers

from apps.api.native.verification_items import KINDS, MOST
from apps.verification.judge import Outcome
from apps.verification.original import CHECKED, CLAIMED, NONE
from config.dialects.native.openapi import nested, nullable, shape
from config.kernel.states import State

PRINCIPALS = ("app", "project")
LINKS = ("app", "gateway", "project", "organization", "city")
_ITEM: dict[str, Any] = {
    "kind": KINDS,
    "gateway": str,
    "address": str,
    "method": str,
    "uri": str,
    "headers": dict,
    "body": str,
    "body_sha256": str,
    "app_code": str,
    "app_key": str,
    "app_secret": str,
    "app_id": str,
    "secret_md5": str,
    "token": str,
}
_link = nested("VerifiedLink", kind=LINKS, id=str, state=lambda: serializers.ChoiceField([int(each) for each in State]))
_ANSWER: dict[str, Any] = {
    "valid": bool,
    "reason": (str(Outcome.CLOSED), str(Outcome.NOT_ADMITTED)),
    "closed": partial(serializers.ChoiceField, [*LINKS], required=False),
    "retry_after": int,
    "principal": nested("VerifiedPrincipal", kind=PRINCIPALS, id=str, name=str),
    "chain": lambda: serializers.ListField(child=_link(), required=False),
    "secret": nested("VerifiedSecret", or_null=True, n=int, expires_at=nullable("date-time")),
    "body": (CHECKED, CLAIMED, NONE),
}
_item = nested("VerificationItem", **_ITEM)
_answer = nested("VerifiedItem", **_ANSWER)
VERIFICATION = shape(
    "Verification",
    **_ITEM,
    items=lambda: serializers.ListField(child=_item(), min_length=1, max_length=MOST, required=False),
)
VERIFIED = shape("Verified", **_ANSWER, results=lambda: serializers.ListField(child=_answer(), required=False))
