"""Courts, windows, teams, people, days, the event record and jobs."""

import bureau.models
import django.contrib.auth.validators
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Chain',
            fields=[
                ('name', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('seq', models.BigIntegerField()),
                ('hash', models.BinaryField(max_length=32)),
                ('touched_at', models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name='Court',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True, verbose_name='法院代字')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('short_name', models.CharField(max_length=12, verbose_name='简称')),
                ('level', models.CharField(choices=[('INTERMEDIATE', '中级法院'), ('BASIC', '基层法院')], max_length=16, verbose_name='层级')),
                ('number_mode', models.CharField(choices=[('ISSUED', '本系统编号'), ('ENTERED', '全国系统编号后录入')], default='ISSUED', max_length=8, verbose_name='编号方式')),
            ],
            options={
                'permissions': [('manage_courts', '设置编号方式')],
            },
        ),
        migrations.CreateModel(
            name='Holiday',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on', models.DateField(unique=True, verbose_name='日期')),
                ('kind', models.CharField(choices=[('PUBLIC', '法定节假日'), ('SWAP_REST', '调休休息日'), ('MAKE_UP_WORK', '调休上班日')], max_length=16, verbose_name='类别')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('source', models.CharField(max_length=100, verbose_name='依据')),
            ],
            options={
                'permissions': [('manage_calendar', '维护工作日历')],
            },
        ),
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=16, unique=True, verbose_name='团队代码')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('kind', models.CharField(choices=[('COMMAND', '执行指挥中心'), ('AFFAIRS', '事务团队'), ('FAST', '速执团队'), ('ORDINARY', '普执团队'), ('DISPOSAL', '财产处置团队'), ('FIELD', '现场查控团队'), ('FINANCE', '案款管理'), ('INSPECTION', '审判管理与督察'), ('LEADERSHIP', '院局领导'), ('SYSTEM', '系统管理')], max_length=16, verbose_name='类别')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='联系电话')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
            ],
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('name', models.CharField(max_length=100, verbose_name='姓名')),
                ('post', models.CharField(blank=True, max_length=40, verbose_name='职务')),
                ('is_demo', models.BooleanField(default=False, verbose_name='演示数据')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('court', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='bureau.court')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='bureau.team')),
            ],
            options={
                'permissions': [('unlock_user', '解除登录锁定')],
            },
            managers=[
                ('objects', bureau.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='种类')),
                ('arguments', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='参数')),
                ('state', models.CharField(choices=[('WAITING', '排队中'), ('RUNNING', '进行中'), ('DONE', '已完成'), ('FAILED', '失败')], default='WAITING', max_length=8, verbose_name='状态')),
                ('done_count', models.PositiveIntegerField(default=0, verbose_name='已处理')),
                ('total_count', models.PositiveIntegerField(default=0, verbose_name='总数')),
                ('result', models.JSONField(blank=True, encoder=django.core.serializers.json.DjangoJSONEncoder, null=True, verbose_name='结果')),
                ('error', models.TextField(blank=True, verbose_name='错误')),
                ('asked_at', models.DateTimeField(verbose_name='提交时间')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='开始时间')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Window',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, unique=True, verbose_name='窗口代码')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('court', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='windows', to='bureau.court')),
            ],
        ),
        migrations.AddField(
            model_name='user',
            name='window',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='staff', to='bureau.window'),
        ),
        migrations.CreateModel(
            name='Deputy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(choices=[('APPROVE_PAYOUT', '审批案款发放')], max_length=24, verbose_name='授权事项')),
                ('from_on', models.DateField(verbose_name='起始日')),
                ('until_on', models.DateField(verbose_name='截止日')),
                ('document', models.CharField(max_length=200, verbose_name='授权文件')),
                ('granted_at', models.DateTimeField(verbose_name='登记时间')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
                ('deputy', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputy_for', to=settings.AUTH_USER_MODEL, verbose_name='被授权人')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('principal', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deputies', to=settings.AUTH_USER_MODEL, verbose_name='授权人')),
            ],
            options={
                'permissions': [('manage_deputies', '登记授权代签')],
                'constraints': [models.CheckConstraint(condition=models.Q(('principal', models.F('deputy')), _negated=True), name='deputy_is_another_person'), models.CheckConstraint(condition=models.Q(('until_on__gte', models.F('from_on'))), name='deputy_period_runs_forward')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('chain', models.CharField(max_length=40, verbose_name='链')),
                ('seq', models.BigIntegerField(db_default=0, verbose_name='序号')),
                ('room', models.CharField(max_length=16, verbose_name='模块')),
                ('verb', models.CharField(max_length=40, verbose_name='行为')),
                ('subject', models.CharField(max_length=60, verbose_name='对象')),
                ('case_number', models.CharField(blank=True, max_length=60, verbose_name='案号')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('recorded_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='入库时间')),
                ('details', models.TextField(verbose_name='详情')),
                ('details_hash', models.BinaryField(db_default=b'', max_length=32)),
                ('previous', models.BinaryField(db_default=b'', max_length=32)),
                ('hash', models.BinaryField(db_default=b'', max_length=32)),
                ('actor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to=settings.AUTH_USER_MODEL, verbose_name='经办人')),
            ],
            options={
                'permissions': [('view_audit', '查看全部操作记录')],
                'indexes': [models.Index(fields=['at'], name='event_at')],
                'constraints': [models.UniqueConstraint(fields=('chain', 'seq'), name='event_seq_unique_in_chain')],
            },
        ),
    ]
