"""What is put out for the public process, what it drops inside, and the outbox of text messages."""

import bureau.crypto
import uuid
from django.db import migrations, models


DOORS = """
CREATE TRIGGER attempt_append_only BEFORE UPDATE OR DELETE ON portal_attempt
    FOR EACH ROW EXECUTE FUNCTION bureau_refuse_change();
CREATE TRIGGER attempt_no_truncate BEFORE TRUNCATE ON portal_attempt
    FOR EACH STATEMENT EXECUTE FUNCTION bureau_refuse_change();
CREATE FUNCTION portal_keep_sms() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    later text[] := ARRAY['state', 'tries', 'serial', 'fault', 'ended_at'];
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'a text message is never removed' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF to_jsonb(NEW) - later IS DISTINCT FROM to_jsonb(OLD) - later THEN
        RAISE EXCEPTION 'a text message never changes' USING ERRCODE = 'integrity_constraint_violation';
    ELSIF OLD.state <> 'WAITING' THEN
        RAISE EXCEPTION 'what became of a text message stays' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER sms_kept BEFORE UPDATE OR DELETE ON portal_sms
    FOR EACH ROW EXECUTE FUNCTION portal_keep_sms();
CREATE TRIGGER sms_no_truncate BEFORE TRUNCATE ON portal_sms
    FOR EACH STATEMENT EXECUTE FUNCTION portal_keep_sms();
"""
UNDO = """
DROP TRIGGER sms_no_truncate ON portal_sms;
DROP TRIGGER sms_kept ON portal_sms;
DROP FUNCTION portal_keep_sms();
DROP TRIGGER attempt_no_truncate ON portal_attempt;
DROP TRIGGER attempt_append_only ON portal_attempt;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('portal', '0001_initial'),
        ('bureau', '0002_record_and_roles'),
    ]

    operations = [
        migrations.AddField(
            model_name='attempt',
            name='used',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='attempt',
            name='way',
            field=models.CharField(choices=[('CODE', '查询码'), ('PHONE', '短信验证码'), ('ASK', '索取短信验证码'), ('LINK', '亲属链接')], default='CODE', max_length=5, verbose_name='方式'),
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField()),
                ('who', models.CharField(max_length=32)),
                ('answer_hmac', models.CharField(max_length=64)),
                ('from_on', models.DateField(blank=True, null=True, verbose_name='自')),
                ('until_on', models.DateField(blank=True, null=True, verbose_name='至')),
            ],
            options={
                'indexes': [models.Index(fields=['case_id', 'answer_hmac'], name='person_answer')],
                'constraints': [models.UniqueConstraint(fields=('case_id', 'who'), name='person_once_per_case')],
            },
        ),
        migrations.CreateModel(
            name='PhoneCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number_digest', models.CharField(max_length=64)),
                ('code_hmac', models.CharField(max_length=64)),
                ('page_id', models.BigIntegerField()),
                ('who', models.CharField(max_length=32)),
                ('sent_at', models.DateTimeField(verbose_name='发送时间')),
                ('expires_at', models.DateTimeField(verbose_name='失效时间')),
            ],
            options={
                'indexes': [models.Index(fields=['number_digest', 'expires_at'], name='phone_code_of_number')],
            },
        ),
        migrations.CreateModel(
            name='ReleasedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField()),
                ('document_id', models.BigIntegerField()),
                ('party_id', models.BigIntegerField()),
                ('title', models.CharField(max_length=80, verbose_name='名称')),
                ('number', models.CharField(max_length=80, verbose_name='文号')),
                ('served_on', models.DateField(verbose_name='送达日')),
                ('content', models.BinaryField(verbose_name='副本')),
                ('byte_count', models.PositiveIntegerField(verbose_name='大小')),
                ('released_at', models.DateTimeField(verbose_name='放出时间')),
            ],
            options={
                'indexes': [models.Index(fields=['case_id', 'party_id'], name='copy_of_party')],
                'constraints': [models.UniqueConstraint(fields=('document_id', 'party_id'), name='one_copy_per_addressee')],
            },
        ),
        migrations.CreateModel(
            name='Sms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_id', models.BigIntegerField(blank=True, null=True)),
                ('case_number', models.CharField(blank=True, max_length=80, verbose_name='案号')),
                ('point', models.CharField(max_length=32, verbose_name='短信节点')),
                ('cause', models.CharField(max_length=64)),
                ('phone', bureau.crypto.EncryptedField(verbose_name='手机号')),
                ('phone_digest', models.CharField(max_length=64)),
                ('phone_last4', models.CharField(max_length=4, verbose_name='手机尾号')),
                ('text', bureau.crypto.EncryptedField(verbose_name='内容')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('state', models.CharField(choices=[('WAITING', '待发送'), ('SENT', '已发送'), ('FAILED', '发送失败'), ('LAPSED', '过期未发')], default='WAITING', max_length=8, verbose_name='状态')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='发送次数')),
                ('serial', models.CharField(blank=True, max_length=64, verbose_name='短信平台流水号')),
                ('fault', models.CharField(blank=True, max_length=200, verbose_name='失败原因')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='发出或终止时间')),
            ],
            options={
                'permissions': [('view_sms_log', '查看短信记录'), ('print_status', '打印进度告知单')],
                'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['id'], name='sms_waiting')],
                'constraints': [models.UniqueConstraint(fields=('cause', 'phone_digest'), name='said_once_to_a_phone'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state', 'WAITING')), models.Q(models.Q(('state', 'WAITING'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='sms_ended_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('PHONE_CODE', '索取短信验证码'), ('CLUE', '财产线索'), ('PAYEE', '收款账户'), ('VISIT', '预约'), ('COMPLAINT', '意见投诉'), ('RATING', '评价'), ('LINK', '亲属链接'), ('REVOKE', '撤销亲属链接')], max_length=10, verbose_name='种类')),
                ('page_id', models.BigIntegerField(blank=True, null=True)),
                ('who', models.CharField(blank=True, max_length=32)),
                ('receipt', models.CharField(max_length=16, unique=True, verbose_name='回执号')),
                ('body', models.JSONField(verbose_name='内容')),
                ('said_at', models.DateTimeField(verbose_name='提交时间')),
                ('state', models.CharField(choices=[('WAITING', '待转交'), ('TAKEN', '已转交'), ('REFUSED', '未受理')], default='WAITING', max_length=8, verbose_name='状态')),
                ('taken_at', models.DateTimeField(blank=True, null=True, verbose_name='转交时间')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='说明')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'WAITING')), fields=['said_at'], name='submission_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state', 'WAITING'), ('taken_at__isnull', True)), models.Q(models.Q(('state', 'WAITING'), _negated=True), ('taken_at__isnull', False)), _connector='OR'), name='submission_taken_at_a_time')],
            },
        ),
        migrations.CreateModel(
            name='ViewLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page_id', models.BigIntegerField()),
                ('code_hmac', models.CharField(max_length=64)),
                ('token_hmac', models.CharField(max_length=64, unique=True)),
                ('made_by', models.CharField(max_length=32)),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('until_at', models.DateTimeField(verbose_name='有效至')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='撤销时间')),
            ],
            options={
                'indexes': [models.Index(fields=['page_id', 'made_by'], name='view_link_of_page')],
            },
        ),
        migrations.RunSQL(DOORS, UNDO),
    ]
