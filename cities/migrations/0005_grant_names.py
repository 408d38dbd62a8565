import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("cities", "0004_city_updated"),
    ]

    operations = [
        migrations.AlterField(
            model_name="citygrant",
            name="permission",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="%(class)ss",
                to="auth.permission",
            ),
        ),
    ]
