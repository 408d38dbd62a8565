"""S11: every row that can be overridden, closed one by one, is closed at each of its doors; and a god still recovers.

By hand: the rows, and the calls that each of them judges. `XDUA`, `CLOUDROOM`, `APIG` and `ADMIN` say the door; what
has none of these is a head of the tables of all routes.
"""

import io
from typing import Any

import pytest
from django.core.management import call_command

from accounts.access.actor import Actor
from accounts.machine import operations
from accounts.models import Operation, PolicyBook
from accounts.people import companies
from apps.models import App
from cities.models import City
from config.kernel import registry
from config.kernel.states import Verb
from tests.cast import Answer, Caller, Company
from tests.contract.routes import apig
from tests.contract.routes.apps import EVERY as NATIVE
from tests.contract.routes.calls import Call, prepare
from tests.contract.routes.who import PEOPLE, Stage, make_stage, undone
from tests.factories import actor
from tests.policies import CLOSED, override, patch
from tests.site.console import Browser

CITY, PROJECT, COMPANY, GATEWAY, APP = (
    "cities/city/{city}",
    "projects/project/{project}",
    "accounts/organization/{company}",
    "apps/gateway/{gateway}",
    "apps/app/{app}",
)
CALLS: dict[str, list[str]] = {
    "AddState": ["POST /api/v1/cities", "POST /city ADD"],
    "SetState": ["PATCH /api/v1/cities/{id}", "PUT /city/{id} SET"],
    "OffState": ["POST /api/v1/cities/{id}/offline", "PUT /city/{id} OFF"],
    "PubState": ["POST /api/v1/cities/{id}/publish", "PUT /city/{id} PUB"],
    "DisState": ["POST /api/v1/cities/{id}/disable", "PUT /city/{id} DIS", f"ADMIN {CITY}/dis/"],
    "EnbState": ["POST /api/v1/cities/{id}/enable", "PUT /city/{id} ENB", f"ADMIN {CITY}/enb/"],
    "DolState": ["DELETE /api/v1/cities/{id}", "PUT /city/{id} DOL"],
    "RccState": ["POST /api/v1/cities/{id}/recycle", "PUT /city RCC", "PUT /city/{id} RCC", f"ADMIN {CITY}/rcc/"],
    "DelState": ["POST /api/v1/cities/{id}/purge", "DELETE /city/{id} DEL", f"ADMIN {CITY}/del/"],
    "GetState": ["GET /api/v1/cities/{id}", "GET /city/{id} GET", f"ADMIN {CITY}/change/"],
    "GitState": ["GET /city/{id} GIT"],
    "QriState": ["GET /api/v1/cities", "GET /api/v1/cities ?scope=all", "GET /city QRI", "ADMIN cities/city/"],
    "QryState": ["GET /city QRY"],
    "AddProject": ["POST /api/v1/projects", "CLOUDROOM add"],
    "SetProject": ["PATCH /api/v1/projects/{id}", "CLOUDROOM update"],
    "OffProject": ["POST /api/v1/projects/{id}/offline", "CLOUDROOM update Status=0"],
    "PubProject": ["POST /api/v1/projects/{id}/publish", "CLOUDROOM update Status=1"],
    "DisProject": ["POST /api/v1/projects/{id}/disable", f"ADMIN {PROJECT}/dis/"],
    "EnbProject": ["POST /api/v1/projects/{id}/enable", f"ADMIN {PROJECT}/enb/"],
    "DolProject": ["DELETE /api/v1/projects/{id}", "CLOUDROOM delete"],
    "RccProject": ["POST /api/v1/projects/{id}/recycle", f"ADMIN {PROJECT}/rcc/"],
    "DelProject": ["POST /api/v1/projects/{id}/purge", f"ADMIN {PROJECT}/del/"],
    "GetProject": ["GET /api/v1/projects/{id}", "GET /api/v1/projects/{id}/secrets", f"ADMIN {PROJECT}/change/"],
    "QriProject": ["GET /api/v1/projects", "CLOUDROOM query/list", "ADMIN projects/project/"],
    "RotateProject": [
        "POST /api/v1/projects/{id}/rotate", "DELETE /api/v1/projects/{id}/secrets/{number}",
        "CLOUDROOM update/secret", f"ADMIN {PROJECT}/rotate/",
    ],
    "QriKeystoneProject": ["APIG GET /v3/projects", "APIG GET /v3/auth/projects"],
    "AddGateway": ["POST /api/v1/gateways"],
    "SetGateway": ["PATCH /api/v1/gateways/{id}", "APIG POST Q/features", f"ADMIN {GATEWAY}/settings/"],
    "OffGateway": ["POST /api/v1/gateways/{id}/offline"],
    "PubGateway": ["POST /api/v1/gateways/{id}/publish"],
    "DisGateway": ["POST /api/v1/gateways/{id}/disable", f"ADMIN {GATEWAY}/dis/"],
    "EnbGateway": ["POST /api/v1/gateways/{id}/enable", f"ADMIN {GATEWAY}/enb/"],
    "DolGateway": ["DELETE /api/v1/gateways/{id}"],
    "RccGateway": ["POST /api/v1/gateways/{id}/recycle", f"ADMIN {GATEWAY}/rcc/"],
    "DelGateway": ["POST /api/v1/gateways/{id}/purge", f"ADMIN {GATEWAY}/del/"],
    "GetGateway": [
        "GET /api/v1/gateways/{id}", "GET /api/v1/gateways/{id}/secrets", "APIG GET Q", "APIG GET Q/features",
        "APIG GET Q/project/configs", f"ADMIN {GATEWAY}/change/",
    ],
    "QriGateway": ["GET /api/v1/gateways", "ADMIN apps/gateway/"],
    "RotateGateway": [
        "POST /api/v1/gateways/{id}/rotate", "DELETE /api/v1/gateways/{id}/secrets/{number}",
        f"ADMIN {GATEWAY}/rotate/",
    ],
    "AddApp": ["POST /api/v1/apps", "APIG POST P/apps"],
    "SetApp": ["PATCH /api/v1/apps/{id}", "APIG PUT P/apps/{id}", "APIG PUT Q/apps/{id}/app-acl"],
    # What the document's row says of an app's SET holds for it at every door.
    "SetDevltmpl": ["XDUA PUT /devltmpl/{id}", "PATCH /api/v1/apps/{id}", "APIG PUT P/apps/{id}"],
    "OffApp": ["POST /api/v1/apps/{id}/offline"],
    "PubApp": ["POST /api/v1/apps/{id}/publish"],
    "DisApp": ["POST /api/v1/apps/{id}/disable", f"ADMIN {APP}/dis/"],
    "EnbApp": ["POST /api/v1/apps/{id}/enable", f"ADMIN {APP}/enb/"],
    "DolApp": ["DELETE /api/v1/apps/{id}"],
    "RccApp": ["POST /api/v1/apps/{id}/recycle", f"ADMIN {APP}/rcc/"],
    "DelApp": ["POST /api/v1/apps/{id}/purge", "APIG DELETE P/apps/{id}", f"ADMIN {APP}/del/"],
    "GetApp": [
        "GET /api/v1/apps/{id}", "GET /api/v1/apps/{id}/secrets", "APIG GET P/apps/{id}",
        "APIG GET P/apps/validation/{id}", "APIG GET Q/apps/{id}/app-acl", f"ADMIN {APP}/change/",
    ],
    "QriApp": ["GET /api/v1/apps", "APIG GET P/apps", "APIG GET P/resources/outline/apps", "ADMIN apps/app/"],
    "RotateApp": [
        "POST /api/v1/apps/{id}/rotate", "DELETE /api/v1/apps/{id}/secrets/{number}",
        "PATCH /api/v1/apps/{id} its-secret", "APIG PUT P/apps/secret/{id}", f"ADMIN {APP}/rotate/",
    ],
    "AddAppCode": ["POST /api/v1/apps/{id}/codes", "APIG POST P/apps/{id}/app-codes", "APIG PUT P/apps/{id}/app-codes"],
    "GetAppCode": ["GET /api/v1/apps/{id}/codes/{code}", "APIG GET P/apps/{id}/app-codes/{app_code_id}"],
    "QriAppCode": ["GET /api/v1/apps/{id}/codes", "APIG GET P/apps/{id}/app-codes"],
    "DelAppCode": [
        "DELETE /api/v1/apps/{id}/codes/{code}", "APIG DELETE P/apps/{id}/app-codes/{app_code_id}",
        f"ADMIN {APP}/codes/{{code}}/end/",
    ],
    # No interface has these two: a code is made and ended.
    "DisAppCode": [],
    "EnbAppCode": [],
    "GetVerification": ["POST /api/v1/verifications"],
    "QriOrganization": ["GET /api/v1/organizations", "ADMIN accounts/organization/"],
    "GetOrganization": ["GET /api/v1/organizations/{id}", f"ADMIN {COMPANY}/change/"],
    "SetOrganization": ["PATCH /api/v1/organizations/{id}", f"ADMIN {COMPANY}/settings/"],
    "RotateOrganization": ["POST /api/v1/organizations/{id}/rotate", f"ADMIN {COMPANY}/rotate/"],
    "DisOrganization": ["POST /api/v1/organizations/{id}/disable", f"ADMIN {COMPANY}/dis/"],
    "EnbOrganization": ["POST /api/v1/organizations/{id}/enable", f"ADMIN {COMPANY}/enb/"],
    "QriMember": ["GET /api/v1/organizations/{id}/members"],
    "SetMember": ["PATCH /api/v1/organizations/{id}/members/{member}"],
    "LeaveOrganization": ["DELETE /api/v1/organizations/{id}/members/{member}"],
    "QriInvitation": ["GET /api/v1/organizations/{id}/invitations", "GET /api/v1/invitations"],
    "GetInvitation": [
        "GET /api/v1/organizations/{id}/invitations/{invitation}", "GET /api/v1/invitations/{id} to-the-caller",
    ],
    "AddInvitation": ["POST /api/v1/organizations/{id}/invitations"],
    "DelInvitation": ["DELETE /api/v1/organizations/{id}/invitations/{invitation}"],
    "JoinOrganization": ["POST /api/v1/invitations/{id}/accept"],
    "DeclineInvitation": ["POST /api/v1/invitations/{id}/decline"],
    "TransferCity": [
        "POST /api/v1/cities/{id}/transfer", "POST /api/v1/cities/{id}/transfer forced", f"ADMIN {CITY}/transfer/",
    ],
    "WithdrawTransfer": ["DELETE /api/v1/cities/{id}/transfer"],
    "GetTransfer": ["GET /api/v1/cities/{id}/transfer"],
    "QriTransfer": ["GET /api/v1/transfers"],
    "AcceptTransfer": ["POST /api/v1/cities/{id}/transfer/accept"],
    "DeclineTransfer": ["POST /api/v1/cities/{id}/transfer/decline"],
    "MoveProject": ["POST /api/v1/projects/{id}/move"],
    "QriNotice": ["GET /api/v1/notices"],
    "GetNotice": ["GET /api/v1/notices/{id}"],
    "SetNotice": ["PATCH /api/v1/notices/{id}", "POST /api/v1/notices/read"],
    "AddRequest": ["POST /api/v1/requests"],
    "QriRequest": ["GET /api/v1/requests", "GET /api/v1/requests ?scope=all", "ADMIN accounts/request/"],
    "GetRequest": ["GET /api/v1/requests/{id}"],
    "AnswerRequest": ["PATCH /api/v1/requests/{id}"],
    "RetractRequest": ["DELETE /api/v1/requests/{id}"],
    "ShareGrant": ["POST /api/v1/grants"],
    "SetGrant": ["PATCH /api/v1/grants/{id}"],
    "UnshareGrant": ["DELETE /api/v1/grants/{id}"],
    "AcceptGrant": ["POST /api/v1/grants/{id}/accept"],
    "DeclineGrant": ["POST /api/v1/grants/{id}/decline"],
    "GetGrant": ["GET /api/v1/grants/{id}"],
    "QriGrant": ["GET /api/v1/grants"],
    "QriAudit": ["GET /api/v1/audit", "ADMIN accounts/auditevent/"],
    "ExportAudit": ["GET /api/v1/audit/export", "ADMIN accounts/auditevent/export/"],
    "QriBin": ["GET /api/v1/bin"],
    "QriOperation": ["ADMIN accounts/operation/"],
    "GetOperation": ["ADMIN accounts/operation/{operation}/change/"],
    "Operate": ["ADMIN cities/city/bulk/"],
}  # fmt: skip
FIXED = {
    "AddLogin", "QriLogin", "GetLogin", "UnlockLogin", "QriPolicy", "GetPolicy", "SetPolicy", "GetMe", "SetMe",
    "GetKeystoneToken", "DelKeystoneToken", "StopOperation", "QriUser", "GetUser", "DisUser", "EnbUser", "SetRoleUser",
    *(f"{verb}{kind}" for verb in ("Add", "Set", "Dis", "Enb", "Del", "Get", "Qri") for kind in ("Token", "AccessKey")),
}  # fmt: skip
CLOUDROOM_OF = {"update": {"AuthType": 1}, "update Status=0": {"Status": 0}, "update Status=1": {"Status": 1}}
SENTENCE = "This interface is not supported here."


def refused_at(call: str, stage: Stage) -> bool:
    """Does the door answer with its own words for an interface that is closed? All is then as if it had not been."""
    door, _, rest = call.partition(" ")
    with undone():
        if door == "ADMIN":
            return _admin(rest, stage)
        if door == "CLOUDROOM":
            return _cloudroom(rest, stage)
        if door == "APIG":
            return _apig(rest, stage)
        if door == "XDUA":
            answer = stage.cast.alice.call("PUT", f"/devltmpl/{stage.app.key}", {"brief": "x"}, XduaApiMethod="SET")
            return _is_xdua_refusal(answer)
        return _native_or_city(call, stage)


def _native_or_city(head: str, stage: Stage) -> bool:
    row = NATIVE.get(head)
    is_gods = head in ("GET /city QRY",) or (row is not None and row["owner"] >= 400)
    is_gods = is_gods or head.rsplit(maxsplit=1)[-1] in ("ENB", "RCC")
    caller = stage.cast.root if is_gods else stage.cast.alice
    answer = prepare(head, stage, caller)[0].send(caller)
    if row is None:
        return _is_xdua_refusal(answer)
    is_refused = (answer.status, (answer.body or {}).get("code")) == (403, "api_not_supported")
    assert is_refused or answer.status < 400, (head, answer.body)
    return is_refused


def _is_xdua_refusal(answer: Answer) -> bool:
    assert answer.status in {200, 403}, answer.body
    assert answer.status == 200 or answer.reason == "ApiNotSupported", answer.body
    return answer.status == 403


def _cloudroom(call: str, stage: Stage) -> bool:
    secret = companies.new_secret(stage.owner.corp, by=Actor.system())
    assert stage.owner.corp.comp_id is not None
    App.objects.all().delete()  # else the project cannot be deleted
    more: dict[str, Any] = CLOUDROOM_OF.get(call, {}) | ({"ProjectName": "new"} if call == "add" else {})
    operated = {} if call in ("add", "query/list") else {"OperateAppId": stage.project.key}
    answer = Company(stage.owner.corp.comp_id, secret).call(f"project/{call.split(maxsplit=1)[0]}", **operated, **more)
    assert answer.status == 200
    assert answer.said[0] in {"0", "1"}, answer.said
    return answer.said == ("1", "用户所属企业没有接口API权限")


def _apig(call: str, stage: Stage) -> bool:
    method, address = call.split()
    place = f"/{{project_id}}/apigw/instances/{{instance_id}}{address[1:]}"
    path = address if address.startswith("/v3") else f"/{'v2' if address[0] == 'Q' else 'v1'}{place}"
    data = None if address.startswith("/v3") else apig.scene_of(f"{method} {path}").data
    names = {"{project_id}": stage.project.key, "{instance_id}": stage.gateway.key, "{id}": stage.app.key}
    for name, value in (names | {"{app_code_id}": stage.code.key}).items():
        path = path.replace(name, value)
    alice = stage.cast.alice
    answer = Call(method, path, data).send(Caller(), X_Auth_Token=alice.token)
    assert answer.status < 400 or answer.status == 403, (call, answer.body)
    if address.startswith("/v3"):
        return answer.status == 403
    return answer.status == 403 and answer.body["error_code"] == "APIG.1005"


def _admin(path: str, stage: Stage) -> bool:
    keys = {"city": stage.cast.city, "project": stage.project, "company": stage.owner.corp}
    keys |= {"gateway": stage.gateway, "app": stage.app, "code": stage.code, "operation": _operation(stage)}
    address = f"/admin/{path.format(**{name: thing.key for name, thing in keys.items()})}"
    browser = Browser(stage.cast.root.user)
    pages = [browser.get(address)]
    if path.split("/")[-2] in {"dis", "enb", "rcc", "del", "rotate", "settings", "end", "bulk"}:
        pages.append(browser.post(address, reason="", version="1"))
    refused = {page.status == 403 and SENTENCE in page.text for page in pages}
    assert len(refused) == 1, "the page and its form are refused alike"
    return refused.pop()


def _operation(stage: Stage) -> Operation:
    root = actor(stage.cast.root.user)
    return operations.plan(registry.kind("city"), Verb.DIS, City.objects.visible_to(root), by=root)


@pytest.fixture
def stage(db: None) -> Stage:
    return make_stage()


def test_every_row_is_either_fixed_or_closed_here() -> None:
    assert {row.name for row in registry.policies() if row.is_fixed} == FIXED
    assert {row.name for row in registry.policies() if not row.is_fixed} == set(CALLS)


KINDS = {
    "city": 13, "transfer": 6, "project": 14, "gateway": 12, "app": 12, "devl": 1, "appcode": 6, "verification": 1,
    "organization": 6, "member": 3, "invitation": 6, "notice": 3, "request": 5, "grant": 7, "audit": 2, "bin": 1,
    "operation": 3,
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_closed_row_is_closed_at_each_of_its_doors_and_a_god_opens_it_again(kind: str, stage: Stage) -> None:
    rows = [row.name for row in registry.policies() if row.resource == kind and not row.is_fixed]
    assert len(rows) == KINDS[kind]
    for name in rows:
        for call in CALLS[name]:
            assert not refused_at(call, stage), f"{call} before {name} is closed"
        assert patch(stage.cast.root, name, {"enable": CLOSED}).status == 200
        for call in CALLS[name]:
            assert refused_at(call, stage), f"{call} while {name} is closed"
        assert patch(stage.cast.root, name, {"enable": None}).status == 200
        for call in CALLS[name][:1]:
            assert not refused_at(call, stage), f"{call} after {name} is open again"


def test_with_every_row_closed_a_god_still_recovers(stage: Stage) -> None:
    for name in CALLS:
        override(name, enable=CLOSED, acitys="5,5,5,5,5,5,5")
    root = stage.cast.root
    assert root.api("GET", "cities").code == "api_not_supported"
    assert Browser(root.user).get("/admin/accounts/policybook/").status == 200
    for name in CALLS:
        assert patch(root, name, {"enable": None, "acitys": None}).body["overridden"] == {}
    assert root.api("GET", "cities").status == 200


def test_so_does_whoever_runs_the_command(stage: Stage) -> None:
    for name in CALLS:
        override(name, enable=CLOSED)
    out = io.StringIO()
    call_command("reset_policies", stdout=out)
    assert out.getvalue().split() == sorted(CALLS)
    assert stage.cast.root.verb("QRY").status == 200


@pytest.mark.parametrize("said", [{"enable": CLOSED}, {"acitys": "5"}, {"enable": None}, {}])
def test_a_fixed_row_is_overridden_by_nobody(stage: Stage, said: dict[str, Any]) -> None:
    for name in FIXED:
        answer = patch(stage.cast.root, name, said)
        assert (answer.status, answer.code) == (409, "policy_fixed")
        assert answer.body["detail"].startswith(f"The row {name} cannot be overridden")
        assert stage.cast.root.api("GET", f"policies/{name}").body["version"] == 1


def test_a_fixed_row_is_as_the_code_says_whatever_is_written(stage: Stage) -> None:
    entry = {"version": 2, "enable": CLOSED, "acitys": "5,5,5,5,5,5,5"}
    PolicyBook.objects.create(pk=PolicyBook.ONLY, overrides=dict.fromkeys(FIXED, entry))
    assert stage.cast.alice.api("GET", "me").status == 200
    assert stage.cast.alice.api("GET", "tokens").status == 200
    assert patch(stage.cast.root, "SetState", {"acitys": "03"}).status == 200
    assert stage.cast.root.api("GET", "policies/GetMe").body["overridden"] == {}


def test_what_comes_in_another_verbs_clothes_is_judged_as_that_verb(stage: Stage) -> None:
    alice, city = stage.cast.alice, stage.cast.city
    override("OffState", enable=CLOSED)
    answer = alice.verb("SET", city.key, {"brief": "new", "enabled": 0})
    assert (answer.status, answer.reason) == (403, "ApiNotSupported")
    city.refresh_from_db()
    assert (city.brief, city.offline) == ("", False), "all or nothing"
    assert alice.verb("SET", city.key, {"brief": "new", "enabled": 1}).status == 200
    assert stage.cast.charlie.verb("SET", city.key, {"enabled": 0}).status == 404
    assert stage.cast.vera.verb("SET", city.key, {"enabled": 0}).reason == "Forbidden"


def test_an_open_row_is_no_key(stage: Stage) -> None:
    """Acitys that allow anything let no dead credential in, and permit nothing."""
    every = ",".join(["0135"] * 7)
    for name in CALLS:
        override(name, acitys=every)
    alice, charlie = stage.cast.alice, stage.cast.charlie
    assert charlie.verb("DIS", stage.cast.city.key).status == 404
    assert stage.cast.vera.verb("DIS", stage.cast.city.key).status == 403
    assert stage.cast.zoe.verb("QRY").reason == "Forbidden"
    for who, code in (("user", "user_disabled"), ("token", "token_disabled")):
        with undone():
            assert PEOPLE[who](stage).api("GET", "cities").code == code
    with undone():
        assert PEOPLE["corp"](stage).api("GET", "cities").status == 200, "the chain alone is the row's to say"
    assert alice.api("GET", "cities").status == 200
