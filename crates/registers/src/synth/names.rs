//! Names that nobody chose: common surnames, common given characters, words for firms.

use super::draw::Draw;

/// Surnames with their rough number among a thousand people.
const SURNAMES: &[(&str, u32)] = &[
    ("王", 72),
    ("李", 71),
    ("张", 68),
    ("刘", 51),
    ("陈", 46),
    ("杨", 31),
    ("黄", 25),
    ("赵", 23),
    ("吴", 22),
    ("周", 21),
    ("徐", 17),
    ("孙", 16),
    ("马", 14),
    ("朱", 13),
    ("胡", 13),
    ("郭", 12),
    ("何", 12),
    ("林", 12),
    ("高", 11),
    ("罗", 10),
    ("郑", 10),
    ("梁", 9),
    ("谢", 8),
    ("宋", 7),
    ("唐", 7),
    ("许", 7),
    ("韩", 7),
    ("冯", 6),
    ("邓", 6),
    ("曹", 6),
    ("彭", 6),
    ("曾", 6),
    ("沈", 5),
    ("岑", 4),
    ("戚", 3),
    ("励", 2),
    ("欧阳", 1),
];
const GIVEN: &[&str] = &[
    "安", "波", "超", "晨", "成", "春", "丹", "东", "芳", "飞", "峰", "刚", "国", "海", "浩", "红", "华", "辉", "佳",
    "建", "洁", "静", "娟", "军", "俊", "兰", "丽", "亮", "玲", "龙", "梅", "敏", "明", "宁", "平", "强", "琴", "清",
    "荣", "瑞", "珊", "诗", "涛", "婷", "伟", "文", "霞", "晓", "欣", "秀", "雪", "雅", "燕", "阳", "怡", "颖", "勇",
    "宇", "玉", "云", "泽", "志", "忠", "子",
];
const FIRM_WORDS: &[&str] = &[
    "安泰", "宝丰", "博远", "昌盛", "诚信", "德隆", "东海", "方圆", "丰华", "福瑞", "广源", "海川", "恒通", "宏达",
    "华兴", "汇丰", "佳和", "金桥", "锦程", "巨力", "凯旋", "康宁", "利民", "隆盛", "美嘉", "明辉", "诺亚", "鹏程",
    "启航", "庆余", "荣发", "瑞祥", "三江", "盛世", "顺达", "泰和", "天成", "同济", "万达", "祥云", "新光", "兴业",
    "永固", "宇航", "源泉", "长青", "正大", "中联", "众合", "卓越",
];

/// 李志明.
pub(super) fn person(draw: &mut Draw) -> String {
    let weights: Vec<u32> = SURNAMES.iter().map(|(_, weight)| *weight).collect();
    let mut name = SURNAMES
        .get(draw.weighted(&weights))
        .map_or("王", |(surname, _)| surname)
        .to_owned();
    name.push_str(draw.one_of(GIVEN).unwrap_or(&"安"));
    if draw.chance(750) {
        name.push_str(draw.one_of(GIVEN).unwrap_or(&"安"));
    }
    name
}

/// 海川兴业, followed by what the body is: the caller knows the trade and the form.
pub(super) fn firm(draw: &mut Draw) -> String {
    let first = draw.one_of(FIRM_WORDS).unwrap_or(&"安泰");
    let second = draw.one_of(FIRM_WORDS).unwrap_or(&"宝丰");
    format!("{first}{second}")
}

/// The account of the `serial`-th holder: nineteen digits that begin with eight zeroes, which no bank gives out.
pub(super) fn account(serial: u32) -> String {
    format!("00000000{serial:011}")
}
