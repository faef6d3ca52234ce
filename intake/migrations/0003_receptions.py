"""First receptions: questions by version, signed records that stay, later questions, the source of every filing."""

import bureau.crypto
import django.core.serializers.json
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


DOORS = """
-- A record goes its way once; what was signed stays as it was signed, and nothing is ever removed.
CREATE FUNCTION intake_reception_door() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    after text[] := ARRAY['state', 'case_id', 'filed_at', 'void_reason', 'voided_at', 'voided_by_id'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a reception is voided, never removed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state IN ('FILED', 'VOID') THEN
        RAISE EXCEPTION 'this reception is closed' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.state = 'SIGNED' AND (NEW.state NOT IN ('SIGNED', 'FILED', 'VOID')
        OR to_jsonb(NEW) - after <> to_jsonb(OLD) - after) THEN
        RAISE EXCEPTION 'what was signed never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF (NEW.state = 'SIGNED' AND OLD.state NOT IN ('READ_BACK', 'SIGNED'))
        OR (NEW.state = 'FILED' AND OLD.state <> 'SIGNED') THEN
        RAISE EXCEPTION 'a reception is read back, then signed, then filed'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reception_door BEFORE UPDATE OR DELETE ON intake_reception
    FOR EACH ROW EXECUTE FUNCTION intake_reception_door();
CREATE TRIGGER reception_no_truncate BEFORE TRUNCATE ON intake_reception
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- A version that was approved or sent back stays.
CREATE FUNCTION intake_template_door() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['state', 'answered_at', 'answered_by_id', 'answer_note'];
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.state <> 'WAITING' OR to_jsonb(NEW) - answered <> to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a version of the questions never changes' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reception_template_door BEFORE UPDATE OR DELETE ON intake_receptiontemplate
    FOR EACH ROW EXECUTE FUNCTION intake_template_door();
CREATE TRIGGER reception_template_no_truncate BEFORE TRUNCATE ON intake_receptiontemplate
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
-- A later question is answered once.
CREATE FUNCTION intake_later_door() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answered text[] := ARRAY['answer', 'answered_at', 'answered_by_id'];
BEGIN
    IF TG_OP <> 'UPDATE' OR OLD.answered_at IS NOT NULL
        OR to_jsonb(NEW) - answered <> to_jsonb(OLD) - answered THEN
        RAISE EXCEPTION 'a later question is answered once' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER later_door BEFORE UPDATE OR DELETE ON intake_laterquestion
    FOR EACH ROW EXECUTE FUNCTION intake_later_door();
CREATE TRIGGER later_no_truncate BEFORE TRUNCATE ON intake_laterquestion
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER filingsource_append_only BEFORE UPDATE OR DELETE ON intake_filingsource
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER filingsource_no_truncate BEFORE TRUNCATE ON intake_filingsource
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
"""
UNDO = """
DROP TRIGGER filingsource_no_truncate ON intake_filingsource;
DROP TRIGGER filingsource_append_only ON intake_filingsource;
DROP TRIGGER later_no_truncate ON intake_laterquestion;
DROP TRIGGER later_door ON intake_laterquestion;
DROP FUNCTION intake_later_door();
DROP TRIGGER reception_template_no_truncate ON intake_receptiontemplate;
DROP TRIGGER reception_template_door ON intake_receptiontemplate;
DROP FUNCTION intake_template_door();
DROP TRIGGER reception_no_truncate ON intake_reception;
DROP TRIGGER reception_door ON intake_reception;
DROP FUNCTION intake_reception_door();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('bureau', '0002_record_and_roles'),
        ('cases', '0007_performance_without_amount'),
        ('intake', '0002_revive_permission'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ReceptionTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('claim_type', models.CharField(choices=[('MONEY', '金钱给付'), ('DELIVERY', '交付特定物'), ('ACT', '履行行为'), ('EVICTION', '腾退房屋、土地')], max_length=8, verbose_name='请求类型')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('content', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='问题')),
                ('sha256', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('state', models.CharField(choices=[('WAITING', '待批准'), ('APPROVED', '已批准'), ('SENT_BACK', '已退回')], default='WAITING', max_length=10, verbose_name='状态')),
                ('note', models.CharField(max_length=300, verbose_name='修订说明')),
                ('effective_on', models.DateField(verbose_name='生效日')),
                ('authored_at', models.DateTimeField(verbose_name='起草时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('answer_note', models.CharField(blank=True, max_length=300, verbose_name='退回意见')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='批准人')),
                ('authored_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
            ],
            options={
                'permissions': [('edit_reception_template', '修订初次接待笔录的问题'), ('approve_reception_template', '批准初次接待笔录的问题')],
            },
        ),
        migrations.CreateModel(
            name='Reception',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(choices=[('WINDOW', '立案窗口'), ('FIRST_ASK', '首问岗')], default='WINDOW', max_length=10, verbose_name='接待地点')),
                ('claim_type', models.CharField(choices=[('MONEY', '金钱给付'), ('DELIVERY', '交付特定物'), ('ACT', '履行行为'), ('EVICTION', '腾退房屋、土地')], max_length=8, verbose_name='请求类型')),
                ('subject', models.CharField(choices=[('PERSON', '自然人'), ('ORGANISATION', '法人或其他组织')], max_length=12, verbose_name='申请执行人类型')),
                ('flag', models.CharField(blank=True, choices=[('LABOUR', '追索劳动报酬'), ('SUPPORT', '追索赡养费、扶养费、抚养费')], max_length=8, verbose_name='民生案件')),
                ('started_at', models.DateTimeField(verbose_name='开始时间')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='结束时间')),
                ('words', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='问答')),
                ('told', models.JSONField(default=list, verbose_name='已告知事项')),
                ('state', models.CharField(choices=[('DRAFT', '记录中'), ('READ_BACK', '已宣读，待签名'), ('SIGNED', '已签名，待立案'), ('FILED', '已立案'), ('VOID', '已作废')], default='DRAFT', max_length=9, verbose_name='状态')),
                ('seq', models.PositiveIntegerField(default=0, verbose_name='保存序号')),
                ('editor', models.CharField(blank=True, max_length=40)),
                ('saved_at', models.DateTimeField(verbose_name='保存时间')),
                ('read_back_at', models.DateTimeField(blank=True, null=True, verbose_name='宣读时间')),
                ('signature', models.CharField(blank=True, choices=[('DRAWN', '屏幕手写签名'), ('SCAN', '纸质签名件扫描')], max_length=5, verbose_name='签名方式')),
                ('signature_sha256', models.CharField(blank=True, max_length=64, verbose_name='签名摘要')),
                ('signature_type', models.CharField(blank=True, max_length=40)),
                ('signed_by', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='签名人')),
                ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='签名时间')),
                ('content_sha256', models.CharField(blank=True, max_length=64, verbose_name='笔录摘要')),
                ('pdf_sha256', models.CharField(blank=True, max_length=64)),
                ('correction_reason', models.CharField(blank=True, max_length=300, verbose_name='更正理由')),
                ('filed_at', models.DateTimeField(blank=True, null=True, verbose_name='立案时间')),
                ('void_reason', models.CharField(blank=True, max_length=300, verbose_name='作废理由')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('case', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receptions', to='cases.case')),
                ('corrects', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='intake.reception', verbose_name='更正自')),
                ('receptionist', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接待人')),
                ('recorder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='记录人')),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('window', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receptions', to='bureau.window', verbose_name='窗口')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receptions', to='intake.receptiontemplate', verbose_name='问题版本')),
            ],
            options={
                'permissions': [('record_reception', '记录初次接待笔录')],
            },
        ),
        migrations.CreateModel(
            name='LaterQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('label', models.CharField(max_length=200, verbose_name='问题')),
                ('answer', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='答复')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reception', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='later_questions', to='intake.reception')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('reception', 'key'), name='later_question_once'), models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='later_question_answered_by_someone')],
            },
        ),
        migrations.CreateModel(
            name='FilingSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(blank=True, choices=[('ONLINE', '网上立案'), ('POST', '邮寄立案'), ('TRANSFER', '移送执行'), ('IMPORT', '批量导入'), ('REVIVAL', '恢复执行，见原案')], max_length=8, verbose_name='无笔录的原因')),
                ('words', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='filing_source', to='cases.case')),
                ('reception', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='filing_source', to='intake.reception', verbose_name='初次接待笔录')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('reception__isnull', False), ('words', '')), models.Q(('reception__isnull', True), models.Q(('reason', ''), _negated=True), models.Q(('words', ''), _negated=True)), _connector='OR'), name='filing_has_a_record_or_a_reason')],
            },
        ),
        migrations.AddConstraint(
            model_name='receptiontemplate',
            constraint=models.UniqueConstraint(fields=('claim_type', 'version'), name='reception_template_version_unique'),
        ),
        migrations.AddConstraint(
            model_name='receptiontemplate',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('claim_type',), name='one_waiting_reception_template'),
        ),
        migrations.AddConstraint(
            model_name='receptiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), models.Q(('answered_by', models.F('authored_by')), _negated=True), _connector='OR'), name='reception_template_approved_by_another'),
        ),
        migrations.AddConstraint(
            model_name='receptiontemplate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'WAITING')), models.Q(('answered_at__isnull', False), models.Q(('state', 'WAITING'), _negated=True), models.Q(('version', 1), ('answered_by__isnull', False), _connector='OR')), _connector='OR'), name='reception_template_answered_by_someone'),
        ),
        migrations.AddIndex(
            model_name='reception',
            index=models.Index(fields=['window', 'started_at'], name='reception_window_started'),
        ),
        migrations.AddConstraint(
            model_name='reception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['READ_BACK', 'SIGNED', 'FILED']), _negated=True), models.Q(('ended_at__isnull', False), ('read_back_at__isnull', False)), _connector='OR'), name='reception_read_back_before_signing'),
        ),
        migrations.AddConstraint(
            model_name='reception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['SIGNED', 'FILED']), _negated=True), models.Q(('signed_at__isnull', False), models.Q(('signature', ''), _negated=True), models.Q(('signature_sha256', ''), _negated=True), models.Q(('content_sha256', ''), _negated=True), models.Q(('pdf_sha256', ''), _negated=True)), _connector='OR'), name='reception_signed_whole'),
        ),
        migrations.AddConstraint(
            model_name='reception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('case__isnull', False), ('filed_at__isnull', False), ('state', 'FILED')), models.Q(models.Q(('state', 'FILED'), _negated=True), ('case__isnull', True), ('filed_at__isnull', True)), _connector='OR'), name='reception_filed_with_its_case'),
        ),
        migrations.AddConstraint(
            model_name='reception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'VOID'), ('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), models.Q(models.Q(('state', 'VOID'), _negated=True), ('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), _connector='OR'), name='reception_void_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('correction_reason', ''), ('corrects__isnull', True)), models.Q(('corrects__isnull', False), models.Q(('correction_reason', ''), _negated=True)), _connector='OR'), name='reception_corrects_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='reception',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'VOID'), _negated=True), fields=('corrects',), name='one_live_correction_of_a_reception'),
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
