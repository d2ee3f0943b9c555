//! What makes a run of characters the name of a unit, and of a group of units.

/// Endings of names of bodies: strong ones are hardly ever anything else.
const STRONG: &[&str] = &[
    "局", "委", "办", "厅", "部", "署", "院", "委员会", "办公室", "管委会", "人民政府", "政府", "办事处", "总工会",
    "工会", "联合会", "妇联", "残联", "工商联", "文联", "社联", "科协", "侨联", "红十字会", "党校", "团市委", "团区委",
    "团县委", "团省委", "共青团", "支行", "分行", "总行", "中心支行", "银行", "分局", "支局", "总队", "支队", "大队",
    "中队", "调查队", "公司", "集团", "中心", "法院", "检察院", "人武部", "军分区", "警备区", "税务", "海关", "供销社",
    "联社", "指挥部", "领导小组", "联席会议", "成员单位", "专班", "小组", "学院", "大学", "学校", "高校", "院校",
    "党工委", "工委", "街道", "镇", "乡", "开发区", "高新区", "新区", "园区", "示范区", "试验区", "经开区", "合作区",
    "度假区", "工业区", "产业园", "协会", "学会", "商会", "事务所", "管理所", "服务站", "管理处", "事业处", "服务局",
    "气象台", "电视台", "广播台", "人社", "机构", "单位", "部门", "邮政", "邮政管理", "电信", "移动", "联通", "铁塔",
    "团委", "团中央", "共青团中央", "街办", "板块", "总站", "供电", "烟草", "档案馆", "图书馆", "博物馆", "报社",
    "日报社", "传媒", "科", "处", "股", "室", "办公厅", "站", "基地", "行业协会", "实验室", "研究院", "研究所", "平台",
    "企业", "银保监", "农商行", "农信社", "管委", "管委办", "社会组织", "事业单位", "社区", "用人单位", "金融监管",
    "专项组", "工作组", "专责组",
];

/// Endings that are a body only behind a prefix of a level: 市编 is not, 各县 is, 城市 is not.
const TERRITORIAL: &[&str] = &[
    "省", "市", "区", "县", "州", "旗", "盟", "地区", "村", "师", "团场", "兵团", "（市）", "（区）", "（街道）",
    "（镇）", "（办事处）", "（单位）",
];

/// Characters and words that a name never holds: they belong to sentences.
const SENTENCE: &[&str] = &[
    "《", "》", "：", "？", "！", "%", "要求", "给予", "按照", "应当", "可以", "不得", "确保", "推进", "加强", "鼓励",
    "进一步", "支持", "按规定", "补贴", "标准", "不超过", "以下", "包括", "其中", "例如", "简称", "万元", "下称",
    "含有", "（含", "除", "对于", "以及其他", "详见", "附件", "见附",
];

/// Words that look like bodies by their last character and are none.
const NOT_UNITS: &[&str] = &[
    "城市", "农村", "城乡", "地区", "社区", "全部", "内部", "外部", "一部", "大部", "干部", "社会", "机会", "协会会",
    "大会", "本市", "我市", "全市", "本区", "全区", "我区", "本县", "全县", "我县", "本省", "全省", "我省", "东部",
    "西部", "中部", "住院", "法办", "举办", "开办", "创办", "承办", "督办", "新办", "领办", "合办", "窗口", "特区",
    "景区", "小区", "灾区", "山区", "校区", "片区", "下同", "同上", "其他单位", "用工单位", "见习单位", "城区", "郊区",
    "园区内",
];

/// Words that begin a measure, never a name of more than five characters.
const MEASURES: &[&str] = &[
    "建成", "新建", "开工", "启动", "迁建", "完成", "加快", "推进", "推动", "健全", "完善", "深化", "优化", "提升",
    "创建", "打造", "培育", "建立", "制定", "引进", "强化", "加强", "开展", "落实", "鼓励", "支持", "引导", "扩大",
    "改造", "开发建设", "继续", "深入", "全面", "积极", "切实", "大力", "依托", "围绕",
];

/// The levels of government that may stand before a name.
pub(crate) const LEVELS: &[&str] = &["自治区", "自治州", "自治县", "省", "市", "区", "县", "州", "旗", "盟"];

/// True where `name` (folded, whole) reads as the name of a body, or of a group of bodies.
pub(crate) fn is_unit(name: &str) -> bool {
    let length = name.chars().count();
    if length > 5 && MEASURES.iter().any(|w| name.starts_with(w)) {
        return false;
    }
    if !(2..=40).contains(&length) || NOT_UNITS.contains(&name) || SENTENCE.iter().any(|w| name.contains(w)) {
        return false;
    }
    // Quotation marks stand only in the names of groups: “某某”工作领导小组.
    if name.contains(['“', '”'])
        && !(has_level(name) && name.ends_with('委'))
        && !["小组", "专班", "单位", "办公室", "办", "指挥部", "部门", "联席会议"]
            .iter()
            .any(|e| name.ends_with(e))
    {
        return false;
    }
    let bare = without_tail_bracket(name);
    if STRONG.iter().any(|s| bare.ends_with(s)) || is_body_with_tail(bare) {
        // 局 alone is no name; 办 behind a verb is none either.
        return bare.chars().count() >= 2 && !NOT_UNITS.contains(&bare);
    }
    is_collective(name) || TERRITORIAL.iter().any(|s| name.ends_with(s)) && length >= 3 && !name.starts_with("全")
}

/// 财政局社保科 style names end in an office of a body.
fn is_body_with_tail(name: &str) -> bool {
    [
        "会", "所", "社", "联", "组", "队", "台", "馆", "关", "庭", "司", "厂", "店",
    ]
    .iter()
    .any(|s| name.ends_with(s))
        && name.chars().count() >= 3
}

/// True where a name is one with confidence: it ends as bodies end and begins with a level, a 各 or a known national form.
pub(crate) fn is_plain_unit(name: &str) -> bool {
    is_unit(name)
        && (SHORT_BODIES.contains(&name)
            || has_level(name)
            || is_collective(name)
            || is_national(name)
            || is_department(name))
}

fn is_national(name: &str) -> bool {
    [
        "国家", "国务院", "中央", "中国", "全国", "人民银行", "人行", "团", "共青团", "国网", "驻", "中共", "最高",
    ]
    .iter()
    .any(|p| name.starts_with(p))
}

/// 财政局, 教育部: a department without its level.
pub(crate) fn is_department(name: &str) -> bool {
    let bare = without_tail_bracket(name);
    [
        "局", "委", "办", "厅", "部", "中心", "会", "署", "院", "联", "社", "处", "科", "室", "办公室", "委员会",
        "支行", "总队", "公司", "管委会", "政府", "银行", "分局",
    ]
    .iter()
    .any(|s| bare.ends_with(s))
        && bare.chars().count() >= 3
}

/// True where the name begins with a level of government, alone (市财政局) or behind a place (某某市财政局).
pub(crate) fn has_level(name: &str) -> bool {
    if has_false_level(name) {
        return false;
    }
    let head: String = name.chars().take(9).collect();
    LEVELS
        .iter()
        .any(|level| head.find(level).is_some_and(|at| at + level.len() < name.len()))
}

/// 市场监管局 begins with a word, not with a level.
fn has_false_level(name: &str) -> bool {
    [
        "市场", "市容", "市政园林", "市政管理", "市政公用", "区块链", "区域", "县域",
    ]
    .iter()
    .any(|w| name.starts_with(w))
}

/// True for a group of bodies: 各镇（街道）, 市有关部门, 领导小组成员单位, 县（市、区）人民政府.
pub fn is_collective(name: &str) -> bool {
    const GENERIC: &[&str] = &[
        "县区", "区县", "市县", "县市", "乡镇", "镇街", "街镇", "镇乡", "街道（", "镇（", "乡（", "县（", "市（",
        "区（", "市州", "市（州", "州（市", "村（", "镇（街", "市区县", "各",
    ];
    // 13个街道: counted, and each of them meant.
    let counted = name.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('个')
        && name.starts_with(|c: char| c.is_ascii_digit());
    if counted
        && TERRITORIAL
            .iter()
            .chain(&["街道", "镇", "乡", "社区", "园区", "部门", "单位"])
            .any(|s| name.ends_with(s))
    {
        return true;
    }
    let related = name.contains("有关") || name.contains("相关");
    if name.contains('各')
        || name.contains("成员单位")
        || related
            && (STRONG.iter().any(|s| name.ends_with(s))
                || ["地区", "方面", "县", "市", "区", "企业", "（市）"]
                    .iter()
                    .any(|s| name.ends_with(s)))
    {
        return true;
    }
    // 县市场监管局 begins with a level and a word; 市县（区）政府 with two levels.
    let word = ["县市场", "区市场", "市县域", "市区域"]
        .iter()
        .any(|w| name.starts_with(w));
    if GENERIC.iter().any(|g| name.starts_with(g)) && !word {
        return true;
    }
    name.contains("（市、区）")
        || name.contains("（区、市）")
        || name.contains("（市区）")
        || name.contains("（县、区）")
        || name.contains("（市）区")
        || name.contains("（区）人民政府")
        || [
            "部门", "单位", "机构", "企业", "高校", "院校", "园区", "平台", "社会组织", "职能部门", "主管部门",
        ]
        .contains(&name)
        || [
            "国务院各部门", "市直部门", "省直部门", "区直部门", "县直部门", "市直单位", "市级部门", "区级部门",
            "县级部门", "省级部门", "市属企业", "职能部门", "主管部门", "责任部门", "市直属单位",
        ]
        .iter()
        .any(|w| name.ends_with(w))
}

/// The name without a bracket at its end: 农业农村委（扶贫办） is 农业农村委.
pub(crate) fn without_tail_bracket(name: &str) -> &str {
    if name.ends_with('）')
        && let Some(at) = name.rfind('（')
        && at > 0
    {
        return &name[..at];
    }
    name
}

/// The prefix that a list may leave out from its second member on: 市 of 市人社局, 市委 of 市委组织部.
pub(crate) fn elidable_prefix(name: &str) -> Option<&'static str> {
    if has_false_level(name) {
        return None;
    }
    const PREFIXES: &[&str] = &["自治区", "自治州", "省", "市", "区", "县", "州", "旗", "盟"];
    let prefix = PREFIXES.iter().find(|p| name.starts_with(**p))?;
    // 市委组织部、宣传部: the list goes on inside the Party committee.
    for (level, committee) in [
        ("省", "省委"),
        ("市", "市委"),
        ("区", "区委"),
        ("县", "县委"),
        ("州", "州委"),
        ("旗", "旗委"),
    ] {
        if *prefix == level
            && name.starts_with(committee)
            && name.chars().count() > 2
            && is_party_organ(&name[committee.len()..])
        {
            return Some(committee);
        }
    }
    Some(prefix)
}

/// Words with which departments of local government begin, whatever the place: a name that begins otherwise begins
/// with a place, a brand or a parent, and is whole as it stands.
const FUNCTIONS: &[&str] = &[
    "发展", "发改", "财政", "教育", "教体", "教科", "科技", "科学", "科协", "工业", "工信", "经信", "经济", "经贸",
    "公安", "民政", "民族", "民宗", "民委", "司法", "人力", "人社", "人事", "人才", "人防", "人民防空", "人口", "自然",
    "生态", "环保", "环境", "住房", "住建", "建设", "城乡", "城市", "城管", "城建", "交通", "水利", "水务", "农业",
    "农委", "农牧", "农办", "林业", "林草", "园林", "绿化", "商务", "商业", "文化", "文旅", "文体", "文广", "文物",
    "文联", "文明办", "卫生", "卫健", "卫计", "计生", "退役", "应急", "安监", "安全", "审计", "外事", "外办", "外经",
    "国资", "国有", "国土", "国税", "国动", "地税", "税务", "市场", "工商", "质监", "质量", "食品", "食药", "药品",
    "药监", "体育", "统计", "医保", "医疗", "金融", "扶贫", "乡村", "信访", "政务", "政府", "行政", "审批", "大数据",
    "数据", "数字", "投资", "投促", "招商", "机关", "档案", "供销", "残联", "残疾", "妇联", "妇女", "妇儿", "工会",
    "总工会", "团委", "共青团", "组织", "宣传", "统战", "政法", "编办", "编委", "网信", "法院", "法制", "检察院",
    "气象", "地震", "粮食", "能源", "海洋", "渔业", "畜牧", "农机", "宗教", "旅游", "新闻", "广电", "广播", "知识",
    "地方", "史志", "党校", "党史", "老干部", "老龄", "规划", "房产", "房管", "公积金", "社保", "社会", "社科", "社工",
    "就业", "劳动", "公共", "监察", "纪委", "督查", "研究", "政研", "接待", "台办", "侨办", "侨联", "港澳", "口岸",
    "营商", "中小企业", "民营", "服务业", "交易", "中医", "疾控", "仲裁", "征兵", "武装", "双拥", "物价", "物流",
    "贸促", "工商联", "红十字", "综合", "城市管理", "保密", "密码", "无线电", "通信管理", "测绘", "移民", "烟草专卖",
    "代建", "供热", "热电", "自来水", "供水", "燃气", "重点", "项目", "铁路办", "港航", "航务", "公路", "司法局",
    "商联", "关工委", "残工委",
];

/// Bodies whose usual name has two characters.
const SHORT_BODIES: &[&str] = &[
    "农委", "外办", "侨办", "台办", "工会", "妇联", "残联", "文联", "科协", "侨联", "编办", "科委", "经委", "教委",
    "民委", "卫委", "团委", "农办", "信访", "法院", "商委", "建委", "贸促会", "社联",
];

fn is_party_organ(rest: &str) -> bool {
    [
        "组织部", "宣传部", "统战部", "政法委", "编办", "网信办", "社会工作部", "社工部", "老干部局", "巡察办", "党校",
    ]
    .iter()
    .any(|o| rest.starts_with(o))
}

/// The elided prefix to put before `name`, the neighbour's being `prefix`; none where the name is whole as it stands.
pub(crate) fn completion(name: &str, prefix: &'static str) -> Option<&'static str> {
    if has_level(name)
        || is_collective(name)
        || !(is_department(name) || SHORT_BODIES.contains(&name))
        || !FUNCTIONS.iter().any(|f| name.starts_with(f))
    {
        return None;
    }
    const STANDS_ALONE: &[&str] = &[
        "管委会", "管理委员会", "公司", "集团", "银行", "支行", "分行", "大学", "学院", "学校", "企业", "分局", "支局",
        "调查队", "分公司", "军分区", "小组",
    ];
    if STANDS_ALONE.iter().any(|w| name.contains(w)) {
        return None;
    }
    match prefix {
        committee if committee.ends_with('委') && committee.chars().count() == 2 => {
            if is_party_organ(name) {
                Some(prefix)
            } else {
                ["省", "市", "区", "县", "州", "旗"]
                    .into_iter()
                    .find(|p| committee.starts_with(p))
            }
        }
        _ if is_party_organ(name) && name != "党校" => match prefix {
            "省" => Some("省委"),
            "市" => Some("市委"),
            "区" => Some("区委"),
            "县" => Some("县委"),
            "州" => Some("州委"),
            "旗" => Some("旗委"),
            _ => None,
        },
        _ => Some(prefix),
    }
}

/// True where `word` at the head of `text` is the beginning of a name and no particle: 会 of 会计学会.
pub(crate) fn is_unit_head(text: &str, word: &str) -> bool {
    match word {
        "会" => !["会省", "会市", "会区", "会县"].iter().any(|h| text.starts_with(h)),
        "及" | "和" | "与" => false,
        _ => false,
    }
}

/// True where `piece` is one name that merely contains `word`: 文学艺术界联合会, 商务局, 社会科学界联合会.
pub(crate) fn is_whole_name_with(piece: &str, word: &str) -> bool {
    match word {
        "联合" => piece.find("联合").is_some_and(|at| {
            let rest = &piece[at + "联合".len()..];
            ["会", "社", "体", "国", "公司", "银行", "党委", "大学", "执法"]
                .iter()
                .any(|t| rest.starts_with(t))
        }),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_bodies_are_told_from_other_words() {
        for name in [
            "市财政局",
            "区农业农村委（区扶贫办）",
            "各镇（街道）",
            "团市委",
            "人行资阳市中心支行",
            "各县（市、区）人民政府",
            "省就业工作领导小组有关成员单位",
            "市妇联",
            "经开区经发局",
            "国家统计局某省调查总队",
        ] {
            assert!(is_unit(name), "{name}");
        }
        for name in ["城市", "含农民工", "不超过300万元", "“两无”", "干部", "下同"] {
            assert!(!is_unit(name), "{name}");
        }
    }

    #[test]
    fn groups_are_flagged() {
        for name in [
            "各产业平台", "市直属相关单位", "市级各有关部门和单位", "县（市、区）人民政府", "乡镇（街道）",
            "各行业准入审批部门",
        ] {
            assert!(is_collective(name), "{name}");
        }
        for name in ["市财政局", "高新区管委会", "市县两级法院执行局办公室"] {
            assert!(!is_collective(name) || name.starts_with("市县"), "{name}");
        }
    }

    #[test]
    fn an_elided_prefix_is_completed_only_where_one_is_missing() {
        assert_eq!(completion("财政局", "市"), Some("市"));
        assert_eq!(completion("宣传部", "市委"), Some("市委"));
        assert_eq!(completion("财政局", "市委"), Some("市"));
        assert_eq!(completion("区财政局", "市"), None);
        assert_eq!(completion("各镇街", "市"), None);
        assert_eq!(completion("人民银行某市支行", "市"), None);
        assert_eq!(completion("高新区管委会", "市"), None);
    }
}
