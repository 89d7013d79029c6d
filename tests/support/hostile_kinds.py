"""Kinds of hostile queries, each with a name: what breaks parsers, floods an index or is pasted by accident."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator, Sequence
from itertools import pairwise

LONG = 4000
COMMON = (
    "的", "是", "在", "e", "s", "team", "data", "使用", "数据", "可以", "the", "and", "to", "use", "1", "一个",
    "refund", "order", "退款", "审核",
)  # fmt: skip
OPERATORS = (
    "AND", "OR", "NOT", "ANDNOT", "a ANDNOT b", "a AND", "OR b", "NOT NOT a", "[a TO z]", "{a TO z}", "[* TO *]",
    "[TO", "a^1000", "a~2", '"a b"~9', "NEAR(a b, 10)", "a NEAR/3 b", "+a +b", "a && b || !c", "!", "<>", ">=5",
    "{title} : a", "title:a", "a;b", "' OR 1=1 --", '"; DROP TABLE notes; --', "%", "_", "*)(uid=*", "(a+)+$",
    "(a|aa)+b", ".*", "^$", "\\", "\\d+", '\\"', "[[:alpha:]]", "{{7*7}}", "${7*7}", "<%= 1 %>", "%s%s%n", "{0}",
    "../../etc/passwd", "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "javascript:alert(1)",
    "<mark>", "&lt;mark&gt;", "&#0;", "@@", "#tag", "::", "a:b:c",
)  # fmt: skip
FLOODED = (
    "ANDNOT a ",
    "a AND ",
    "a OR ",
    "(a OR ",
    "[a TO z] ",
    "(a+)+",
    "%_",
    "\\",
    "~",
    "^9 ",
    "a.*",
    "{{",
    "<b>",
)
BRACKETS = (
    "(",
    ")",
    "()",
    "[",
    "]",
    "{",
    "<",
    '"',
    '""',
    '" ',
    '"a" ',
    '"a',
    "'",
    "“",
    "”",
    "「",
    "《",
    "(a)",
)
WILDCARDS = (
    "*", "**", "?", "a?b", "*a", "*a*", "a*b*c*", "a*", "e*", "s*", "1*", "的*", "co*", "conf*", "re*", "in*",
    "-a*", "-re*", '"re*"', "in:title co*", "RE*", "re**", "re* re* re*", "é*", "ß*", "ﬁ*",
)  # fmt: skip
FIELDS = (
    "kind:case ", "kind:", "kind:x ", "tag:tag0 ", "tag:", "-tag:tag0 ", 'module:"a b" ', 'module:"', "author:a@b.c ",
    "-kind:case ", "foo:bar ", ":", "a:", "in:title ", "-in:title ", "in:title 的 ", "in:title a ", "in:",
    'in:title "a b" ', "in:title -a ", "in:titlekind:case ", "kind:case-kind:case ", "KIND：CASE ", "updated:2026 ",
)  # fmt: skip
CHARACTERS = {
    "NUL": "\x00", "bell": "\x07", "escape": "\x1b[31m", "delete": "\x7f", "next line": "\x85", "lone high": "\ud800",
    "lone low": "\udfff", "pair as two": "\ud83d\ude00", "not a character": "\uffff", "private": "\ue000",
    "replacement": "\ufffd", "byte order mark": "\ufeff", "right to left": "\u202eabc", "isolates": "\u2066a\u2069",
    "Arabic": "استرداد", "Hebrew": "החזר", "zero width": "\u200b", "joiner": "a\u200d", "soft hyphen": "a\u00ad",
    "accents": "a\u0301\u0302\u0303\u0304", "only accents": "\u0301", "voiced mark": "か\u3099",
    "jamo": "\u1112\u1161\u11ab",
    "old jamo": "\u1100\u1160", "emoji": "👩\u200d👩\u200d👧", "flags": "🇨🇳", "skin": "👍🏽", "selectors": "退\ufe0e",
    "tags": "\U000e0061", "long ligature": "\ufdfa", "squared words": "㍿", "full width": "ＡＢＣ１２３",
    "mathematical": "𝒜𝔅", "dotted I": "İ", "sharp s": "ẞ", "circled": "①②", "superscript": "x²",
    "Roman": "Ⅷ", "radicals": "⼀⼆", "extension B": "𠀀𠀁", "compatibility": "豈更", "Thai": "การคืนเงิน",
    "Tibetan": "བོད", "Devanagari": "वापसी", "Ethiopic": "ገንዘብ", "kana": "ﾊﾟﾋﾟ", "Greek": "ΣΑΣ",
    "line separator": "\u2028",
}  # fmt: skip
PASTED = {
    "Python": 'File "/srv/app/pay.py", line 42, in refund\n    raise ValueError("no such order: %s" % key)\n',
    "Java": "\tat com.example.refund.Service$1.run(Service.java:142) ~[app.jar:1.2.3]\n",
    "SQL": "SELECT a.id, COUNT(*) FROM orders a LEFT JOIN refunds b ON a.id = b.order_id WHERE b.id IS NULL;\n",
    "JSON": '{"order": {"id": "TB20261103-0092", "items": [{"sku": 1, "qty": null}]}}, ',
    "log": "2026-11-21T16:51:27.123Z ERROR [http-8080-exec-7] c.e.Gateway - 502 bad gateway upstream=10.0.0.1:8080\n",
    "addresses": "https://example.com/a/b?c=d&e=%E9%80%80%E6%AC%BE#top li.wei@example.com ",
    "numbers of orders": "TB20261103-0092 RMA-4107/2 SKU_88-A ", "versions": "1.2.3-rc.1+build.5 v10.0.0 ",
    "identifiers": "3f2b8c1e-9d4a-4b6f-8e21-0c5d7a9b1f00 ", "diff": "@@ -1,7 +1,7 @@\n-退款 old\n+退款 new\n",
    "table": "| 订单 | 状态 | 退款 |\n|---|---|---|\n",
    "shell": "$ kubectl get pods -n refund | grep -v Running && echo $?\n",
    "paths": "C:\\Users\\li\\Desktop\\退款\\2026.xlsx ", "HTML": '<a href="x" onclick="y">退款</a><!-- -->\n',
    "code": "const f=(a,b)=>a?.b??[...b].map(c=>c**2);", "IPv6": "fe80::1ff:fe23:4567:890a%eth2 ",
    "chat": "李伟 16:51\n好的，退款已经处理了，请查一下 👍\n", "money": "¥1,234.56 -€0.99 1e309 0x7fffffff ½ ",
}  # fmt: skip


def _lengths() -> Iterator[tuple[str, str]]:
    pick = random.Random(1)
    han = [chr(code) for code in range(0x4E00, 0x4E00 + LONG)]
    yield "one long word", "a" * LONG
    yield "one endless word", "退" * 100_000
    yield "spaces", " " * LONG
    yield "new lines", "\n" * LONG
    yield "Han, all different", "".join(han)
    yield "Han, one after the other", " ".join(han[:2000])
    yield "Han between punctuation", "，".join(han[:2000])
    yield "Han and Latin by turns", "".join(f"{char}a" for char in han[:2000])
    yield "Han in quotation marks", f'"{"".join(han)}"'
    yield "letters, one by one", " ".join(string.ascii_lowercase * 70)
    yield (
        "words, all different",
        " ".join("".join(pick.choices(string.ascii_lowercase, k=7)) for _ in range(500)),
    )
    yield "prefixes, all different", " ".join(f"{a}{b}*" for a in string.ascii_lowercase for b in "aeiou")
    yield "numbers", " ".join(map(str, range(1000)))
    yield "digits", "1234567890" * 400
    yield "joined words", "-".join(string.ascii_lowercase * 70)
    yield "joined numbers", ".".join(map(str, range(1000)))
    yield "base64", "".join(pick.choices(string.ascii_letters + string.digits + "+/", k=LONG))
    yield "any characters", "".join(chr(pick.randrange(1, 0x110000)) for _ in range(LONG))
    yield "nested brackets", "(" * 2000 + "a" + ")" * 2000
    yield "tags, all different", " ".join(f"tag:tag{number}" for number in range(400))
    yield "minus tags, all different", " ".join(f"-tag:tag{number}" for number in range(400))
    yield "a phrase of thousands", '"' + "a b " * 1000 + '"'
    yield "minus signs", "-" * LONG
    yield "minus and space", "- " * 2000
    yield "minus before each", "-a " * 1300
    yield "words without Latin letters or Han", "!?.,;" * 800


def _common(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """What stands nearly everywhere: alone, all of it, in phrases, joined, taken away, in titles."""
    for word in words[:20]:
        yield f"common: {word}", word
    everything = " ".join(words)
    yield "all common words", everything
    yield "all common words, repeated", f"{everything} " * 40
    yield "a phrase of common words", f'"{everything}"'
    yield (
        "phrases of common words",
        " ".join(f'"{one} {other}"' for one, other in pairwise(words)),
    )
    yield "one word in a phrase, repeated", f'"{(words[0] + " ") * 500}"'
    yield "phrases of one word", f'"{words[0]} {words[0]}" ' * 200
    yield "common words joined", "-".join(words)
    yield "one common word joined", "-".join([words[3]] * 500)
    yield "common words in titles", " ".join(f"in:title {word}" for word in words)
    yield "common words taken away", f"{words[0]} " + " ".join(f"-{word}" for word in words[1:])
    yield "phrases taken away", f"{words[0]} " + " ".join(f'-"{word} {words[0]}"' for word in words[1:])
    yield "only negative", " ".join(f"-{word}" for word in words)
    yield "common words without spaces", "".join(words)
    yield "common words with stars", " ".join(f"{word[:2]}*" for word in words)
    yield "common words misspelt", " ".join(f"{word}x{word}" for word in words)


def blocks() -> Iterator[tuple[str, str]]:
    """256 characters of every stretch of Unicode that has any."""
    for start in (
        *range(0, 0x20000, 0x400),
        *range(0x20000, 0x33480, 0x2000),
        *range(0xE0000, 0xE0200, 0x100),
    ):
        yield f"U+{start:04X}", "".join(map(chr, range(start, start + 0x100)))


def kinds(common: Sequence[str] = COMMON) -> dict[str, str]:
    """All kinds by name, without the blocks; `common` are words that stand nearly everywhere in the index."""
    found = dict([("nothing", ""), *_lengths(), *_common(common)])
    found |= {f"operator {text!a}": text for text in OPERATORS}
    found |= {f"wildcard {text!a}": text for text in WILDCARDS}
    for text in (*FLOODED, *BRACKETS, *FIELDS, "a* ", "co* ", "的* ", "the ", "的 ", "e ", "*", "-*"):
        found[f"flood of {text!a}"] = (text * (LONG // len(text)))[:LONG]
    for name, text in CHARACTERS.items():
        found[name] = text
        found[f"flood of {name}"] = (text * (LONG // len(text)))[:LONG]
    found |= {f"pasted {name}": (text * (LONG // len(text) + 1))[:LONG] for name, text in PASTED.items()}
    return found
