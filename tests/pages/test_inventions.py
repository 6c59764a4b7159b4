"""What stands near a status caption and is no status: nothing of it is ever read as one."""

import pytest

from tests.pages.made import NUMBER, read
from tracker.core.errors import PageChanged

MINE = {"受理编号": NUMBER}


def refused(markup: str) -> str:
    """What was found in place of a status."""
    with pytest.raises(PageChanged) as raised:
        read(markup, MINE)
    problem = raised.value.outcome().problem
    assert problem is not None
    return str(problem.params["found"])


@pytest.mark.parametrize(
    "markup",
    [
        "<p>受理编号：SH2026000123</p><p>状态：</p><div>初审通过的人很多</div>",
        "<p>受理编号：SH2026000123</p><p>状态：<div>已受理的申请</div></p>",
        "<div><label>受理编号:</label> <i>SH2026000123</i></div><div><label>状态:</label> <i></i></div><h3>办结</h3>",
        "<div>受理编号：SH2026000123 状态： <p>已受理</p></div>",
        "<b>受理编号：</b>SH2026000123 <b>状态：</b><div>已受理</div>",
        "<div>受理编号：SH2026000123<br>状态：<br>已受理的，请等待</div>",
        "<p>受理编号：</p><p>SH2026000123</p><p>状态：</p><p></p><p>已受理</p>",
        "<div><div>受理编号：</div><div>SH2026000123</div></div><div><div>状态：</div><div></div></div><p>已受理</p>",
        "<h4>受理编号：SH2026000123</h4><h4>审核状态：</h4><div>已受理</div>",
        "<h4>状态：</h4><div>已受理</div>",
    ],
)
def test_a_caption_that_ends_without_a_value_has_none(markup: str) -> None:
    assert refused(markup) == "nothing"


@pytest.mark.parametrize(
    "markup",
    [
        "<p>受理编号：</p><p>SH2026000123</p><p>状态：</p><p>已受理</p>",
        "<div>受理编号：<br>SH2026000123<br>状态：<br>已受理</div>",
        "<div>受理编号：<div>SH2026000123</div></div><div>状态：<div>已受理</div></div>",
        "<div><p>受理编号：</p><p><div>SH2026000123</div></div><div><p>状态：</p><p>已受理</div>",
        "<p>受理编号：SH2026000123</p><td><div>状态</div>:<span>已受理</span>",
    ],
)
def test_a_value_behind_its_captions_line_is_read_where_the_captions_beside_it_have_theirs_there(markup: str) -> None:
    assert read(markup, MINE).label == "已受理"
