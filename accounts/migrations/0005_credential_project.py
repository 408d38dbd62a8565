"""A credential may be bound to one project."""

from django.db import migrations

import accounts.models.thing


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_companies"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesskey",
            name="project",
            field=accounts.models.thing.KeyField(blank=True, editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="project",
            field=accounts.models.thing.KeyField(blank=True, editable=False, max_length=10),
        ),
    ]
