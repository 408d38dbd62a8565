"""The reserved city of the console: the audience of every credential unless its maker asks for another."""

from django.db import migrations
from django.utils import timezone


def make(registry, schema_editor):
    now = timezone.now()
    City = registry.get_model("cities", "City")
    City.objects.create(key="ConsoleX", name="ConsoleX", name_key="consolex", created_at=now, updated_at=now)


class Migration(migrations.Migration):
    dependencies = [("cities", "0001_initial")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
