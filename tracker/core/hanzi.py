"""Traditional characters of words that progress pages use -> simplified ones: 審核中 and 审核中 are one word.

Only for comparing; what a page says is kept as it is written. Characters only: Taiwan's own words (登入, 逾时) stay.
"""

import re
import unicodedata

_TRADITIONAL = (
    "狀態審辦編號證碼驗錯誤統維護級請錄輸員時連線資訊見過頻繁無記條結補駁銷項權備頁歡訪戶電話郵載暫數據關"
    "溫險單傳報導網站聯絡總處機構來這個國說們為會對裡後沒於還發當開經頭長動兩樣現將與進實點種聲給幾業間東"
    "門氣並內產場務論體屆屬應該確認須繳費領製註冊續約類別執規則標準選擇檢測試異廣門職勞動檔複覆書籍學歷"
    "積陽滬區縣鄉鎮鎖滿減換帳賬鏈組緩閒閉啟轉遷變壓縮圖終獲專題義軟夠親愛禮節勵參與預購買賣飛馬魚鳥龍難"
    "齊齡臺灣萬億從眾優傷價儲兌兒農寫凍別劃剛創勝協嚴團圍園場壞塊執夢奪奮婦寶寬寧對導層嶺歲師帶幫幹庫廠"
    "憑憶懷戰擴擔據擊擬攔敗敵斷暢曉書東極樣橋檢歐歸殘決況滅滯潔濟灘煩熱營獎瑣環畢療盡監盤盧矯碩禍稅稱穩"
    "窮範築簡籌糾純級細絕統繫纜罷羅聖聞聽肅腦膚臨艦蓋蘇蘭處補裝覺觀觸訂計討訓許訴診評詞詢試話該詳誌誠語課調談"
    "諒講謝識譯議護讀貝負貢財責貨質購賠賴贈趙趕跡踐車軍較載輕輛輪輯辭農還邊遠適郵鄰醫釋鐘鈔銀鋼錢鍵鎮鑑"
    "筆紀閒攜儘繼佈佔併係儀問閱闡陣陰陳陸隊階隨險雜離雲靈靜響頂順預領頗頻顆額顏願顧顯風飲飯館駐驚驟鬆鮮麗麥黃"
)
_SIMPLIFIED = (
    "状态审办编号证码验错误统维护级请录输员时连线资讯见过频繁无记条结补驳销项权备页欢访户电话邮载暂数据关"
    "温险单传报导网站联络总处机构来这个国说们为会对里后没于还发当开经头长动两样现将与进实点种声给几业间东"
    "门气并内产场务论体届属应该确认须缴费领制注册续约类别执规则标准选择检测试异广门职劳动档复复书籍学历"
    "积阳沪区县乡镇锁满减换账账链组缓闲闭启转迁变压缩图终获专题义软够亲爱礼节励参与预购买卖飞马鱼鸟龙难"
    "齐龄台湾万亿从众优伤价储兑儿农写冻别划刚创胜协严团围园场坏块执梦夺奋妇宝宽宁对导层岭岁师带帮干库厂"
    "凭忆怀战扩担据击拟拦败敌断畅晓书东极样桥检欧归残决况灭滞洁济滩烦热营奖琐环毕疗尽监盘卢矫硕祸税称稳"
    "穷范筑简筹纠纯级细绝统系缆罢罗圣闻听肃脑肤临舰盖苏兰处补装觉观触订计讨训许诉诊评词询试话该详志诚语课调谈"
    "谅讲谢识译议护读贝负贡财责货质购赔赖赠赵赶迹践车军较载轻辆轮辑辞农还边远适邮邻医释钟钞银钢钱键镇鉴"
    "笔纪闲携尽继布占并系仪问阅阐阵阴陈陆队阶随险杂离云灵静响顶顺预领颇频颗额颜愿顾显风饮饭馆驻惊骤松鲜丽麦黄"
)
SIMPLIFIED = {ord(a): b for a, b in zip(_TRADITIONAL, _SIMPLIFIED, strict=True) if a != b}
_ANY = re.compile(f"[{''.join(map(chr, SIMPLIFIED))}]")
# Words of nothing else are compared as they stand, once their characters are simplified. Most captions are such.
PLAIN = re.compile("[0-9a-z\u4e00-\u9fff]*")
# The marks of nearly every sentence. Where they are gone, unicodedata sees at a glance that there is nothing else to do.
_MARKS = (("，", ","), ("：", ":"), ("；", ";"), ("（", "("), ("）", ")"), ("！", "!"), ("？", "?"))
_MARK = re.compile("[，：；（）！？]")


def simplified(text: str) -> str:
    """A text with those characters simplified."""
    return text.translate(SIMPLIFIED) if _ANY.search(text) else text


def narrow(text: str) -> str:
    """A text in Unicode's compatibility form (NFKC): full-width letters, digits and marks are plain ones."""
    if text.isascii():
        return text
    if _MARK.search(text):
        for wide, plain in _MARKS:
            text = text.replace(wide, plain)
    return unicodedata.normalize("NFKC", text)
