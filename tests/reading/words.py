"""What made-up sites say: captions, states, names and numbers, in the languages that their pages are written in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Words:
    """One language of pages. Captions by role; `strange` are status captions that a user would have to configure."""

    code: str
    captions: dict[str, tuple[str, ...]]
    strange: tuple[str, ...]
    states: tuple[str, ...]
    items: tuple[str, ...]
    units: tuple[str, ...]
    remarks: tuple[str, ...]
    notices: tuple[str, ...]
    title: tuple[str, ...]
    surnames: str | tuple[str, ...]
    given: tuple[str, ...]
    join: str = ""


HANS = Words(
    "zh-Hans",
    {
        "number": ("受理编号", "业务编号", "办件编号", "申请编号", "受理号", "业务流水号", "申报号", "受理单号", "查询编号"),
        "name": ("姓名", "申请人", "申请人姓名"),
        "id": ("证件号码", "身份证号", "身份证号码", "公民身份号码"),
        "status": (
            *("当前状态", "办理状态", "办件状态", "审核状态", "审批状态", "受理状态", "申请状态", "业务状态", "状态"),
            *("办理进度", "当前进度", "当前环节", "办理环节", "审核结果", "办理结果", "状态"),
        ),
        "date": ("更新日期", "更新时间", "办理日期", "办理时间", "状态时间"),
        "applied": ("申请日期", "申报时间", "受理日期", "提交时间", "上报时间", "登记日期"),
        "item": ("事项名称", "业务名称", "申请事项", "办理类型", "业务类型"),
        "unit": ("办理单位", "受理部门", "工作单位", "经办机构", "承办部门"),
        "remark": ("备注", "审核意见", "办理意见", "说明", "退回原因"),
        "phone": ("咨询电话", "联系电话", "服务热线"),
        "expiry": ("居住证有效期", "积分有效期", "证件有效期", "有效期至"),
        "action": ("操作",),
        "row": ("序号",),
        "step": ("办理步骤", "流程节点", "步骤"),
        "officer": ("经办人", "办理人员", "操作员"),
        "other state": ("缴费状态", "公示状态", "邮寄状态", "制证状态", "材料状态", "预约状态", "评价状态", "账户状态"),
    },
    ("办理状态 Status", "当前办理状态", "流转情况", "目前阶段", "案件所处阶段", "业务进展", "审批流转", "办件情况"),
    (
        *("未提交", "草稿", "待提交", "已提交", "已申报", "等待受理", "待受理", "待预审", "待审核", "单位已审核", "待单位审核"),
        *("已受理", "受理通过", "予以受理", "预审通过", "受理中", "审核中", "审查中", "办理中", "在办", "初审", "初审中"),
        *("初审通过", "复审中", "复核中", "终审中", "公示中", "制证中", "退回", "退回修改", "退回补正", "待补正", "补正材料"),
        *("补充材料", "审核退回", "审核通过", "审批通过", "复审通过", "终审通过", "通过", "准予", "办结", "已办结", "已完成"),
        *("已发证", "已领证", "已归档", "不予受理", "审核不通过", "初审未通过", "未通过", "驳回", "不予许可", "已撤回", "终止"),
        *("作废", "已过期", "(续办)等待受理", "（新办）审核中", "【首次】已受理", "窗口已收件", "转区级部门核验", "一审通过"),
        *("待区县复核", "材料流转中", "部门会签", "已转市局", "联审中", "领导审签", "待打印", "已寄出", "办理完毕", "结案"),
        *(
            "已受理，待审核",
            "审核中（区级）",
            "审核不通过：材料不齐",
            "退回（缺社保记录）",
            "初审通过、待复审",
            "办理中/待制证",
            "2级审核中",
        ),
        *(
            "您的申请已通过区级审核，正在等待市级复核",
            "材料已由单位提交至人才中心",
            "积分已确认，请等待通知",
            "【待办】补充学历材料",
        ),
        *(
            "审核 - 人社",
            "受理中…",
            "“公示”阶段",
            "复核（第2次）",
            "已送审",
            "预审中",
            "专家评审",
            "待领证",
            "资料审核",
            "不予积分",
        ),
        *("材料已接收", "公示期满", "人社部门审核", "街道已推送", "待缴费", "已核发", "办理成功", "资格审查", "计分完成"),
    ),
    (
        "居住证积分申请",
        "居住证积分（续办）",
        "人才引进落户",
        "社会保障卡申领",
        "居转户申报",
        "居住登记",
        "灵活就业登记",
        "户口迁移",
    ),
    (
        "示例区人社局",
        "第一受理窗口",
        "样例镇社区事务受理中心",
        "市民服务中心",
        "人才服务中心",
        "虚构科技有限公司",
        "演示街道办",
    ),
    ("材料齐全", "无", "同意", "按流程办理", "已核对原件", "请耐心等待", "一切正常", "办理时限二十个工作日", "已电话告知"),
    (
        "请携带身份证原件到受理点办理。",
        "请补交社会保险缴费证明。",
        "请于2026年12月20日前补正材料。",
        "单位已审核，请携带材料至受理窗口。",
        "请尽快上传学历证明。",
        "请到区人才中心领取通知书。",
        "需补交劳动合同复印件。",
        "请至原受理点补充材料。",
        "请于15个工作日内携带原件到现场核验",
        "需提供完税证明一份",
    ),
    ("办理进度查询", "进度查询结果", "办件查询", "申请进度", "业务办理结果", "公众查询", "查询结果"),
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨",
    ("样例", "试样", "虚拟", "拟稿", "例", "样", "仿真", "示范"),
)

HANT = Words(
    "zh-Hant",
    {
        "number": ("案件編號", "受理編號", "收件編號", "申請編號", "案號"),
        "name": ("姓名", "申請人", "申請人姓名"),
        "id": ("身分證字號", "證件號碼", "身份證號碼"),
        "status": ("目前狀態", "辦理狀態", "案件狀態", "審核狀態", "申請狀態", "辦理進度", "目前進度", "審核結果", "狀態"),
        "date": ("更新日期", "更新時間", "辦理日期", "辦理時間"),
        "applied": ("申請日期", "收件日期", "登記日期"),
        "item": ("申請項目", "案件類別", "業務名稱"),
        "unit": ("承辦單位", "受理機關", "辦理單位"),
        "remark": ("備註", "審核意見", "說明"),
        "phone": ("聯絡電話", "服務專線"),
        "expiry": ("有效期限", "證件有效日期"),
        "action": ("操作",),
        "row": ("序號",),
        "step": ("辦理步驟", "流程"),
        "officer": ("承辦人", "經辦人員"),
        "other state": ("繳費狀態", "郵寄狀態", "補件狀態"),
    },
    ("案件進行階段", "流程現況", "處理情形"),
    (
        *(
            "已收件",
            "待受理",
            "已受理",
            "審核中",
            "審查中",
            "辦理中",
            "待補正",
            "通知補件",
            "補正資料",
            "審核通過",
            "核准",
            "已核准",
        ),
        *(
            "已受理，待分案",
            "審查中（第二階段）",
            "補件中",
            "會審中",
            "駁回",
            "不予受理",
            "審核不通過",
            "已結案",
            "已發證",
            "已撤回",
            "逾期失效",
            "複審中",
            "會辦中",
            "陳核中",
            "已退件",
        ),
    ),
    ("居留證申請", "戶籍遷入登記", "工作許可申請", "證照換發", "補助申請"),
    ("示範區公所", "移民事務服務站", "戶政事務所", "市民服務中心"),
    ("文件齊全", "無", "同意", "依程序辦理", "已核對正本"),
    ("請攜帶身分證正本至服務站辦理。", "請補送在職證明。", "請於2026年12月20日前補件。", "請儘速上傳學歷證明。"),
    ("案件進度查詢", "查詢結果", "申請進度查詢", "辦理情形"),
    "陳林黃張李王吳劉蔡楊",
    ("樣例", "試樣", "虛擬", "範例"),
)

ENGLISH = Words(
    "en",
    {
        "number": ("Receipt Number", "Application Number", "Case Number", "Reference Number", "File No."),
        "name": ("Name", "Applicant Name", "Applicant"),
        "id": ("ID Number", "Passport Number", "Document Number"),
        "status": ("Status", "Current Status", "Case Status", "Application Status"),
        "date": ("Last Updated", "Update Date", "Status Date", "Date Updated"),
        "applied": ("Date Received", "Submitted On", "Application Date"),
        "item": ("Application Type", "Service", "Category"),
        "unit": ("Office", "Processing Office", "Service Center"),
        "remark": ("Remarks", "Comments"),
        "phone": ("Enquiries", "Telephone"),
        "expiry": ("Valid Until", "Expiry Date"),
        "action": ("Action",),
        "row": ("No.",),
        "step": ("Step", "Stage Name"),
        "officer": ("Officer", "Handled By"),
        "other state": ("Payment Status", "Account Status", "Mailing Status"),
    },
    ("Where It Stands", "Processing Stage", "Progress Note"),
    (
        *("Submitted", "Received", "Accepted", "Under Review", "In Process", "In Review", "Pending", "Approved", "Issued"),
        *("Completed", "Closed", "Refused", "Denied", "Rejected", "Withdrawn", "Expired", "Action Required", "Card Mailed"),
        *("Case Was Received", "Request for Evidence Was Sent", "Under Review (Stage 2)", "Approved - card in production"),
        *("On Hold", "Interview Scheduled", "Transferred to Another Office", "Case Is Being Actively Reviewed"),
        *("Additional Documents Required", "Awaiting Interview", "Decision Made", "Fee Received", "Sent To Printing"),
    ),
    ("Residence Permit", "Work Permit", "Settlement", "Card Renewal", "Family Visa"),
    ("Example Town Office", "Northern Service Center", "Permits Desk", "Sample County Hall"),
    ("none", "Complete", "All papers seen", "In order", "Handled by post"),
    (
        "Please bring your original passport to the office.",
        "Please submit your proof of address by 20 December 2026.",
        "Please upload a new photo as soon as possible.",
    ),
    ("Application Status", "Case Tracker", "Check Your Application", "Progress Enquiry"),
    ("Sample", "Mockup", "Placeholder", "Invented", "Fictive"),
    ("Ann", "Ben", "Carla", "Dev", "Eve"),
    " ",
)

JAPANESE = Words(
    "ja",
    {
        "number": ("受付番号", "申請番号"),
        "name": ("氏名", "申請者名"),
        "id": ("旅券番号",),
        "status": ("審査状況", "申請の状況"),
        "date": ("最終更新日",),
        "applied": ("申請日", "受付日"),
        "item": ("申請の種類", "手続き名"),
        "unit": ("担当窓口",),
        "remark": ("備考",),
        "phone": ("お問い合わせ先",),
        "expiry": ("有効期限",),
        "action": ("操作",),
        "row": ("番号",),
        "step": ("手順",),
        "officer": ("担当者",),
        "other state": ("支払い状況",),
    },
    ("審査状況", "申請の状況"),
    ("審査中", "受付済み", "書類確認中", "交付済み", "許可されました", "追加書類が必要です"),
    ("在留資格の変更", "カードの再交付"),
    ("サンプル出張所", "見本市役所"),
    ("なし", "書類はそろっています"),
    (),
    ("申請状況の照会", "照会結果"),
    "山田中村林森",
    ("見本", "例子", "サンプル"),
)

KOREAN = Words(
    "ko",
    {
        "number": ("접수번호", "신청번호"),
        "name": ("성명", "신청인"),
        "id": ("여권번호",),
        "status": ("처리상태", "진행상황"),
        "date": ("최종수정일",),
        "applied": ("신청일", "접수일"),
        "item": ("민원명", "업무구분"),
        "unit": ("처리기관",),
        "remark": ("비고",),
        "phone": ("문의처",),
        "expiry": ("유효기간",),
        "action": ("기능",),
        "row": ("번호",),
        "step": ("단계",),
        "officer": ("담당자",),
        "other state": ("납부상태",),
    },
    ("처리상태", "진행상황"),
    ("심사중", "접수완료", "처리완료", "보완요청", "허가", "불허"),
    ("체류자격 변경", "외국인등록"),
    ("예시 출장소", "견본 구청"),
    ("없음", "서류 확인됨"),
    (),
    ("민원 처리 현황 조회", "조회 결과"),
    "김이박최정",
    ("보기", "견본", "예시"),
)

SPANISH = Words(
    "es",
    {
        "number": ("Número de expediente", "N.º de solicitud"),
        "name": ("Nombre", "Solicitante"),
        "id": ("Pasaporte",),
        "status": ("Situación", "Estado de tramitación"),
        "date": ("Última actualización",),
        "applied": ("Fecha de presentación",),
        "item": ("Trámite", "Tipo de autorización"),
        "unit": ("Órgano gestor",),
        "remark": ("Observaciones",),
        "phone": ("Teléfono de información",),
        "expiry": ("Válida hasta",),
        "action": ("Acción",),
        "row": ("Orden",),
        "step": ("Trámite interno",),
        "officer": ("Gestor",),
        "other state": ("Estado del pago",),
    },
    ("Situación", "Estado de tramitación"),
    (
        "En tramitación",
        "Resolución favorable",
        "Pendiente de documentación",
        "Archivado por desestimación",
        "Admitido a trámite",
    ),
    ("Autorización de residencia", "Renovación de tarjeta"),
    ("Oficina de extranjería de Ejemplópolis", "Delegación ficticia"),
    ("ninguna", "Documentación completa"),
    (),
    ("Consulta del estado de su expediente", "Información de expedientes"),
    ("Ejemplo", "Muñoz", "Ficticia", "Núñez"),
    ("Ana", "José", "Inés"),
    " ",
)

ALL = {words.code: words for words in (HANS, HANT, ENGLISH, JAPANESE, KOREAN, SPANISH)}
KNOWN = (HANS, HANT, ENGLISH)  # the languages whose status captions nobody has to configure
TODAY = date(2026, 11, 26)


def person(rng: Random, words: Words) -> str:
    """An invented name."""
    if words.join:
        return words.join.join((rng.choice(words.given), rng.choice(words.surnames)))
    return rng.choice(words.surnames) + rng.choice(words.given)


def id_number(rng: Random) -> str:
    """Shaped like an ID number; its checksum is wrong."""
    body = (
        f"{rng.choice(('310000', '320900', '990101'))}{rng.randint(1960, 2004)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"
    )
    body += f"{rng.randint(0, 999):03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    right = "10X98765432"[sum(w * int(d) for w, d in zip(weights, body, strict=True)) % 11]
    return body + rng.choice([d for d in "0123456789X" if d != right])


def number(rng: Random) -> str:
    """A receipt number in one of the shapes that offices use."""
    shape = rng.choice(
        ("SH##########", "2026########", "JF-2026-######", "A######", "3101152026######", "W2026 ######", "##-####-##")
    )
    return "".join(str(rng.randint(0, 9)) if sign == "#" else sign for sign in shape.replace(" ", ""))


def day(rng: Random, *, within: int = 300) -> date:
    return TODAY - timedelta(days=rng.randint(1, within))


def dated(rng: Random, when: date, words: Words) -> str:
    """A day as pages write it."""
    time = f"{rng.randint(8, 17):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}"
    if words.code == "en":
        return rng.choice((f"{when:%Y-%m-%d}", f"{when:%d %B %Y}", f"{when:%B} {when.day}, {when.year}", f"{when:%Y/%m/%d}"))
    if words.code not in {"zh-Hans", "zh-Hant"}:
        return f"{when:%Y/%m/%d}"
    shapes = (
        *(f"{when:%Y-%m-%d}", f"{when:%Y-%m-%d} {time}", f"{when:%Y年%m月%d日}", f"{when.year}年{when.month}月{when.day}日"),
        *(f"{when:%Y/%m/%d}", f"{when.year}-{when.month}-{when.day}", f"{when:%Y.%m.%d}", f"{when:%Y/%m/%d} {time[:5]}"),
        f"{when:%Y-%m-%d} {time}.0",
    )
    return rng.choice(shapes)


def masked(text: str) -> str:
    """As pages hide the middle of a name or a number."""
    if len(text) <= 4:
        return text[0] + "*" * (len(text) - 1)
    keep = 3 if len(text) < 12 else 4
    return text[:keep] + "*" * (len(text) - 2 * keep + 1) + text[-(keep - 1) :]


def pick(rng: Random, choices: Sequence[tuple[T, float]]) -> T:
    """One of weighted choices."""
    return rng.choices([c for c, _ in choices], [w for _, w in choices])[0]


def squash(text: str) -> str:
    """A text without any white space."""
    return re.sub(r"[\s\xa0\u3000]+", "", text)
