"""The event record in words, for inspectors: every act of the house as a sentence."""

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bureau.models import Event, EventQuerySet
from bureau.wording import Form
from cases.sentences import SENTENCES as OF_CASES

# Acts that belong to no case.
OF_HOUSE: dict[str, str | Promise] = {
    "set_holiday": _("设定工作日历"),
    "remove_holiday": _("删除日历设定"),
    "set_number_mode": _("设置编号方式"),
    "grant_deputy": _("登记授权代签"),
    "revoke_deputy": _("撤销授权代签"),
    "unlock_user": _("解除登录锁定"),
    "ask_job": _("提交后台任务"),
    "finish_job": _("后台任务结束"),
    "export": _("导出清单"),
    "arrive_unidentified": _("来款待认领"),
    "request_refund": _("申请将不明来款退还付款人"),
    "approve_refund": _("批准退还付款人"),
    "refuse_refund": _("退还付款人未予批准"),
    "withdraw_refund": _("撤回退还付款人的申请"),
    "pay_refund": _("退还付款人，交银行办理"),
    "confirm_refund": _("银行确认已退还付款人"),
    "bounce_refund": _("退还付款人被银行退票，来款继续待认领"),
    "import_statement": _("导入银行对账单"),
    "make_day_sheets": _("制作日对账单"),
    "sign_day": _("签结日对账"),
    "name_signatory": _("指定日对账签结人"),
    "explain_difference": _("说明对账差异"),
    "save_bank_format": _("保存银行对账单格式"),
    "note_strange_answer": _("银行答复了非本院的付款"),
    "settle_strange_answer": _("查明银行非本院付款的答复"),
    "make_payment_file": _("生成付款文件"),
    "take_payment_file": _("下载付款文件，含完整收款账号"),
    "take_status_report": _("读取银行对付款文件的回执"),
    "propose_template": _("提交文书模板修订稿"),
    "approve_template": _("批准文书模板新版本"),
    "send_back_template": _("退回文书模板修订稿"),
    "books_broken": _("账务核对不符"),
    "declare_conflict": _("申报回避"),
    "withdraw_conflict": _("撤回回避申报"),
    "make_chain": _("制作抽签种子链"),
    "commit_draw": _("抽签：公布承诺值"),
    "open_draw": _("抽签：公布种子"),
    "register_leave": _("登记请假和代理"),
    "end_leave": _("提前结束请假"),
    "plan_duty": _("排定、调整值班法官"),
    "swap_duty": _("对调值班"),
    "send_notice": _("发出通知、任务或提示"),
    "read_notice": _("已阅通知"),
    "finish_task": _("登记任务完成"),
    "end_notice": _("撤下通知"),
    "draft_table": _("起草分流规则表"),
    "set_table_head": _("修改分流权重线和说明"),
    "set_rule": _("修改分流规则"),
    "remove_rule": _("删除分流规则"),
    "ask_dry_run": _("试算分流规则表"),
    "submit_table": _("分流规则表送批"),
    "approve_table": _("批准分流规则表"),
    "return_table": _("退回分流规则表"),
    "discard_table": _("作废分流规则表"),
    "take_ticket": _("取号"),
    "call_ticket": _("叫号"),
    "start_ticket": _("开始接待"),
    "finish_ticket": _("接待办结"),
    "skip_ticket": _("过号"),
    "leave_ticket": _("来访人离开"),
    "reopen_ticket": _("号码重新排队"),
    "transfer_ticket": _("号码转窗口或改事项"),
    "direct_ticket": _("指引来访人去见的人"),
    "close_ticket": _("隔日清理未办结的号码"),
    "set_building": _("设置楼宇"),
    "set_map": _("上传楼层图"),
    "set_room": _("设置房间"),
    "remove_room": _("删除房间"),
    "set_bringing": _("修改携带材料"),
    "make_link": _("申请执行人生成亲属查看链接"),
    "revoke_link": _("申请执行人撤销亲属查看链接"),
    "rate_stage": _("申请执行人评价办理阶段"),
    "save_national_mapping": _("保存全国系统文件的列对应"),
    "import_national": _("导入全国系统当日文件"),
    "compare_national": _("核对本系统与全国系统"),
    "explain_national": _("说明与全国系统的差异"),
    "tick_copied": _("登记已录入全国系统"),
    "untick_copied": _("撤销已录入全国系统的登记"),
    "open_feed": _("开通日历订阅"),
    "close_feed": _("关闭日历订阅"),
    "enter_line": _("手工录入银行流水，待另一人核对"),
    "confirm_line": _("核对手工录入的银行流水"),
    "refuse_line": _("退回手工录入的银行流水"),
    "enter_bank_balance": _("手工录入银行余额"),
    "take_over": _("整体接管同事的工作"),
    "begin_reception": _("开始初次接待笔录"),
    "save_reception": _("保存初次接待笔录"),
    "read_back_reception": _("初次接待笔录已宣读"),
    "sign_reception": _("签署初次接待笔录"),
    "correct_reception": _("更正初次接待笔录"),
    "void_reception": _("作废初次接待笔录"),
    "propose_questions": _("提交接待问题修订稿"),
    "import_old_book": _("导入旧存案件"),
    "complain": _("收到当事人意见投诉"),
    "answer_complaint": _("答复意见投诉"),
}
SENTENCES: dict[str, str | Promise] = {**OF_HOUSE, **OF_CASES}
ROOMS: dict[str, str | Promise] = {
    "bureau": _("机构"),
    "cases": _("案件"),
    "documents": _("文书材料"),
    "accounts": _("案款"),
    "dispatch": _("指挥中心"),
    "assets": _("查控"),
    "intake": _("立案"),
    "supervision": _("监督"),
    "portal": _("公众查询"),
}


class RecordFilter(Form):
    """Coded filters of the record."""

    room = forms.ChoiceField(label=_("模块"), required=False, choices=[("", _("全部")), *ROOMS.items()])
    verb = forms.ChoiceField(label=_("行为"), required=False, choices=[("", _("全部")), *SENTENCES.items()])
    number = forms.CharField(label=_("案号"), required=False, max_length=60)
    on = forms.DateField(label=_("日期"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


def found(form: RecordFilter) -> EventQuerySet:
    """Return the events that fit the filters, newest first; all of them where the filters are wrong."""
    events: EventQuerySet = Event.objects.select_related("actor").order_by("-id")
    asked = form.cleaned_data if form.is_valid() else {}
    lookups = {"room": "room", "verb": "verb", "number": "case_number", "on": "at__date"}
    return events.filter(**{lookup: asked[name] for name, lookup in lookups.items() if asked.get(name)})
