"""By when they end: shares and secrets of which somebody is told."""

import datetime as dt

from django.conf import settings
from django.db import migrations, models

from accounts.models.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("projects", "0005_live_secrets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexInUse(
            model_name="projectgrant",
            index=models.Index(
                condition=models.Q(("ends_at__lt", dt.datetime(9999, 12, 31, 0, 0, tzinfo=dt.UTC))),
                fields=["ends_at"],
                name="projectgrant_ends",
            ),
        ),
        AddIndexInUse(
            model_name="projectsecret",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True), ("expires_at__isnull", False)),
                fields=["expires_at"],
                name="projectsecret_expiry",
            ),
        ),
    ]
