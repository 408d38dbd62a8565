"""What people are told, and what owners ask of the administrators."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.thing
import config.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_policy_book"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    accounts.models.thing.KeyField(default=config.kernel.ids.new_key, editable=False, max_length=8),
                ),
                ("event", models.CharField(editable=False, max_length=16)),
                ("kind", models.CharField(editable=False, max_length=16)),
                ("thing", accounts.models.thing.KeyField(editable=False, max_length=64)),
                ("thing_name", models.CharField(editable=False, max_length=64)),
                ("occasion", accounts.models.thing.KeyField(editable=False, max_length=128)),
                ("facts", models.JSONField(default=dict, editable=False)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("read_at", models.DateTimeField(editable=False, null=True)),
                ("mail_at", models.DateTimeField(editable=False, null=True)),
                ("mailed_at", models.DateTimeField(editable=False, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Request",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    accounts.models.thing.KeyField(
                        default=config.kernel.ids.new_key, editable=False, max_length=8, unique=True
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=16)),
                ("thing", accounts.models.thing.KeyField(editable=False, max_length=64)),
                ("thing_name", models.CharField(editable=False, max_length=64)),
                ("verb", models.CharField(editable=False, max_length=3)),
                ("since", models.DateTimeField(editable=False)),
                ("message", models.CharField(blank=True, editable=False, max_length=500)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("granted", "Granted"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                            ("settled", "Settled"),
                        ],
                        default="open",
                        editable=False,
                        max_length=9,
                    ),
                ),
                ("answer", models.CharField(blank=True, editable=False, max_length=500)),
                ("answered_at", models.DateTimeField(editable=False, null=True)),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", accounts.models.thing.KeyField(editable=False, max_length=32, unique=True)),
                ("until", models.DateTimeField(editable=False)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="notices",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="answered_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="request",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="requests",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(models.F("user"), models.OrderBy(models.F("id"), descending=True), name="notice_user"),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                models.F("user"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("read_at__isnull", True)),
                name="notice_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("mail_at__isnull", False)), fields=["mail_at"], name="notice_to_mail"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(condition=models.Q(("user__isnull", True)), fields=["mailed_at"], name="notice_offered"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("user", "kind", "thing", "occasion"), name="notice_once"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", True)),
                fields=("kind", "thing", "occasion"),
                name="notice_once_to_a_mail",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="notice_key"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(models.F("user"), models.OrderBy(models.F("id"), descending=True), name="request_user"),
        ),
        migrations.AddIndex(
            model_name="request",
            index=models.Index(condition=models.Q(("state", "open")), fields=["id"], name="request_open"),
        ),
        migrations.AddConstraint(
            model_name="request",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")), fields=("kind", "thing", "verb"), name="request_one_open"
            ),
        ),
    ]
