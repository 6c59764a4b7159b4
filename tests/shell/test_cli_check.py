"""`check` in a terminal: what a look found, and whether it is told yet."""

from pathlib import Path

from tests.shell.reading import Desk
from tests.sites.query import QuerySite, Record

NUMBER = "SH2026004711"


def test_a_word_that_waits_for_its_second_look_is_said_to_wait(tmp_path: Path) -> None:
    with QuerySite() as site:
        site.cases[NUMBER] = Record(NUMBER, "审核中", "310101199001011234", "测试甲")
        case = f'[[cases]]\nname = "me"\nadapter = "form"\nurl = "{site.form_url}"\n'
        values = f'reference = {{ "受理编号" = "{NUMBER}", "证件号码" = "310101199001011234" }}\n'
        desk = Desk(tmp_path, f'language = "en"\n[fetch]\nmin_gap = "0s"\n{case}{values}')
        assert desk.run("check").stdout == "me: “审核中” (likely in review) · first reading\n"
        site.move(NUMBER, "窗口流转")
        told = desk.run("check").stdout
        assert told.endswith("· new; told once a later, second look finds the same\n")
        site.move(NUMBER, "办结")
        assert desk.run("check").stdout.endswith("· new\n")
