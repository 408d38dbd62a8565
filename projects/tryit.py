"""“Try it” for projects: CloudRoom and the native API."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from accounts.console import tryit
from accounts.console.spelling import Computed, Wire
from accounts.console.tryit import Call, Group, Native, Need
from accounts.console.ways import address
from config.kernel import words
from config.kernel.states import Verb
from projects.models import Project

_DAY = 86_400  # seconds


def calls(project: Project, root: str) -> Iterator[Group]:
    """What the pages of a project do, as programs do it."""
    yield _native(project, root)
    secret = _("The CompSecret of the company. It is shown once, when it is made.")
    yield Group(
        tryit.CLOUDROOM,
        "CloudRoom",
        _("The vendor's calls about project accounts. A company makes them, by its CompID and its CompSecret."),
        (Need("POLIS_COMP_SECRET", secret, address("company")),),
        list(_cloudroom(project, root)),
    )


def _native(project: Project, root: str) -> Group:
    native, one = Native(root), f"projects/{project.key}"
    return native.group(
        native.call(words.verb(Verb.GET), "GET", one),
        native.call(words.verb(Verb.QRI), "GET", "projects?limit=20"),
        native.call(_("Its gateways"), "GET", f"gateways?project={project.key}"),
        native.call(_("Create a gateway in it"), "POST", "gateways", {"project": project.key, "name": "First_gateway"}),
        native.call(words.verb("ROTATE"), "POST", f"{one}/rotate", {"grace_seconds": _DAY}),
        native.call(words.verb(Verb.OFF), "POST", f"{one}/offline", {}),
        native.call(words.verb(Verb.PUB), "POST", f"{one}/publish", {}),
        native.call(words.verb(Verb.DOL), "DELETE", one),
    )


def _cloudroom(project: Project, root: str) -> Iterator[Call]:
    one = {"OperateAppId": project.key}
    calls_: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        (words.verb(Verb.QRI), "query/list", {}),
        (_("Close it"), "update", {**one, "Status": 0}),
        (_("Open it again"), "update", {**one, "Status": 1}),
        (words.verb("ROTATE"), "update/secret", one),
        (words.verb(Verb.DOL), "delete", one),
    )
    comp_id = project.company.comp_id
    key = Computed(
        f"SECRET_KEY=$(printf %s \"{comp_id}&$POLIS_COMP_SECRET\" | openssl md5 | sed 's/.* //')",
        f"secret_key = hashlib.md5(f\"{comp_id}&{{os.environ['POLIS_COMP_SECRET']}}\".encode()).hexdigest()",
        ("hashlib",),
    )
    for title, way, given in calls_:
        body = {"RequestId": "try-it", "CompID": comp_id, "SecretKey": "$SECRET_KEY", **given}
        yield tryit.call(title, Wire("POST", f"{root}/CLOUDROOM-API/project/{way}", {}, body, key))
