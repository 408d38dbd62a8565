"""APIG's table, and devltmpl's: who is answered what. By hand, from apig.md, domain.md §3, S8 and S9.

`P` is `/v1/{project_id}/apigw/instances/{instance_id}` and the same under /v2; `Q` is v2's alone.
"""

from apps.models import App
from tests.cast import Caller
from tests.contract.routes import subjects
from tests.contract.routes.calls import Call, Scene
from tests.contract.routes.table import Rows, read
from tests.contract.routes.who import Stage

_LETTERS = read("""
#                                            ano str vie ope own zoo god | nar bou col aud | cit zon cor sho use tok log
GET    P/apps                                401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
POST   P/apps                                401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    P/apps/{id}                           401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
PUT    P/apps/{id}                           401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
# DELETE is DEL: the owner's, and god's.
DELETE P/apps/{id}                           401 404 403 403 204 403 204 | 403 404 204 204 | 403 403 403 403 401 401 401
PUT    P/apps/secret/{id}                    401 404 403 200 200 403 403 | 403 404 200 200 | 403 403 403 403 401 401 401
GET    P/apps/validation/{id}                401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    P/resources/outline/apps              401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    P/apps/{id}/app-codes                 401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
# A code of one's own is the owner's; one of ours an operator's too (S9).
POST   P/apps/{id}/app-codes                 401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
PUT    P/apps/{id}/app-codes                 401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
GET    P/apps/{id}/app-codes/{app_code_id}   401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
DELETE P/apps/{id}/app-codes/{app_code_id}   401 404 403 403 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
GET    Q/apps/{id}/app-acl                   401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
PUT    Q/apps/{id}/app-acl                   401 404 403 201 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
DELETE Q/apps/{id}/app-acl                   401 404 403 204 204 403 403 | 403 404 204 204 | 403 403 403 403 401 401 401
GET    Q                                     401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    Q/project/configs                     401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
GET    Q/features                            401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
# What opens or closes a gateway is its owner's alone.
POST   Q/features                            401 404 403 403 201 403 403 | 403 404 201 201 | 403 403 403 403 401 401 401
""")
_INSTANCE = "{project_id}/apigw/instances/{instance_id}"


def _written_out() -> Rows:
    rows: Rows = {}
    for head, row in _LETTERS.items():
        method, address = head.split()
        for version in ("v1", "v2") if address[0] == "P" else ("v2",):
            rows[f"{method} /{version}/{_INSTANCE}{address[1:]}"] = row
    return rows


TABLE = _written_out() | read("""
GET    /v2/{project_id}/apigw/instances      401 404 200 200 200 200 200 | 200 404 200 200 | 403 403 403 403 401 401 401
""")
# The document's row: its colour and its audience alone.
DEVLTMPL = read("""
PUT    /devltmpl/{id}                        401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /devltmpl.{suffix}/{id}               401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
PUT    /devltmpl/{id}/{tail}                 401 404 403 200 200 403 403 | 403 404 403 403 | 403 403 403 403 401 401 401
""")
_NAMED = {"name": "New_App"}
_CODE = {"app_code": "code-of-ours" * 6}
_ACL = {"app_acl_type": "PERMIT", "app_acl_values": ["10.0.0.1"]}
_BODIES = {
    "POST /apps": _NAMED,
    "PUT /apps/{id}": _NAMED,
    "POST /apps/{id}/app-codes": _CODE,
    "PUT /apps/{id}/app-acl": _ACL,
    "POST /features": {"name": "app_basic", "enable": True},
}


def scene_of(head: str) -> Scene:
    """What is sent, about an app that has a code and a list of addresses."""
    method, address = head.split()
    if address.startswith("/devltmpl"):
        return Scene(subjects.app(), {"brief": "new"})
    return Scene(subjects.app(), _BODIES.get(f"{method} {address.partition('{instance_id}')[2]}"))


def call_of(head: str, stage: Stage, caller: Caller) -> Call:
    """A good call of a row by somebody, about an app with a list of addresses."""
    method, address = head.split()
    scene = scene_of(head)
    names = {"{id}": scene.subject(stage, caller), "{project_id}": stage.project.key}
    names |= {"{instance_id}": stage.gateway.key, "{app_code_id}": stage.code.key}
    names |= {"{suffix}": "update", "{tail}": "SET"}
    App.objects.filter(key=stage.app.key).update(acl_type="DENY", acl_values=["10.0.0.9"])
    for name, value in names.items():
        address = address.replace(name, value)
    verb = "SET" if address.startswith("/devltmpl/") and "/SET" not in address else ""
    return Call(method, address, scene.data, verb)
