
import accounts.models.thing
import config.kernel.ids
import config.kernel.states
import datetime
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0004_companies'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('cities', '0005_grant_names'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Project',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('offline', models.BooleanField(default=False, editable=False)),
                ('disabled_at', models.DateTimeField(editable=False, null=True)),
                ('disabled_by', models.CharField(blank=True, editable=False, max_length=64)),
                ('disabled_side', models.CharField(blank=True, editable=False, max_length=5)),
                ('reason', models.CharField(blank=True, editable=False, max_length=64)),
                ('expires_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_at', models.DateTimeField(editable=False, null=True)),
                ('deleted_by', models.CharField(blank=True, editable=False, max_length=64)),
                ('state', models.PositiveSmallIntegerField(choices=[(0, 'ENABLED'), (1, 'DISABLED'), (3, 'OFFLINE'), (5, 'DELETED')], default=config.kernel.states.State['ENABLED'], editable=False)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('updated_at', models.DateTimeField(editable=False)),
                ('key', accounts.models.thing.KeyField(default=config.kernel.ids.new_app_id, editable=False, max_length=10, unique=True)),
                ('name', models.CharField(max_length=30)),
                ('name_key', accounts.models.thing.KeyField(editable=False, max_length=64)),
                ('auth_type', models.PositiveSmallIntegerField(choices=[(0, 'Secret'), (1, 'Token')], default=0)),
                ('is_default', models.BooleanField(default=False, editable=False)),
                ('city', models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='projects', to='cities.city')),
                ('company', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='projects', to='accounts.organization')),
                ('creator', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('updater', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('add_project', 'ADD project'), ('set_project', 'SET project'), ('off_project', 'OFF project'), ('pub_project', 'PUB project'), ('dis_project', 'DIS project'), ('enb_project', 'ENB project'), ('dol_project', 'DOL project'), ('rcc_project', 'RCC project'), ('del_project', 'DEL project'), ('get_project', 'GET project'), ('git_project', 'GIT project'), ('qry_project', 'QRY project'), ('qri_project', 'QRI project'), ('view_project', 'view project'), ('operate_project', 'operate project'), ('own_project', 'own project'), ('browse_project', 'browse project')],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProjectGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', accounts.models.thing.KeyField(default=config.kernel.ids.new_key, editable=False, max_length=8, unique=True)),
                ('version', models.PositiveIntegerField(default=1, editable=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('invited', accounts.models.thing.KeyField(blank=True, max_length=254)),
                ('ends_at', models.DateTimeField(default=datetime.datetime(9999, 12, 31, 0, 0, tzinfo=datetime.timezone.utc))),
                ('live', models.BooleanField(default=True)),
                ('content_object', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='projects.project')),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('permission', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='auth.permission')),
                ('user', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ProjectSecret',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(editable=False)),
                ('sealed', models.CharField(blank=True, editable=False, max_length=512)),
                ('hint', models.CharField(blank=True, editable=False, max_length=4)),
                ('created_at', models.DateTimeField(editable=False)),
                ('expires_at', models.DateTimeField(editable=False, null=True)),
                ('ends_at', models.DateTimeField(editable=False, null=True)),
                ('ended_at', models.DateTimeField(editable=False, null=True)),
                ('last_used_at', models.DateTimeField(editable=False, null=True)),
                ('last_used_ip', models.GenericIPAddressField(editable=False, null=True)),
                ('holder', models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='secrets', to='projects.project')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(models.F('company'), models.OrderBy(models.F('id'), descending=True), name='project_company'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(models.F('city'), models.OrderBy(models.F('id'), descending=True), condition=models.Q(('city__isnull', False)), name='project_city'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(models.F('state'), models.OrderBy(models.F('id'), descending=True), name='project_state'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(condition=models.Q(('expires_at__isnull', False)), fields=['expires_at'], name='project_expiry'),
        ),
        migrations.AddIndex(
            model_name='project',
            index=models.Index(condition=models.Q(('state', config.kernel.states.State['DELETED'])), fields=['deleted_at'], name='project_bin'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deleted_at__isnull', False), ('state', config.kernel.states.State['DELETED'])), models.Q(('deleted_at__isnull', True), ('disabled_at__isnull', False), ('state', config.kernel.states.State['DISABLED'])), models.Q(('deleted_at__isnull', True), ('disabled_at__isnull', True), ('offline', True), ('state', config.kernel.states.State['OFFLINE'])), models.Q(('deleted_at__isnull', True), ('disabled_at__isnull', True), ('offline', False), ('state', config.kernel.states.State['ENABLED'])), _connector='OR'), name='project_state_tells_facts'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('disabled_at__isnull', False), ('disabled_side__in', ['owner', 'admin'])), models.Q(('disabled_at__isnull', True), ('disabled_by', ''), ('disabled_side', ''), ('expires_at__isnull', True), ('reason', '')), _connector='OR'), models.Q(('deleted_at__isnull', False), ('deleted_by', ''), _connector='OR')), name='project_facts_agree'),
        ),
        migrations.AddConstraint(
            model_name='project',
            constraint=models.UniqueConstraint(condition=models.Q(('is_default', True)), fields=('company',), name='project_one_default'),
        ),
        migrations.AddIndex(
            model_name='projectgrant',
            index=models.Index(models.F('user'), models.OrderBy(models.F('content_object'), descending=True), condition=models.Q(('live', True)), include=('permission', 'ends_at'), name='projectgrant_live'),
        ),
        migrations.AddIndex(
            model_name='projectgrant',
            index=models.Index(condition=models.Q(('live', False)), fields=['user'], name='projectgrant_binned'),
        ),
        migrations.AddConstraint(
            model_name='projectgrant',
            constraint=models.UniqueConstraint(fields=('content_object', 'user'), name='projectgrant_one_a_person'),
        ),
        migrations.AddConstraint(
            model_name='projectgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', True)), fields=('invited', 'content_object'), name='projectgrant_one_an_address'),
        ),
        migrations.AddConstraint(
            model_name='projectgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('invited', ''), ('user__isnull', False)), models.Q(('user__isnull', True), models.Q(('invited', ''), _negated=True)), _connector='OR'), name='projectgrant_is_somebodys'),
        ),
        migrations.AddConstraint(
            model_name='projectsecret',
            constraint=models.UniqueConstraint(fields=('holder', 'number'), name='projectsecret_number'),
        ),
        migrations.AddConstraint(
            model_name='projectsecret',
            constraint=models.CheckConstraint(condition=models.Q(('ended_at__isnull', True), ('sealed', ''), _connector='OR'), name='projectsecret_ended_keeps_no_value'),
        ),
    ]
