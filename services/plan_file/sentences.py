"""What is wrong and what would be right, for every kind of fault, in Chinese and English."""

from typing import Final, Literal

Sentence = tuple[str, str]
"""Problem and remedy, each a template over the fault's values."""

_YAML: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "too_large": (
        ("文件有 {size} 字节", "最多 {most} 字节，请拆分或删去多余内容"),
        ("the file has {size} bytes", "at most {most} bytes are read: leave out what is not needed"),
    ),
    "not_utf8": (("文件不是 UTF-8 编码", "请另存为 UTF-8"), ("the file is not UTF-8", "save it as UTF-8")),
    "empty": (("文件没有内容", "请写入方案"), ("the file is empty", "write a plan into it")),
    "second_document": (
        ("文件中有第二个 YAML 文档", "一个文件只写一个方案，请删去第二个 ---"),
        ("a second YAML document begins here", "a file holds one plan: remove the second ---"),
    ),
    "not_a_mapping": (
        ("文件不是“键: 值”的形式", "应以 format: duban-plan/1 开头"),
        ("the file is not made of keys and values", "begin with format: duban-plan/1"),
    ),
    "alias": (
        ("使用了 YAML 锚点或别名“{name}”", "请把内容写全"),
        ("the YAML anchor or alias {name!r} is used", "write the content in full"),
    ),
    "tag": (("使用了 YAML 标签“{tag}”", "请删去标签"), ("the YAML tag {tag!r} is used", "remove the tag")),
    "duplicate_key": (
        ("键“{key}”重复，首次出现在第 {first} 行", "请删去其中一个"),
        ("the key {key!r} stands twice, first on line {first}", "remove one of them"),
    ),
    "too_deep": (
        ("嵌套超过 {most} 层", "方案文件不需要这样的嵌套，请检查缩进和括号"),
        ("more than {most} levels are nested", "no plan file needs that: check indentation and brackets"),
    ),
    "key_not_text": (
        ("键不是文字", "键应为一个词，例如 code"),
        ("a key is not a word", "a key is one word, such as code"),
    ),
    "syntax": (
        ("YAML 语法错误：{problem}", "请检查缩进、冒号后的空格、引号和括号"),
        ("YAML syntax: {problem}", "check indentation, the space after a colon, quotes and brackets"),
    ),
    "json_syntax": (
        ("JSON 语法错误：{problem}", "请检查引号、逗号和括号"),
        ("JSON syntax: {problem}", "check quotes, commas and brackets"),
    ),
    "json_key_twice": (
        ("键“{key}”在同一处出现两次", "请删去其中一个"),
        ("the key {key!r} stands twice in one place", "remove one of them"),
    ),
    "half_character": (
        ("文字含半个字符（单独的代理项）", "请检查编码"),
        ("a text holds half a character (a lone surrogate)", "check how it was encoded"),
    ),
}

_SHAPE: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "missing": (("缺少“{key}”", "请补上“{key}”"), ("{key!r} is missing", "add {key!r}")),
    "unknown_key": (
        ("没有“{key}”这个键", "可用的键：{known}"),
        ("there is no key {key!r}", "the keys are {known}"),
    ),
    "wrong_choice": (
        ("“{given}”不在可选值之列", "可选值：{known}"),
        ("{given!r} is not one of the choices", "choose one of {known}"),
    ),
    "text_needed": (
        ("这里应为文字", "请给“{given}”加上引号"),
        ("text is needed here", "put {given!r} in quotes"),
    ),
    "text_empty": (
        ("文字为空", "请填写内容，或删去这个键"),
        ("the text is empty", "write something, or remove the key"),
    ),
    "text_long": (("文字过长", "最多 {most} 个字"), ("the text is too long", "write {most} characters at most")),
    "one_line": (
        ("文字含换行、控制字符或首尾空格", "请写成一行，去掉首尾空格"),
        ("the text has line breaks, control characters or outer blanks", "write one line without outer blanks"),
    ),
    "exact_number": (
        ("“{given}”不是精确的数", "请写成 27.9 这样的十进制数：整数部分最多 18 位，小数最多 12 位，不用指数和千分位"),
        (
            "{given!r} is not an exact number",
            "write it like 27.9: up to 18 digits before the point and 12 after it, no exponent, no separators",
        ),
    ),
    "whole_number": (
        ("“{given}”不是整数", "请写整数，不加引号"),
        ("{given!r} is not a whole number", "write a whole number without quotes"),
    ),
    "too_small": (("“{given}”过小", "应不小于 {bound}"), ("{given!r} is too small", "write {bound} or more")),
    "not_above": (
        ("“{given}”过小", "应大于 {bound}"),
        ("{given!r} is too small", "write a number above {bound}"),
    ),
    "too_big": (("“{given}”过大", "应不大于 {bound}"), ("{given!r} is too big", "write {bound} or less")),
    "yes_no": (
        ("“{given}”不是 true 或 false", "请写 true 或 false"),
        ("{given!r} is neither true nor false", "write true or false"),
    ),
    "day_far": (
        ("“{given}”远在计划之外", "应为 1900 年至 2200 年之间的日期"),
        ("{given!r} is far from any plan", "write a day between the years 1900 and 2200"),
    ),
    "day": (("“{given}”不是日期", "请写成 2017-12-31"), ("{given!r} is not a day", "write it like 2017-12-31")),
    "instant": (
        ("“{given}”不是带时区的时刻", "请写成 2016-12-31T00:00:00+08:00"),
        ("{given!r} is not an instant with its zone", "write it like 2016-12-31T00:00:00+08:00"),
    ),
    "clock_time": (
        ("“{given}”不是时间", '请写成 "09:00"'),
        ("{given!r} is not a time of day", 'write it like "09:00"'),
    ),
    "list_needed": (("这里应为列表", "每项以 - 开头"), ("a list is needed here", "begin every item with a dash")),
    "list_empty": (("列表为空", "至少写一项"), ("the list is empty", "write one item at least")),
    "mapping_needed": (
        ("这里应为“键: 值”", "应有的键：{known}"),
        ("keys and values are needed here", "the keys are {known}"),
    ),
    "code_shape": (
        ("“{given}”不能作代码", "以小写字母或数字开头，只含小写字母、数字、_ 和 -，例如 info-port"),
        (
            "{given!r} is no code",
            "lower-case letters, digits, _ and -, beginning with a letter or digit, such as info-port",
        ),
    ),
    "matter_code_shape": (
        ("“{given}”不能作代码", "以字母或数字开头，只含字母、数字、_ 和 -，例如 T01"),
        ("{given!r} is no code", "letters, digits, _ and -, beginning with a letter or digit, such as T01"),
    ),
    "unit_code_shape": (
        ("“{given}”不能作单位代码", "只含小写字母、数字和 _，例如 economy_information"),
        ("{given!r} is no code of a unit", "lower-case letters, digits and _ only, such as economy_information"),
    ),
    "indicator_code_shape": (
        ("“{given}”不能作指标代码", "以小写字母开头，只含小写字母、数字和 _，例如 va_growth"),
        (
            "{given!r} is no code of an indicator",
            "lower-case letters, digits and _, beginning with a letter, such as va_growth",
        ),
    ),
    "region_shape": (
        ("“{given}”不是行政区划代码", '请写 6 至 12 位数字，例如 "330109"'),
        ("{given!r} is no region code", 'write 6 to 12 digits, such as "330109"'),
    ),
    "subject_shape": (
        ("“{given}”不是对象", "请写 plan，或类别加代码，例如 industry:information、carrier:info-port、project:P01"),
        (
            "{given!r} is no subject",
            "write plan, or a kind and a code such as industry:information, carrier:info-port, project:P01",
        ),
    ),
    "email_shape": (
        ("“{given}”不是邮箱地址", "请写成 liaison@example.com"),
        ("{given!r} is no e-mail address", "write it like liaison@example.com"),
    ),
    "invalid": (
        ("内容无效：{problem}", "请对照 plan-file.schema.json 修改"),
        ("not valid: {problem}", "compare with plan-file.schema.json"),
    ),
}

_REFERENCES: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "duplicate_code": (
        ("“{given}”已在 {first} 用过", "请换一个代码，或删去重复的一项"),
        ("{given!r} is already used by {first}", "choose another code, or remove one of the two"),
    ),
    "unknown_reference": (
        ("{section} 中没有“{given}”", "可选：{known}；或先在 {section} 中添加"),
        ("{section} has no {given!r}", "use one of {known}, or add it to {section} first"),
    ),
    "unit_cycle": (
        ("单位“{given}”成了自己的上级", "请改正 parent"),
        ("unit {given!r} is above itself", "correct its parent"),
    ),
    "lead_in_support": (
        ("“{given}”既牵头又配合，或重复列出", "每个单位只列一次"),
        ("{given!r} leads and supports, or is listed twice", "name every unit once"),
    ),
    "carrier_cycle": (
        ("载体“{given}”成了自己的上级", "请更正 parent"),
        ("the carrier {given!r} lies within itself", "correct parent"),
    ),
    "area_positive": (
        ("面积为 {given} 平方公里", "面积应大于 0；没有公布的不写"),
        ("the area is {given} km²", "write one above 0, or none where none was published"),
    ),
    "share_industry": (
        ("“{given}”不是该载体的产业，或重复列出", "只对其产业各写一次：{known}"),
        ("{given!r} is no industry of this carrier, or stands twice", "give each of its industries once: {known}"),
    ),
    "share_range": (
        ("份额 {given} 不在 0 与 1 之间", "份额应为 0 至 1"),
        ("the share {given} is not between 0 and 1", "write a share from 0 to 1"),
    ),
    "share_sum": (
        ("份额合计为 {given}", "份额合计应为 1"),
        ("the shares sum to {given}", "they must sum to 1"),
    ),
    "counted_twice": (
        ("“{given}”已由“{by}”计数", "一物两处只计一次：这里写 counted: false"),
        (
            "{given!r} is counted by {by!r} already",
            "one thing in two places is counted once: write counted: false here",
        ),
    ),
    "enterprise_once": (
        ("应写且只写 enterprise 或 enterprise_name 之一", "附件中的企业写 enterprise，其他写 enterprise_name"),
        (
            "either enterprise or enterprise_name is needed, not both",
            "enterprise for one in the list, else enterprise_name",
        ),
    ),
    "group_of_listed": (
        ("附件中的企业不写 enterprise_group", "请写在 enterprises 的 group 中"),
        ("enterprise_group does not go with a listed enterprise", "write it as group in enterprises"),
    ),
    "years_reversed": (
        ("末年 {given} 早于首年 {first}", "请调换或改正"),
        ("the last year {given} is before the first year {first}", "swap or correct them"),
    ),
    "plan_reversed": (
        ("结束日 {given} 不晚于开始日 {first}", "结束日应晚于开始日"),
        ("the end {given} is not after the start {first}", "the end comes after the start"),
    ),
    "time_zone": (
        ("没有时区“{given}”", "请写 IANA 名称，例如 Asia/Shanghai"),
        ("there is no time zone {given!r}", "write an IANA name such as Asia/Shanghai"),
    ),
    "phrase_not_in_plan": (
        ("原文中没有这句话：“{given}”", "请从原文逐字复制，包括标点"),
        ("the published text does not say {given!r}", "copy the phrase from the text, punctuation included"),
    ),
    "name_not_in_phrase": (
        ("phrase 中没有“{given}”", "名称照抄 phrase 中的写法"),
        ("the phrase does not say {given!r}", "write the name as the phrase has it"),
    ),
}

_MEASURES: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "formula_needed": (
        ("accumulation 为 formula 时须有 formula，否则不得有", "请补上或删去 formula"),
        ("a formula goes with accumulation formula, and with no other", "add or remove the formula"),
    ),
    "formula_syntax": (
        ("公式从“{rest}”起无法读取", "只用 + - * /、括号、数和指标代码，例如 a / b * 100"),
        (
            "the formula cannot be read from {rest!r}",
            "use + - * /, brackets, numbers and codes of indicators: a / b * 100",
        ),
    ),
    "formula_of_formula": (
        ("公式引用了非填报指标“{given}”", "请引用填报的指标"),
        ("the formula speaks of {given!r}, which is not reported", "use indicators that are reported"),
    ),
    "formula_period": (
        ("公式中指标“{given}”的频度不同", "请用同一频度的指标"),
        ("{given!r} in the formula has another frequency", "use indicators of one frequency"),
    ),
    "bureau_needed": (
        ("缺少填报单位", "请写 bureau；公式指标和按名册计数的指标不写"),
        ("nobody reports this indicator", "name its bureau; a formula and a roster have none"),
    ),
    "roster_counts": (
        ("按名册计数的指标只能是件数", "请写 accumulation: stock 或 cumulative，whole: true，decimals: 0"),
        ("what is counted from a roster is a number of things", "write stock or cumulative, whole: true, decimals: 0"),
    ),
    "month": (("“{given}”不是月份", "请写 1 至 12"), ("{given!r} is no month", "write 1 to 12")),
    "band_unreachable": (
        ("前面的规则已包括所有情况，这一条永远用不到", "请移到无条件的一条之前"),
        ("a band before this one matches always", "move it before the band that has no condition"),
    ),
    "policy_open": (
        ("有的情况不在任何一条之内", "最后一条应无条件"),
        ("some cases match no band", "let the last band have no condition"),
    ),
    "yes_no_metric": (
        ("“{metric}”是是非项", '请写 op: "="，value: true 或 false'),
        ("{metric!r} is a yes or no", 'write op: "=" and value: true or false'),
    ),
    "number_metric": (
        ("“{metric}”是数", "value 请写数"),
        ("{metric!r} is a number", "write a number as its value"),
    ),
    "share_not_percent": (
        ("“{metric}”是比值，{given} 像是百分数", "10% 请写 0.1；百分点请用 lag_pp"),
        (
            "{metric!r} is a ratio, {given} looks like percent",
            "write 0.1 for 10 %, or use lag_pp for percentage points",
        ),
    ),
    "needed_for": (
        ("“{key}”在 {what} 时必填", "请补上“{key}”"),
        ("{key!r} is needed for {what}", "add {key!r}"),
    ),
    "not_for": (
        ("“{key}”不能用于 {what}", "请删去“{key}”"),
        ("{key!r} does not go with {what}", "remove {key!r}"),
    ),
    "dates_not_ascending": (
        ("日期 {given} 不晚于前一个日期 {before}", "请按日期先后排列，不重复"),
        ("the day {given} is not after the one before it, {before}", "put them in order, each day once"),
    ),
    "outside_plan": (
        ("日期 {given} 不在计划期内", "应晚于 {start}，不晚于 {end}"),
        ("the day {given} is outside the plan", "choose a day after {start} and not after {end}"),
    ),
    "start_outside_plan": (
        ("开始日 {given} 不在计划期内", "应不早于 {start}，早于 {end}"),
        ("the start {given} is outside the plan", "choose a day from {start} on and before {end}"),
    ),
    "not_after_start": (
        ("日期 {given} 不晚于目标的开始日 {start}", "请改正日期或开始日"),
        ("the day {given} is not after the target's start {start}", "correct the day or the start"),
    ),
    "baseline_not_at_start": (
        ("基期 {given} 不是目标的开始日 {start}", "两者应为同一日，或删去 start"),
        ("the baseline's day {given} is not the target's start {start}", "make them the same day, or remove start"),
    ),
    "range_reversed": (
        ("上限 {given} 不大于下限 {lower}", "上限应大于下限"),
        ("the upper bound {given} is not above the lower bound {lower}", "the upper bound is the greater one"),
    ),
    "not_positive": (
        ("复合增长的值须大于零，这里是 {given}", "请改正数值，或改用 linear"),
        ("a compound trajectory needs values above zero, this is {given}", "correct the value, or use linear"),
    ),
    "measure_of_indicator": (
        ("{measure} 不能用于 {accumulation} 类指标“{indicator}”", "{measure} 可用于：{known}"),
        ("{measure} cannot be taken of {indicator!r}, which is {accumulation}", "{measure} is taken of {known}"),
    ),
    "schedule_incomplete": (
        ("计划表未到目标日 {goal}", "最后一项应为目标的日期和值"),
        ("the schedule does not end with the goal of {goal}", "let its last entry be the goal's day and value"),
    ),
}

_SUPERVISION: Final[dict[str, tuple[Sentence, Sentence]]] = {
    "one_cause": (
        (
            "应写且只写 light 或 unanswered 之一，months 只与 light 同用",
            "例如 {{light: red, months: 3}} 或 {{unanswered: orange}}",
        ),
        (
            "either light or unanswered is needed, and months only with light",
            "write {{light: red, months: 3}} or {{unanswered: orange}}",
        ),
    ),
    "level_not_below": (
        ("“{given}”不是更低的一级", "请写本级之前的级别：{known}"),
        ("{given!r} is no lower level", "name a level that stands before this one: {known}"),
    ),
    "level_silent": (
        ("这一级既不单独发文也不列入汇总", "own_message 与 digest 至少一项为 true"),
        ("this level is neither sent nor in the digest", "let own_message or digest be true"),
    ),
    "hours_reversed": (
        ("结束时间 {given} 不晚于开始时间 {first}", "请调换或改正"),
        ("the hours close at {given}, not after they open at {first}", "swap or correct them"),
    ),
    "outside_hours": (
        ("{given} 不在发送时间 {opens} 至 {closes} 之内", "请改为其间的时间"),
        ("{given} is outside the hours {opens} to {closes}", "choose a time within them"),
    ),
}

SENTENCES: Final[dict[str, dict[Literal["zh", "en"], Sentence]]] = {
    code: {"zh": zh, "en": en} for code, (zh, en) in (_YAML | _SHAPE | _REFERENCES | _MEASURES | _SUPERVISION).items()
}
