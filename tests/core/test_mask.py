import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.core.mask import hide_text, is_personal, mask_details, mask_text, mask_value, mentions

ID = "310101190001010000"  # fails its check digit, as all numbers here do
ID_X = "31010119000101999X"
MOBILE = "13800000078"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("SH2026000123", "SH2026****23"),
        ("测试甲", "测**"),
        ("测试", "测*"),
        ("甲", "*"),  # a single character is all there is to hide
        ("", ""),
        (ID, "310*************00"),
        (ID_X, "310*************9X"),
        ("310101000101000", "310**********00"),  # the old form of 15
        (MOBILE, "138******78"),
        ("E00000078", "E00****78"),  # a passport: at least four places hidden
        ("X1234567", "X1****67"),
        ("A12345", "A*****"),
        ("Test Person", "T**********"),
        ("上海市测试区测试路一百弄二号楼三百室甲乙丙丁", "上" + "*" * 16),  # the length of an address says too much
        ("SH-2026-000123-000456-000789-01", "SH-202" + "*" * 16 + "01"),
        ("１３８００００００７８", "１３８******７８"),
    ],
)
def test_a_value_keeps_only_what_tells_it_from_others(value: str, shown: str) -> None:
    assert mask_value(value) == shown


@given(st.text(max_size=40) | st.text("0123456789AXx*-测", max_size=30) | st.text("0123456789", min_size=10, max_size=19))
def test_masking_again_changes_nothing(value: str) -> None:
    assert mask_value(mask_value(value)) == mask_value(value)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("您的申请SH2026000123已受理", "您的申请SH2026****23已受理"),
        ("sh2026000123", "SH2026****23"),  # in another letter case
        ("SH 2026-000 123 已受理", "SH2026****23 已受理"),
        ("ＳＨ２０２６０００１２３", "SH2026****23"),  # as full-width characters
        ("SH2026\u200b000123", "SH2026****23"),
        ("测试甲，您好", "测**，您好"),
        ("测 试　甲 您好", "测** 您好"),
        ("SH2026000123、SH2026000123", "SH2026****23、SH2026****23"),
        ("测试，甲", "测试，甲"),  # not the name
    ],
)
def test_known_values_are_masked_however_they_are_written(text: str, shown: str) -> None:
    assert mask_text(text, ["SH2026000123", "测试甲"]) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"证件{ID}已登记", "证件310*************00已登记"),
        (f"证件{ID_X.lower()}，", "证件310*************9x，"),
        ("310101000101000", "310**********00"),
        (f"电话:{MOBILE}。", "电话:138******78。"),
        ("138 0000 0078", "138******78"),
        ("138-0000-0078", "138******78"),
        (f"+86 {MOBILE}", "+86 138******78"),
        (f"86{MOBILE}", "86138******78"),
        (f"9{MOBILE}", f"9{MOBILE}"),  # within a longer run of digits: not a mobile number
        (f"{MOBILE}0", f"{MOBILE}0"),
        (f"{ID}00", f"{ID}00"),
        ("12800000078", "12800000078"),
        ("2026-11-20 09:30", "2026-11-20 09:30"),
        ("20261120093015", "20261120093015"),
        ("2026年11月20日", "2026年11月20日"),
        ("受理编号 SH2026000999", "受理编号 SH2026000999"),
    ],
)
def test_numbers_shaped_like_a_persons_are_masked_and_dates_stay(text: str, shown: str) -> None:
    assert mask_text(text, []) == shown


@pytest.mark.parametrize(
    ("known", "text", "shown"),
    [
        ("2026", "2026-11-20", "2026-11-20"),  # a year among the reference values must not eat the dates
        ("甲", "甲方", "甲方"),
        ("A", "A kind of A", "A kind of A"),
        ("", "已受理", "已受理"),
        ("Li", "list of li", "list of L*"),  # a short one only as a word of its own
        ("12345", "第12345号", "第1****号"),
        ("123456", "91234567", "91*****7"),
    ],
)
def test_a_short_known_value_does_not_mask_other_words(known: str, text: str, shown: str) -> None:
    assert mask_text(text, [known]) == shown


def test_of_two_known_values_the_longer_one_wins() -> None:
    assert mask_text("测试甲乙", ["测试", "测试甲乙"]) == "测***"


@pytest.mark.parametrize(
    ("caption", "personal"),
    [
        ("姓名", True),
        ("申请人姓名：", True),
        ("用户名", True),
        ("证件号码", True),
        ("联系电话", True),
        ("手机号", True),
        ("居住地址", True),
        ("Name", True),
        ("Applicant's name", True),
        ("ID number", True),
        ("id_no", True),
        ("Passport No.", True),
        ("Phone", True),
        ("Home address", True),
        ("data.personName", True),
        ("事项名称", False),
        ("Service name", False),
        ("备注", False),
        ("受理编号", False),
        ("居住证有效期", False),
    ],
)
def test_a_caption_tells_whether_its_value_is_a_persons(caption: str, personal: bool) -> None:
    assert is_personal(caption) is personal


def test_details_hide_a_persons_values_whole_and_keep_the_services_name_and_dates() -> None:
    details = {
        "姓名": "测试甲",
        "联系电话": "021-00000000",
        "受理编号": "SH2026000123",
        "事项": "居住证积分",
        "更新日期": "2026-11-20",
        "备注": f"请测试甲致电{MOBILE}",
    }
    assert mask_details(details, ["SH2026000123", "测试甲"]) == {
        "姓名": "测**",
        "联系电话": "021-00****00",
        "受理编号": "SH2026****23",
        "事项": "居住证积分",
        "更新日期": "2026-11-20",
        "备注": "请测**致电138******78",
    }


@pytest.mark.parametrize(
    "text", ["1" * 200_000, "1 " * 100_000, "13 " * 70_000, "测 " * 100_000, "-" * 200_000, "SH-" * 70_000]
)
def test_a_hostile_text_takes_no_longer_than_its_length(text: str) -> None:
    start = time.process_time()
    mask_text(text, ["SH2026000123", "测试甲"])
    assert time.process_time() - start < 1.5


@pytest.mark.parametrize("text", ["见SH2026000123。", "sh 2026-000123", "ＳＨ２０２６０００１２３", f"{ID}", "测 试甲"])
def test_a_known_value_is_found_where_it_would_be_masked(text: str) -> None:
    assert mentions(text, ("SH2026000123", ID, "测试甲"))


@pytest.mark.parametrize("text", ["", "SH2026000124", "测试", "2026", "x7y"])
def test_no_other_text_mentions_a_known_value(text: str) -> None:
    assert not mentions(text, ("SH2026000123", ID, "测试甲", "2026", "7", ""))


@pytest.mark.parametrize("dot", "·•‧・･∙⋅")
def test_a_name_in_two_parts_is_masked_whichever_dot_stands_between_them(dot: str) -> None:
    known = ["阿依古丽·买买提"]
    assert mask_text(f"已转交阿依古丽{dot}买买提", known) == "已转交阿" + "*" * 7
    assert hide_text(f"已转交阿依古丽{dot}买买提办", known, lambda found: "□" * len(found)) == "已转交" + "□" * 8 + "办"


@pytest.mark.parametrize("shown", ["王**", "王●●", "王○明", "王×明", "王某明", "王□明", "王••"])
def test_a_name_that_the_page_masks_is_hidden_whatever_it_is_masked_with(shown: str) -> None:
    assert hide_text(f"已将{shown}的件", ["王小明"], lambda _: "…") == "已将…的件"


def test_a_longer_value_than_a_name_is_hidden_as_a_whole() -> None:
    company = "测试市某某区测试测试测试技术有限公司"
    assert hide_text(f"单位：{company}。", [company], lambda _: "□") == "单位：□。"
    assert hide_text(f"单位：{company[:1]}***。", [company], lambda _: "□") == f"单位：{company[:1]}***。"
