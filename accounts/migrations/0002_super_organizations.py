"""The reserved rows on which the platform stands: super zone, its corp and its shop (domain.md §1)."""

from django.db import migrations
from django.utils import timezone

SUPER = "XdUaXduA"


def make(registry, schema_editor):
    Organization = registry.get_model("accounts", "Organization")
    parent, now = None, timezone.now()
    for kind in ("zone", "corp", "shop"):
        parent = Organization.objects.create(
            kind=kind, key=SUPER, name="Polis", parent=parent, created_at=now, updated_at=now
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
