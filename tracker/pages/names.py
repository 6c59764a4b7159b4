"""Whether a few words could be a person's name: what could be is not shown, and is no caption worth remembering."""

import re
from collections.abc import Callable

# The surnames of nine people in ten; a caption that begins like one (金额, 方式) is given up with them.
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
    "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关"
    "兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦"
    "褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥"
    "南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿"
    "薄邸雍辜羊阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭由测"
)
_TWO = frozenset(
    ("欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "南宫")
)
_LATIN = re.compile(r"[A-Z][A-Za-z'’.-]*(?:[ ,]+[A-Z][A-Za-z'’.-]*){1,3}")
# Words of captions: with one of them it is no name.
_WORDS = (
    "application applicant status date number no name office type case reference receipt service result current last next"
    " updated submitted received id phone address email mail form remarks remark notice step stage time document documents"
    " department centre center fee payment permit visa residence details information contact user password code year month"
    " day page search query progress language category priority place location country city province district"
)
_ORDINARY = frozenset(_WORDS.split())

_NAME = f"(?:(?:{'|'.join(sorted(_TWO))})[\u4e00-\u9fff]{{1,2}}?|[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}?)"
_TITLE = "先生|女士|小姐|同志|老师"
_DOES = "处理|审核|审批|审查|经办|签收|受理|核查|办理|负责|联系|于|在|将|已|携带|本人"
_NAMED = re.compile(
    f"(?<=[由请给交向经待为让]){_NAME}(?={_DOES}|{_TITLE}|[，。；：、,;:!！\\s]|$)|(?<=您好[，,：:]){_NAME}(?=[，。；：、,;:!！]|{_TITLE})"
    f"|(?<=尊敬的){_NAME}(?=[，。；：、,;:!！]|{_TITLE})|{_NAME}(?={_TITLE})"
)
_WORDS_LIKE_NAMES = "公司 公安 单位 申请 申请人 经办人 人员 相关 有关 平台 系统 国家 农业 金融 支付 安全 司法 全部"
_NOBODY = frozenset(_WORDS_LIKE_NAMES.split())


def without_names(text: str, sign: Callable[[str], str]) -> str:
    """A sentence in which `sign` stands for whom it seems to name: 待李小明审核, 张三先生."""
    return _NAMED.sub(lambda found: found[0] if found[0] in _NOBODY else sign(found[0]), text)


def could_be_name(words: str) -> bool:
    """Whether this could be a person's name, by its beginning and its length, or by its capitals."""
    folded = "".join(words.split()).strip("：:*＊ 【】[]")
    if folded and all("\u4e00" <= c <= "\u9fff" or c == "·" for c in folded):
        if "·" in folded:
            return True
        return (len(folded) in {2, 3} and folded[0] in _SURNAMES) or (len(folded) in {3, 4} and folded[:2] in _TWO)
    latin = " ".join(words.split()).strip("：:* []")
    return bool(_LATIN.fullmatch(latin)) and _ORDINARY.isdisjoint(latin.casefold().replace(",", " ").split())
