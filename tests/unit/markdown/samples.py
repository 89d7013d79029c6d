"""Markdown that is hard on positions: the renderer, the canonical text and the browser must agree on each."""

from __future__ import annotations

PROCEDURE = """\
# 退款审核 *流程*

**重要：**测试环境与正式环境的账号不同，**“先查单”**再退款。
第二行接着写 https://example.com/a，谢谢。登录https://erp.example.com后点击「审核」。

1. 打开 ERP → **退款**

   先看 `订单状态`，再看备注。
2. 金额 > 500 元的，找主管
   - 微信：😀 主管
   - 电话：分机 8001
     - 晚上打手机

| 情形 | 处理 | 时限 |
|:-----|:----:|-----:|
| 未发货 | 直接退 | 2 小时 |
| 已发货 | 先拦截<br>再退 |  |
|  | `a\\|b` &amp; 其他 | 1 天 |

> 注意：
> 大促期间 [[大促预案|预案]] 优先。

见脚注[^1]，又见脚注[^1]与^[行内 *脚注*]。

[^1]: 2023 年起由财务复核。

    第二段。

## 退款审核 流程
"""

SAMPLES: dict[str, str] = {
    "nothing": "",
    "blank": " \n\n\t\n",
    "procedure": PROCEDURE,
    "emoji and astral Han": "😀 𠮷野家 👨‍👩‍👧 e\u0301 **𠮷**：好\n😀😀\n\n- 😀\n\n```\n😀 𠮷\n```\n\n尾😀",
    "nested lists": "- a\n  - b\n    1. c\n\n       d\n    2. e\n- f\n\n  g\n\n  > h\n  > - i\n",
    "list under a paragraph": "one\n- two\n- three\n\nfour\n1) five\n2) six",
    "empty items": "- \n- a\n-\n\n1.\n2. b",
    "tasks": "- [ ] open\n- [x] **done**\n- [X] `code`\n- [] no\n- [ ]no\n\n1. [ ] numbered\n   - [x] inner",
    "table": "| a | b |\n|---|---|\n| 1 |  |\n|  | 2 |\n|  |  |\n| *x* | [y](/z) `q` |\n",
    "table of one column": "|a|\n|-|\n|b|\n||\n|c|",
    "table with pictures": "| ![x](/attachments/a.png) | ![y](https://far.example.com/b.png) |\n"
    "|---|---|\n| 1 | ![](/attachments/c.png) |",
    "footnotes": "A[^a] B[^b] A[^a].\n\n[^a]: first\n[^b]: second\n\n    - list\n    - in it\n",
    "code": "Text `a  b` and ``x ` y``.\n\n```sql\n\n  SELECT  *\n\tFROM t\n\n```\n\n"
    "    indented\n      more\n\n```\n```\n\nend",
    "code in a list": "1. a\n\n   ```sh\n   rm -r x\n\n   ls\n   ```\n2. b\n\n       indented\n",
    "hard breaks": "one  \ntwo\\\nthree\n四  \n五\\\n六",
    "soft breaks": "中文\n中文 **粗**\n体 [链\n接](/a)\nword\nword，\n中",
    "white space": "a    b\tc\u00a0d\u3000e\u200bf  \n\n&#32;x&#32;&#9;y&#13;z&#12;",
    "controls": "a\u202eb\u2066c\u2069 d\u0001e\u007ff\u0085g\u2028h",
    "entities": "&lt;b&gt; &amp;amp; &quot; &#0; &nbsp;x&copy;",
    "raw HTML": "<div>a</div>\n\n<b onclick=x>b</b> <!-- c --> <br>\n",
    "quotes": "> a\n> > b\n>\n> c\n\nd\n> e\n",
    "rules and headings": "Title\n===\n\n***\n\n### Third `x` [y](/z) #\n\nTwo\n---\n\n#\n\n# \n",
    "emphasis": "***both*** **a*b*c** __x__ ~~gone~~ a**b** **「あ」**が *。*，_x_y_",
    "links": "<https://a.example.com> www.example.com.\n"
    "(https://b.example.com/x_(y)) a@b.example.com，[t](/u 'v')",
    "wiki": "[[A]] [[A|**label**]] x[[ ]]y `[[A]]` [a [[B]] c](/d)",
    "pictures": "![one *two*](/attachments/a.png 't') ![  ](/attachments/b.png)\n![远](https://x.example.com/c.png)",
    "picture at the ends": "![a](/attachments/a.png)b\n\nb![ c ](/attachments/a.png)\n\n"
    "![d](/attachments/a.png)",
    "reference links": "[a][b] [b] ![c][b]\n\n[b]: https://example.com/ref 'T'\n",
    "windows lines": "# a\r\n\r\nb\r\nc\rd\r\n\r\n```\r\ne\r\n```\r\n",
    "right to left": "שלום **עולם** abc\n\n- مرحبا\n",
    "deep quote": ">" * 200 + " deep",
}
