"""Credentials by their end, for who is told of it beforehand."""

from django.db import migrations, models

from accounts.models.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0008_notices_and_requests"),
    ]

    operations = [
        AddIndexInUse(
            model_name="accesskey",
            index=models.Index(
                condition=models.Q(("ends_at__isnull", False)), fields=["ends_at"], name="accesskey_ends"
            ),
        ),
        AddIndexInUse(
            model_name="accesstoken",
            index=models.Index(
                condition=models.Q(("ends_at__isnull", False)), fields=["ends_at"], name="accesstoken_ends"
            ),
        ),
    ]
