"""Papers received and issued, templates, service, seals."""

import bureau.crypto
import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('bureau', '0001_initial'),
        ('bureau', '0001_initial'),
        ('cases', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('recipient', models.CharField(max_length=100, verbose_name='收件人')),
                ('address', bureau.crypto.EncryptedField(verbose_name='送达地址')),
                ('phone', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='联系电话')),
                ('has_e_consent', models.BooleanField(default=False, verbose_name='同意电子送达')),
                ('has_ruling_consent', models.BooleanField(default=False, verbose_name='同意电子送达裁定书')),
                ('e_address', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='电子送达地址')),
                ('confirmed_on', models.DateField(verbose_name='确认日')),
                ('entered_at', models.DateTimeField(verbose_name='登记时间')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='被替换时间')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='address_confirmations', to='cases.party')),
            ],
            options={
                'permissions': [('confirm_address', '登记送达地址')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('addressee', models.CharField(max_length=100, verbose_name='受送达人')),
                ('way', models.CharField(choices=[('DIRECT', '直接送达'), ('LEFT', '留置送达'), ('ELECTRONIC', '电子送达'), ('ENTRUSTED', '委托送达'), ('MAIL', '邮寄送达'), ('FORWARDED', '转交送达'), ('NOTICE', '公告送达')], max_length=10, verbose_name='送达方式')),
                ('place', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='送达地址或电子地址')),
                ('tracking', models.CharField(blank=True, max_length=100, verbose_name='邮件号或公告刊登处')),
                ('ground', models.CharField(blank=True, max_length=300, verbose_name='公告送达的原因和经过')),
                ('state', models.CharField(choices=[('SENT', '送达中'), ('DELIVERED', '已送达'), ('FAILED', '未能送达')], default='SENT', max_length=10, verbose_name='状态')),
                ('sent_on', models.DateField(verbose_name='送出日')),
                ('sent_at', models.DateTimeField(verbose_name='登记时间')),
                ('delivered_on', models.DateField(blank=True, null=True, verbose_name='签收、留置、到达、退回或公告日')),
                ('is_returned', models.BooleanField(default=False, verbose_name='邮件退回')),
                ('receiver', models.CharField(blank=True, max_length=100, verbose_name='签收人')),
                ('deemed_on', models.DateField(blank=True, null=True, verbose_name='送达日')),
                ('deemed_steps', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), default=list, size=None, verbose_name='送达日计算')),
                ('deemed_basis', models.CharField(blank=True, max_length=100, verbose_name='依据')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='办结时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='cases.case')),
                ('confirmation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.addressconfirmation')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='cases.party')),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'permissions': [('serve_document', '送达文书')],
            },
        ),
        migrations.CreateModel(
            name='Attempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(choices=[('ABSENT', '受送达人不在'), ('REFUSED', '拒绝签收'), ('MOVED', '已搬离原址'), ('WRONG_ADDRESS', '地址有误或不存在'), ('UNREACHABLE', '电话无人接听或停机'), ('RETURNED', '邮件退回'), ('UNDELIVERABLE', '电子送达未到达'), ('OTHER', '其他')], max_length=16, verbose_name='未送达原因')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='经过')),
                ('tried_on', models.DateField(verbose_name='日期')),
                ('noted_at', models.DateTimeField(verbose_name='登记时间')),
                ('noted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='attempts', to='documents.delivery')),
            ],
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=80, verbose_name='文号')),
                ('number_book', models.CharField(blank=True, max_length=24)),
                ('number_index', models.PositiveIntegerField(blank=True, null=True)),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('RULING', '裁定'), ('DECISION', '决定'), ('ORDER', '令'), ('NOTICE', '通知'), ('PUBLIC_NOTICE', '公告'), ('SUMMONS', '传票'), ('RECORD', '笔录'), ('LIST', '清单'), ('LETTER', '函'), ('FORM', '表格')], max_length=16, verbose_name='种类')),
                ('court_name', models.CharField(max_length=40, verbose_name='法院')),
                ('values', bureau.crypto.EncryptedField(verbose_name='填写内容')),
                ('body', bureau.crypto.EncryptedField(verbose_name='正文')),
                ('content_sha256', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('is_restricted', models.BooleanField(default=False, verbose_name='限制查看')),
                ('edited_count', models.PositiveSmallIntegerField(default=0, verbose_name='签发前人工改动的段落数')),
                ('token', models.CharField(max_length=43, unique=True)),
                ('issued_on', models.DateField(verbose_name='签发日')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('pdf_sha256', models.CharField(blank=True, max_length=64, verbose_name='PDF摘要')),
                ('pdf_byte_count', models.PositiveIntegerField(default=0, verbose_name='大小')),
                ('page_count', models.PositiveSmallIntegerField(default=0, verbose_name='页数')),
                ('pdf_error', models.CharField(blank=True, max_length=300, verbose_name='制作失败原因')),
                ('voided_at', models.DateTimeField(blank=True, null=True, verbose_name='作废时间')),
                ('void_reason', models.CharField(blank=True, max_length=200, verbose_name='作废原因')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='cases.case')),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='签发人')),
                ('job', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='bureau.job')),
                ('voided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='documents.document')),
            ],
            options={
                'permissions': [('issue_document', '制发文书'), ('sign_ruling', '签发裁定'), ('sign_decision', '签发应由院长决定的文书'), ('edit_template', '修订文书模板'), ('approve_template', '批准文书模板'), ('view_seal_log', '查看用印记录'), ('export_efile', '导出卷宗')],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='documents.document'),
        ),
        migrations.CreateModel(
            name='Material',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('APPLICATION', '申请执行书'), ('BASIS', '生效法律文书及生效证明'), ('IDENTITY', '申请执行人身份证明'), ('AUTHORITY', '授权委托材料'), ('ADDRESS', '送达地址确认书'), ('PAYEE', '收款账户确认书'), ('DEBTOR', '被执行人信息'), ('CLUES', '财产线索或财产调查表'), ('PRESERVATION', '保全裁定及查封清单'), ('SPECIAL', '仲裁协议、执行证书或准予执行裁定'), ('SUCCESSION', '继承或权利承受证明'), ('SERVICE', '送达回证及送达凭证'), ('ONSITE', '现场照片、回执'), ('OTHER', '其他材料')], max_length=16, verbose_name='材料种类')),
                ('title', models.CharField(max_length=200, verbose_name='名称')),
                ('sha256', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('byte_count', models.PositiveIntegerField(verbose_name='大小')),
                ('content_type', models.CharField(max_length=40, verbose_name='类型')),
                ('page_count', models.PositiveSmallIntegerField(default=1, verbose_name='页数')),
                ('is_restricted', models.BooleanField(default=False, verbose_name='限制查看')),
                ('received_at', models.DateTimeField(verbose_name='收到时间')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='cases.case')),
                ('party', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='cases.party')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='接收人')),
                ('work_order', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.workorder', verbose_name='协作')),
            ],
            options={
                'permissions': [('view_restricted_material', '查看限制材料')],
            },
        ),
        migrations.AddField(
            model_name='delivery',
            name='proof',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.material'),
        ),
        migrations.AddField(
            model_name='addressconfirmation',
            name='material',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.material'),
        ),
        migrations.CreateModel(
            name='MissingNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('APPLICATION', '申请执行书'), ('BASIS', '生效法律文书及生效证明'), ('IDENTITY', '申请执行人身份证明'), ('AUTHORITY', '授权委托材料'), ('ADDRESS', '送达地址确认书'), ('PAYEE', '收款账户确认书'), ('DEBTOR', '被执行人信息'), ('CLUES', '财产线索或财产调查表'), ('PRESERVATION', '保全裁定及查封清单'), ('SPECIAL', '仲裁协议、执行证书或准予执行裁定'), ('SUCCESSION', '继承或权利承受证明'), ('SERVICE', '送达回证及送达凭证'), ('ONSITE', '现场照片、回执'), ('OTHER', '其他材料')], max_length=16, verbose_name='材料种类')),
                ('reason', models.CharField(max_length=200, verbose_name='缺失的原因')),
                ('at', models.DateTimeField(verbose_name='说明时间')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='说明人')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='missing_notes', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'kind'), name='missing_material_explained_once'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='missing_material_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='NumberCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('book', models.CharField(blank=True, max_length=24)),
                ('count', models.PositiveIntegerField(default=0)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('case', 'book'), name='one_counter_per_case_and_book')],
            },
        ),
        migrations.CreateModel(
            name='SealUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal_id', models.CharField(max_length=64, verbose_name='印章编号')),
                ('keeper', models.CharField(max_length=60, verbose_name='印章保管人')),
                ('pdf_sha256', models.CharField(max_length=64, verbose_name='PDF摘要')),
                ('algorithm', models.CharField(max_length=24, verbose_name='签名算法')),
                ('signature', models.TextField(verbose_name='签名值')),
                ('sealed_at', models.DateTimeField(verbose_name='用印时间')),
                ('is_two_person', models.BooleanField(default=False, verbose_name='拟稿人与签发人应当不同')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='seal_use', to='documents.document')),
                ('drafted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('signed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['-sealed_at', '-id'], name='seal_use_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('is_two_person', False), models.Q(('drafted_by__isnull', False), models.Q(('drafted_by', models.F('signed_by')), _negated=True)), _connector='OR'), name='sealed_paper_signed_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Staged',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(max_length=43, unique=True)),
                ('name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('byte_count', models.PositiveIntegerField()),
                ('content_type', models.CharField(max_length=40)),
                ('staged_at', models.DateTimeField(db_index=True)),
                ('staged_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Template',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=24, verbose_name='代码')),
                ('version', models.PositiveSmallIntegerField(verbose_name='版本')),
                ('no', models.CharField(max_length=4, verbose_name='编号')),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('kind', models.CharField(choices=[('RULING', '裁定'), ('DECISION', '决定'), ('ORDER', '令'), ('NOTICE', '通知'), ('PUBLIC_NOTICE', '公告'), ('SUMMONS', '传票'), ('RECORD', '笔录'), ('LIST', '清单'), ('LETTER', '函'), ('FORM', '表格')], max_length=16, verbose_name='种类')),
                ('phase', models.CharField(choices=[('FILING', '立案'), ('START', '启动'), ('CONTROL', '查控'), ('SALE', '处置'), ('MONEY', '案款发放'), ('SANCTION', '强制措施'), ('PAUSE', '中止、暂缓与恢复'), ('CLOSING', '结案')], max_length=12, verbose_name='环节')),
                ('sign', models.CharField(choices=[('L', '加盖院印'), ('J', '承办法官署名并加盖院印'), ('P', '院长签发'), ('S', '当事人签名，不盖院印')], max_length=1, verbose_name='签发')),
                ('numbering', models.CharField(choices=[('PLAIN', '案号'), ('SUFFIXED', '案号，第二份起加之一、之二'), ('OWN', '另立案号，签发时填写')], max_length=8, verbose_name='文号')),
                ('service', models.CharField(choices=[('ANY', '依法送达'), ('DIRECT', '只能直接送达')], max_length=8, verbose_name='送达')),
                ('is_restricted', models.BooleanField(default=False, verbose_name='限制查看')),
                ('content', models.TextField(verbose_name='内容')),
                ('sha256', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('effective_on', models.DateField(verbose_name='生效日')),
                ('approval', models.CharField(max_length=100, verbose_name='批准依据')),
                ('added_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='入库时间')),
                ('origin', models.CharField(choices=[('LIBRARY', '随系统发布'), ('BUREAU', '本局修订')], default='LIBRARY', max_length=8, verbose_name='来源')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'version'), name='template_version_unique'), models.CheckConstraint(condition=models.Q(models.Q(('origin', 'BUREAU'), _negated=True), models.Q(('approved_by__isnull', False), ('edited_by__isnull', False)), _connector='OR'), name='own_template_edited_and_approved'), models.CheckConstraint(condition=models.Q(('edited_by', models.F('approved_by')), _negated=True), name='template_approved_by_another')],
            },
        ),
        migrations.CreateModel(
            name='Revision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=24, verbose_name='代码')),
                ('title', models.CharField(max_length=60, verbose_name='名称')),
                ('content', models.TextField(verbose_name='内容')),
                ('sha256', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('origin', models.CharField(choices=[('LIBRARY', '随系统发布'), ('BUREAU', '本局修订')], default='BUREAU', max_length=8, verbose_name='来源')),
                ('approval', models.CharField(max_length=100, verbose_name='批准依据')),
                ('effective_on', models.DateField(blank=True, null=True, verbose_name='生效日')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='修订理由')),
                ('state', models.CharField(choices=[('WAITING', '待批准'), ('APPROVED', '已批准'), ('SENT_BACK', '已退回'), ('REPLACED', '已被新稿取代')], default='WAITING', max_length=10, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提交时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('answer_note', models.CharField(blank=True, max_length=300, verbose_name='退回意见')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='修订人')),
                ('base', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.template', verbose_name='所依据的版本')),
                ('template', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='revision', to='documents.template')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'WAITING')), fields=('code', 'origin'), name='one_waiting_revision_per_template'), models.CheckConstraint(condition=models.Q(models.Q(('answered_by__isnull', True), ('state', 'WAITING'), ('template__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('state', 'WAITING'), _negated=True)), _connector='OR'), name='revision_answered_by_someone'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'APPROVED'), ('template__isnull', False), models.Q(('answered_by', models.F('proposed_by')), _negated=True)), models.Q(models.Q(('state', 'APPROVED'), _negated=True), ('template__isnull', True)), _connector='OR'), name='revision_approved_by_another'), models.CheckConstraint(condition=models.Q(('origin', 'LIBRARY'), ('effective_on__isnull', False), _connector='OR'), name='own_revision_with_its_day')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('values', bureau.crypto.EncryptedField(verbose_name='填写内容')),
                ('edited_text', bureau.crypto.EncryptedField(blank=True, default='', verbose_name='人工改动后的正文')),
                ('edited_count', models.PositiveSmallIntegerField(default=0, verbose_name='人工改动的段落数')),
                ('base_sha256', models.CharField(blank=True, max_length=64, verbose_name='改动前正文的摘要')),
                ('state', models.CharField(choices=[('WAITING', '待签发'), ('ISSUED', '已签发'), ('SENT_BACK', '已退回')], default='WAITING', max_length=10, verbose_name='状态')),
                ('proposed_at', models.DateTimeField(verbose_name='提请时间')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='答复时间')),
                ('answer_note', models.CharField(blank=True, max_length=300, verbose_name='退回意见')),
                ('about', models.CharField(blank=True, max_length=40)),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='cases.case')),
                ('correction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='cases.correction')),
                ('document', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='documents.document')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='拟稿人')),
                ('replaces', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('template', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.template')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_by__isnull', True), ('document__isnull', True), ('state', 'WAITING')), models.Q(('answered_by__isnull', False), ('document__isnull', True), ('state', 'SENT_BACK')), models.Q(('answered_by__isnull', False), ('document__isnull', False), ('state', 'ISSUED')), _connector='OR'), name='draft_answered_by_someone'), models.UniqueConstraint(condition=models.Q(('replaces__isnull', False), ('state', 'WAITING')), fields=('replaces',), name='one_waiting_draft_per_replaced_document'), models.UniqueConstraint(condition=models.Q(('correction__isnull', False), ('state__in', ['WAITING', 'ISSUED']), models.Q(('about', ''), _negated=True)), fields=('correction', 'about'), name='one_draft_per_correction_and_thing'), models.CheckConstraint(condition=models.Q(models.Q(('base_sha256', ''), ('edited_count', 0)), models.Q(models.Q(('base_sha256', ''), _negated=True), ('edited_count__gt', 0)), _connector='OR'), name='draft_edited_from_a_known_text')],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='template',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='documents.template'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'FAILED'), _negated=True), fields=('document', 'addressee', 'party'), name='one_live_delivery_per_addressee', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('deemed_on__isnull', False), ('delivered_on__isnull', False), ('proof__isnull', False), ('state', 'DELIVERED')), models.Q(models.Q(('state', 'DELIVERED'), _negated=True), ('deemed_on__isnull', True), ('delivered_on__isnull', True)), _connector='OR'), name='delivery_served_with_day_and_proof'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'ELECTRONIC'), _negated=True), ('confirmation__isnull', False), _connector='OR'), name='electronic_service_by_consent'),
        ),
        migrations.AddConstraint(
            model_name='delivery',
            constraint=models.CheckConstraint(condition=models.Q(('is_returned', False), models.Q(('confirmation__isnull', False), ('way', 'MAIL')), _connector='OR'), name='returned_mail_from_own_address'),
        ),
        migrations.AddConstraint(
            model_name='addressconfirmation',
            constraint=models.UniqueConstraint(condition=models.Q(('replaced_at__isnull', True)), fields=('party',), name='one_live_address_per_party'),
        ),
        migrations.AddConstraint(
            model_name='addressconfirmation',
            constraint=models.CheckConstraint(condition=models.Q(('has_ruling_consent', False), ('has_e_consent', True), _connector='OR'), name='ruling_consent_needs_consent'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('pdf_error', ''), ('pdf_sha256', '')), fields=['id'], name='document_unprinted'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('number_index__isnull', False)), fields=('case', 'number_book', 'number_index'), name='document_suffix_unique_in_case'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('number_book', 'OWN')), fields=('number',), name='own_number_used_once'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(condition=models.Q(('job__isnull', False)), fields=('job', 'case'), name='one_document_per_case_and_job'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at__isnull', True), ('voided_by__isnull', True)), models.Q(('voided_at__isnull', False), ('voided_by__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='document_voided_with_reason'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.CheckConstraint(condition=models.Q(('voided_by', models.F('id')), _negated=True), name='document_voided_by_another'),
        ),
    ]
