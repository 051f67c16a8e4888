"""What the forms of texts are called where a text does not have one: who writes a name for a code is to learn it."""

from collections.abc import Mapping
from typing import Final

_LOWER: Final = ("lower-case letters, digits", "小写字母、数字")

FORMS: Final[Mapping[str, tuple[str, str]]] = {
    r"^[a-z0-9][a-z0-9_-]{0,62}$": (
        f"a code, not a name, is needed, such as info-port: {_LOWER[0]}, _ and -, up to 63, beginning with a letter or digit",
        f"应填写代码而非名称，如 info-port：{_LOWER[1]}、下划线和连字符，至多 63 个字符，以字母或数字开头",
    ),
    r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$": (
        "a code, not a name, is needed, such as T08: letters, digits, _ and -, up to 63, beginning with a letter or digit",
        "应填写代码而非名称，如 T08：字母、数字、下划线和连字符，至多 63 个字符，以字母或数字开头",
    ),
    r"^[a-z0-9_]{1,63}$": (
        f"the code of a unit, not its name, is needed, such as jingxin: {_LOWER[0]} and _, up to 63",
        f"应填写单位代码而非名称，如 jingxin：{_LOWER[1]}和下划线，至多 63 个字符",
    ),
    r"^[a-z][a-z0-9_]{0,62}$": (
        f"the code of an indicator is needed, such as va_growth: {_LOWER[0]} and _, up to 63, beginning with a letter",
        f"应填写指标代码，如 va_growth：{_LOWER[1]}和下划线，至多 63 个字符，以字母开头",
    ),
    r"^[0-9]{6,12}$": (
        "the code of a region is needed, such as 330109: 6 to 12 digits (GB/T 2260)",
        "应填写行政区划代码，如 330109：6 至 12 位数字（GB/T 2260）",
    ),
    r"^(?:plan|(?:plan|industry|carrier|project|enterprise|unit|region):[A-Za-z0-9][A-Za-z0-9_-]{0,62})$": (
        "a subject is needed, such as project:P01: plan; plan, industry, carrier, project, enterprise, unit, region and code",
        "应填写对象：plan，或 plan、industry、carrier、project、enterprise、unit、region 之一加冒号和代码，如 project:P01",
    ),
    r"^[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$": (
        "an e-mail address is needed, such as liaison@example.com",
        "应填写电子邮件地址，如 liaison@example.com",
    ),
    r"^(?:[01][0-9]|2[0-3]):[0-5][0-9]$": ("a time of day is needed, such as 09:00", "应为钟点，如 09:00"),
    r"^[0-9a-f]{64}$": (
        "the SHA-256 of a file is needed: 64 digits and letters from a to f",
        "应填写文件的 SHA-256：64 位数字和小写字母 a 至 f",
    ),
    r"^[0-9]{4}-[0-9]{4,6}$": (
        "the code of a change request is needed, such as 2018-0001",
        "应填写变更申请编号，如 2018-0001",
    ),
    r"^C[0-9]{4,6}$": ("the code of a contact is needed, such as C0001", "应填写领导联系编号，如 C0001"),
    r"^V[0-9]{4,6}$": ("the code of a visit is needed, such as V0001", "应填写走访编号，如 V0001"),
    r"^W[0-9]{4,6}$": ("the code of a problem is needed, such as W0001", "应填写问题编号，如 W0001"),
    r"^\+?[0-9][0-9 -]{4,30}$": (
        "a telephone number is needed, such as 0571-00000000: digits, blanks and -",
        "应填写电话号码，如 0571-00000000：数字、空格和连字符",
    ),
    r"^[a-z0-9][a-z0-9_.-]{0,62}$": (
        f"a name to sign in with, or of a client, is needed, such as zhang.san: {_LOWER[0]}, _ . and -, up to 63",
        f"应填写登录名或客户端标识，如 zhang.san：{_LOWER[1]}、下划线、点和连字符，至多 63 个字符",
    ),
    r"^(person|client):[a-z0-9][a-z0-9_.-]{0,62}$": (
        "a holder is needed: person: or client: and the name with which they sign in, such as person:zhang.san",
        "应填写持有人：person: 或 client: 加登录名，如 person:zhang.san",
    ),
    r"^[!-~]{1,255}$": (
        "1 to 255 printable ASCII characters without blanks are needed",
        "应为 1 至 255 个可打印的 ASCII 字符，不含空格",
    ),
    "^(lag|plan)$": ("lag or plan is needed", "应为 lag 或 plan"),
    "^unit$": ("unit is needed", "应为 unit"),
}
"""By pattern, English and Chinese. A test holds it against the patterns of the OpenAPI documents."""
