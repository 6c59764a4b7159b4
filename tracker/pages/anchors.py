"""Short pieces of which one stands in every sentence of signs.TABLE, as pages write it, in both scripts.

A page that has none of them need not be looked at; most pages have few.
"""

_ANCHORS = (
    "验证 校验 附加码 确认码 图形码 图片码 安全码 滑块 captcha code youarehuman notarobot 会话 登录 登陆 "
    "登入 令牌 凭证 session token 过期 "
    "长时间 inagain inactivity login logon signin logged unauthorized 拒绝 禁止 非法 黑客 权限 无权 拦截 "
    "阻断 阻止 封禁 屏蔽 限制 受限 "
    "rejected denied forbidden blocked beenlimited 频繁 太快 过快 次数 人数 toomany ratelimit "
    "requestlimit 维护 升级 改造 改版 切换 割接 "
    "迁移 检修 扩容 更新中 暂停 停止 中断 开放时间 服务时间 查询时间 maintenance unavailable upgraded "
    "异常 错误 故障 出错 忙 超时 逾时 "
    "崩溃 开小差 无响应 失败 不可用 error wentwrong isbroken gateway exception ora- httpstatus 未 没 无 "
    "不到 为空 不存在 0条 0个 0项 0笔 "
    "norecord nomatch nodata noresult nocase noapplication noentr nothingfound didnotmatch 0results "
    "0records notfound doesnotrecognize "
    "couldnot cannot unableto 格式 不合要求 位数 长度 不正确 有误 不合法 不对 不匹配 不相符 不一致 不符 "
    "invalid notvalid notavalid "
    "迁 变更 更换 停用 搬 启用新 请访问 请使用 请移步 moved javascript cookie 浏览器安全 checkingyour "
    "justamoment ddosprotection "
    "请输入 请重新 請重新 机器人 typed correct textyou 工作阶段 youout login 须登 请以 安全风险 "
    "封锁 间隔 超过 tooquick toofast slowdown reached maximum offline updated besoon backsoon comeback "
    "encountered broke complete couldn't can't didn't didnot notmatch n'tmatch 请正确 "
    "包含 digits format 禁用 turnedoff 只能 应为 应是 须为 须是 需为 must 请在 请于 将于 定于 每天 每日 "
    "频率 纪录 robot characters securitycheck nolonger loggedout signedout signinto loginto 黑名单 可疑 "
    "恶意 permission 存取 exceeded upgrading closed toprocess notprocess cannotprocess busy odbc sql "
    "jdbc oledb dbnetlib thereisno doesnotexist 脚本 检查您 检查你 中的字 中字 中的文 中的数 中的内 图中 "
    "pleaseenter 稍后 稍候 tryagainlater"
)
_TRADITIONAL = (
    "驗證 校驗 附加碼 確認碼 圖形碼 圖片碼 會話 登錄 憑證 過期 長時間 拒絕 黑客 權限 無權 攔截 阻斷 頻繁 "
    "過快 次數 人數 維護 升級 切換 "
    "遷 檢修 擴容 暫停 開放時間 服務時間 查詢時間 異常 錯誤 超時 逾時 開小差 失敗 沒 無 為空 位數 長度 "
    "不正確 有誤 不對 變更 更換 "
    "機器人 工作階段 須登 請以 安全風險 封鎖 間隔 超過 請正確 請在 請於 將於 定於 頻率 "
    "紀錄 黑名單 惡意 腳本 支援 圖中 圖片中 繼續 啟用新 請訪問 請使用 瀏覽器安全 請輸入 稍後 稍候 0條 "
    "0個 0項 0筆 驗 錄 誤"
)
ANCHORS = (*_ANCHORS.split(), *_TRADITIONAL.split())
