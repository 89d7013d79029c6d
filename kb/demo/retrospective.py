"""What leaver and successor of the Chinese shop have answered looking back, and what one of them proposes."""

from __future__ import annotations

from sqlalchemy.orm import Session

from kb.access.identity import Identity
from kb.demo.calendar import Calendar
from kb.retrospectives.models import RetrospectiveAnswer
from kb.retrospectives.proposals import propose
from kb.retrospectives.questions import Question
from kb.retrospectives.services import save_answers

STORY = "ecommerce-refunds"
ANSWERS = (
    ("lin", 2.0, Question.EARLIER,
     "月末结算。它一个月只来一次，等我写到它的时候，离最后工作日只剩一个月末了，陈思远只能看一遍，没机会自己做。"
     "下次一确认离职就先跟财务约旁观，别的可以往后排。"),
    ("chen", 1.0, Question.MISSING,
     "清单上没有“退款审批权限由谁开通”。笔记写得很清楚，可我第一周点进审核页，按钮是灰的："
     "林姐的账号在 ERP 里挂着三个角色，没人记得是怎么来的。等 IT 加上用了四天，这四天的退款还是林姐在批。"),
)  # fmt: skip
WHY = "三个审批角色等了四天才开下来，这四天接手人只能看。提前两周就该开始申请，而且要写明找谁批。"
PROPOSED = {
    "titles": {"en": "Getting the roles for refund approval", "zh-Hans": "退款审批权限的开通"},
    "guidance": {
        "en": "Which roles in which system make the approval button work, who grants them and how long that took "
        "last time. Let the successor approve one small refund with their own account before ticking this off.",
        "zh-Hans": "审批按钮要亮起来，需要哪个系统里的哪几个角色，找谁开、上次等了几天。"
        "让接手人用自己的账号批成一笔小额退款，才算完成。",
    },
    "importance": "critical",
    "slots": ["steps", "contacts", "access"],
    "kinds": ["procedure"],
    "due_days_before": 14,
    "practice": {"level": "independent", "runs": 1},
}


def load_retrospective(
    session: Session, calendar: Calendar, as_whom: dict[str, Identity], story_key: str, handover_id: str
) -> None:
    """Tell the answers and the proposal, dated back; only the one story has them."""
    if story_key != STORY:
        return
    for who, days_ago, question, answer in ANSWERS:
        save_answers(session, as_whom[who], handover_id, {str(question): answer})
        one = session.get_one(RetrospectiveAnswer, (handover_id, as_whom[who].user_id, str(question)))
        one.answered_at = calendar.moment(days_ago)
    asked = {
        "kind": "add", "module": "orders", "question": str(Question.MISSING), "why": WHY, "fields": PROPOSED,
    }  # fmt: skip
    propose(session, as_whom["chen"], handover_id, asked).created_at = calendar.moment(1.0)
    session.flush()
