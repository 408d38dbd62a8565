"""The API's own pages: its OpenAPI, a page to try it out, and what each problem means. Open to everybody."""

import re
from typing import Any

import orjson
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.views import SpectacularSwaggerSplitView

from config.dialects.native import problems
from config.kernel.errors import SENTENCES
from config.site import schema

_FACT = re.compile(r"\{(\w+)\}")


@require_safe
def openapi(request: HttpRequest, dialect: str = "native") -> HttpResponse:
    """OpenAPI 3.1 of a dialect, as JSON."""
    if dialect not in schema.DIALECTS:
        raise Http404(dialect)
    response = HttpResponse(orjson.dumps(schema.served(dialect)), content_type="application/vnd.oai.openapi+json")
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def explain(request: HttpRequest) -> HttpResponse:
    """What each `type` of a problem points to."""
    rows: list[dict[str, Any]] = [
        {
            "code": str(code),
            "title": problems.title(code),
            "status": status,
            "sentence": _FACT.sub(r"‹\1›", str(SENTENCES[code])),
        }
        for code, status in sorted(problems.STATUSES.items(), key=lambda each: (each[1], each[0]))
    ]
    return render(request, "api/problems.html", {"rows": rows, "title": _("Problems")})


# Its pictures are in its stylesheet.
_swagger = csp_update({"img-src": ["data:"]})(
    SpectacularSwaggerSplitView.as_view(url_name="schema", title="Polis", template_name="api/docs.html")
)

urlpatterns = [
    path("api/schema", openapi, name="schema"),
    path("api/schema/<slug:dialect>", openapi, name="schema-dialect"),
    path("api/docs", _swagger, name="docs"),
    path("api/problems", explain, name="problems"),
]
