"""Events are found by the request, and by the batch, that they came of."""

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
            index=models.Index(
                condition=models.Q(("request_id", ""), _negated=True), fields=["request_id"], name="audit_request"
            ),
        ),
        AddIndexInUse(
            model_name="auditevent",
            index=models.Index(condition=models.Q(("batch", ""), _negated=True), fields=["batch"], name="audit_batch"),
        ),
    ]
