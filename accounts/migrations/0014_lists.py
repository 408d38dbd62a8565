"""What the lists of administrators are narrowed by; and what a part of a name is found by."""

from django.db import migrations, models

from accounts.models import parts
from accounts.models.indexes import AddIndexInUse

CLOSED = models.Q(("disabled_at__isnull", False))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("accounts", "0013_figures_and_operations"),
    ]

    operations = [
        parts.make_function(),
        AddIndexInUse(
            model_name="user",
            index=models.Index(models.F("state"), models.F("id").desc(), name="user_state"),
        ),
        AddIndexInUse(
            model_name="user",
            index=models.Index(models.F("disabled_side"), models.F("id").desc(), name="user_side", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="user",
            index=models.Index(models.F("disabled_by"), models.F("id").desc(), name="user_closer", condition=CLOSED),
        ),
        AddIndexInUse(
            model_name="user",
            index=models.Index(fields=["created_at", "id"], name="user_created"),
        ),
        AddIndexInUse(
            model_name="organization",
            index=models.Index(models.F("state"), models.F("id").desc(), name="organization_state"),
        ),
        AddIndexInUse(
            model_name="organization",
            index=models.Index(
                models.F("disabled_side"), models.F("id").desc(), name="organization_side", condition=CLOSED
            ),
        ),
        AddIndexInUse(
            model_name="organization",
            index=models.Index(
                models.F("disabled_by"), models.F("id").desc(), name="organization_closer", condition=CLOSED
            ),
        ),
        AddIndexInUse(
            model_name="organization",
            index=models.Index(fields=["created_at", "id"], name="organization_created"),
        ),
        AddIndexInUse(
            model_name="accesstoken",
            index=models.Index(
                models.F("id").desc(), name="accesstoken_made", condition=models.Q(("login__isnull", True))
            ),
        ),
        AddIndexInUse(
            model_name="auditevent",
            index=models.Index(fields=["at", "id"], name="audit_at"),
        ),
        AddIndexInUse(
            model_name="auditevent",
            index=models.Index(models.F("id").desc(), name="audit_refused", condition=models.Q(("outcome", "refused"))),
        ),
    ]
