"""A database for each size, and Django's connection, which is turned from one to another."""

from urllib.parse import urlsplit

from django.core.management import call_command
from django.db import connection

from accounts.audit.journal import origins
from accounts.models.grant import forget_permissions


def make(cluster_url: str, name: str) -> str:
    """A new database, migrated; its URL. The connection is on it from now on."""
    use(urlsplit(cluster_url).path[1:])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    use(name)
    call_command("migrate", verbosity=0)
    return urlsplit(cluster_url)._replace(path=f"/{name}").geturl()


def use(name: str) -> None:
    """Be on this one; what a process remembers of the one before is forgotten."""
    if connection.settings_dict["NAME"] == name:
        return
    connection.close()
    connection.settings_dict["NAME"] = name
    forget_permissions()
    origins.clear()
