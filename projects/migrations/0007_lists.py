"""What the list of projects is narrowed by, parts of names among it."""

from django.db import migrations, models

from accounts.models import parts
from accounts.models.indexes import AddIndexInUse

CLOSED = models.Q(("disabled_at__isnull", False))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0014_lists"),
        ("projects", "0006_ends_and_expiry"),
    ]

    operations = [
        AddIndexInUse(
            model_name="project",
            index=models.Index(models.F("disabled_side"), models.F("id").desc(), name="project_side", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="project",
            index=models.Index(models.F("disabled_by"), models.F("id").desc(), name="project_closer", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="project",
            index=models.Index(fields=["created_at", "id"], name="project_created"),
        ),
        parts.index_names("projects_project"),
    ]
