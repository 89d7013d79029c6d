"""Lines as they stand in handover notes. `¦` is taken out when the tests run, so that no scanner of repositories sees
a secret here; all are made up.
"""

from __future__ import annotations

from kb.secrets import SecretKind as K


def whole(case: str) -> str:
    """The case as somebody would have typed it."""
    return case.replace("¦", "")


PASSWORDS = (
    "pass¦word=Sh0p¦pe2024!",
    "Pass¦word: Tr0ub¦4dor&3",
    "- Admin pass¦word: `Winter#¦2025`",
    "**Pass¦word:** Blue¦Kite77",
    "pass¦wd: rs-Kq82¦mzz",
    "pw¦d：Aa1234¦56",
    "Username: ops\nPass¦word: sun¦flower",
    "login: kitchen, pass¦word: admin",
    "The pass¦word is Gr8¦Falcon now, ask before you change it.",
    'spring.datasource.pass¦word="ERP_2023¦#prod"',
    "DB_PASS¦WORD=k9x7¦Vq21p",
    "  pass¦word: 'n4Qz¦81kLw'  # staging",
    '{"user": "report", "pass¦word": "Zx81¦!mNq"}',
    "Wi-Fi (guest) pass¦word: coffee4¦you",
    "user/pass¦word: root/root",
    "Login: frontdesk / pass: Lobby¦4321",
    "mys¦ql -uroot -pAbc¦9981x shop",
    "cu¦rl -u deploy:Kf83¦hs91z https://ci.example.com/job",
    "ssh¦pass -p Qw83¦hdk2 ssh ops@10.0.0.8",
    "CREATE USER 'bi'@'%' IDENTI¦FIED BY 'Rep0rt¦ing!';",
    "jdbc:mysql://db.internal:3306/erp?user=erp&pass¦word=u7Tq¦9vPz2",
    "Server=10.1.1.5;User Id=sa;Pass¦word=Sql¦2019Prod;Encrypt=true",
    "mysqldump --user=backup --pass¦word=bk¦UP-7781 shop > shop.sql",
    "ERP 密¦码：Ye7¦gjs88",
    "密¦码:1234¦56",
    "密¦码是 Abc@¦2023，别外传",
    "密¦码为shop¦8866",
    "口¦令：Kx92¦ndh",
    "口¦令是 open¦1357",
    "后台账号：admin 密¦码：admin",
    "账号密¦码：zhangsan/Zs¦8812",
    "用户名/密¦码：ops / ops¦2024",
    "初始密¦码 8888¦88",
    "默认密¦码1234¦5678，首次登录要改",
    "密¦码统一是 Shop@¦2024",
    "密¦码改成 Ldh#¦5521 了",
    "**密¦码**：`Qx77¦kk2`",
    "密¦码（区分大小写）：Hn¦Rk2391",
    "登录密¦码: sunflower",
    "邮箱授权¦码：abqk¦dhwpzmvocnrt",
    "保险柜密¦码：36-72-18",
    "电脑开机密¦码=Lin¦8803",
    "WiFi密¦码：1357¦9246",
    "pw¦d：林的那台是 x\n收银机 pw¦d：Cash¦77x",
    "密¦码还是老的 hl¦j2020",
    "邮箱 service@example.com，密¦码 Serv¦ice_01",
    "pass¦word - Kite¦#4471",
    "cre¦ds: admin / Snow¦99ice",
    "账号：shop01/Tm¦2026ops",
    "CREATE ROLE bi LOGIN PASS¦WORD 'Kite¦4471'",
    "my¦sql -h db -u root -p'Kite¦4471' shop",
    "路由器管理密¦码 adm¦in888",
    "银行网银登录密¦码：Ab#¦998877",
    "PASS¦WORD → Kite¦4471",
    "- 密¦码：**123¦qwe**",
    "VPN 密¦码：\nKz88¦wqp1",
    "| 系统 | 账号 | 密¦码 |\n|---|---|---|\n| ERP | lin | Erp¦6612! |",
    "| System | Login | Pass¦word |\n|:--|:--|:--|\n| Till | shop1 | till¦0099 |",
)

OTHERS: tuple[tuple[str, K], ...] = (
    (
        "-----BEGIN RSA PRI¦VATE KEY-----\nMIIEpAIBAAKCAQEA7bq2¦Kx0vTz9QwErTyUiOpAsDfGhJk\n"
        "-----END RSA PRI¦VATE KEY-----",
        K.PRIVATE_KEY,
    ),
    ("-----BEGIN OPENSSH PRI¦VATE KEY-----\nb3BlbnNzaC1rZXktdjEA¦AAAABG5vbmUAAAAEbm9uZQ\n", K.PRIVATE_KEY),
    ("AWS: AKIA¦QX7ZNB4LT2MVKE6R", K.CLOUD_KEY),
    ("aws_secret_access_¦key = kQ8z/Wm2Lr5TnV9x¦Jc3HbYd7FgPsA1uEo4iR6tNq", K.API_KEY),
    ("地图 key 用 AIza¦SyB7kQx2Lm9Tn4Vw8Zr3Hc6Jd1Fg5Ps0Ae7", K.CLOUD_KEY),
    ("阿里云 AccessKeyId LTAI¦5tQx7Zk9Lm2Nv4Bw8Rc6", K.CLOUD_KEY),
    ("token ghp¦_kQ8zWm2Lr5TnV9xJc3HbYd7FgPsA1uEo4iR6", K.SERVICE_TOKEN),
    ("git clone with glpat¦-Zk9Lm2Nv4Bw8Rc6Xq1Td", K.SERVICE_TOKEN),
    ("SLACK=xoxb¦-2841907563-kQ8zWm2Lr5TnV9xJc3Hb", K.SERVICE_TOKEN),
    ("Stripe: sk_li¦ve_9Lm2Nv4Bw8Rc6Xq1TdZkWm2Lr5", K.SERVICE_TOKEN),
    ("OPENAI sk-pr¦oj-Lm2Nv4Bw8Rc6Xq1TdZkWm2Lr5TnV9x", K.SERVICE_TOKEN),
    ("npm¦_kQ8zWm2Lr5TnV9xJc3HbYd7FgPsA1uEo4iR6", K.SERVICE_TOKEN),
    ("eyJhbGciOiJIUzI1NiJ9¦.eyJzdWIiOiI4ODEyMyJ9¦.kQ8zWm2Lr5TnV9xJc3HbYd7FgPsA1u", K.SIGNED_TOKEN),
    (
        "钉钉群：https://oapi.dingtalk.com/robot/send?access_to¦ken=9b1f3c7d2e8a4056b7c9d1e3f5a70b2c",
        K.WEBHOOK,
    ),
    (
        "企微机器人 https://qyapi.weixin.qq.com/cgi-bin/webhook/send?k¦ey=3f6a91c2-77de-4b0a-9c15-e2d8b47f0a61",
        K.WEBHOOK,
    ),
    ("https://hooks.slack.com/serv¦ices/T02QX7ZNB/B04LT2MVK/kQ8zWm2Lr5TnV9xJc3HbYd7F", K.WEBHOOK),
    ("postgres:¦//report:Zk9¦Lm2Nv@db.internal:5432/shop", K.CONNECTION),
    ("redis:¦//:q7Xz¦22kf@cache:6379/0", K.CONNECTION),
    ("mongodb+srv:¦//app:Nv4B¦w8Rc@cluster0.mongodb.net/erp", K.CONNECTION),
    ("https:¦//ops:Rc6X¦q1Td@git.example.com/shop.git", K.URL_LOGIN),
    ("api_¦key: 7f3k¦9q2m5x8w1z", K.API_KEY),
    ("to¦ken = 8c1e¦44b09d7f2a63", K.API_KEY),
    ("client_sec¦ret: 'Wm2Lr¦5TnV9xJc3Hb'", K.API_KEY),
    ("Authori¦zation: Bearer kQ8z¦Wm2Lr5TnV9xJc3HbYd", K.API_KEY),
    ("微信 AppSec¦ret：9b1f3c7d2e8a¦4056b7c9d1e3f5a70b2c", K.API_KEY),
    ("密¦钥：d41d8c¦d98f00b204", K.API_KEY),
    ("支付秘¦钥 = Zk9Lm¦2Nv4Bw8Rc6X", K.API_KEY),
    ("网盘 https://pan.example.cn/s/1abc 提取¦码：x8k2", K.ACCESS_CODE),
    ("P¦IN: 48¦21", K.ACCESS_CODE),
    ("门禁¦码：2580¦#", K.ACCESS_CODE),
    ("短信验证¦码 7391¦04", K.ACCESS_CODE),
)
