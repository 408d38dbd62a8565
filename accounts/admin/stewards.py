"""Pages for every steward, of what is no governed kind: whoever else is signed in is put on record."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.admin import caller
from accounts.admin.lists import ReadOnlyAdmin
from accounts.audit import journal
from accounts.audit.journal import About
from config.kernel.errors import Forbidden
from config.kernel.states import READS


class StewardAdmin(ReadOnlyAdmin):
    """`told_as`: the verb under which the trail tells of who is refused where they would have read."""

    told_as: ClassVar[str]

    def guarded(self, view: Any, verb: str = "") -> Any:
        inner = super().guarded(view, verb)

        def guard(request: Any, **named: str) -> HttpResponse:
            if request.user.is_authenticated and not self.has_view_permission(request):
                told = verb if verb and verb not in READS else self.told_as
                journal.refuse(caller.actor_of(request), told, self.about(named), Forbidden())
            return inner(request, **named)

        return guard

    def about(self, named: Mapping[str, Any]) -> About:
        return About(self.kind, str(named.get("key", "")))

    def has_view_permission(self, request: Any, obj: Any = None) -> bool:
        return caller.may_enter(request)

    def read_or(self, view: Any, verb: str) -> Any:
        """A page that is read by GET, and by POST does the verb, by whose policy it is judged then."""
        reads, does = self.guarded(view), self.guarded(view, verb)

        def either(request: Any, **named: str) -> HttpResponse:
            return does(request, **named) if request.method == "POST" else reads(request, **named)

        return require_http_methods(["GET", "HEAD", "POST"])(either)
