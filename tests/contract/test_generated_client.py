"""A client that a stranger would generate from the schema, against a real server: so the schema is tested.

Every operation is called by one of the paths below, and answers as the schema says: the client reads nothing else.
"""

import importlib
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.contract.schemas import GOLDEN
from tests.server import Person, Server

SCHEMA = GOLDEN / "native.yaml"
PACKAGE = "polis_client"


@dataclass
class Api:
    """The generated functions, by the names of their operations; `called` is which of them were."""

    url: str
    tags: dict[str, str]
    called: set[str] = field(default_factory=set)

    def call(self, person: Person, operation: str, *arguments: Any, **given: Any) -> Any:
        """What the operation answers, parsed by the client. Fails for a status that is no success."""
        self.called.add(operation)
        module = importlib.import_module(f"{PACKAGE}.api.{self.tags[operation]}.{operation}")
        client = importlib.import_module(f"{PACKAGE}.client").AuthenticatedClient(self.url, person.token)
        with client as open_client:
            answer = module.sync_detailed(*arguments, client=open_client, **given)
        assert answer.status_code < 300, (operation, answer.content)
        return answer.parsed

    def model(self, title: str, /, **members: Any) -> Any:
        """A body."""
        return getattr(importlib.import_module(f"{PACKAGE}.models"), title)(**members)


@pytest.fixture(scope="module")
def api(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("client")
    generate(folder)
    sys.path.insert(0, str(folder))
    paths = yaml.safe_load(SCHEMA.read_text())["paths"]
    calls = [call for operations in paths.values() for call in operations.values()]
    tags = {call["operationId"]: {"bin": "bin_"}.get(call["tags"][0], call["tags"][0]) for call in calls}
    yield Api(server.url, {operation: tag.replace("-", "_") for operation, tag in tags.items()})
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


def generate(folder: Path) -> None:
    """Generate the client; a warning of the generator is a fault of the schema."""
    (folder / "config.yaml").write_text("post_hooks: []\n")
    output = folder / PACKAGE
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", SCHEMA, "--meta", "none"]
    options = ["--output-path", output, "--config", folder / "config.yaml", "--fail-on-warning"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_operation_works_as_the_schema_says(server: Server, api: Api) -> None:
    people = server.make_people(ann="developer", ben="developer", zoe="zoon", gus="god")
    ann, ben, zoe, gus = (people[name] for name in ("ann", "ben", "zoe", "gus"))
    walk_a_citys_life(api, ann, zoe, gus)
    share_a_city(api, ann, ben)
    hand_a_city_on(api, ann, ben)
    make_credentials(api, ann)
    look_at_oneself(api, ann)
    run_a_company(api, ann, zoe, gus)
    run_a_gateway(api, ann, zoe, gus)
    override_a_policy(api, gus)
    ask_for_a_city(api, ann, zoe)
    look_after_people(api, ann, ben, zoe, gus)
    assert api.called == set(api.tags)


def walk_a_citys_life(api: Api, ann: Person, zoe: Person, gus: Person) -> None:
    made = api.call(ann, "cities_create", body=api.model("CityInput", name=f"C_{ann.id}"), idempotency_key="one")
    again = api.call(ann, "cities_create", body=api.model("CityInput", name=f"C_{ann.id}"), idempotency_key="one")
    assert again.id == made.id
    assert (made.state, made.owner.id, made.version) == ("enabled", ann.id, 1)
    shown = api.call(ann, "cities_get", made.id)
    assert shown.to_dict() == made.to_dict()
    changed = api.call(ann, "cities_update", made.id, body=api.model("PatchedCityChanges", brief="新"), if_match='"1"')
    assert (changed.brief, changed.version) == ("新", 2)
    assert api.call(ann, "cities_offline", made.id).state == "offline"
    assert api.call(ann, "cities_publish", made.id).state == "enabled"
    closed = api.call(zoe, "cities_disable", made.id, body=api.model("Closing", reason="冻服更新", expires_at=None))
    assert (closed.state, closed.reason, closed.expires_at) == ("disabled", "冻服更新", None)
    assert api.call(zoe, "cities_enable", made.id).state == "enabled"
    page = api.call(ann, "cities_list", limit=10)
    assert [city.id for city in page.results] == [made.id]
    api.call(ann, "cities_delete", made.id)
    binned = api.call(ann, "bin_list").results
    assert [(each.kind, each.id, each.deleted_by) for each in binned] == [("city", made.id, ann.id)]
    assert api.call(zoe, "cities_recycle", made.id).state == "enabled"
    api.call(ann, "cities_delete", made.id)
    gone = api.call(gus, "cities_purge", made.id, body=api.model("Purge", confirm=made.name))
    assert (gone.dry_run, gone.removed.to_dict()) == (False, {"city": 1})


def ask_for_a_city(api: Api, ann: Person, zoe: Person) -> None:
    city = api.call(ann, "cities_create", body=api.model("CityInput", name=f"R_{ann.id}"))
    api.call(ann, "cities_delete", city.id)
    verb = _named("RequestVerb", "RECYCLE")
    body = api.model("RequestInput", thing=f"city/{city.id}", verb=verb, message="我误删了")
    first = api.call(ann, "requests_create", body=body)
    assert (first.state, first.user.id, first.answered_at) == ("open", ann.id, None)
    api.call(ann, "requests_withdraw", first.id)
    assert api.call(ann, "requests_get", first.id).state == "withdrawn"
    second = api.call(ann, "requests_create", body=body)
    assert [each.id for each in api.call(ann, "requests_list").results] == [second.id, first.id]
    answer = api.model("PatchedRequestAnswer", grant=True, answer="gladly")
    assert api.call(zoe, "requests_answer", second.id, body=answer).state == "granted"
    notice = api.call(ann, "notices_list", limit=1).results[0]
    assert (notice.event, notice.request, notice.granted) == ("request_answered", second.id, True)
    assert api.call(ann, "notices_get", notice.id).text == notice.text
    changes = api.model("PatchedNoticeChanges", read=True)
    assert api.call(ann, "notices_update", notice.id, body=changes).read_at is not None
    assert api.call(ann, "notices_read", body=api.model("ReadUntil", until=notice.id)).marked >= 1


def share_a_city(api: Api, ann: Person, ben: Person) -> None:
    city = api.call(ann, "cities_create", body=api.model("CityInput", name=f"S_{ann.id}"))
    role = importlib.import_module(f"{PACKAGE}.models").GivenRole
    thing = f"city/{city.id}"
    body = api.model("GrantInput", thing=thing, user=ben.id, role=role.VIEWER)
    grant = api.call(ann, "grants_create", body=body)
    assert (grant.thing, grant.user, grant.role, grant.status) == (thing, ben.id, "viewer", "active")
    assert api.call(ben, "grants_get", grant.id).id == grant.id
    changes = api.model("PatchedGrantChanges", role=role.OPERATOR)
    assert api.call(ann, "grants_update", grant.id, body=changes).role == "operator"
    assert [each.id for each in api.call(ben, "grants_list").results] == [grant.id]
    api.call(ann, "grants_delete", grant.id)
    for operation, left in (("grants_accept", ["active"]), ("grants_decline", ["active"])):
        offer = api.model("GrantInput", thing=thing, user=ben.email, role=role.VIEWER)
        offered = api.call(ann, "grants_create", body=offer)
        assert offered.status == "pending"
        api.call(ben, operation, offered.id)
        assert [each.status for each in api.call(ben, "grants_list").results] == left


def hand_a_city_on(api: Api, ann: Person, ben: Person) -> None:
    city = api.call(ann, "cities_create", body=api.model("CityInput", name=f"T_{ann.id}"))
    for operation in ("cities_withdraw_transfer", "cities_decline_transfer", "cities_accept_transfer"):
        offered = api.call(ann, "cities_transfer", city.id, body=api.model("TransferInput", user=ben.id))
        assert (offered.user, offered.offered_by.id, offered.city.name) == (ben.id, ann.id, city.name)
        assert api.call(ben, "cities_get_transfer", city.id).to_dict() == offered.to_dict()
        assert [each.to_dict() for each in api.call(ben, "transfers_list").results] == [offered.to_dict()]
        taken = api.call(ann if "withdraw" in operation else ben, operation, city.id)
    assert taken.owner.id == ben.id


def make_credentials(api: Api, ann: Person) -> None:
    scope = importlib.import_module(f"{PACKAGE}.models").Scope
    body = api.model("CredentialInput", name="ci", scopes=[scope.READ])
    token = api.call(ann, "tokens_create", body=body)
    assert api.call(Person(ann.id, token.token), "me_get").token.id == token.id
    key = api.call(ann, "access_keys_create", body=api.model("CredentialInput", name="signer"))
    assert (len(key.ak), len(key.sk), key.secret_hint) == (20, 40, key.sk[:4])
    for resource, id in (("tokens", token.id), ("access_keys", key.ak)):
        name = api.model("PatchedCredentialName", name="renamed")
        assert api.call(ann, f"{resource}_update", id, body=name).name == "renamed"
        reason = api.model("CredentialDisabling", reason="leaked")
        assert api.call(ann, f"{resource}_disable", id, body=reason).state == "disabled"
        assert api.call(ann, f"{resource}_enable", id).state == "enabled"
        assert api.call(ann, f"{resource}_get", id).name == "renamed"
        assert "renamed" in [each.name for each in api.call(ann, f"{resource}_list").results]
        api.call(ann, f"{resource}_delete", id)
        assert api.call(ann, f"{resource}_get", id).state == "deleted"


def run_a_company(api: Api, ann: Person, zoe: Person, gus: Person) -> None:
    company = api.call(ann, "organizations_list").results[0]
    assert api.call(ann, "organizations_get", company.id).comp_id == company.comp_id
    changes = api.model("PatchedOrganizationChanges", grace_seconds=60)
    assert api.call(ann, "organizations_update", company.id, body=changes).grace_seconds == 60
    assert len(api.call(ann, "organizations_rotate", company.id).comp_secret) == 32
    made = api.call(ann, "projects_create", body=api.model("ProjectInput", name="项目 一"))
    assert (made.name, made.is_default, len(made.app_secret)) == ("项目 一", False, 32)
    id = made.app_id
    city = api.call(ann, "cities_create", body=api.model("CityInput", name=f"P_{ann.id}")).id
    assert api.call(ann, "projects_move", id, body=api.model("Move", city=city)).city.id == city
    assert api.call(ann, "projects_move", id, body=api.model("Move", city=None)).city is None
    assert api.call(ann, "projects_list", ordering=_ordering("VALUE_0")).results[0].app_id == id
    named = api.model("PatchedProjectChanges", name="renamed")
    assert api.call(ann, "projects_update", id, body=named).name == "renamed"
    rotated = api.call(ann, "projects_rotate", id, body=api.model("Rotation", grace_seconds=30))
    assert (rotated.secret.n, len(rotated.secret.value), rotated.previous.n) == (2, 32, 1)
    assert [each.n for each in api.call(ann, "projects_secrets", id).results] == [2, 1]
    api.call(ann, "projects_end_secret", id, 1)
    assert api.call(ann, "projects_offline", id).state == "offline"
    assert api.call(ann, "projects_publish", id).state == "enabled"
    assert api.call(zoe, "projects_disable", id, body=api.model("Closing", reason="x")).state == "disabled"
    assert api.call(zoe, "projects_enable", id).effective_state == "enabled"
    for operation in ("projects_delete", "projects_get", "projects_recycle", "projects_delete"):
        api.call(gus if operation == "projects_recycle" else ann, operation, id)
    gone = api.call(gus, "projects_purge", id, body=api.model("Purge", confirm="renamed"))
    assert gone.removed.to_dict() == {"project": 1}


def run_a_gateway(api: Api, ann: Person, zoe: Person, gus: Person) -> None:
    project = api.call(ann, "projects_create", body=api.model("ProjectInput", name="项目 二")).app_id
    body = api.model("GatewayInput", project=project, name="Gate_1", app_key_secret_switch=True)
    gateway = api.call(ann, "gateways_create", body=body)
    assert (gateway.project.app_id, gateway.city, len(gateway.gateway_key)) == (project, None, 40)
    changed = api.call(ann, "gateways_update", gateway.id, body=api.model("PatchedGatewayChanges", app_limit=7))
    assert (changed.app_limit, changed.profile) == (7, "nginx")
    assert [each.id for each in api.call(ann, "gateways_list", project=project).results] == [gateway.id]
    body = api.model("AppInput", gateway=gateway.id, name="Band_1", app_secret="a-secret-of-ones-own")
    app = api.call(ann, "apps_create", body=body)
    assert (app.gateway.id, app.creator, app.app_secret) == (gateway.id, "user", "a-secret-of-ones-own")
    assert api.call(ann, "apps_update", app.id, body=api.model("PatchedAppChanges", remark="new")).remark == "new"
    assert [each.id for each in api.call(ann, "apps_list", app_key=app.app_key).results] == [app.id]
    code = api.call(ann, "apps_create_code", app.id, body=api.model("AppCodeInput"))
    assert (len(code.app_code), code.hint) == (64, code.app_code[:4])
    assert api.call(ann, "apps_get_code", app.id, code.id).last_used_at is None
    assert [each.id for each in api.call(ann, "apps_list_codes", app.id).results] == [code.id]
    asked = {"app_key": app.app_key, "app_secret": "a-secret-of-ones-own", "gateway": gateway.id}
    body = api.model("Verification", kind=_named("CredentialKind", "APP_SECRET"), **asked)
    told = api.call(ann, "verifications_create", body=body)
    assert (told.valid, told.principal.id, told.secret.n) == (True, app.id, 1)
    api.call(ann, "apps_end_code", app.id, code.id)
    run_its_life(api, "apps", app.id, api.model("AppRotation", grace_seconds=30), (ann, zoe, gus))
    run_its_life(api, "gateways", gateway.id, api.model("Rotation", grace_seconds=30), (ann, zoe, gus))


def run_its_life(api: Api, resource: str, id: str, rotation: Any, people: tuple[Person, Person, Person]) -> None:
    """The secrets and the verbs, which gateways and apps have alike."""
    owner, zoon, god = people
    rotated = api.call(owner, f"{resource}_rotate", id, body=rotation)
    assert (rotated.secret.n, rotated.previous.n) == (2, 1)
    assert [each.n for each in api.call(owner, f"{resource}_secrets", id).results] == [2, 1]
    api.call(owner, f"{resource}_end_secret", id, 1)
    assert api.call(owner, f"{resource}_offline", id).state == "offline"
    assert api.call(owner, f"{resource}_publish", id).state == "enabled"
    assert api.call(zoon, f"{resource}_disable", id, body=api.model("Closing", reason="x")).reason == "x"
    assert api.call(zoon, f"{resource}_enable", id).state == "enabled"
    api.call(owner, f"{resource}_delete", id)
    assert api.call(zoon, f"{resource}_recycle", id).state == "enabled"
    api.call(owner, f"{resource}_delete", id)
    name = api.call(owner, f"{resource}_get", id).name
    gone = api.call(god, f"{resource}_purge", id, body=api.model("Purge", confirm=name))
    assert gone.removed.to_dict() == {resource.removesuffix("s"): 1}


def override_a_policy(api: Api, gus: Person) -> None:
    rows = api.call(gus, "policies_list").results
    row = next(each for each in rows if each.name == "QriBin")
    assert (row.overridden.to_dict(), row.effective.acitys, row.documented.to_dict()) == ({}, "0", {})
    changes = api.model("PatchedPolicyChanges", acitys="03")
    changed = api.call(gus, "policies_update", row.name, body=changes, if_match=f'"{row.version}"')
    assert (changed.overridden.to_dict(), changed.version) == ({"acitys": "03"}, row.version + 1)
    back = api.model("PatchedPolicyChanges", acitys=None)
    assert api.call(gus, "policies_update", row.name, body=back, if_match="*").overridden.to_dict() == {}
    assert api.call(gus, "policies_get", row.name).version == row.version + 2


def _ordering(name: str) -> Any:
    return _named("ProjectsListOrdering", name)


def _named(enum: str, name: str) -> Any:
    return getattr(getattr(importlib.import_module(f"{PACKAGE}.models"), enum), name)


def look_after_people(api: Api, ann: Person, ben: Person, zoe: Person, gus: Person) -> None:
    company = api.call(ann, "organizations_list").results[0].id
    for operation in ("organizations_uninvite", "invitations_decline", "invitations_accept"):
        body = api.model("InvitationInput", email=ben.email)
        made = api.call(ann, "organizations_invite", company, body=body)
        assert (made.email, made.status, made.organization.id) == (ben.email, "pending", company)
        assert api.call(ann, "organizations_get_invitation", company, made.id).to_dict() == made.to_dict()
        assert [each.id for each in api.call(ann, "organizations_list_invitations", company).results] == [made.id]
        assert [each.id for each in api.call(ben, "invitations_list").results] == [made.id]
        assert api.call(ben, "invitations_get", made.id).invited_by == ann.id
        of_company = (company, made.id) if operation == "organizations_uninvite" else (made.id,)
        answered = api.call(ann if len(of_company) == 2 else ben, operation, *of_company)
    assert (answered.id, answered.is_admin) == (company, False)
    assert [each.id for each in api.call(ben, "organizations_list_members", company).results] == [ben.id, ann.id]
    graded = api.call(
        ann, "organizations_update_member", company, ben.id, body=api.model("PatchedMemberChanges", is_admin=True)
    )
    assert (graded.id, graded.is_admin) == (ben.id, True)
    api.call(ann, "organizations_remove_member", company, ben.id)
    closed = api.call(gus, "organizations_disable", company, body=api.model("Closing", reason="unpaid"))
    assert (closed.state, closed.id) == ("disabled", company)
    assert api.call(gus, "organizations_enable", company).state == "enabled"
    assert ben.id in [each.id for each in api.call(zoe, "users_list", role="developer").results]
    assert api.call(zoe, "users_get", ben.id).email == ben.email
    assert api.call(gus, "audit_export", verb="ADD").startswith("id,at,actor_kind,")
    closed = api.call(zoe, "users_disable", ben.id, body=api.model("Closing", reason="spam"))
    assert (closed.state, closed.reason, closed.corp.name) == ("disabled", "spam", closed.name)
    assert api.call(zoe, "users_enable", ben.id).state == "enabled"
    role = _named("PlatformRole", "ZOON")
    assert api.call(gus, "users_set_role", ben.id, body=api.model("RoleInput", role=role)).role == "zoon"


def look_at_oneself(api: Api, ann: Person) -> None:
    changed = api.call(ann, "me_update", body=api.model("PatchedMeChanges", language="zh-hans"))
    assert (changed.id, changed.language) == (ann.id, "zh-hans")
    events = api.call(ann, "audit_list", limit=1).results
    assert [(event.verb, event.thing, event.outcome) for event in events] == [("SET", f"user/{ann.id}", "ok")]
