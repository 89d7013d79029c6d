"""Words that stand where something should be said: 无, 已同步, 见附件, "n/a", "see above", a dash."""

from __future__ import annotations

import re
import unicodedata

_CHINESE = (
    "无特殊 无特别 没有特别 无特殊情况 无特殊说明 无特别说明 没有特殊情况 无异常 无问题 无备注 无补充 "
    "没有 暂无 暂没有 暂时没有 暂时无 目前无 目前没有 无内容 没内容 没啥 没什么 什么都没有 "
    "已同步过 交接完 口头 面谈 私聊 "
    "待补充 待补 待定 待完善 待更新 待写 待填 待整理 待确认 未填 未写 后补 稍后 稍后补充 后续补充 回头补 以后补 整理中 "
    "补充中 更新中 进行中 占位 测试 "
    "不适用 不涉及 不需要 不用 无需 没必要 不用写 不用填 不知道 不清楚 不详 未知 随便 "
    "照旧 照常 正常 一切正常 没问题 如题 如图 大家都知道 知道 好的 收到 了解 可以 内容 空白"
)
_ENGLISH = (
    "none na nil null nothing no notapplicable notavailable notneeded notrequired unneeded unknown dunno idk notsure "
    "same sameasabove sameasbefore asabove asbefore asusual asdiscussed asagreed ditto samehere "
    "tbd tba tbc tbw todo tobedone tobedetermined tobedefined tobeadded tobeconfirmed tofollow tocome comingsoon later "
    "willaddlater addlater pending wip workinprogress placeholder fixme loremipsum test testing asdf qwerty "
    "done ok okay yes fine good allgood synced shared handedover told toldhim toldher explained explainedverbally "
    "verbally discussed empty blank normal usual obvious selfexplanatory because justbecause noreason"
)
_WORDS = frozenset((_CHINESE + " " + _ENGLISH).split())
# Pointing elsewhere without saying where: 同上, 详见上文, "see above", "please refer to the above".
_ELSEWHERE = re.compile(
    r"(内容|步骤|其他|其它)?(均|都)?同(上|前|左|下)"
    r"|(请|详|参|具体|可|如)*(见|看|阅|参考|参照|如)(以?[上下前后]|[上下前后](文|面|述|方|表|图)|左侧|右侧)(内容)?"
    r"|(please)?(see|referto|lookat|check|as)(the)?(above|below|before|previous)(section|note)?"
)
_ATTACHED = re.compile(
    r"(请|详|参|具体|可|如|另)*(见|看|阅|查看|查阅|参考|如)?附[件表档](内容|文件|文档)?"
    r"|(please)?(see|referto|check)?(the)?(attach(ed|ment|ments)|enclosed|enclosure)(file|files|document)?"
)
_MAY_MEAN_ONE = re.compile(r"附|attach|enclos", re.I)
_PARTICLES = re.compile(r"(了|的|啦|哦|啊|呢|哈)+$")
_PIECES = re.compile(r"[\n\t,，、.。;；:：!！?？|]+")
# Done and said, somewhere, to somebody: 已同步, 都口头交接过了, 当面说过.
_DONE = re.compile(
    r"(已|都|全部|均)*(已|经)?(口头|当面|微信|电话|线下|单独|私下)?"
    r"(同步|交接|说明|告知|沟通|培训|讲|说|讲解|完成|处理|传达|转达|交代|对接)(清楚|完毕|完|过|好)?"
)
# Written the traditional way they say no more.
_SIMPLER = str.maketrans(
    "沒無見參詳暫補說講後當處確認測試備檔請閱圖時應該內況",
    "没无见参详暂补说讲后当处确认测试备档请阅图时应该内况",
)
_LONGEST = 60  # a longer piece says something


def is_filler(text: str, *, has_attachment: bool = False) -> bool:
    """Whether a text says nothing: each of its pieces is a filler, a sign or a single letter.

    `has_attachment`: pointing at an attachment says something where there is one.
    """
    folded = unicodedata.normalize("NFKC", text).casefold().translate(_SIMPLER)
    if _says_nothing(folded, has_attachment):
        return True
    return all(_says_nothing(piece, has_attachment) for piece in _PIECES.split(folded))


def points_at_attachment(text: str) -> bool:
    """Whether words in it may mean an attachment: only then it matters whether there is one."""
    return bool(_MAY_MEAN_ONE.search(text))


def _says_nothing(piece: str, has_attachment: bool) -> bool:
    if len(piece) > 4 * _LONGEST:
        return False
    kept = "".join(character for character in piece if unicodedata.category(character)[0] in "LN")
    if len(kept) > _LONGEST:
        return False
    if len(kept) < 2 or (len(set(kept)) == 1 and not kept.isdecimal()):
        return True
    if not has_attachment and _ATTACHED.fullmatch(kept):
        return True
    bare = _PARTICLES.sub("", kept)
    return kept in _WORDS or bare in _WORDS or bool(_ELSEWHERE.fullmatch(kept) or _DONE.fullmatch(bare))
