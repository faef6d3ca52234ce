"""Who keeps a control after closing, and the queries after 终本 (append-only)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


APPEND_ONLY = """
CREATE TRIGGER requery_append_only BEFORE UPDATE OR DELETE ON cases_requery
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER requery_no_truncate BEFORE TRUNCATE ON cases_requery
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER requery_no_truncate ON cases_requery;
DROP TRIGGER requery_append_only ON cases_requery;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0013_agents_performance_changes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='deadline',
            name='named',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='指定的续行责任人'),
        ),
        migrations.CreateModel(
            name='Requery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_on', models.DateField(verbose_name='查询日')),
                ('result', models.CharField(choices=[('NOT_FOUND', '未发现可供执行的财产'), ('FOUND', '发现可供执行的财产')], max_length=10, verbose_name='查询结果')),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='结果说明')),
                ('told', models.CharField(max_length=200, verbose_name='告知申请执行人的方式和时间')),
                ('at', models.DateTimeField(verbose_name='登记时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requeries', to='cases.case')),
            ],
            options={
                'permissions': [('record_requeries', '登记终本后查询')],
                'indexes': [models.Index(fields=['case', '-made_on'], name='requery_of_case')],
                'constraints': [models.CheckConstraint(condition=models.Q(('told', ''), _negated=True), name='requery_tells_the_applicant'), models.CheckConstraint(condition=models.Q(models.Q(('result', 'FOUND'), _negated=True), models.Q(('text', ''), _negated=True), _connector='OR'), name='requery_says_what_it_found')],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, UNDO),
    ]
