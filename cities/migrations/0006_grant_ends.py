"""By when they end: shares and secrets of which somebody is told."""

import datetime as dt

from django.conf import settings
from django.db import migrations, models

from accounts.models.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cities", "0005_grant_names"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexInUse(
            model_name="citygrant",
            index=models.Index(
                condition=models.Q(("ends_at__lt", dt.datetime(9999, 12, 31, 0, 0, tzinfo=dt.UTC))),
                fields=["ends_at"],
                name="citygrant_ends",
            ),
        ),
    ]
