"""Forms that do something: a case's number is not sent there every few hours, whatever their fields are called."""

import re

from tracker.pages.parts import Form
from tracker.pages.words import key

_SUBMITS = frozenset(("submit", "image"))
_ACT = re.compile(
    "撤[销回]|删除|注销|提交申请|取消|申请退|缴费|支付|预约$|订阅|评价|投诉|举报|注册|报名$|修改|保存|上传"
    "|subscribe|withdraw|delete|remove|cancel|^pay|signup|register|^apply|^book|^save"
)
_QUERY = re.compile("查|搜|检索|进度|search|find|check|track|look|status|query|view")


def does_something_else(form: Form) -> bool:
    """Whether every button of a form names an act that is no query."""
    buttons = [c for c in form.controls if c.kind in _SUBMITS and not c.disabled]
    words = [key(said) for c in buttons if (said := c.value or " ".join(n.text for n in c.captions[:1]))]
    return bool(words) and all(_ACT.search(word) and not _QUERY.search(word) for word in words)
