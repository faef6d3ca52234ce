"""Reads the operative part of a judgment, mediation paper or award and proposes what may be filed; pure, no ORM.

Nothing is taken over by itself: every proposal names the words it was read from, and what was not understood is
returned as left over with the reason.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext as _

from bureau import identity
from intake import judgmentclaims as claims
from intake import judgmentwords as words
from intake.judgmentclaims import Left, Proposal

TEXT_MAX = 60_000
PROPOSALS_MAX = 80
_ANCHOR = re.compile(r"(?:判决|裁定|裁决|决定|协议|调解|履行)(?:主文)?如下：?|达成(?:如下|以下)(?:调解)?协议：?")
_END = re.compile(
    r"如不服|本(?:判决|裁定|裁决)为终|审判长|审判员|书记员|首席仲裁员|仲裁员：|上述协议，?(?:不违反|符合)|本调解书(?:经|自)"
)
_ITEM = re.compile(
    r"(?:(?<=[；。：:\n])|(?<=如下)|\A)(?:第)?(?:[一二三四五六七八九十]{1,3}、|\(?[一二三四五六七八九十]{1,3}\)、?|\d{1,2}[、.](?!\d))"
)
_TAIL = re.compile(
    r"(?<=[。；])(?=如果?[^。]{0,20}未(?:按|履行)|(?:本案)?(?:案件)?(?:受理费|诉讼费)|(?:财产)?保全(?:申请)?费|仲裁费|鉴定费)"
)
_ROLE = re.compile(
    r"(?:反诉)?(?:原告|被告)(?:人)?(?:\([^)]{1,12}\))?|被?申请(?:执行)?人(?:\([^)]{1,12}\))?|被?上诉人(?:\([^)]{1,12}\))?|第三人"
)
_HEAD_PARTY = re.compile(
    r"(?:(?<=[。\n；])|\A)(?P<role>(?:反诉)?(?:原告|被告)(?:\([^)]{1,12}\))?|被?申请人(?:\([^)]{1,12}\))?|被?上诉人(?:\([^)]{1,12}\))?|第三人)：?(?P<name>[^，。；：\n]{2,40})(?=[，。\n；])"
)
_TO = re.compile(r"(?:向|给|给付|支付|偿还|返还|归还|赔偿|补偿|清偿)$")
_TITLES = (
    ("刑事附带民事判决书", "J5"),
    ("民事判决书", "J1"),
    ("民事调解书", "J2"),
    ("民事裁定书", "J1:民事裁定书"),
    ("支付令", "J3"),
    ("行政判决书", "J7"),
    ("刑事判决书", "J6"),
    ("仲裁裁决书", "A2"),
    ("仲裁调解书", "A2:仲裁调解书"),
    ("裁决书", "A1"),
    ("调解书", "A1:调解书"),
)
_ISSUER = re.compile(r"[\u4e00-\u9fa5]{2,26}?(?:人民法院|仲裁委员会|仲裁院|公证处)")
_CAUSES = re.compile(
    r"(?:民间借贷|金融借款合同|小额借款合同|借款合同|买卖合同|房屋租赁合同|租赁合同|劳务合同|劳动合同|建设工程施工合同|建设工程合同|机动车交通事故责任|物业服务合同|信用卡|追偿权|承揽合同|运输合同|保证合同|不当得利|健康权|离婚|抚养费|赡养费|房屋买卖合同|合伙合同|股权转让|保险合同|继承|供用热力合同|农村土地承包合同)纠纷|劳动争议|追索劳动报酬"
)
_DETAILS = (
    ("id_number", re.compile(r"(?:公民)?身份(?:证)?号码?(?:为)?：?(?P<value>\d{14,17}[\dXx])")),
    ("id_number", re.compile(r"统一社会信用代码(?:为)?：?(?P<value>[0-9A-Z]{18})")),
    ("address", re.compile(r"(?:住所地|住所|住址|现住|户籍地|住)(?:为|：)?(?P<value>[^，。；：\n]{4,60})")),
    ("legal_representative", re.compile(r"(?:法定代表人|负责人|经营者)(?:为)?：?(?P<value>[^，。；：\n]{2,20})")),
    ("phone", re.compile(r"(?:联系电话|电话|手机)(?:号码)?：?(?P<value>1[3-9]\d{9}|0\d{2,3}-?\d{7,8})")),
)
_DUE_DAYS = re.compile(
    r"(?:本)?(?:判决书?|调解书|裁决书?|裁定书?|协议)?(?P<since>发生法律效力|生效|送达)(?:之)?日?(?:起|后)(?P<count>[一二三四五六七八九十]{1,3}|\d{1,3})(?P<unit>日|天|个月)(?:之?内)"
)
_BEFORE = re.compile(r"(?:之前|以前|前|付清|给付完毕)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: proposals in the order of the form, what was left over, whether an operative part was found."""

    text: str
    proposals: tuple[Proposal, ...]
    left: tuple[Left, ...]
    has_operative: bool

    def segments(self) -> list[tuple[str, str]]:
        """Return the source in pieces, each with the tone of its mark: read, left, or none."""
        marks = [""] * len(self.text)
        for tone, spans in (("left", self.left), ("read", self.proposals)):
            for span in spans:
                marks[span.start : span.end] = [tone] * len(marks[span.start : span.end])
        pieces: list[tuple[str, str]] = []
        for char, tone in zip(self.text, marks, strict=True):
            if pieces and pieces[-1][1] == tone:
                pieces[-1] = (pieces[-1][0] + char, tone)
            else:
                pieces.append((char, tone))
        return pieces


@dataclass(slots=True)
class _Source:
    """The plain text without blanks, and for each sign its place in what was pasted."""

    text: str
    places: list[int]
    proposals: list[Proposal] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    names: dict[str, tuple[str, int, int]] = field(default_factory=dict)  # role in the head and its place

    def span(self, start: int, end: int) -> tuple[int, int]:
        if not self.places or end <= start:
            return 0, 0
        return self.places[start], self.places[min(end, len(self.places)) - 1] + 1

    def propose(
        self, kind: str, start: int, end: int, values: dict[str, str], *, sure: bool = True, note: str = ""
    ) -> None:
        self.proposals.append(Proposal(kind, values, *self.span(start, end), is_sure=sure, note=note))

    def leave(self, start: int, end: int, reason: str) -> None:
        self.left.append(Left(*self.span(start, end), reason=reason))


def read(text: str) -> Reading:
    """Return what the text proposes; never raises, whatever the text is."""
    text = text.replace("\x00", " ")[:TEXT_MAX]
    source = _compact(text)
    starts = list(_ANCHOR.finditer(source.text))
    begin = starts[-1].end() if starts else 0
    ending = _END.search(source.text, begin)
    stop = ending.start() if ending else len(source.text)
    head_end = starts[0].start() if starts else 0
    _read_head(source, head_end or min(len(source.text), 400))
    sides: dict[str, tuple[str, int, int, bool]] = {}
    for start, end in _items(source.text, begin, stop):
        _read_item(source, start, end, sides)
    _read_due(source, begin, stop)
    _propose_parties(source, sides)
    found = sorted(source.proposals, key=lambda row: (_ORDER.index(row.kind), row.start))
    return Reading(
        text, tuple(found[:PROPOSALS_MAX]), tuple(sorted(source.left, key=lambda row: row.start)), bool(starts)
    )


_ORDER = ("BASIS", "DUE", "APPLICANT", "DEBTOR", "CLAIM")


def _compact(text: str) -> _Source:
    signs: list[str] = []
    places: list[int] = []
    lines = words.plain(text)
    for place, sign in enumerate(lines):
        # A line that ends within a sentence goes on; one after a full stop or a title begins anew.
        if sign in "\r\n":
            if signs and signs[-1] != "\n" and _begins_anew(lines, place):
                signs.append("\n")
                places.append(place)
        elif not sign.isspace():
            signs.append(sign)
            places.append(place)
    return _Source("".join(signs), places)


_LINE_START = re.compile(
    r"\s*(?:反诉)?(?:原\s*告|被\s*告|被?申请人|被?上诉人|第三人|法定代表人|委托|[一二三四五六七八九十]{1,3}、|\d{1,2}[、.]|\((?:19|20)\d\d\))"
)


def _begins_anew(text: str, place: int) -> bool:
    return bool(_LINE_START.match(text[place : place + 20]))


def _items(text: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
    part = text[begin:stop]
    cuts = {0, *(found.start() for found in _ITEM.finditer(part)), *(found.start() for found in _TAIL.finditer(part))}
    edges = [*sorted(cuts), len(part)]
    for start, end in itertools.pairwise(edges):
        if part[start:end].strip("\n；。"):
            yield begin + start, begin + end


def _read_head(source: _Source, end: int) -> None:
    head = source.text[:end]
    values: dict[str, str] = {}
    number = words.CASE_NUMBER.search(head) or words.OTHER_NUMBER.search(head) or words.CASE_NUMBER.search(source.text)
    if number:
        source.propose("BASIS", number.start(), number.end(), {"basis_number": number[0]})
    for title, usual in _TITLES:
        choice = usual
        place = head.find(title)
        if place >= 0:
            before = head[max(0, place - 30) : place]
            issuers = [found for found in _ISSUER.finditer(before) if found.end() == len(before.rstrip("\n"))]
            if issuers:
                start = max(0, place - 30) + issuers[-1].start()
                values = {"basis_issuer": issuers[-1][0]}
                source.propose("BASIS", start, start + len(issuers[-1][0]), values)
                if "劳动" not in values["basis_issuer"] and choice.startswith("A2"):
                    choice = choice.replace("A2", "A1").replace("仲裁", "")
                elif "劳动" in values["basis_issuer"] and choice.startswith("A1"):
                    choice = "A2" if choice == "A1" else "A2:仲裁调解书"
            source.propose("BASIS", place, place + len(title), {"basis_kind": choice})
            break
    if cause := _CAUSES.search(head):
        source.propose("BASIS", cause.start(), cause.end(), {"cause": cause[0]})
    days = [found for found in words.FORMAL_DAY.finditer(source.text) if words.day_of(found)]
    if days:
        source.propose("BASIS", days[-1].start(), days[-1].end(), {"basis_made_on": words.day_of(days[-1])})
    for found in _HEAD_PARTY.finditer(head):
        if re.search("与|一案|原告|被告|、", found["name"]):
            continue
        source.names.setdefault(found["name"], (found["role"], found.start("name"), _end_of_party(head, found.end())))


# What a party's further sentences begin with: its representative, its number, its address, its telephone.
_MORE_OF_PARTY = re.compile(
    r"[。\n]{1,2}(?:法定代表人|负责人|经营者|(?:公民)?身份(?:证)?号码?|统一社会信用代码|住所?|现住|户籍地|联系电话|电话)[^。；\n]{2,80}"
)


def _end_of_party(head: str, at: int) -> int:
    ends = [place for sign in ("。", "\n原", "\n被", "\n申") if (place := head.find(sign, at)) >= 0]
    end = min(ends, default=len(head))
    while following := _MORE_OF_PARTY.match(head, end):
        end = following.end()
    return end


def _known(source: _Source) -> tuple[str, ...]:
    return tuple(sorted(source.names, key=len, reverse=True))


def _people(source: _Source, start: int, end: int) -> list[tuple[str, str, int, int]]:
    """Return side, name and place of everybody whom an item names by his part in the suit."""
    text, found_people = source.text[:end], []
    for role in _ROLE.finditer(text, start, end):
        side = "APPLICANT" if _TO.search(text[max(start, role.start() - 4) : role.start()]) else "DEBTOR"
        at = role.end()
        while name := words.name_at(text, at, _known(source)):
            found_people.append((side, name, at, at + len(name)))
            at += len(name)
            if text[at : at + 1] not in ("、", "和", "与", "及") or _ROLE.match(text, at + 1):
                break
            at += 1
    return found_people


def _read_item(source: _Source, start: int, end: int, sides: dict[str, tuple[str, int, int, bool]]) -> None:
    item = source.text[start:end]
    reason = claims.not_to_be_enforced(item)
    if reason:
        source.leave(start, end, reason)
        return
    people = _people(source, start, end)
    is_fee = claims.is_fee(item)
    payers = {name for side, name, *_rest in people if side == "DEBTOR"}
    if is_fee and payers and all(source.names.get(name, ("",))[0].startswith(("原告", "申请人")) for name in payers):
        source.leave(start, end, _("由申请一方负担的费用，不是执行内容"))
        return
    for side, name, at, until in people:
        if is_fee:
            continue
        before = sides.get(name)
        if before and before[0] != side:
            sides[name] = (*before[:3], False)
        elif before is None:
            sides[name] = (side, at, until, True)
    read_any = False
    for claim in claims.claims_of(item):
        if isinstance(claim, Left):
            source.leave(start + claim.start, start + claim.end, claim.reason)
        else:
            source.propose(
                "CLAIM", start + claim.start, start + claim.end, dict(claim.values), sure=claim.is_sure, note=claim.note
            )
        read_any = True
    if not read_any:
        source.leave(start, end, _("没有读懂，请自行填写"))


def _read_due(source: _Source, begin: int, stop: int) -> None:
    part = source.text[:stop]
    days = []
    for found in words.DAY.finditer(part, begin):
        if _BEFORE.match(part, found.end()) and words.day_of(found):
            days.append((words.day_of(found), found.start(), found.end()))
    if days:
        day, start, end = max(days)
        note = _("分期履行，取最后一期") if len(days) > 1 else ""
        source.propose("DUE", start, end, {"performance_due_on": day}, note=note)
        return
    found_days = _DUE_DAYS.search(part, begin)
    if found_days:
        count = found_days["count"]
        number = int(count) if count.isdigit() else words.number_in_words(count) or 0
        unit = "month" if found_days["unit"] == "个月" else "day"
        is_sure = found_days["since"] != "送达"
        note = _("从生效日起算，填写生效日后自动算出") if is_sure else _("从送达日起算，请自行填写履行期限届满日")
        values = {"due_count": str(number), "due_unit": unit} if is_sure and number else {}
        source.propose("DUE", found_days.start(), found_days.end(), values, sure=is_sure, note=note)


def _propose_parties(source: _Source, sides: dict[str, tuple[str, int, int, bool]]) -> None:
    """Propose the parties: who owes and who is owed by the operative part, else by their part in the suit."""
    has_applicant = any(side == "APPLICANT" for side, *_rest in sides.values())
    for name, (role, start, end) in source.names.items():
        side, is_sure, note = "", True, ""
        if name in sides:
            side, _at, _until, is_sure = sides[name]
            note = "" if is_sure else _("双方互负义务，请核对诉讼地位")
        elif role.startswith(("原告", "申请人")) and not has_applicant and sides:
            side, is_sure, note = "APPLICANT", False, _("主文未写明权利人，按诉讼地位提出，请核对")
        if side:
            source.propose(side, start, end, _details(source.text, name, start, end), sure=is_sure, note=note)
    for name, (side, start, end, is_sure) in sides.items():
        if name not in source.names:
            note = "" if is_sure else _("双方互负义务，请核对诉讼地位")
            source.propose(side, start, end, _details(source.text, name, start, end), sure=False, note=note)


def _details(text: str, name: str, start: int, end: int) -> dict[str, str]:
    line = text[start:end]
    is_organisation = bool(words.ORGANISATION_END.search(name))
    values = {"kind": "ORGANISATION" if is_organisation else "PERSON", "name": identity.canonical_name(name)[:100]}
    for key, pattern in _DETAILS:
        found = pattern.search(line)
        if found and key not in values and (is_organisation or key != "legal_representative"):
            values[key] = found["value"]
    return values


def total(reading: Reading) -> Decimal:
    """Return the sum of the proposed amounts."""
    rows = (row.values.get("amount", "") for row in reading.proposals if row.kind == "CLAIM")
    return sum((Decimal(row) for row in rows if row), Decimal("0.00"))
