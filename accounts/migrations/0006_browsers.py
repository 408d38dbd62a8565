"""Signing in by browser: which session a login is of, and by what its user proved who they are.

And the table of the cache that all processes share: which codes were used, how many mails were asked for.
"""

from typing import Any

from django.core.management import call_command
from django.db import migrations, models

import accounts.models.thing


def make_cache_table(registry: Any, schema_editor: Any) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_credential_project"),
    ]

    operations = [
        migrations.AddField(
            model_name="login",
            name="address",
            field=models.GenericIPAddressField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="login",
            name="agent",
            field=models.CharField(blank=True, db_default="", default="", editable=False, max_length=200),
        ),
        migrations.AddField(
            model_name="login",
            name="methods",
            field=models.CharField(db_default="password", default="password", editable=False, max_length=32),
        ),
        migrations.AddField(
            model_name="login",
            name="session",
            field=accounts.models.thing.KeyField(blank=True, db_default="", default="", editable=False, max_length=40),
        ),
        migrations.RunPython(make_cache_table, migrations.RunPython.noop),
    ]
