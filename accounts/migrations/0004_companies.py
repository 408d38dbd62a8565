"""Companies as CloudRoom knows them: CompID, secret, switch, limit, grace."""

import secrets

from django.db import migrations, models

import accounts.models.thing


def number(registry, schema_editor):
    """Companies that are there get a CompID each: the platform's own is 1."""
    companies = registry.get_model("accounts", "Organization").objects.filter(kind="corp", comp_id=None)
    taken = {1}
    for company in companies.order_by("pk").iterator():
        comp_id = 1 if company.key == "XdUaXduA" else None
        while comp_id is None or (comp_id in taken and comp_id != 1):
            comp_id = 100_000 + secrets.randbelow(900_000 if len(taken) < 500_000 else 9_000_000)
        taken.add(comp_id)
        company.comp_id = comp_id
        company.save(update_fields=["comp_id"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_credentials_and_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="comp_id",
            field=models.PositiveIntegerField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="grace_seconds",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="organization",
            name="has_api",
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="project_limit",
            field=models.PositiveIntegerField(default=10),
        ),
        migrations.AddField(
            model_name="organization",
            name="secret_hash",
            field=accounts.models.thing.KeyField(blank=True, editable=False, max_length=64),
        ),
        migrations.RunPython(number, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="organization",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("comp_id__isnull", False), ("kind", "corp")),
                    models.Q(models.Q(("kind", "corp"), _negated=True), ("comp_id__isnull", True)),
                    _connector="OR",
                ),
                name="organization_comp_id",
            ),
        ),
    ]
