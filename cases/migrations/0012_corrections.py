"""Corrections of parties, basis and claims: what was proposed never changes, an answer is given once."""

import bureau.crypto
import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


KEPT = """
CREATE FUNCTION cases_keep_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer text[] := ARRAY['state', 'answered_by_id', 'answered_at', 'answer_note'];
    alarm text[] := ARRAY['wrong_person_at', 'cleared_by_id', 'cleared_at', 'clear_note'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a correction is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF to_jsonb(NEW) - answer - alarm IS DISTINCT FROM to_jsonb(OLD) - answer - alarm THEN
        RAISE EXCEPTION 'what was proposed never changes' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'PROPOSED' AND to_jsonb(NEW) - alarm IS DISTINCT FROM to_jsonb(OLD) - alarm THEN
        RAISE EXCEPTION 'a correction is answered once' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.wrong_person_at IS NOT NULL AND NEW.wrong_person_at IS DISTINCT FROM OLD.wrong_person_at THEN
        RAISE EXCEPTION 'an alarm is not taken back' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.cleared_at IS NOT NULL AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        RAISE EXCEPTION 'an alarm is cleared once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER correction_kept BEFORE UPDATE OR DELETE ON cases_correction
    FOR EACH ROW EXECUTE FUNCTION cases_keep_correction();
CREATE TRIGGER correction_no_truncate BEFORE TRUNCATE ON cases_correction
    FOR EACH STATEMENT EXECUTE FUNCTION cases_keep_correction();
"""
UNDO = """
DROP TRIGGER correction_no_truncate ON cases_correction;
DROP TRIGGER correction_kept ON cases_correction;
DROP FUNCTION cases_keep_correction();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0003_court_permission'),
        ('cases', '0011_evidence'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(choices=[('PARTY', '当事人'), ('BASIS', '执行依据'), ('CLAIM', '执行请求')], max_length=5, verbose_name='更正对象')),
                ('fields', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), size=None, verbose_name='更正项目')),
                ('changes', bureau.crypto.EncryptedField(verbose_name='原内容和更正后内容')),
                ('is_other_person', models.BooleanField(default=False, verbose_name='涉及另一人')),
                ('reason', models.CharField(choices=[('TYPING', '立案录入错误'), ('APPLICANT', '申请人提供的信息有误'), ('RENAMED', '姓名、名称、证件或住址变更'), ('RULING', '执行依据经裁定补正'), ('MISTAKEN', '误列他人（同名、证件号码不符）'), ('OTHER', '其他')], max_length=10, verbose_name='更正事由')),
                ('reason_text', models.CharField(blank=True, max_length=300, verbose_name='事由说明')),
                ('document', models.CharField(max_length=200, verbose_name='依据的材料或文书')),
                ('state', models.CharField(choices=[('PROPOSED', '待确认'), ('CONFIRMED', '已更正'), ('REFUSED', '未予确认'), ('WITHDRAWN', '已撤回')], default='PROPOSED', max_length=10, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提出时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='确认时间')),
                ('answer_note', models.CharField(blank=True, max_length=300, verbose_name='答复意见')),
                ('wrong_person_at', models.DateTimeField(blank=True, null=True, verbose_name='发现错误控制他人财产')),
                ('cleared_at', models.DateTimeField(blank=True, null=True, verbose_name='解除完毕')),
                ('clear_note', models.CharField(blank=True, max_length=300, verbose_name='解除情况')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='确认人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.case', verbose_name='案件')),
                ('claim', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.claim')),
                ('cleared_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='bureau.event', verbose_name='卷宗中的材料')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='cases.party')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='提出人')),
            ],
            options={
                'permissions': [('propose_correction', '提出更正'), ('confirm_correction', '确认更正')],
                'indexes': [models.Index(fields=['case', '-proposed_at'], name='correction_of_case'), models.Index(condition=models.Q(('state', 'PROPOSED')), fields=['proposed_at'], name='correction_waiting'), models.Index(condition=models.Q(('cleared_at__isnull', True), ('wrong_person_at__isnull', False)), fields=['wrong_person_at'], name='correction_wrong_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'PROPOSED')), fields=('case', 'target', 'party', 'claim'), name='one_open_correction_per_target', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', True), ('party__isnull', False), ('target', 'PARTY')), models.Q(('claim__isnull', False), ('party__isnull', True), ('target', 'CLAIM')), models.Q(('claim__isnull', True), ('party__isnull', True), ('target', 'BASIS')), _connector='OR'), name='correction_names_its_target'), models.CheckConstraint(condition=models.Q(('document', ''), _negated=True), name='correction_has_a_document'), models.CheckConstraint(condition=models.Q(models.Q(('reason', 'OTHER'), _negated=True), models.Q(('reason_text', ''), _negated=True), _connector='OR'), name='correction_says_why'), models.CheckConstraint(condition=models.Q(('fields', []), _negated=True), name='correction_changes_something'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('state', 'PROPOSED')), models.Q(models.Q(('state', 'PROPOSED'), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='correction_answered_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'CONFIRMED'), _negated=True), models.Q(('answered_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='correction_by_two_people'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'REFUSED'), _negated=True), models.Q(('answer_note', ''), _negated=True), _connector='OR'), name='correction_refused_with_reason'), models.CheckConstraint(condition=models.Q(('wrong_person_at__isnull', True), models.Q(('is_other_person', True), ('state', 'CONFIRMED')), _connector='OR'), name='correction_alarm_after_confirmation'), models.CheckConstraint(condition=models.Q(models.Q(('clear_note', ''), ('cleared_at__isnull', True), ('cleared_by__isnull', True)), models.Q(('cleared_at__isnull', False), ('cleared_by__isnull', False), ('wrong_person_at__isnull', False), models.Q(('clear_note', ''), _negated=True)), _connector='OR'), name='correction_cleared_by_someone')],
            },
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
