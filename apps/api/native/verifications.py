"""`POST /api/v1/verifications`: is this credential good? For gateways that ask in JSON, and for who has GET on the
project (verification.md "The JSON door", S1).
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from rest_framework.response import Response

from accounts.doors.native import NativeViewSet
from accounts.machine import usage
from apps.api.native import verification_schema as schema
from apps.api.native.verification_items import read_items
from apps.policies import VERIFICATIONS
from apps.verification import asking, door, lookup
from apps.verification.asking import Answer, Reach
from apps.verification.credentials import prove_gateway
from apps.verification.judge import Outcome
from config.dialects.native import openapi
from config.kernel import ids
from config.kernel.errors import Code, DomainError
from config.kernel.policies import Policy
from config.kernel.states import Verb


class VerificationViewSet(NativeViewSet):
    """Verifications."""

    kind = "verification"
    policies: ClassVar[Mapping[str, Policy]] = {policy.verb: policy for policy in VERIFICATIONS}
    verbs: ClassVar[Mapping[str, str]] = {"create": Verb.GET}
    # Where a gateway asks: what it may ask about.
    reach: Reach | None = None

    def identify(self, request: Any) -> None:
        """A gateway by its own headers; everybody else as at the other doors of the native API."""
        if door.ID not in request.headers:
            super().identify(request)
            return
        gateway, key = request.headers[door.ID], request.headers.get(door.KEY, "")
        found = lookup.find_by_key(gateway if ids.is_instance_id(gateway) else "", "", self.actor.now)
        proof = prove_gateway(found, key, self.actor.now)
        if proof is None:
            self.count_call()
            raise DomainError(Code.CREDENTIAL_WRONG)
        usage.note(proof.table, proof.pk, self.actor.now, self.actor.address)
        self.reach = asking.reach_of_gateway(found)

    def judge(self, verb: str, request: Any) -> None:
        """A gateway is judged by no row, as at `/verify`: its clients' calls hang on it."""
        if self.reach is None:
            super().judge(verb, request)

    def prepare_post(self, request: Any) -> None:
        """It makes nothing: an answer that is kept for an Idempotency-Key would outlive what it says."""

    @openapi.describe_question(
        "verifications_create", "Is this credential good?", schema.VERIFICATION, {200: schema.VERIFIED}
    )
    def create(self, request: Any) -> Response:
        asker = self.reach.asker.actor if self.reach is not None else ""
        questions, is_list = read_items(request.data, asker)
        if self.reach is None and len(questions) > 1:
            self.count_call(calls=len(questions) - 1)
        reach = self.reach or asking.reach_of(self.actor, questions)
        answers = [_shape(answer) for answer in asking.verify_all(questions, reach, by=self.actor)]
        return Response({"results": answers} if is_list else answers[0])


def _shape(answer: Answer) -> dict[str, Any]:
    verdict, proof = answer.verdict, answer.verdict.proof
    if proof is None:
        shown: dict[str, Any] = {"valid": False}
        if verdict.outcome is not Outcome.UNKNOWN:
            shown["reason"] = str(verdict.outcome)
        if verdict.closed:
            shown["closed"] = verdict.closed
        return shown | ({"retry_after": answer.retry_after} if answer.retry_after else {})
    first = answer.chain[0]
    secret = proof.secret
    return {
        "valid": True,
        "principal": {"kind": first.kind, "id": first.key, "name": answer.name},
        "chain": [{"kind": link.kind, "id": link.key, "state": int(link.state)} for link in answer.chain],
        "secret": {"n": secret.number, "expires_at": secret.good_until} if secret is not None else None,
        "body": proof.body,
    }
