"""What the list of cities is narrowed by, parts of names among it."""

from django.db import migrations, models

from accounts.models import parts
from accounts.models.indexes import AddIndexInUse

CLOSED = models.Q(("disabled_at__isnull", False))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0014_lists"),
        ("cities", "0008_transfer_to"),
    ]

    operations = [
        AddIndexInUse(
            model_name="city",
            index=models.Index(models.F("disabled_side"), models.F("id").desc(), name="city_side", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="city",
            index=models.Index(models.F("disabled_by"), models.F("id").desc(), name="city_closer", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="city",
            index=models.Index(fields=["created_at", "id"], name="city_created"),
        ),
        parts.index_names("cities_city"),
    ]
