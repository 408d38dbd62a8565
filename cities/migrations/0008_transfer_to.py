"""Offers are listed for whom they are made to."""

from django.db import migrations, models

from accounts.models.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("cities", "0007_transfer"),
    ]

    operations = [
        AddIndexInUse(
            model_name="transfer",
            index=models.Index(fields=["addressee", "offered_at", "id"], name="transfer_to"),
        ),
    ]
