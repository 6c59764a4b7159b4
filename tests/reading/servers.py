"""What servers, gateways and firewalls write by themselves: (body, title, what it means)."""

SERVERS: tuple[tuple[str, str, str], ...] = (
    (
        "<h1>HTTP Status 500 - </h1><hr><p><b>type</b> Exception report</p><p><b>message</b></p><pre>java.lang.NullPointerException\n\tat com.example.Query.doPost(Query.java:57)</pre><hr><h3>Apache Tomcat/7.0.55</h3>",
        "Apache Tomcat/7.0.55 - Error report",
        "error",
    ),
    (
        "<h1>HTTP Status 404 – 未找到</h1><p><b>类型</b> 状态报告</p><p><b>消息</b> /cx/result.do</p><p><b>描述</b> 源服务器未能找到目标资源的表示</p><h3>Apache Tomcat/9.0.1</h3>",
        "HTTP状态 404 - 未找到",
        "gone",
    ),
    (
        "<h1>HTTP Status 404 - /cx/result.do</h1><p><b>type</b> Status report</p><p><b>message</b> /cx/result.do</p><p><b>description</b> The requested resource is not available.</p><h3>Apache Tomcat/6.0.18</h3>",
        "Apache Tomcat/6.0.18 - Error report",
        "gone",
    ),
    (
        "<h1>HTTP状态 500 - 内部服务器错误</h1><p><b>类型</b> 异常报告</p><p><b>消息</b> Request processing failed</p><p><b>描述</b> 服务器遇到一个意外的情况，阻止它完成请求。</p>",
        "HTTP状态 500 - 内部服务器错误",
        "error",
    ),
    ("<center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.14.0</center>", "502 Bad Gateway", "error"),
    ("<center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center>", "504 Gateway Time-out", "error"),
    ("<center><h1>403 Forbidden</h1></center><hr><center>nginx/1.18.0</center>", "403 Forbidden", "refused"),
    (
        "<h2>Server Error in '/' Application.</h2><h3><i>Runtime Error</i></h3><b>Description: </b>An application error occurred on the server.<br><br><b>Details:</b> To enable the details, create a &lt;customErrors&gt; tag.",
        "Runtime Error",
        "error",
    ),
    (
        "<div id=header><h1>Server Error</h1></div><fieldset><h2>500 - Internal server error.</h2><h3>There is a problem with the resource you are looking for, and it cannot be displayed.</h3></fieldset>",
        "500 - Internal server error.",
        "error",
    ),
    ("<h2>Service Unavailable</h2><hr><p>HTTP Error 503. The service is unavailable.</p>", "Service Unavailable", "busy"),
    (
        "<h1>Whitelabel Error Page</h1><p>This application has no explicit mapping for /error, so you are seeing this as a fallback.</p><div>There was an unexpected error (type=Internal Server Error, status=500).</div>",
        "",
        "error",
    ),
    (
        "<pre>org.springframework.jdbc.CannotGetJdbcConnectionException: Could not get JDBC Connection\n\tat org.springframework.jdbc.datasource.DataSourceUtils.getConnection(DataSourceUtils.java:80)\n状态: 500</pre>",
        "",
        "error",
    ),
    ("ORA-12541: TNS: 无监听程序", "", "error"),
    (
        "<br /><b>Fatal error</b>:  Call to a member function fetch() on boolean in <b>/var/www/query.php</b> on line <b>31</b><br />",
        "",
        "error",
    ),
    (
        "Microsoft OLE DB Provider for SQL Server 错误 '80004005'<p>[DBNETLIB][ConnectionOpen (Connect()).]SQL Server 不存在或访问被拒绝。<p>/cx/conn.asp，行 12",
        "",
        "error",
    ),
    (
        "<h1>Request Rejected</h1>The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 0000000000",
        "Request Rejected",
        "refused",
    ),
    (
        "<div class=main><h3>很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。</h3><p>您的请求ID是: 00000</p></div>",
        "405",
        "refused",
    ),
    (
        "<div><h1>网站防火墙</h1><p>您的请求带有不合法参数，已被网站管理员设置拦截！</p><p>可能原因：您提交的内容包含危险的攻击请求</p></div>",
        "网站防火墙",
        "refused",
    ),
    (
        '<h1>Access Denied</h1>You don\'t have permission to access "/cx/result.do" on this server.<p>Reference #18.0000</p>',
        "Access Denied",
        "refused",
    ),
    (
        "<h1>Sorry, you have been blocked</h1><h2>You are unable to access example.gov</h2><p>Cloudflare Ray ID: 000</p>",
        "Attention Required!",
        "refused",
    ),
)
