"""An authority's words are understood whole, or not at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.core.labels import USUAL, default_turn, fold, table, understand
from tracker.core.model import Status, Turn, Word

KNOWN = [
    # label, status, why it is understood
    ("已受理", Status.ACCEPTED, "a word of the table"),
    (" 已 受 理 ", Status.ACCEPTED, "white space inside"),
    ("已受理。", Status.ACCEPTED, "a full stop behind"),
    ("(续办)等待受理", Status.SUBMITTED, "a case type in front, seen on the account page"),
    ("（续办）等待受理", Status.SUBMITTED, "the same with full-width brackets"),
    ("【新办】审核中", Status.IN_REVIEW, "another bracket"),
    ("材料审核中", Status.IN_REVIEW, "a neutral piece in front"),
    ("您的申请已受理", Status.ACCEPTED, "neutral pieces and a word"),
    ("已退回", Status.NEEDS_ACTION, "已 is neutral before what the authority does"),
    ("初审未通过", Status.REJECTED, "the whole word, not 初审"),
    ("不予受理", Status.REJECTED, "the whole word, not 受理"),
    ("初审通过", Status.IN_REVIEW, "the whole word, not 通过"),
    ("已复审通过", Status.APPROVED, "cut into words of one status, though another cut disagrees"),
    ("Under  Review", Status.IN_REVIEW, "English, whatever its case and spaces"),
    ("ＡＰＰＲＯＶＥＤ", Status.APPROVED, "full-width letters"),
    ("补正中", Status.NEEDS_ACTION, "中 beside what still goes on"),
    ("处理中", Status.IN_REVIEW, "usual on any authority's page"),
    ("审批中", Status.IN_REVIEW, "likewise"),
    ("正在审核中", Status.IN_REVIEW, "a word and 中"),
    ("您的申请正在办理", Status.IN_REVIEW, "neutral pieces in front"),
    ("待复审", Status.IN_REVIEW, "the first review is over"),
    ("已批准", Status.APPROVED, "said of what was decided"),
    ("已核准", Status.APPROVED, "已 and a word"),
    ("审核未通过", Status.REJECTED, "the whole word, not 未 beside one"),
    ("不予核准", Status.REJECTED, "the whole word, not 核准"),
    ("待补件", Status.NEEDS_ACTION, "the applicant is up"),
    ("办理完毕", Status.COMPLETED, "办结 in other words"),
    ("已结案", Status.COMPLETED, "likewise"),
    ("已取消", Status.WITHDRAWN, "it ended without a decision"),
    ("In Progress", Status.IN_REVIEW, "English"),
    ("Your application is being processed.", Status.IN_REVIEW, "English, neutral words in front"),
    ("Application Approved", Status.APPROVED, "likewise"),
    ("Case Was Received", Status.ACCEPTED, "likewise"),
    ("Your application has been declined", Status.REJECTED, "likewise"),
]

UNKNOWN = [
    # label, why it must not be understood
    ("未受理", "未 stands outside a word"),
    ("（未）受理", "the bracket says it is not so"),
    ("(退回)审核中", "the bracket is a status of its own"),
    ("非正常办结", "非 and more are left over"),
    ("暂未办结", "暂 未 are left over"),
    ("系统维护中", "no status at all"),
    ("审核通过或退回", "parts that disagree"),
    ("待审核通过", "submitted and approved at once"),
    ("已受理中", "accepted and in review both fit"),
    ("受理编号", "something is left over"),
    ("申请中", "only neutral pieces"),
    ("", "nothing"),
    ("(", "an open bracket"),
    ("发证中", "being issued is not issued"),
    ("审批通过中", "likewise"),
    ("已补正", "done by the applicant: no action is needed any more"),
    ("材料已补充材料", "likewise"),
    ("已审核", "passed, or only looked at"),
    ("待审批", "just sent in, or looked at before"),
    ("已收件", "received is not yet 受理"),
    ("已注销", "by the holder, or lapsed"),
    ("审核驳回", "to be mended, or for good"),
    ("不批准", "不 outside a word"),
    ("已取消中", "over, and going on"),
    ("Returned", "to be mended, or for good"),
    ("Not approved", "not, or not yet"),
    ("Is your application approved?", "a question"),
    ("Your application", "only neutral words"),
    ("If approved", "a condition"),
    ("通过" * 25, "longer than any label of a table"),
    ("申请材料" * 10 + "通过", "longer than any label of a table"),
]


@pytest.mark.parametrize(("label", "status", "why"), KNOWN)
def test_a_label_that_consists_of_known_words_is_understood(label: str, status: Status, why: str) -> None:
    meaning = understand(label, {}, {})
    assert (meaning.status, meaning.known, meaning.confirmed) == (status, True, False), why


@pytest.mark.parametrize(("label", "why"), UNKNOWN)
def test_a_label_with_anything_left_over_stays_unknown(label: str, why: str) -> None:
    meaning = understand(label, {}, {})
    assert (meaning.status, meaning.known) == (Status.UNKNOWN, False), why


def test_a_text_that_can_be_cut_in_countless_ways_stays_unknown() -> None:
    words = table({"审": Status.IN_REVIEW, "审审": Status.IN_REVIEW, "审审审": Status.IN_REVIEW})
    assert not understand("审" * 30 + "已", words, {}).known
    assert understand("审审审审", words, {}).known


def test_every_usual_word_means_its_own_status() -> None:
    for word, entry in USUAL.items():
        assert understand(word, {}, {}).status is entry.status


def test_the_cases_own_table_goes_first_and_confirms() -> None:
    own = table({"审核通过": Status.COMPLETED, "待单位审核": Word(Status.SUBMITTED, Turn.EMPLOYER)})
    meaning = understand("审核通过", own, {}, verified=True)
    assert (meaning.status, meaning.confirmed, meaning.turn) == (Status.COMPLETED, True, Turn.NOBODY)
    assert understand("待单位审核", own, {}).turn is Turn.EMPLOYER


def test_the_adapters_table_confirms_only_when_somebody_verified_it_live() -> None:
    site = table({"已领取": Status.COMPLETED})
    assert not understand("已领取", {}, site, verified=False).confirmed
    assert understand("已领取", {}, site, verified=True).confirmed
    assert not understand("已受理", {}, site, verified=True).confirmed, "a usual word is not the site's"


def test_the_employer_is_up_where_the_usual_words_say_so() -> None:
    assert understand("待单位审核", {}, {}).turn is Turn.EMPLOYER


@pytest.mark.parametrize(
    ("status", "turn"),
    [
        (Status.NEEDS_ACTION, Turn.APPLICANT),
        (Status.NOT_SUBMITTED, Turn.APPLICANT),
        (Status.REJECTED, Turn.NOBODY),
        (Status.COMPLETED, Turn.NOBODY),
        (Status.IN_REVIEW, Turn.AUTHORITY),
        (Status.UNKNOWN, Turn.AUTHORITY),
    ],
)
def test_the_turn_follows_from_the_status(status: Status, turn: Turn) -> None:
    assert default_turn(status) is turn


@given(st.sampled_from(sorted(USUAL)), st.sampled_from("不未无非暂"), st.integers(0, 12))
@example("已提交", "未", 1)  # 已未提交 says 未提交, if anything
def test_a_negation_put_anywhere_into_a_word_never_keeps_its_status(word: str, no: str, at: int) -> None:
    spoiled = word[:at] + no + word[at:]
    meaning = understand(spoiled, {}, {})
    assert fold(spoiled) in USUAL or meaning.status is not USUAL[word].status


@given(st.text(max_size=60))
def test_any_text_is_answered_and_only_whole_words_are_known(text: str) -> None:
    meaning = understand(text, {}, {})
    assert meaning.known == (meaning.status is not Status.UNKNOWN)
