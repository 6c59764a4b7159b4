"""Progress of points for the Shanghai residence permit, on the public query page. Its form is found when it is asked.

Nothing of the page is known but its address: the walk-through of 2021 only links it, and nobody has opened it for us since.
"""

from datetime import timedelta

from tracker.pages.adapter import (
    Field,
    Flow,
    Meta,
    Reference,
    Status,
    ask_by_form,
    read_inside,
    read_page,
)

META = Meta(
    id="shanghai_points_progress",
    title={
        "zh-CN": "上海居住证积分办理进度（公共查询页）",
        "en": "Shanghai residence permit points: progress (public query page)",
    },
    home="http://222.68.19.232/webMaster/ggrs/ggrs_cxhs.htm",
    hosts=("222.68.19.232",),
    # Which of them the form wants is not known; any other caption on the page will do as well.
    reference=(
        Field("姓名", {"zh-CN": "姓名", "en": "name"}, required=False),
        Field("证件号码", {"zh-CN": "证件号码", "en": "ID number"}, required=False),
        Field("受理编号", {"zh-CN": "受理编号", "en": "receipt number"}, required=False),
    ),
    free_reference=True,
    min_gap=timedelta(seconds=20),
    every=timedelta(hours=6),
    hours=("08:30-18:00",),
    workdays="CN",
    # Seen on other Shanghai pages of the same procedure (2018); all other words are the usual ones of progress pages.
    labels={"等待受理": Status.SUBMITTED, "单位已审核": Status.SUBMITTED, "受理通过": Status.ACCEPTED},
    source=(
        "The address: an applicant's walk-through of June 2021. The words: two account pages of the procedure, seen in 2018. "
        "The form, its fields and the answer: not known to anybody here; they are looked for on the page each time."
    ),
)

read = read_page  # what the answer says


def query(reference: Reference) -> Flow:
    """Find the form, send the reference, read the answer."""
    return (yield from read_inside((yield from ask_by_form(reference)), reference, read))
