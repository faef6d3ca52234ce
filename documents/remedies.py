"""Which court reviews the acts of a court, and the remedy clause that a document prints (domain handbook §6.4)."""

from documents.library.declared import Remedy

HIGH_COURT = "内蒙古自治区高级人民法院"
INTERMEDIATE_COURT = "乌海市中级人民法院"
# Acts in the name of the intermediate court go to the high court, a basic court's to the intermediate court.
REVIEWED_BY = {"INTERMEDIATE": HIGH_COURT, "BASIC": INTERMEDIATE_COURT}

CLAUSES: dict[str, tuple[str, ...]] = {
    Remedy.NONE: (),
    Remedy.OBJECTION: (
        "当事人、利害关系人认为执行行为违反法律规定的，可以依照{law_objection}规定向本院提出书面异议；"
        "对异议裁定不服的，可以自异议裁定送达之日起十日内向{review_court}申请复议。",
    ),
    Remedy.REVIEW: ("如不服本裁定，可以自本裁定送达之日起十日内向{review_court}申请复议。",),
    Remedy.RECTIFY: (
        "认为本院采取的措施错误的，可以自收到本文书之日起向本院申请纠正；对驳回纠正申请的决定不服的，"
        "可以自决定书送达之日起十日内向{review_court}申请复议。申请纠正和复议期间，不停止执行。",
    ),
    Remedy.THIRD_PARTY: (
        "对上述债务有异议的，应当自收到本通知之日起十五日内向本院书面提出；在指定期限内提出异议的，本院不对异议部分强制执行。",
    ),
    Remedy.SUIT: (
        "当事人就该民事纠纷，可以根据书面仲裁协议重新申请仲裁，也可以向人民法院起诉；"
        "属于公证债权文书的，可以就争议内容向人民法院起诉。",
    ),
    # 民诉法解释 185: three days from receipt; 民事诉讼法: once, and the decision is carried out meanwhile.
    Remedy.PENALTY: (
        "如不服本决定，可以自收到本决定书之日起三日内，向{review_court}申请复议一次（{law_approval}）。复议期间，不停止本决定的执行。",
    ),
    # 法释〔2015〕10号 9.
    Remedy.EXIT: (
        "认为对其限制出境错误的，可以自收到本决定书之日起十日内向{review_court}申请复议。复议期间，不停止本决定的执行。",
    ),
    Remedy.DISTRIBUTION: (
        "债权人或者被执行人对本分配方案有异议的，应当自收到本分配方案之日起十五日内向本院提出书面异议（{law_distribution}）。",
    ),
    Remedy.REVIVAL: (
        "申请执行人发现被执行人有可供执行财产的，可以随时向本院申请恢复执行，不受申请执行时效期间的限制。",
        "当事人、利害关系人认为终结本次执行程序违反法律规定的，可以依照{law_objection}规定向本院提出书面异议；"
        "对异议裁定不服的，可以自异议裁定送达之日起十日内向{review_court}申请复议。",
    ),
}


def review_court(level: str) -> str:
    """Return the court that reviews the acts of a court of that level."""
    return REVIEWED_BY[level]
