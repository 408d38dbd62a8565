"""What god has set otherwise than the policy rows say."""

from django.db import migrations, models

import accounts.models.policies
import accounts.models.thing


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_browsers"),
    ]

    operations = [
        migrations.CreateModel(
            name="PolicyBook",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "edition",
                    accounts.models.thing.KeyField(default=accounts.models.policies.new_edition, max_length=32),
                ),
                ("overrides", models.JSONField(default=dict)),
            ],
            options={
                "default_permissions": (),
            },
        ),
    ]
