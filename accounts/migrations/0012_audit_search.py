"""Events are found by the request, and by the batch, that they came of; addresses, by who has signed in from them."""

from django.db import migrations, models

from accounts.models.indexes import AddIndexInUse


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0011_user_role"),
    ]

    operations = [
        AddIndexInUse(
            model_name="auditevent",
            index=models.Index(fields=["request_id"], name="audit_request"),
        ),
        AddIndexInUse(
            model_name="auditevent",
            index=models.Index(fields=["batch"], name="audit_batch"),
        ),
        AddIndexInUse(
            model_name="signin",
            index=models.Index(fields=["address", "last_at"], name="signin_address"),
        ),
    ]
