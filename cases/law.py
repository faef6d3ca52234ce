"""Legal sources and their articles by the text in force on the day of the act (domain handbook §0.2, §0.3).

Documents and deadlines cite through this table, never by a literal number: the enforcement part of 民事诉讼法 was
renumbered on 2022-01-01 and on 2024-01-01, that of its 2015 interpretation on 2022-04-10. Citations stay Chinese.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

FIRST = dt.date.min


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of a source, in force from a day until the next one's."""

    label: str
    from_on: dt.date


@dataclass(frozen=True, slots=True)
class Source:
    """One law, interpretation or house rule; without editions it has one text only."""

    code: str
    title: str
    number: str = ""
    editions: tuple[Edition, ...] = ()


@dataclass(frozen=True, slots=True)
class Provision:
    """Articles of one source: one number for all its texts, or one per edition in their order; `item` is a part."""

    source: str
    articles: tuple[str, ...] = ()
    item: str = ""

    def on(self, day: dt.date) -> str:
        """Return the citation as an act of that day prints it."""
        source = SOURCES[self.source]
        edition = sum(edition.from_on <= day for edition in source.editions) - 1
        label = source.editions[max(edition, 0)].label if source.editions else ""
        title = "".join((source.title, f"（{label}）" if label else "", source.number))
        if not self.articles:
            return title
        article = self.articles[max(edition, 0)] if len(self.articles) > 1 else self.articles[0]
        return f"{title}第{article}条{self.item}"


# A legal basis as it is declared: provisions, or words of a source that has one text only.
Basis = str | tuple[Provision, ...]


def cited(basis: Basis, *, on: dt.date) -> str:
    """Return a basis as an act of that day cites it; plain words have one text only."""
    return basis if isinstance(basis, str) else cite(basis, on=on)


@lru_cache(maxsize=1024)
def cite(provisions: tuple[Provision, ...], *, on: dt.date) -> str:
    """Return several citations in one line."""
    return "；".join(provision.on(on) for provision in provisions)


_CPL = (
    Edition("2017年修正", FIRST),
    Edition("2021年修正", dt.date(2022, 1, 1)),
    Edition("2023年修正", dt.date(2024, 1, 1)),
)
_CPLI = (Edition("2022年修正前文本", FIRST), Edition("2022年修正", dt.date(2022, 4, 10)))

SOURCES: dict[str, Source] = {
    source.code: source
    for source in (
        Source("CPL", "《民事诉讼法》", editions=_CPL),
        Source("CPLI", "《民诉法解释》", editions=_CPLI),
        Source("EWR", "《执行工作规定》", "法释〔1998〕15号"),
        Source("EPI", "《执行程序解释》", "法释〔2008〕13号"),
        Source("OBJ", "《执行异议复议规定》", "法释〔2015〕10号"),
        Source("PROP", "《财产调查规定》", "法释〔2017〕8号"),
        Source("SEIZ", "《查封扣押冻结规定》", "法释〔2004〕15号"),
        Source("AUCT", "《拍卖变卖规定》", "法释〔2004〕16号"),
        Source("NET", "《网络司法拍卖规定》", "法释〔2016〕18号"),
        Source("SALE_NOTICE", "《网络司法变卖通知》", "法明传〔2017〕455号"),
        Source("VAL", "《确定财产处置参考价规定》", "法释〔2018〕15号"),
        Source("PRES", "《财产保全规定》", "法释〔2016〕22号"),
        Source("FIRST_SEAL", "《首封与优先债权批复》", "法释〔2016〕6号"),
        Source("ZB", "《终结本次执行程序规定》", "法〔2016〕373号"),
        Source("FUND", "《执行款物管理规定》", "法发〔2017〕6号"),
        Source("INT", "《迟延履行利息解释》", "法释〔2014〕8号"),
        Source("FEE", "《诉讼费用交纳办法》", "国务院令第481号"),
        Source("CIVIL", "《民法典》"),
        Source("CONTRACT2", "《合同法解释（二）》", "法释〔2009〕5号"),
        Source("T00", "《案件审理期限规定》", "法释〔2000〕29号"),
        Source("T06", "《办理执行案件期限规定》", "法发〔2006〕35号"),
        Source("DISH", "《失信名单规定》", "法释〔2017〕7号"),
        Source("LIMC", "《限制消费规定》", "法释〔2015〕17号"),
        Source("SETT", "《执行和解规定》", "法释〔2018〕3号"),
        Source("GUAR", "《执行担保规定》", "法释〔2018〕4号"),
        Source("GOOD", "《善意文明执行意见》", "法发〔2019〕35号"),
        Source(
            "REFUSAL",
            "《拒执罪解释》",
            editions=(Edition("法释〔2015〕16号", FIRST), Edition("法释〔2024〕13号", dt.date(2024, 12, 1))),
        ),
        Source("CRIMINAL", "《刑法》"),
        Source("CASE", "《执行案件立案、结案意见》", "法发〔2014〕26号"),
        Source("ENTRUST", "《委托执行规定》", "法释〔2011〕11号"),
        Source("ARCHIVE", "诉讼档案管理办法"),
        Source("EVALUATION", "执行质效评估指标"),
        Source("HOUSE", "综合执行局内部规定"),
    )
}

# Topic: article in the 2017, 2021 and 2023 texts of 民事诉讼法 (§0.3).
_CPL_ARTICLES: dict[str, tuple[str, str, str]] = {
    "COUNTING": ("82", "85", "85"),
    "SERVICE": ("84–92", "87–95", "87–95"),
    "OBSTRUCTION": ("111", "114", "114"),
    "DUTY_TO_ASSIST": ("114", "117", "117"),
    "FINE_AND_DETENTION": ("115", "118", "118"),
    "PRESIDENT_APPROVES": ("116", "119", "119"),
    "JURISDICTION": ("224", "231", "235"),
    "OBJECTION": ("225", "232", "236"),
    "UPPER_COURT": ("226", "233", "237"),
    "OUTSIDER": ("227", "234", "238"),
    "DELEGATION": ("229", "236", "240"),
    "SETTLEMENT": ("230", "237", "241"),
    "SECURITY": ("231", "238", "242"),
    "REVERSAL": ("233", "240", "244"),
    "APPLICATION": ("236", "243", "247"),
    "ARBITRATION": ("237", "244", "248"),
    "NOTARY": ("238", "245", "249"),
    "LIMITATION": ("239", "246", "250"),
    "NOTICE": ("240", "247", "251"),
    "PROPERTY_REPORT": ("241", "248", "252"),
    "DEPOSITS": ("242", "249", "253"),
    "INCOME": ("243", "250", "254"),
    "SEIZURE": ("244", "251", "255"),
    "SEARCH": ("248", "255", "259"),
    "EVICTION": ("250", "257", "261"),
    "TITLE_TRANSFER": ("251", "258", "262"),
    "ACT": ("252", "259", "263"),
    "DELAY_INTEREST": ("253", "260", "264"),
    "CONTINUED_DUTY": ("254", "261", "265"),
    "EXIT_AND_DISHONESTY": ("255", "262", "266"),
    "SUSPENSION": ("256", "263", "267"),
    "TERMINATION": ("257", "264", "268"),
}
CPL: dict[str, Provision] = {topic: Provision("CPL", articles) for topic, articles in _CPL_ARTICLES.items()}


def cpli(*articles: int) -> Provision:
    """Return articles of the enforcement part of 民诉法解释 by their 2022 numbers; the 2015 ones are two higher."""
    texts = ([str(article + 2) for article in articles], [str(article) for article in articles])
    return Provision("CPLI", tuple("、".join(numbers) for numbers in texts))


def item(topic: str, words: str) -> Provision:
    """Return one item of an article of 民事诉讼法."""
    return replace(CPL[topic], item=words)


def of(source: str, *articles: str) -> Provision:
    """Return articles of a source whose numbers have not changed; without articles the source as a whole."""
    return Provision(source, ("、".join(articles),) if articles else ())
