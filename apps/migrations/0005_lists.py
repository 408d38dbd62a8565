"""What the lists of gateways and apps are narrowed by, parts of names among it."""

from django.db import migrations, models

from accounts.models import parts
from accounts.models.indexes import AddIndexInUse

CLOSED = models.Q(("disabled_at__isnull", False))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0014_lists"),
        ("apps", "0004_ends_and_expiry"),
    ]

    operations = [
        AddIndexInUse(
            model_name="gateway",
            index=models.Index(models.F("disabled_side"), models.F("id").desc(), name="gateway_side", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="gateway",
            index=models.Index(models.F("disabled_by"), models.F("id").desc(), name="gateway_closer", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="gateway",
            index=models.Index(fields=["created_at", "id"], name="gateway_created"),
        ),
        AddIndexInUse(
            model_name="app",
            index=models.Index(models.F("disabled_side"), models.F("id").desc(), name="app_side", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="app",
            index=models.Index(models.F("disabled_by"), models.F("id").desc(), name="app_closer", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="app",
            index=models.Index(fields=["created_at", "id"], name="app_created"),
        ),
        parts.index_names("apps_gateway"),
        parts.index_names("apps_app"),
    ]
