"""How many of what is counted by triggers; one verb on many things is kept, judged and done one by one."""

from typing import Any

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.thing
import config.kernel.ids
from accounts.audit import counting


def stop_counting(registry: Any, schema: Any) -> None:
    """Backwards: what counts would write into a table that is gone. Forwards, triggers are made after migrations."""
    counting.drop_triggers(schema.connection.alias)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_audit_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(blank=True, max_length=16)),
                ("name", models.CharField(max_length=16)),
                ("at", models.DateTimeField(null=True)),
                ("count", models.BigIntegerField()),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Operation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    accounts.models.thing.KeyField(
                        default=config.kernel.ids.new_key, editable=False, max_length=8, unique=True
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=16)),
                ("verb", models.CharField(editable=False, max_length=16)),
                ("reason", models.CharField(blank=True, editable=False, max_length=64)),
                ("expires_at", models.DateTimeField(editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("running", "Running"),
                            ("stopped", "Stopped"),
                            ("done", "Done"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("total", models.PositiveIntegerField(editable=False)),
                ("request_id", models.CharField(blank=True, editable=False, max_length=64)),
                ("address", models.GenericIPAddressField(editable=False, null=True)),
                ("code", models.CharField(blank=True, editable=False, max_length=32)),
                ("created_at", models.DateTimeField(editable=False)),
                ("started_at", models.DateTimeField(editable=False, null=True)),
                ("ended_at", models.DateTimeField(editable=False, null=True)),
                ("lease", accounts.models.thing.KeyField(blank=True, editable=False, max_length=32)),
                ("leased_until", models.DateTimeField(editable=False, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="OperationItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("thing", accounts.models.thing.KeyField(editable=False, max_length=36)),
                ("name", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("done", "Done"), ("same", "Same"), ("skipped", "Skipped")],
                        editable=False,
                        max_length=7,
                    ),
                ),
                ("code", models.CharField(blank=True, editable=False, max_length=32)),
                (
                    "operation",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="accounts.operation",
                    ),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("state", "running")), fields=["leased_until"], name="operation_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(
                condition=models.Q(("state", "planned")), fields=["created_at"], name="operation_planned"
            ),
        ),
        migrations.AddConstraint(
            model_name="operation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "running")), fields=("user",), name="operation_running"
            ),
        ),
        migrations.AddIndex(
            model_name="operationitem",
            index=models.Index(fields=["operation", "outcome", "id"], name="item_outcome"),
        ),
        migrations.AddConstraint(
            model_name="operationitem",
            constraint=models.UniqueConstraint(fields=("operation", "thing"), name="item_once"),
        ),
        migrations.RunPython(migrations.RunPython.noop, stop_counting),
    ]
