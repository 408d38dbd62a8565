"""Sets the data plane apart: a gateway's question is answered before all that pages and dialects need."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.verification.door import PATH, verify


class DataPlaneMiddleware:
    """Sessions, languages and pages have no say in `/verify`, and cost it nothing. It is in no log of requests: its
    gateway has one, and what is refused is counted in the trail.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path_info.startswith(PATH) and request.path_info[len(PATH) :][:1] in {"", "/"}:
            return verify(request)
        return self.get_response(request)
