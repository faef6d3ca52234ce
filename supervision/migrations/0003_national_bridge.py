"""The bridge to the national case system: mappings, daily files, what was typed, comparisons, differences."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
CREATE TRIGGER nationalmapping_append_only BEFORE UPDATE OR DELETE ON supervision_nationalmapping
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalmapping_no_truncate BEFORE TRUNCATE ON supervision_nationalmapping
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalfile_append_only BEFORE UPDATE OR DELETE ON supervision_nationalfile
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalfile_no_truncate BEFORE TRUNCATE ON supervision_nationalfile
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalrow_append_only BEFORE UPDATE OR DELETE ON supervision_nationalrow
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalrow_no_truncate BEFORE TRUNCATE ON supervision_nationalrow
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalcomparison_append_only BEFORE UPDATE OR DELETE ON supervision_nationalcomparison
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalcomparison_no_truncate BEFORE TRUNCATE ON supervision_nationalcomparison
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationaldifference_append_only BEFORE UPDATE OR DELETE ON supervision_nationaldifference
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationaldifference_no_truncate BEFORE TRUNCATE ON supervision_nationaldifference
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalexplanation_append_only BEFORE UPDATE OR DELETE ON supervision_nationalexplanation
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER nationalexplanation_no_truncate BEFORE TRUNCATE ON supervision_nationalexplanation
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER nationalmapping_no_truncate ON supervision_nationalmapping;
DROP TRIGGER nationalmapping_append_only ON supervision_nationalmapping;
DROP TRIGGER nationalfile_no_truncate ON supervision_nationalfile;
DROP TRIGGER nationalfile_append_only ON supervision_nationalfile;
DROP TRIGGER nationalrow_no_truncate ON supervision_nationalrow;
DROP TRIGGER nationalrow_append_only ON supervision_nationalrow;
DROP TRIGGER nationalcomparison_no_truncate ON supervision_nationalcomparison;
DROP TRIGGER nationalcomparison_append_only ON supervision_nationalcomparison;
DROP TRIGGER nationaldifference_no_truncate ON supervision_nationaldifference;
DROP TRIGGER nationaldifference_append_only ON supervision_nationaldifference;
DROP TRIGGER nationalexplanation_no_truncate ON supervision_nationalexplanation;
DROP TRIGGER nationalexplanation_append_only ON supervision_nationalexplanation;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
        ('cases', '0007_performance_without_amount'),
        ('supervision', '0002_stage_ratings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='NationalComparison',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='业务日')),
                ('run_at', models.DateTimeField(verbose_name='核对时间')),
                ('ours_count', models.PositiveIntegerField(default=0, verbose_name='本系统件数')),
                ('theirs_count', models.PositiveIntegerField(default=0, verbose_name='全国系统件数')),
                ('only_here_count', models.PositiveIntegerField(default=0, verbose_name='仅本系统有')),
                ('only_there_count', models.PositiveIntegerField(default=0, verbose_name='仅全国系统有')),
                ('different_count', models.PositiveIntegerField(default=0, verbose_name='内容不同')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.court', verbose_name='法院')),
                ('run_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='核对人')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NationalDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('NO_FILE', '当日文件缺失'), ('ONLY_HERE', '仅本系统有'), ('ONLY_THERE', '仅全国系统有'), ('DIFFERENT', '内容不同')], max_length=10, verbose_name='类别')),
                ('number', models.CharField(blank=True, max_length=60, verbose_name='案号')),
                ('field', models.CharField(blank=True, max_length=16, verbose_name='字段')),
                ('ours', models.TextField(blank=True, verbose_name='本系统')),
                ('theirs', models.TextField(blank=True, verbose_name='全国系统')),
                ('key', models.CharField(db_index=True, max_length=64)),
                ('since_at', models.DateTimeField(verbose_name='起于')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('comparison', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='differences', to='supervision.nationalcomparison')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NationalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(choices=[('FILING', '立案信息'), ('PARTIES', '当事人'), ('PROGRESS', '承办和状态'), ('MEASURES', '查控措施'), ('MONEY', '案款'), ('CLOSING', '结案')], max_length=8, verbose_name='字段组')),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('changed_at', models.DateTimeField(verbose_name='内容变动时间')),
                ('event_seq', models.BigIntegerField()),
                ('ticked_digest', models.CharField(blank=True, max_length=64)),
                ('ticked_at', models.DateTimeField(blank=True, null=True, verbose_name='录入时间')),
                ('state', models.CharField(choices=[('CHANGED', '录入后有变动'), ('TO_TYPE', '未录入'), ('TYPED', '已录入'), ('VOID', '无内容')], max_length=8, verbose_name='状态')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='national_entries', to='cases.case')),
                ('ticked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NationalExplanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(db_index=True, max_length=64)),
                ('reason', models.CharField(max_length=300, verbose_name='原因')),
                ('explained_at', models.DateTimeField(verbose_name='说明时间')),
                ('difference', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='explanations', to='supervision.nationaldifference')),
                ('explained_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NationalFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='业务日')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('name', models.CharField(max_length=200, verbose_name='文件名')),
                ('sha256', models.CharField(max_length=64, verbose_name='文件摘要')),
                ('row_count', models.PositiveIntegerField(verbose_name='行数')),
                ('skipped_count', models.PositiveIntegerField(default=0, verbose_name='未收的行数')),
                ('imported_at', models.DateTimeField(verbose_name='导入时间')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.court', verbose_name='法院')),
                ('imported_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='导入人')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='nationalcomparison',
            name='file',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='comparisons', to='supervision.nationalfile'),
        ),
        migrations.CreateModel(
            name='NationalMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='名称')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('columns', models.JSONField(default=dict, verbose_name='列')),
                ('words', models.JSONField(default=dict, verbose_name='用词')),
                ('header_row', models.PositiveSmallIntegerField(default=1, verbose_name='表头在第几行')),
                ('encoding', models.CharField(choices=[('DETECTED', '自动识别'), ('UTF_8', 'UTF-8'), ('GB18030', 'GB18030')], default='DETECTED', max_length=8, verbose_name='文字编码')),
                ('date_order', models.CharField(choices=[('YMD', '年月日'), ('DMY', '日月年'), ('MDY', '月日年')], default='YMD', max_length=3, verbose_name='日期写法')),
                ('covers_from', models.DateField(blank=True, null=True, verbose_name='文件收录自此日起立案的案件')),
                ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.court', verbose_name='法院')),
                ('saved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='保存人')),
            ],
            options={
                'permissions': [('view_national', '查看全国系统核对'), ('keep_national', '导入全国系统文件，登记录入，说明差异')],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='nationalfile',
            name='mapping',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='supervision.nationalmapping', verbose_name='列对应'),
        ),
        migrations.CreateModel(
            name='NationalRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField(verbose_name='行')),
                ('number', models.CharField(max_length=60, verbose_name='案号')),
                ('values', models.JSONField(default=dict, verbose_name='内容')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='supervision.nationalfile')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='nationaldifference',
            index=models.Index(fields=['comparison', 'kind', 'number'], name='difference_list'),
        ),
        migrations.AddConstraint(
            model_name='nationaldifference',
            constraint=models.UniqueConstraint(fields=('comparison', 'key'), name='a_difference_once_a_night'),
        ),
        migrations.AddIndex(
            model_name='nationalentry',
            index=models.Index(condition=models.Q(('state', 'TYPED'), _negated=True), fields=['state', '-changed_at'], name='entry_waits'),
        ),
        migrations.AddConstraint(
            model_name='nationalentry',
            constraint=models.UniqueConstraint(fields=('case', 'group'), name='one_entry_per_group'),
        ),
        migrations.AddConstraint(
            model_name='nationalentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ticked_at__isnull', True), ('ticked_by__isnull', True), ('ticked_digest', '')), models.Q(('ticked_at__isnull', False), ('ticked_by__isnull', False)), _connector='OR'), name='entry_ticked_by_someone'),
        ),
        migrations.AddConstraint(
            model_name='nationalexplanation',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='explanation_gives_a_reason'),
        ),
        migrations.AddIndex(
            model_name='nationalcomparison',
            index=models.Index(fields=['court', '-id'], name='comparison_of_court'),
        ),
        migrations.AddConstraint(
            model_name='nationalmapping',
            constraint=models.UniqueConstraint(fields=('court', 'name', 'version'), name='one_mapping_per_version'),
        ),
        migrations.AddConstraint(
            model_name='nationalmapping',
            constraint=models.CheckConstraint(condition=models.Q(('header_row__gt', 0), ('version__gt', 0)), name='mapping_counts_from_one'),
        ),
        migrations.AddConstraint(
            model_name='nationalfile',
            constraint=models.UniqueConstraint(fields=('court', 'day', 'version'), name='one_national_file_per_version'),
        ),
        migrations.AddConstraint(
            model_name='nationalfile',
            constraint=models.UniqueConstraint(fields=('court', 'day', 'sha256', 'mapping'), name='national_file_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='nationalrow',
            constraint=models.UniqueConstraint(fields=('file', 'number'), name='one_national_row_per_number'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
