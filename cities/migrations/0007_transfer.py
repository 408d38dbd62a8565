"""A city that is offered to somebody; what was moved into a city and out of it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import accounts.models.thing


class Migration(migrations.Migration):
    dependencies = [
        ("cities", "0006_grant_ends"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("city", accounts.models.thing.KeyField(editable=False, max_length=8)),
                ("event", models.BigIntegerField(editable=False)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        models.F("city"), models.OrderBy(models.F("event"), descending=True), name="passage_of_a_city"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("addressee", accounts.models.thing.KeyField(editable=False, max_length=8)),
                ("offered_at", models.DateTimeField(editable=False)),
                ("ends_at", models.DateTimeField(editable=False)),
                (
                    "city",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="transfer",
                        to="cities.city",
                    ),
                ),
                (
                    "offered_by",
                    models.ForeignKey(
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
    ]
