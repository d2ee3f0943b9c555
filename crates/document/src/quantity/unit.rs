//! Units behind a number: what is measured, in which measure, and how many places the unit shifts the number.

use crate::model::QuantityKind;

/// A unit read behind a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// What it measures.
    pub(super) kind: QuantityKind,
    /// The measure of the value.
    pub(super) measure: String,
    /// Ten to this power times the printed number is the value.
    pub(super) exponent: u32,
    /// Byte behind it.
    pub(super) end: usize,
}

impl Unit {
    /// Chinese numerals count only before times, rates and multiples: 一次性 and 三支一扶 are words.
    pub(super) fn allows_han(&self) -> bool {
        matches!(
            self.kind,
            QuantityKind::Duration | QuantityKind::Rate | QuantityKind::Money
        )
    }
}

/// Words that scale a number, and their powers of ten.
const SCALES: &[(&str, u32)] = &[
    ("万亿", 12),
    ("千亿", 11),
    ("百亿", 10),
    ("亿", 8),
    ("千万", 7),
    ("百万", 6),
    ("万", 4),
    ("千", 3),
    ("百", 2),
];
/// Classifiers of things counted, longest first.
const COUNTS: &[&str] = &[
    "平方公里", "平方米", "学时", "课时", "大省", "人次", "批次", "场次", "户次", "个省", "个县", "公里", "千米", "名",
    "人", "户", "家", "个", "场", "批", "次", "项", "件", "所", "种", "条", "份", "辆", "套", "亩", "公顷", "期", "轮",
    "省", "县市", "县", "市", "届", "款", "座", "处", "支", "吨", "公斤", "台", "组", "类", "篇", "门", "班", "层",
    "册", "间", "张", "位", "对", "只", "头", "棵", "株", "斤", "兆瓦", "千瓦", "立方米", "米",
];
const PER: &[&str] = &[
    "人", "户", "天", "日", "月", "年", "家", "个", "次", "学期", "学年", "小时", "班", "亩", "件",
];

/// Whom a scaled number counts without a classifier: 1万农民工.
const PEOPLE: &[&str] = &[
    "农民工", "劳动力", "劳动者", "毕业生", "高校毕业生", "大学生", "失业人员", "困难人员", "贫困", "脱贫", "职工",
    "青年", "学生", "残疾人", "退役军人", "妇女", "人才",
];

/// The unit at `at`. `number` is where its number begins: 第3条 is no count.
pub(super) fn unit_at(text: &str, at: usize, number: usize) -> Option<Unit> {
    let rest = &text[at..];
    let before = &text[..number.min(text.len())];
    if before.ends_with("百分之") || text[number.min(at)..at].starts_with("百分之") {
        return Some(Unit {
            kind: QuantityKind::Rate,
            measure: "%".into(),
            exponent: 0,
            end: at,
        });
    }
    let (scale, exponent) = SCALES
        .iter()
        .find(|(w, _)| rest.starts_with(w))
        .copied()
        .unwrap_or(("", 0));
    let unit = &rest[scale.len()..];
    let end = |len: usize| at + scale.len() + len;
    if let Some(tail) = unit.strip_prefix('元') {
        let per = per_of(tail);
        return Some(Unit {
            kind: QuantityKind::Money,
            measure: format!("fen{}", &tail[..per]),
            exponent: exponent + 2,
            end: end('元'.len_utf8() + per),
        });
    }
    if scale.is_empty() {
        for (words, measure) in [
            (&["个百分点", "百分点"][..], "pp"),
            (&["个基点", "基点", "bp", "BP"][..], "bp"),
            (&["%"][..], "%"),
            (&["‰"][..], "‰"),
            (&["倍"][..], "ratio"),
        ] {
            if let Some(word) = words.iter().find(|w| unit.starts_with(**w)) {
                return Some(Unit {
                    kind: QuantityKind::Rate,
                    measure: measure.into(),
                    exponent: 0,
                    end: end(word.len()),
                });
            }
        }
        if let Some(word) = ["周岁", "岁"].into_iter().find(|w| unit.starts_with(w)) {
            return Some(Unit {
                kind: QuantityKind::Age,
                measure: "years".into(),
                exponent: 0,
                end: end(word.len()),
            });
        }
        if let Some(found) = duration(unit, end(0), before) {
            return Some(found);
        }
    }
    if before.ends_with('第') {
        return None;
    }
    let Some(word) = COUNTS.iter().find(|w| unit.starts_with(**w)) else {
        let people = !scale.is_empty() && PEOPLE.iter().any(|who| unit.starts_with(who));
        return people.then(|| Unit {
            kind: QuantityKind::Count,
            measure: "人".into(),
            exponent,
            end: end(0),
        });
    };
    // 个月 and 个工作日 are times, 个百分点 is a rate: read above where no scale stands before them.
    if unit.starts_with("个月")
        || unit.starts_with("人民")
        || unit.starts_with("人社")
        || unit.starts_with("次性")
        || unit.starts_with("项目") && word == &"项"
    {
        return None;
    }
    Some(Unit {
        kind: QuantityKind::Count,
        measure: (*word).to_owned(),
        exponent,
        end: end(word.len()),
    })
}

fn duration(unit: &str, at: usize, before: &str) -> Option<Unit> {
    const DURATIONS: &[(&str, &str)] = &[
        ("个工作日", "working-days"),
        ("工作日", "working-days"),
        ("个自然日", "days"),
        ("个月", "months"),
        ("个季度", "quarters"),
        ("个小时", "hours"),
        ("小时", "hours"),
        ("个学期", "terms"),
        ("学年", "school-years"),
        ("周年", "years"),
        ("年", "years"),
        ("周", "weeks"),
        ("天", "days"),
        ("日", "days"),
    ];
    let (word, measure) = DURATIONS.iter().find(|(w, _)| unit.starts_with(w))?;
    let tail = &unit[word.len()..];
    // 3年级, 1日游 and 第3年 measure nothing; 1年期LPR is a name.
    if before.ends_with('第')
        || *word == "年" && (tail.starts_with("期LPR") || tail.starts_with("期贷款市场报价"))
        || *word == "年" && (tail.starts_with('级') || tail.starts_with('度') || tail.starts_with('代'))
        || *word == "日" && before.ends_with('月')
    {
        return None;
    }
    Some(Unit {
        kind: QuantityKind::Duration,
        measure: (*measure).to_owned(),
        exponent: 0,
        end: at + word.len(),
    })
}

/// Length of /天/人 and the like.
fn per_of(tail: &str) -> usize {
    let mut taken = 0;
    while let Some(rest) = tail[taken..].strip_prefix(['/', '·']) {
        let Some(word) = PER.iter().find(|w| rest.starts_with(**w)) else {
            break;
        };
        taken = tail.len() - rest.len() + word.len();
    }
    taken
}
