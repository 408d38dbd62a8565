"""People are listed by their role."""

from django.db import migrations, models

from accounts.models.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0010_invitations"),
    ]

    operations = [
        AddIndexInUse(
            model_name="user",
            index=models.Index(models.F("role"), models.OrderBy(models.F("id"), descending=True), name="user_role"),
        ),
    ]
