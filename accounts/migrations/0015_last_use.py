"""When tokens and access keys were last used, and from where: columns that are empty, so no row is written."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_lists"),
    ]

    operations = [
        migrations.AddField(
            model_name="accesskey",
            name="last_used_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="accesskey",
            name="last_used_ip",
            field=models.GenericIPAddressField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="last_used_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name="accesstoken",
            name="last_used_ip",
            field=models.GenericIPAddressField(editable=False, null=True),
        ),
    ]
