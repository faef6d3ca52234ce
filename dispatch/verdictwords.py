"""Reads a kept judgement back as sentences, in the reader's language."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from bureau.money import yuan
from dispatch.cash import Cash
from dispatch.facts import BY_CODE, OPERATORS, YES_NO, say
from dispatch.factsources import CASH_SOURCES, SOURCES
from dispatch.models import TriageRule
from dispatch.triage import DECISIVE, FAST


def condition_of(condition: Mapping[str, Any]) -> str:
    """Return one condition as a phrase, such as “申请执行标的额 ≤ 100,000.00 元”."""
    fact = BY_CODE.get(condition["fact"])
    if fact is None:
        return str(condition["fact"])
    op = str(OPERATORS[condition["op"]])
    return f"{fact.name} {op} {value_of(condition)}"


def value_of(condition: Mapping[str, Any]) -> str:
    """Return what a condition compares with, in words."""
    value = condition["value"]
    if isinstance(value, dict):
        return str(BY_CODE[value["fact"]].name)
    return say(BY_CODE[condition["fact"]], value)


def check_of(check: Mapping[str, Any]) -> str:
    """Return one condition's answer as a sentence: what is so, what was asked, and whether it holds."""
    fact = BY_CODE.get(check["fact"])
    if fact is None:
        return str(check["fact"])
    words = {"fact": fact.name, "actual": say(fact, check["actual"]), "asked": condition_of(check)}
    if isinstance(check["value"], dict):
        other = BY_CODE[check["value"]["fact"]]
        words["asked"] = f"{words['asked']} {say(other, check['against'])}"
    if check["is_true"] is None:
        return _("%(asked)s：尚不知道") % words
    if fact.kind == YES_NO:
        text = _("%(fact)s：%(actual)s，符合") if check["is_true"] else _("%(fact)s：%(actual)s，不符合")
        return text % words
    text = (
        _("%(fact)s %(actual)s，符合“%(asked)s”") if check["is_true"] else _("%(fact)s %(actual)s，不符合“%(asked)s”")
    )
    return text % words


def lines_of(explanation: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return each rule's answer with its sentences, hits first; a line from before tables keeps its own words."""
    lines = [
        {
            **line,
            "said": [line["why"]] if "why" in line else [check_of(check) for check in line["checks"]],
            "flag_label": TriageRule.Flag(line["flag"]).label if line.get("flag") else "",
        }
        for line in explanation
    ]
    return sorted(lines, key=lambda line: not line["is_hit"])


def conclusion_of(conclusion: Mapping[str, Any]) -> str:
    """Return how the proposal came about."""
    if "said" in conclusion or not conclusion:
        return str(conclusion.get("said", ""))
    is_fast = conclusion["stream"] == FAST
    if conclusion["how"] == DECISIVE:
        text = _("决定性规则 %(codes)s 命中，建议简案") if is_fast else _("决定性规则 %(codes)s 命中，建议繁案")
        return text % {"codes": "、".join(conclusion["deciding"])}
    words = {"weight": conclusion["weight"], "min": conclusion["weight_min"]}
    text = _("简案权重 %(weight)d ≥ %(min)d，建议简案") if is_fast else _("简案权重 %(weight)d < %(min)d，建议繁案")
    return text % words


def facts_of(facts: Mapping[str, Any], sources: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return every fact with its value and where it came from, in the order of the vocabulary."""
    return [
        {
            "code": code,
            "name": fact.name,
            "value": say(fact, facts[code]),
            "is_known": facts[code] is not None,
            "source": SOURCES.get(sources.get(code, ""), ""),
        }
        for code, fact in BY_CODE.items()
        if code in facts
    ]


def flags_of(flags: Iterable[str]) -> list[str]:
    """Return the flags in words."""
    return [str(TriageRule.Flag(flag).label) for flag in flags]


def recorded(known: Decimal, source: str) -> str:
    """Return what the record has of the money that can be controlled, and whence."""
    return _("可控存款：%(source)s %(known)s 元") % {"known": yuan(known), "source": SOURCES[CASH_SOURCES[source]]}


def disputed(cash: Cash) -> str:
    """Return both sums with their sources, and which of them counts and why."""
    known, source = cash.on_record
    words = {
        "stated": yuan(cash.stated or 0),
        "known": yuan(known or 0),
        "source": SOURCES[CASH_SOURCES[source]],
        "reason": cash.reason,
    }
    if cash.is_open:
        return _("填写 %(stated)s 元，%(source)s %(known)s 元：不一致，请改正或写明理由，否则按后者计算") % words
    return _("填写 %(stated)s 元，%(source)s %(known)s 元，按填写的计算；理由：%(reason)s") % words
