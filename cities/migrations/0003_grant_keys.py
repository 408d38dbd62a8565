import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import accounts.models.thing
import config.kernel.ids


def name_grants(registry, schema_editor):
    """Grants that are there get a public id each."""
    grants = registry.get_model("cities", "CityGrant").objects.filter(key=None).only("pk")
    while batch := list(grants[:2000]):
        for grant in batch:
            grant.key = config.kernel.ids.new_key()
        registry.get_model("cities", "CityGrant").objects.bulk_update(batch, ["key"])


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cities", "0002_console_city"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="citygrant",
            name="created_at",
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False),
        ),
        migrations.AddField(
            model_name="citygrant",
            name="invited",
            field=accounts.models.thing.KeyField(blank=True, max_length=254),
        ),
        migrations.AddField(
            model_name="citygrant",
            name="key",
            field=accounts.models.thing.KeyField(editable=False, max_length=8, null=True),
        ),
        migrations.RunPython(name_grants, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="citygrant",
            name="key",
            field=accounts.models.thing.KeyField(
                default=config.kernel.ids.new_key, editable=False, max_length=8, unique=True
            ),
        ),
        migrations.AddField(
            model_name="citygrant",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False),
        ),
        migrations.AlterField(
            model_name="citygrant",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="citygrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("user__isnull", True)),
                fields=("invited", "content_object"),
                name="citygrant_one_an_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="citygrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("invited", ""), ("user__isnull", False)),
                    models.Q(("user__isnull", True), models.Q(("invited", ""), _negated=True)),
                    _connector="OR",
                ),
                name="citygrant_is_somebodys",
            ),
        ),
    ]
