"""What people say around what they look for: words of questions in both languages, left out beside other words."""

from __future__ import annotations

import re

# Dropped beside other words only; never from phrases.
STOP_WORDS = frozenset(
    word
    for line in (
        "a about after all also am an and any are as at be because been before being but by can could",
        "did do does doing for from had has have having he her here him his how i if in into is it its",
        "just me my of on or our out over she should so some such than that the their them then there",
        "these they this those to too us was we were what when where which while who whom whose why will",
        "with would you your let may might must ought shall yours ours mine myself",
        "aren't can't couldn't didn't doesn't don't haven't i'd i'll i'm i've isn't it's let's shouldn't",
        "that's there's they're wasn't we'd we'll we're we've what's where's who's how's won't wouldn't you're",
    )
    for word in line.split()
)
# Dropped as well where somebody asks: "what do i need to know about …", "can anyone tell me where to find …".
FRAME = frozenset(
    word
    for line in (
        "anybody anyone anything everything explain find get give happen happens help hello hi know learn",
        "like look looking mean means need needed needs please read say see show somebody someone supposed",
        "tell thank thanks think try trying understand want wanted way wonder wondering",
    )
    for word in line.split()
)
_BEGINNINGS = frozenset(
    word
    for line in (
        "are can could did do does has have hello help hi how i i'd i'm is may might must please shall",
        "should tell was we were what what's when where where's which who who's whom whose why will would",
    )
    for word in line.split()
)
# Words of questions within a run of Han, the longer ones first; what follows or precedes decides about the
# few that are also halves of two other words (申请问题, 许可以及, 对应该项, 按需要求).
_ASKED = re.compile(
    r"(?<!申)请问(?:一下|下)?(?!题)|请教(?:一下|下)?|想问(?:一下|下)?|(?:我|我们)?想知道|请?告诉我|麻烦问(?:一下|下)?|"
    r"怎么(?:办|样|做|弄|回事|才能|会)?|怎样(?:才能)?|如何(?:才能)?|咋(?:办|样|弄|整)?|"
    r"为什么|为啥|(?<![作成认])为何|什么(?:时候|地方|意思|原因|情况|是)?|(?:是|有|叫|干|做)(?:什么|啥)(?:意思|样)?|啥时候|"
    r"(?:在|去|到)?哪(?:里|儿)|哪(?:些|个|位|种|一个|几个)|多少|多久|多长时间|"
    r"(?:找|问|联系|归|由)?谁(?:来|能|在|有|负责|管)?|[这那]么|"
    r"是不是|有没有|能不能|能否|可否|可不可以|要不要|会不会|是否|"
    r"(?<![许认])可以(?![及来下外上内往前后免])|(?<![对相响适反供效])应该|(?<!必)需要(?!求)"
)
# What is left hanging around them: 退款要(怎么)走, (什么是)我的.
_MINE = re.compile(r"^(?:我们?|你们?|您|咱们?)的(?=..)")
_HEAD = re.compile(r"^(?:我们|我|你们|您|咱们|的|了)+(?=..)")
_TAIL = re.compile(r"(?<=.)(?:吗|呢|吧|啊|呀|么|的|了|是|该|(?<![主必重纪摘概])要)+$")
_LITTLE = frozenset(
    "我你您他她它这那的了是在有要会能去来到从被把让给对为和与及或就都也还又很不没吗呢吧啊呀么"
)
_OF = re.compile(r"(?<=..)(?<![目标])的(?![士确])(?=..)")


def asks(words: list[str]) -> bool:
    """Whether so many words begin like a question, or like a request for help."""
    return len(words) > 2 and words[0] in _BEGINNINGS


def only_asks(run: str) -> bool:
    """Whether a run of Han is nothing but such a word: 怎么, 请问."""
    return _ASKED.fullmatch(run) is not None


def told(run: str) -> list[str]:
    """A run of Han cut at the words of a question, which go, and at 的; as it is if too little were left."""
    pieces = _ASKED.split(_MINE.sub("", run))
    if len(pieces) > 1 or run.endswith(("吗", "呢")):
        pieces = [_TAIL.sub("", _HEAD.sub("", piece)) for piece in pieces]
    parts = [part for piece in pieces for part in _OF.split(piece) if part and part not in _LITTLE]
    return parts if any(len(part) > 1 for part in parts) else [run]
