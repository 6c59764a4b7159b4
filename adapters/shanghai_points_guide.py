"""The list of papers for points of the Shanghai residence permit: watched, because it changes."""

from datetime import timedelta

from tracker.pages.adapter import Flow, Meta, Reference, get, read_inside, read_watched

META = Meta(
    id="shanghai_points_guide",
    title={"zh-CN": "上海居住证积分材料清单（留意变化）", "en": "Shanghai residence permit points: list of papers (watched)"},
    home="http://jzzjf.rsj.sh.gov.cn/jzzjf/pingfen/bszn4.jsp",
    hosts=("jzzjf.rsj.sh.gov.cn",),
    watches=True,
    min_gap=timedelta(seconds=20),
    every=timedelta(days=1),
    hours=("08:30-18:00",),
    workdays="CN",
    source="The address: an applicant's walk-through of June 2021. What the page looks like: not known to anybody here.",
)

read = read_watched  # the text of the list


def query(reference: Reference) -> Flow:
    """Open the list, or the page that it frames or leads to."""
    return (yield from read_inside((yield from get(reference.url)), reference, read))
