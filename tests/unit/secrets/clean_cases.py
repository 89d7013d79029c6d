"""Lines of handover notes that hold no secret, though they speak of them."""

from __future__ import annotations

from tests.unit.secrets.cases import whole

# One case a line; ⏎ is a new line.
_CLEAN = """
# placeholders
password=***
password: ******
密码：******
密码：＊＊＊＊
密碼：＊＊＊＊
密碼：請問主管
密碼：至少 8 個字元
密碼：​​
ｐａｓｓｗｏｒｄ：請看保險庫
密码：⏎⏎1. 打开后台
Password:⏎⏎Ask 2 people
pass word: 12 characters
pwd: xxxxxx
password = <your password>
password: [redacted]
PASSWORD=${PASSWORD}
password: $DB_PASSWORD
password: {{ password }}
password: {{ vault_db_password }}
password: %PASSWORD%
--password=YOUR_PASSWORD
api_key: your-api-key-here
token: <token>
api_key = ""
password: ''
password:
密码：
密码：____
token = ...
password: changeme
password: $(pass show shop/db)
password: example123
密码：（空）
secret: None
password: null
# where it is kept
密码：见保险柜
密码：找林晓雯要
密码在 1Password 的「门店」里
密码：1Password
password: see vault
password: ask Lin
password: op://shop/erp/password
password: vault:secret/data/shop#password
secret: https://vault.bitwarden.com/#/vault?itemId=3f6a91c2
密码：https://vault.example.com/item/77
password: in KeePass
Password: Bitwarden
密码：同上
密码：问财务
密码放在前台抽屉里
口令：当面说
token: arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop
password: ~/.pgpass
密码：keepass.kdbx
secret: my-app-secret
secretName: tls-cert-2
授权码：邮箱设置里生成
验证码：发到店长手机
密码是找 IT 重置的
# rules for passwords
password: at least 12 characters
password: 12 characters or more
Password: min. 8 chars
密码：至少 8 位
密码：8-16位，含大小写
密码长度：8
密码是 6 位数字
密码有效期：90 天
密码 90 天换一次
密码错误 5 次锁定
密码：8~20 位字母和数字
Passwords must be changed every 90 days
password: must contain A-Z and 0-9
验证码：6 位数字
密码连续输错 3 次
# prose
Reset the password in the admin page.
password reset: click the link
Forgot password? https://erp.example.com/reset
The password is stored in the safe.
the token is expired after 30 minutes
Password: required
修改密码：设置 → 账号安全
密码重置链接：https://erp.example.com/reset
忘记密码：联系店长
密码为空时登录失败
bypass: route66 exit
The secret is to ask early.
Keys: with the caretaker
token: string
PIN: ask at the desk
compass: north2north
Secret Santa: 12 December
password is 8 characters long
密码是随机生成的
密码是谁改的？
通过密码2次验证
密码 2024年更新过
# code and settings
password = os.environ["DB_PASSWORD"]
password: process.env.DB_PASS
password = getpass()
pwd = self.settings.password
token = request.headers['X-Token']
max_tokens: 4096
token_count = 128000
password_hash: bcrypt
password: SHA-256
passwordField: textbox1
api_key: apiKey
const token = getToken();
password VARCHAR(255)
| password | string | 登录密码 |
| 密码 | 说明 |⏎|---|---|⏎| 必填 | 8 位以上 |
| Field | Password |⏎|---|---|⏎| note | in the safe |
token = "{{csrf_token}}"
postgres://user:¦password@localhost/db
https://user:¦pass@example.com
postgres://app:${DB_PASS}@db/shop
redis://localhost:6379/0
https://example.com:8443/path@home
Authorization: Bearer <token>
Authorization: Bearer $TOKEN
git@github.com:shop/notes.git
-----BEGIN PUBLIC KEY-----⏎MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIB⏎-----END PUBLIC KEY-----
-----BEGIN PRI¦VATE KEY-----⏎...⏎
AKIA¦XXXXXXXXXXXXXXXX
gh¦p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
s¦k-xxxxxxxxxxxxxxxxxxxxxxxx
the task-force-meeting-notes-of-may
SHA256: 9b1f3c7d2e8a4056b7c9d1e3f5a70b2c9b1f3c7d2e8a4056b7c9d1e3f5a70b2c
订单号：2024051388123
工号：A10293
快递单号 SF1234567890
# also seen
密码：每季度末改，改完发给主管
先改密码再绑定手机 13800138000
密码：请查看 Bitwarden「门店」
密码：联系 lin@example.com
密钥放 /etc/ssl/private/shop.key
token: required, string
pass: 3 of 5 tests
password: (unchanged)
密码：待定
commit 3fa85f6457174562b3fc2c963f66afa6
ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx ops@shop
排班口令：早班7点到
默认密码为身份证后六位
初始密码是手机号后 6 位
取餐码：A102
Each password is asked for, not shown
login: /web/app2024/index
账号：13800138000/lin@example.com
report?pageToken=5902rmnmjz5fivko9172xs74c
access-key=minio&secret-access-key=
"""
CLEAN = tuple(
    whole(case).replace("⏎", "\n") for case in _CLEAN.strip().split("\n") if not case.startswith("#")
)
