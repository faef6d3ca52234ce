"""Every Chinese source string has an English one, placeholders agree, and the compiled catalogue is fresh."""

import re

import polib
import pytest

from wuhai_exec import catalogue

# What Chinese sets full-width; the bar stays, for it is what a cell is typed with.
FULL_WIDTH = re.compile("[\u3000-\u303f\uff01-\uff5b\uff5d-\uff65]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def committed():
    return catalogue.load()


def test_the_catalogue_holds_exactly_the_source_strings(committed):
    known = {(entry.msgid, entry.msgid_plural) for entry in committed}
    assert known == set(catalogue.collect()), "run: python manage.py catalogue"


def test_every_string_has_english_with_the_same_placeholders(committed):
    for entry in committed:
        texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
        assert all(texts), f"no English for {entry.msgid!r}"
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) <= set(PLACEHOLDER.findall(entry.msgid)), entry.msgid
            assert not FULL_WIDTH.search(text), f"punctuation of Chinese left in {text!r}"
            assert not catalogue.CHINESE.search(text.replace("中文", "")), f"Chinese left in {text!r}"


def test_the_compiled_catalogue_is_fresh(committed):
    compiled = polib.mofile(str(catalogue.MO))
    assert {(e.msgid, e.msgstr) for e in compiled if not e.msgid_plural} == {
        (e.msgid, e.msgstr) for e in committed if not e.msgid_plural
    }


def test_no_chinese_stands_outside_a_translated_string_in_templates():
    tag = re.compile(r"\{%\s*(blocktranslate|blocktrans)\b.*?\{%\s*end\1\s*%\}|\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.S)
    comment = re.compile(r"\{%\s*comment.*?endcomment\s*%\}", re.S)
    for path in catalogue.sources():
        if path.suffix != ".html":
            continue
        bare = tag.sub("", comment.sub("", path.read_text(encoding="utf-8")))
        lines = [line.strip() for line in bare.splitlines() if catalogue.CHINESE.search(line)]
        assert not lines, f"{path.name}: {lines[:3]}"


def test_no_full_width_punctuation_stands_outside_a_translated_string_in_templates():
    tag = re.compile(r"\{%\s*(blocktranslate|blocktrans)\b.*?\{%\s*end\1\s*%\}|\{%.*?%\}|\{#.*?#\}|\{\{.*?\}\}", re.S)
    comment = re.compile(r"\{%\s*comment.*?endcomment\s*%\}", re.S)
    for path in catalogue.sources():
        if path.suffix != ".html":
            continue
        text = comment.sub("", path.read_text(encoding="utf-8"))
        found = re.findall("[：（），；、。！？]", tag.sub("", text)) + re.findall(r'join:"([；、，])"', text)
        assert not found, f"{path.name}: {found}"


def test_no_string_stands_in_the_catalogue_twice(committed):
    singulars = [entry.msgid for entry in committed]
    assert len(singulars) == len(set(singulars))
