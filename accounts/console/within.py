"""In what a new thing is to stand: a choice among one's own, and what one came from."""

from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy

from accounts.access.actor import Actor
from accounts.access.nearest import gathered
from accounts.access.visibility import find_thing
from accounts.console import things
from accounts.console.room import Room, Visit
from accounts.console.secrets import SecretsRoom
from accounts.console.ways import address
from accounts.machine import executor
from accounts.pages.forms import ReadForm
from config.kernel import registry
from config.kernel.states import State, Verb

MOST = 50


class WithinField(forms.CharField):
    """An id, chosen from a list; whether it may be is the service's to say."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Select(), strip=False, **options)

    def offer(self, things: list[Any], *, none: Any = None) -> None:
        """Let these be chosen; `none` is the word for none of them."""
        choices = [(each.key, f"{each.name} · {each.key}") for each in things]
        self.widget.choices = [*([("", none)] if none is not None else []), *choices]
        if len(things) >= MOST:
            self.help_text = gettext_lazy("The newest. Not among them? Open it, and create there.")


def named(visit: Visit, kind: str) -> str:
    """The id of that kind that the address or the form names; "" for none."""
    return str(visit.request.POST.get(kind, "")) if visit.is_sent else visit.asked(kind)


def to_choose(room: Room, visit: Visit, kind: str, own: Any) -> list[Any]:
    """The newest of one's own, and first what is named. Raises NotVisible where that is not seen.

    Neither where the policy of reading it is closed.
    """
    governed, key = registry.kind(kind), named(visit, kind)
    found = list(gathered(own)[:MOST]) if room.lets(visit, governed.policy(Verb.QRI)) else []
    if key and all(each.key != key for each in found) and room.lets(visit, governed.policy(Verb.GET)):
        found.insert(0, find_thing(governed, key, by=visit.by))
    return found


def where_one_makes(visit: Visit, kind: str) -> Any:
    """The newest of the things of a company's kind in which the caller may make something, out of the bin, with `held`.

    What the address names above them narrows them. Each way to them is walked by itself, in its own index, and only
    what is offered is asked for its share: to ask each row that is seen is to read a whole company.
    """
    by: Actor = visit.by
    rows: Any = registry.kind(kind).model._default_manager
    ways = [rows.owned_by(by), rows.operated_by(by)]
    newest = {pk for way in ways for pk in gathered(_narrowed(way, visit)).values_list("pk", flat=True)[:MOST]}
    return rows.visible_to(by).filter(pk__in=sorted(newest, reverse=True)[:MOST])


def _narrowed(rows: Any, visit: Visit) -> Any:
    found = rows.exclude(state=State.DELETED)
    for above, way in rows.above.items():
        if key := visit.asked(above):
            model: Any = registry.kind(above).model
            read = model.read_id(key)
            found = found.filter(**{f"{way}__key": read}) if read else found.none()
    return found


class WithinRoom(SecretsRoom):
    """Abstract, for a kind whose things are made within one of another kind, the `parent`."""

    parent: ClassVar[str]

    def parents(self, visit: Visit) -> list[Any]:
        """Those in which one can be made: looked for once, however many pieces of the page ask."""
        if self.parent not in visit.found:
            visit.found[self.parent] = to_choose(self, visit, self.parent, where_one_makes(visit, self.parent))
        found: list[Any] = visit.found[self.parent]
        return found

    def asks_whom_above(self, visit: Visit) -> str:
        """As `asks_whom`, of the parent."""
        return ""

    def new(self, visit: Visit) -> HttpResponse:
        if visit.is_sent or named(visit, self.parent) or self.parents(visit):
            return super().new(visit)
        above = registry.kind(self.parent).parent
        query = {above: key} if (key := named(visit, above)) else {}
        asks = self.asks_whom_above(visit)
        new = address(f"{self.parent}_new", **query) if not asks else ""
        told = {"kind": self.parent, "title": self.new_title, "new": new, "asks_whom": asks}
        return self.show(visit, "console/nowhere.html", told)

    def new_told(self, visit: Visit) -> dict[str, Any]:
        told = super().new_told(visit)
        key = named(visit, self.parent)
        if not key:
            return told
        if not visit.is_sent:
            above = find_thing(registry.kind(self.parent), key, by=visit.by)
            executor.permit_below(self.table, above, by=visit.by)
        return {**told, "back": things.list_of(self.kind, **{self.parent: key})}

    def where_of(self, form: ReadForm) -> str:
        """In which one a new one is to be made: the service looks for that before all else. Raises Invalid."""
        key = form.data.get(self.parent, "")
        if not key:
            form.read()
        return str(key)
