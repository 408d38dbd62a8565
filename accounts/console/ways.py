"""The addresses of the console's pages, by their names."""

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse


def address(name: str, *args: object, **query: str) -> str:
    """Of a page of the console; with what is asked there."""
    path = reverse(f"console:{name}", args=args)
    return f"{path}?{urlencode(query)}" if query else path


def lead_to(way: str) -> HttpResponse:
    """On to another page, once something is done."""
    return HttpResponseRedirect(way)
