"""Companies that were there before projects get their default project, as every new one does."""

from django.db import migrations
from django.utils import timezone

from config.kernel import ids, vault

NAME = "默认项目"
_LENGTH = 32


def make(registry, schema_editor):
    import secrets

    Project = registry.get_model("projects", "Project")
    ProjectSecret = registry.get_model("projects", "ProjectSecret")
    companies = registry.get_model("accounts", "Organization").objects.filter(kind="corp", projects=None)
    for company in companies.order_by("pk"):
        now = timezone.now()
        project = Project.objects.create(
            company=company, name=NAME, name_key=NAME, is_default=True, created_at=now, updated_at=now
        )
        value = "".join(secrets.choice(ids.LOWER) for _ in range(_LENGTH))
        sealed = vault.protect(value, f"projectsecret:{project.pk}:1")
        ProjectSecret.objects.create(holder=project, number=1, sealed=sealed, hint=value[:4], created_at=now)


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial"), ("accounts", "0004_companies")]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
