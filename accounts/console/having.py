"""What somebody has of each kind, in a handful of queries: counted no further than it takes to see that it is much."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.access.actor import Actor
from accounts.console import things
from accounts.console.ways import address
from config.kernel.registry import Kind
from config.kernel.roles import Share
from config.kernel.states import State

MOST = 100


@dataclass(frozen=True, slots=True)
class Had:
    """Of a kind: `newest` are rows of pk, key and name; of a project the city that it stands in, too.

    Of who has more than are counted they are any: to find the newest, all would have to be gathered.
    """

    kind: Kind
    newest: list[dict[str, Any]]
    used: int
    limit: int | None

    @property
    def word(self) -> Any:
        return things.PLURALS[self.kind.name]

    @property
    def many(self) -> str:
        return str(self.used) if self.used <= MOST else f"{MOST}+"

    @property
    def told(self) -> str:
        """How many there may be."""
        return _("of at most %(limit)s, with the bin") % {"limit": self.limit} if self.limit is not None else ""

    @property
    def address(self) -> str:
        return address(things.PATHS[self.kind.name])


def of(kind: Kind, by: Actor) -> Had:
    """One's own and one's company's, without the bin; where there is a limit, what counts towards it."""
    newest = sorted(_rows(kind, by)[: MOST + 1], key=lambda row: row["pk"], reverse=True)
    if kind.quota is None:
        return Had(kind, newest, len(newest), None)
    quota = kind.quota(by.user)
    return Had(kind, newest, quota.used if quota.limit is not None else len(newest), quota.limit)


def _rows(kind: Kind, by: Actor) -> Any:
    rows: Any = kind.model._default_manager.all()
    way = rows.way_to("city") if kind.name == "project" else ""
    if hasattr(rows, "listed"):
        found = rows.listed(by).exclude(state=State.DELETED)
    else:
        found = rows.held_by(by, live=True, share=Share.OWNER)
    return found.values("pk", "key", "name", *([f"{way}_id"] if way else []))
