"""Invitations into companies; a company may wait for somebody who got a role."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.thing
import config.kernel.ids


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_credential_ends"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="kept_for",
            field=accounts.models.thing.KeyField(blank=True, editable=False, max_length=8),
        ),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kept_for", ""), _negated=True), fields=("kept_for",), name="organization_kept_for"
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "key",
                    accounts.models.thing.KeyField(
                        default=config.kernel.ids.new_key, editable=False, max_length=8, unique=True
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ("invited", accounts.models.thing.KeyField(editable=False, max_length=254)),
                ("is_admin", models.BooleanField(default=False, editable=False)),
                (
                    "company",
                    models.ForeignKey(
                        db_index=False,
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="invitations",
                        to="accounts.organization",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"default_permissions": ()},
        ),
        migrations.AddIndex(
            model_name="invitation",
            index=models.Index(
                models.F("invited"), models.OrderBy(models.F("id"), descending=True), name="invitation_invited"
            ),
        ),
        migrations.AddConstraint(
            model_name="invitation",
            constraint=models.UniqueConstraint(fields=("company", "invited"), name="invitation_one_a_mail"),
        ),
    ]
