"""A good call of each row: what it is about, and what is sent."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from config.kernel.roles import Role
from config.kernel.states import Verb
from tests.cast import Answer, Caller
from tests.contract.routes import subjects
from tests.contract.routes.routes import FORMS
from tests.contract.routes.subjects import Subject, access_key, app, city, gateway, project, token
from tests.contract.routes.who import Stage


@dataclass(frozen=True)
class Call:
    """A call that can be sent. `verb` goes along in XDUA's header, where it is not in the address."""

    method: str
    path: str
    data: Any = None
    verb: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    def send(self, caller: Caller, **headers: str) -> Answer:
        given = {**self.headers, **headers} | ({"XduaApiMethod": self.verb} if self.verb else {})
        return caller.call(self.method, self.path, self.data, **given)

    def about(self, former: str, other: str) -> "Call":
        """The same call about another thing."""
        return replace(self, path=_filled(self.path, {former: other}), data=_filled(self.data, {former: other}))


@dataclass(frozen=True)
class Scene:
    """The subject's id takes the place of `{id}` in the address and in the data."""

    subject: Subject = subjects.nothing
    data: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


def prepare(head: str, stage: Stage, caller: Caller, form: str = "") -> tuple[Call, str]:
    """The call of a row for somebody, in a form of its address, and the id of what it is about."""
    method, address, *rest = head.split()
    case = rest[0] if rest else ""
    scene = SCENES[head]
    key = scene.subject(stage, caller)
    names = {"{id}": key, "{owner}": stage.owner.key, "{dialect}": "xdua", "{number}": "1", "{verb}": case}
    names |= {"{code}": stage.code.key, "{other}": stage.other.key}
    names |= {"{code}": stage.code.key, "{member}": subjects.MEMBER, "{invitation}": subjects.INVITATION}
    path, data = _filled(form or address, names), _filled(scene.data, names)
    if address.startswith("/city"):
        return Call(method, path, data, "" if case == "-" or "{verb}" in form else case), key
    return Call(method, path + (_filled(case, names) if case.startswith("?") else ""), data, "", scene.headers), key


def forms_of(head: str) -> list[str]:
    """The forms in which an address may be written; but for one, those of XDUA hold the verb."""
    address, *verb = head.split()[1:]
    if not address.startswith("/city") or verb == ["-"]:
        return [address]
    return [form for plain, form in FORMS.values() if plain == address]


def _filled(data: Any, names: dict[str, str]) -> Any:
    if isinstance(data, str):
        for name, value in names.items():
            data = data.replace(name, value)
        return data
    return {name: _filled(value, names) for name, value in data.items()} if isinstance(data, dict) else data


_PURGING = {"confirm": "Alice_City"}
_OWN = {"app_secret": "secret-of-ours-1"}
_RESTORING = {"uid": "{owner}", "name": "Alice_City"}
_NOBODY = {"RequestId": "r1", "CompID": "one", "SecretKey": "none"}
_ANY = {"If_Match": "*"}
SCENES = {
    "GET /api/v1/cities": Scene(),
    "GET /api/v1/cities ?scope=all": Scene(),
    "POST /api/v1/cities": Scene(data={"name": "New_City"}),
    "GET /api/v1/cities/{id}": Scene(city()),
    "PATCH /api/v1/cities/{id}": Scene(city(), {"brief": "new"}),
    "DELETE /api/v1/cities/{id}": Scene(city()),
    "POST /api/v1/cities/{id}/disable": Scene(city(), {"reason": "closed"}),
    "POST /api/v1/cities/{id}/enable": Scene(city(Verb.DIS)),
    "POST /api/v1/cities/{id}/publish": Scene(city(Verb.OFF)),
    "POST /api/v1/cities/{id}/offline": Scene(city()),
    "POST /api/v1/cities/{id}/recycle": Scene(city(Verb.DOL)),
    "POST /api/v1/cities/{id}/purge": Scene(city(Verb.DOL), _PURGING),
    "POST /api/v1/cities/{id}/purge banned": Scene(city(Verb.DIS, Verb.DOL), _PURGING),
    "GET /api/v1/cities/{id}/transfer": Scene(subjects.anothers_transfer),
    "GET /api/v1/cities/{id}/transfer to-the-caller": Scene(subjects.transfer),
    "POST /api/v1/cities/{id}/transfer": Scene(city(), {"user": "Somebody"}),
    "POST /api/v1/cities/{id}/transfer forced": Scene(subjects.left_city, {"user": "{owner}", "force": True}),
    "DELETE /api/v1/cities/{id}/transfer": Scene(subjects.anothers_transfer),
    "POST /api/v1/cities/{id}/transfer/accept": Scene(subjects.transfer),
    "POST /api/v1/cities/{id}/transfer/accept others": Scene(subjects.anothers_transfer),
    "POST /api/v1/cities/{id}/transfer/decline": Scene(subjects.transfer),
    "POST /api/v1/cities/{id}/transfer/decline others": Scene(subjects.anothers_transfer),
    "GET /api/v1/transfers": Scene(subjects.transfer),
    "POST /api/v1/projects/{id}/move": Scene(project(), {"city": None}),
    "POST /api/v1/projects/{id}/move to-another": Scene(project(), {"city": "{other}"}),
    "GET /api/v1/projects": Scene(project()),
    "GET /api/v1/projects ?scope=all": Scene(project()),
    "GET /api/v1/projects ?city={id}": Scene(city()),
    "POST /api/v1/projects": Scene(data={"name": "New Project"}),
    "GET /api/v1/projects/{id}": Scene(project()),
    "PATCH /api/v1/projects/{id}": Scene(project(), {"name": "Renamed"}),
    "DELETE /api/v1/projects/{id}": Scene(project()),
    "POST /api/v1/projects/{id}/disable": Scene(project(), {"reason": "closed"}),
    "POST /api/v1/projects/{id}/enable": Scene(project(Verb.DIS)),
    "POST /api/v1/projects/{id}/publish": Scene(project(Verb.OFF)),
    "POST /api/v1/projects/{id}/offline": Scene(project()),
    "POST /api/v1/projects/{id}/recycle": Scene(project(Verb.DOL)),
    "POST /api/v1/projects/{id}/purge": Scene(project(Verb.DOL), {"confirm": "Alice Project"}),
    "POST /api/v1/projects/{id}/purge banned": Scene(project(Verb.DIS, Verb.DOL), {"confirm": "Alice Project"}),
    "POST /api/v1/projects/{id}/rotate": Scene(project(), {"grace_seconds": 60}),
    "GET /api/v1/projects/{id}/secrets": Scene(project()),
    "DELETE /api/v1/projects/{id}/secrets/{number}": Scene(project()),
    "GET /api/v1/gateways": Scene(gateway()),
    "GET /api/v1/gateways ?scope=all": Scene(gateway()),
    "GET /api/v1/gateways ?city={id}": Scene(city()),
    "GET /api/v1/gateways ?project={id}": Scene(project()),
    "POST /api/v1/gateways": Scene(project(), {"project": "{id}", "name": "New_Gateway"}),
    "GET /api/v1/gateways/{id}": Scene(gateway()),
    "PATCH /api/v1/gateways/{id}": Scene(gateway(), {"name": "Renamed"}),
    "PATCH /api/v1/gateways/{id} the-switch": Scene(gateway(), {"app_key_secret_switch": False}),
    "DELETE /api/v1/gateways/{id}": Scene(gateway()),
    "POST /api/v1/gateways/{id}/disable": Scene(gateway(), {"reason": "closed"}),
    "POST /api/v1/gateways/{id}/enable": Scene(gateway(Verb.DIS)),
    "POST /api/v1/gateways/{id}/publish": Scene(gateway(Verb.OFF)),
    "POST /api/v1/gateways/{id}/offline": Scene(gateway()),
    "POST /api/v1/gateways/{id}/recycle": Scene(gateway(Verb.DOL)),
    "POST /api/v1/gateways/{id}/purge": Scene(gateway(Verb.DOL), {"confirm": "Alice_Gateway"}),
    "POST /api/v1/gateways/{id}/purge banned": Scene(gateway(Verb.DIS, Verb.DOL), {"confirm": "Alice_Gateway"}),
    "POST /api/v1/gateways/{id}/rotate": Scene(gateway(), {"grace_seconds": 60}),
    "GET /api/v1/gateways/{id}/secrets": Scene(gateway()),
    "DELETE /api/v1/gateways/{id}/secrets/{number}": Scene(gateway()),
    "POST /api/v1/verifications": Scene(gateway(), {"kind": "app_code", "gateway": "{id}", "app_code": "none"}),
    "GET /api/v1/apps": Scene(app()),
    "GET /api/v1/apps ?scope=all": Scene(app()),
    "GET /api/v1/apps ?city={id}": Scene(city()),
    "GET /api/v1/apps ?project={id}": Scene(project()),
    "GET /api/v1/apps ?gateway={id}": Scene(gateway()),
    "POST /api/v1/apps": Scene(gateway(), {"gateway": "{id}", "name": "New_App"}),
    "POST /api/v1/apps its-key": Scene(gateway(), {"gateway": "{id}", "name": "New_App", "app_key": "key-of-ours"}),
    "POST /api/v1/apps its-secret": Scene(gateway(), {"gateway": "{id}", "name": "New_App", **_OWN}),
    "GET /api/v1/apps/{id}": Scene(app()),
    "PATCH /api/v1/apps/{id}": Scene(app(), {"name": "Renamed"}),
    "PATCH /api/v1/apps/{id} its-secret": Scene(app(), _OWN),
    "DELETE /api/v1/apps/{id}": Scene(app()),
    "POST /api/v1/apps/{id}/disable": Scene(app(), {"reason": "closed"}),
    "POST /api/v1/apps/{id}/enable": Scene(app(Verb.DIS)),
    "POST /api/v1/apps/{id}/publish": Scene(app(Verb.OFF)),
    "POST /api/v1/apps/{id}/offline": Scene(app()),
    "POST /api/v1/apps/{id}/recycle": Scene(app(Verb.DOL)),
    "POST /api/v1/apps/{id}/purge": Scene(app(Verb.DOL), {"confirm": "Alice_App"}),
    "POST /api/v1/apps/{id}/purge banned": Scene(app(Verb.DIS, Verb.DOL), {"confirm": "Alice_App"}),
    "POST /api/v1/apps/{id}/rotate": Scene(app(), {"grace_seconds": 3600}),
    "POST /api/v1/apps/{id}/rotate its-secret": Scene(app(), {"grace_seconds": 3600, "secret": "secret-of-ours-1"}),
    "GET /api/v1/apps/{id}/secrets": Scene(app()),
    "DELETE /api/v1/apps/{id}/secrets/{number}": Scene(app()),
    "GET /api/v1/apps/{id}/codes": Scene(app()),
    "POST /api/v1/apps/{id}/codes": Scene(app()),
    "POST /api/v1/apps/{id}/codes its-secret": Scene(app(), {"app_code": "code-of-ours" * 6}),
    "GET /api/v1/apps/{id}/codes/{code}": Scene(app()),
    "DELETE /api/v1/apps/{id}/codes/{code}": Scene(app()),
    "GET /api/v1/organizations": Scene(),
    "GET /api/v1/organizations/{id}": Scene(subjects.company),
    "PATCH /api/v1/organizations/{id}": Scene(subjects.company, {"grace_seconds": 60}),
    "PATCH /api/v1/organizations/{id} the-limit": Scene(subjects.company, {"project_limit": 3}),
    "POST /api/v1/organizations/{id}/rotate": Scene(subjects.company),
    "POST /api/v1/organizations/{id}/disable": Scene(subjects.company, {"reason": "closed"}),
    "POST /api/v1/organizations/{id}/enable": Scene(subjects.closed_company),
    "GET /api/v1/organizations/{id}/members": Scene(subjects.company_of_two),
    "PATCH /api/v1/organizations/{id}/members/{member}": Scene(subjects.company_of_two, {"is_admin": True}),
    "DELETE /api/v1/organizations/{id}/members/{member}": Scene(subjects.company_of_two),
    "GET /api/v1/organizations/{id}/invitations": Scene(subjects.inviting_company),
    "POST /api/v1/organizations/{id}/invitations": Scene(subjects.company, {"email": "friend@example.com"}),
    "GET /api/v1/organizations/{id}/invitations/{invitation}": Scene(subjects.inviting_company),
    "DELETE /api/v1/organizations/{id}/invitations/{invitation}": Scene(subjects.inviting_company),
    "GET /api/v1/users": Scene(),
    "GET /api/v1/users/{id}": Scene(subjects.person()),
    "POST /api/v1/users/{id}/disable": Scene(subjects.person(), {"reason": "closed"}),
    "POST /api/v1/users/{id}/disable a-zoon": Scene(subjects.person(Role.ZOON), {"reason": "closed"}),
    "POST /api/v1/users/{id}/disable oneself": Scene(subjects.oneself, {"reason": "closed"}),
    "POST /api/v1/users/{id}/enable": Scene(subjects.closed_person),
    "POST /api/v1/users/{id}/role": Scene(subjects.person(), {"role": "zoon"}),
    "GET /api/v1/invitations": Scene(subjects.invitation),
    "GET /api/v1/invitations/{id} to-the-caller": Scene(subjects.invitation),
    "GET /api/v1/invitations/{id}": Scene(subjects.anothers_invitation),
    "POST /api/v1/invitations/{id}/accept": Scene(subjects.invitation),
    "POST /api/v1/invitations/{id}/accept anothers": Scene(subjects.anothers_invitation),
    "POST /api/v1/invitations/{id}/decline": Scene(subjects.invitation),
    "POST /api/v1/invitations/{id}/decline anothers": Scene(subjects.anothers_invitation),
    "POST /CLOUDROOM-API/project/update/secret": Scene(data=_NOBODY),
    "POST /CLOUDROOM-API/project/add": Scene(data=_NOBODY),
    "POST /CLOUDROOM-API/project/query/list": Scene(data=_NOBODY),
    "POST /CLOUDROOM-API/project/update": Scene(data=_NOBODY),
    "POST /CLOUDROOM-API/project/delete": Scene(data=_NOBODY),
    "GET /api/v1/grants": Scene(),
    "GET /api/v1/grants ?thing=city/{id}": Scene(city()),
    "POST /api/v1/grants": Scene(city(), {"thing": "city/{id}", "user": "friend@example.com", "role": "viewer"}),
    "GET /api/v1/grants/{id}": Scene(subjects.grant),
    "GET /api/v1/grants/{id} to-the-caller": Scene(subjects.offer),
    "PATCH /api/v1/grants/{id}": Scene(subjects.grant, {"role": "operator"}),
    "PATCH /api/v1/grants/{id} the-owners": Scene(subjects.owners_grant, {"role": "viewer"}),
    "DELETE /api/v1/grants/{id}": Scene(subjects.grant),
    "DELETE /api/v1/grants/{id} the-owners": Scene(subjects.owners_grant),
    "POST /api/v1/grants/{id}/accept": Scene(subjects.offer),
    "POST /api/v1/grants/{id}/accept anothers": Scene(subjects.anothers_offer),
    "POST /api/v1/grants/{id}/decline": Scene(subjects.offer),
    "POST /api/v1/grants/{id}/decline anothers": Scene(subjects.anothers_offer),
    "GET /api/v1/tokens": Scene(),
    "POST /api/v1/tokens": Scene(data={"name": "new"}),
    "GET /api/v1/tokens/{id}": Scene(token()),
    "PATCH /api/v1/tokens/{id}": Scene(token(), {"name": "new"}),
    "DELETE /api/v1/tokens/{id}": Scene(token()),
    "DELETE /api/v1/tokens/{id} itself": Scene(subjects.itself),
    "POST /api/v1/tokens/{id}/disable": Scene(token(), {"reason": "lost"}),
    "POST /api/v1/tokens/{id}/disable itself": Scene(subjects.itself),
    "POST /api/v1/tokens/{id}/enable": Scene(token(Verb.DIS)),
    "GET /api/v1/access-keys": Scene(),
    "POST /api/v1/access-keys": Scene(data={"name": "new"}),
    "GET /api/v1/access-keys/{id}": Scene(access_key()),
    "PATCH /api/v1/access-keys/{id}": Scene(access_key(), {"name": "new"}),
    "DELETE /api/v1/access-keys/{id}": Scene(access_key()),
    "POST /api/v1/access-keys/{id}/disable": Scene(access_key(), {"reason": "lost"}),
    "POST /api/v1/access-keys/{id}/enable": Scene(access_key(Verb.DIS)),
    "GET /api/v1/me": Scene(),
    "PATCH /api/v1/me": Scene(data={"avatar": "new"}),
    "GET /api/v1/audit": Scene(),
    "GET /api/v1/audit/export": Scene(),
    "GET /api/v1/audit ?thing=city/{id}": Scene(city()),
    "GET /api/v1/policies": Scene(),
    "GET /api/v1/policies/{id}": Scene(subjects.policy("SetState")),
    "PATCH /api/v1/policies/{id}": Scene(subjects.policy("SetState"), {"acitys": "03"}, _ANY),
    "GET /api/v1/bin": Scene(),
    "GET /api/v1/bin ?scope=all": Scene(),
    "GET /api/v1/notices": Scene(subjects.notice),
    "GET /api/v1/notices/{id}": Scene(subjects.notice),
    "PATCH /api/v1/notices/{id}": Scene(subjects.notice, {"read": True}),
    "POST /api/v1/notices/read": Scene(subjects.notice, {"until": "{id}"}),
    "GET /api/v1/requests": Scene(subjects.request),
    "GET /api/v1/requests ?scope=all": Scene(subjects.request),
    "POST /api/v1/requests": Scene(city(Verb.DOL), {"thing": "city/{id}", "verb": "recycle", "message": "sorry"}),
    "GET /api/v1/requests/{id}": Scene(subjects.request),
    "PATCH /api/v1/requests/{id}": Scene(subjects.request, {"grant": True, "answer": "gladly"}),
    "PATCH /api/v1/requests/{id} of-a-zoons": Scene(subjects.zoons_request, {"grant": True}),
    "DELETE /api/v1/requests/{id}": Scene(subjects.request),
    "GET /api/schema": Scene(),
    "GET /api/schema/{dialect}": Scene(),
    "GET /api/docs": Scene(),
    "GET /api/problems": Scene(),
    "POST /city ADD": Scene(data={"name": "New_City"}),
    "POST /city -": Scene(data={"name": "New_City"}),
    "GET /city QRI": Scene(),
    "GET /city QRY": Scene(),
    "GET /city -": Scene(),
    "PUT /city RCC": Scene(city(Verb.DOL), _RESTORING),
    "PUT /city -": Scene(city(Verb.DOL), _RESTORING),
    "GET /city/{id} GET": Scene(city()),
    "GET /city/{id} -": Scene(city()),
    "GET /city/{id} GIT": Scene(city()),
    "PUT /city/{id} SET": Scene(city(), {"brief": "new"}),
    "PUT /city/{id} -": Scene(city(), {"brief": "new"}),
    "PUT /city/{id} OFF": Scene(city()),
    "PUT /city/{id} PUB": Scene(city(Verb.OFF)),
    "PUT /city/{id} DIS": Scene(city(), {"stato": "closed"}),
    "PUT /city/{id} ENB": Scene(city(Verb.DIS)),
    "PUT /city/{id} DOL": Scene(city()),
    "PUT /city/{id} RCC": Scene(city(Verb.DOL)),
    "DELETE /city/{id} DEL": Scene(city()),
    "DELETE /city/{id} -": Scene(city()),
    "POST /login": Scene(
        subjects.name_with_password,
        {"by": "name", "ustr": "{id}", "pwd": hashlib.md5(subjects.PASSWORD.encode()).hexdigest()},
    ),
}
