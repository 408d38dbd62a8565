import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.thing
import config.kernel.ids
import config.kernel.states


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_super_organizations"),
    ]

    operations = [
        migrations.CreateModel(
            name="AccessKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("offline", models.BooleanField(default=False, editable=False)),
                ("disabled_at", models.DateTimeField(editable=False, null=True)),
                ("disabled_by", models.CharField(blank=True, editable=False, max_length=64)),
                ("disabled_side", models.CharField(blank=True, editable=False, max_length=5)),
                ("reason", models.CharField(blank=True, editable=False, max_length=64)),
                ("expires_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_at", models.DateTimeField(editable=False, null=True)),
                ("deleted_by", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "state",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "ENABLED"), (1, "DISABLED"), (3, "OFFLINE"), (5, "DELETED")],
                        default=config.kernel.states.State["ENABLED"],
                        editable=False,
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(editable=False)),
                ("updated_at", models.DateTimeField(editable=False)),
                ("name", models.CharField(blank=True, max_length=64)),
                ("scopes", models.JSONField(default=list, editable=False)),
                ("cities", models.JSONField(default=list, editable=False)),
                ("addresses", models.JSONField(default=list, editable=False)),
                ("audience", accounts.models.thing.KeyField(default="ConsoleX", editable=False, max_length=8)),
                ("ends_at", models.DateTimeField(editable=False, null=True)),
                ("hint", models.CharField(blank=True, editable=False, max_length=4)),
                (
                    "key",
                    accounts.models.thing.KeyField(
                        default=config.kernel.ids.new_access_key, editable=False, max_length=20, unique=True
                    ),
                ),
                ("sealed", models.CharField(editable=False, max_length=255)),
            ],
            options={
                "permissions": [
                    ("add_accesskey", "ADD access key"),
                    ("set_accesskey", "SET access key"),
                    ("dis_accesskey", "DIS access key"),
                    ("enb_accesskey", "ENB access key"),
                    ("del_accesskey", "DEL access key"),
                ],
                "abstract": False,
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="StoredAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", accounts.models.thing.KeyField(max_length=64, unique=True)),
                ("fingerprint", accounts.models.thing.KeyField(max_length=64)),
                ("lease", accounts.models.thing.KeyField(max_length=32)),
                ("began_at", models.DateTimeField(db_index=True)),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("body", models.TextField(blank=True)),
                ("headers", models.JSONField(default=dict)),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AlterModelOptions(
            name="accesstoken",
            options={
                "default_permissions": (),
                "permissions": [
                    ("add_accesstoken", "ADD token"),
                    ("set_accesstoken", "SET token"),
                    ("dis_accesstoken", "DIS token"),
                    ("enb_accesstoken", "ENB token"),
                    ("del_accesstoken", "DEL token"),
                ],
            },
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="addresses",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="cities",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="hint",
            field=models.CharField(blank=True, editable=False, max_length=4),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="proved_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="user",
            name="language",
            field=models.CharField(blank=True, max_length=8),
        ),
        migrations.AddField(
            model_name="user",
            name="time_zone",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name="accesstoken",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="accesstoken",
            index=models.Index(
                models.F("user"), models.OrderBy(models.F("id"), descending=True), name="accesstoken_user"
            ),
        ),
        migrations.AddField(
            model_name="accesskey",
            name="shop",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.organization",
            ),
        ),
        migrations.AddField(
            model_name="accesskey",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="accesskey",
            index=models.Index(
                models.F("user"), models.OrderBy(models.F("id"), descending=True), name="accesskey_user"
            ),
        ),
        migrations.AddConstraint(
            model_name="accesskey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deleted_at__isnull", False), ("state", config.kernel.states.State["DELETED"])),
                    models.Q(
                        ("deleted_at__isnull", True),
                        ("disabled_at__isnull", False),
                        ("state", config.kernel.states.State["DISABLED"]),
                    ),
                    models.Q(
                        ("deleted_at__isnull", True),
                        ("disabled_at__isnull", True),
                        ("offline", True),
                        ("state", config.kernel.states.State["OFFLINE"]),
                    ),
                    models.Q(
                        ("deleted_at__isnull", True),
                        ("disabled_at__isnull", True),
                        ("offline", False),
                        ("state", config.kernel.states.State["ENABLED"]),
                    ),
                    _connector="OR",
                ),
                name="accesskey_state_tells_facts",
            ),
        ),
        migrations.AddConstraint(
            model_name="accesskey",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("disabled_at__isnull", False), ("disabled_side__in", ["owner", "admin"])),
                        models.Q(
                            ("disabled_at__isnull", True),
                            ("disabled_by", ""),
                            ("disabled_side", ""),
                            ("expires_at__isnull", True),
                            ("reason", ""),
                        ),
                        _connector="OR",
                    ),
                    models.Q(("deleted_at__isnull", False), ("deleted_by", ""), _connector="OR"),
                ),
                name="accesskey_facts_agree",
            ),
        ),
    ]
