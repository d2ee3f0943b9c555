//! Words of a run on screen: the same on the terminal, in workbooks and on pages.

use std::collections::BTreeMap;

use civil::{Day, Money, RegionCode};
use policy::benefit::Reading;
use rules::catalogue::Catalogue;
use rules::decision;
pub use rules::decision::channel_label as channel;

use crate::run::{Progress, latest};
use crate::summary::BenefitSummary;
use crate::table::KEY_SEPARATOR;

/// What must be known of every result.
pub const PREPARED: &str = "本次结果由系统依据所列数据初步比对形成，是否符合以工作人员核实为准。";
/// What must stand by every list.
pub const NOT_REFUSED: &str = "未列入本次名单不代表不符合条件，您可自行申请。";

/// What stands for money that no row could be reckoned for.
pub const UNMEASURED: &str = "无法测算";
/// What must be known where towns are listed.
pub const TOWN_CODES: &str = "乡镇（街道）以统计用区划代码表示：区划名称收录到县（市、区）一级。";

/// What a benefit comes to over its eligible rows, in fen; nothing where it has no amount, or where no row could be reckoned
/// because all of them wait to be verified.
pub fn measured(benefit: &BenefitSummary) -> Option<i64> {
    let is_known = benefit.eligible > 0 || benefit.undetermined == 0;
    benefit.amount_fen.filter(|_| is_known)
}

/// That sum on screen.
pub fn amount(benefit: &BenefitSummary) -> String {
    match (measured(benefit), benefit.amount_fen) {
        (Some(fen), _) => Money::from_fen(fen).to_string(),
        (None, Some(_)) => UNMEASURED.to_owned(),
        (None, None) => "—".to_owned(),
    }
}

/// Why so many rows wait, the most first: 条件或标准由未收录的文件规定 555 条.
pub fn waiting(reasons: &BTreeMap<String, u64>) -> Vec<String> {
    let mut most: Vec<(&String, &u64)> = reasons.iter().collect();
    most.sort_by_key(|(_, rows)| std::cmp::Reverse(**rows));
    most.into_iter()
        .map(|(reason, rows)| format!("{} {rows} 条", why(reason)))
        .collect()
}

/// The open readings (待确认口径) that results of a benefit rest on, of the version known on a day.
pub fn open_readings<'c>(catalogue: &'c Catalogue, known_on: Day, id: &str) -> Vec<&'c Reading> {
    let benefit = latest(catalogue, known_on, id);
    let readings = benefit.into_iter().flat_map(|benefit| &benefit.readings);
    readings.filter(|reading| reading.confirmed.is_none()).collect()
}

/// A version of a benefit: the document, and the window in which it holds.
pub fn version(catalogue: &Catalogue, version: &str) -> String {
    let (pack, window) = version.split_once('@').unwrap_or((version, ""));
    let document = decision::document(catalogue, pack);
    match window.split_once("..") {
        Some(("", "")) | None => document,
        Some((from, "")) => format!("{document}（{from} 起）"),
        Some(("", to)) => format!("{document}（至 {to}）"),
        Some((from, to)) => format!("{document}（{from} 至 {to}）"),
    }
}

/// A fund on screen.
pub fn fund<'c>(catalogue: &'c Catalogue, fund: &str) -> &'c str {
    let known = catalogue.funds.0.get(fund);
    known.map_or("原文未载明", |fund| fund.name.as_str())
}

/// A level of government on screen.
pub fn level(level: &str) -> &str {
    if level == policy::fund::NOT_STATED {
        "原文未载明或分期规定"
    } else {
        decision::level_label(level)
    }
}

/// Why rows are undetermined.
pub fn why(reason: &str) -> &str {
    match reason {
        "fact" | "missing" => "缺少信息",
        "parameter" => "标准尚未设定",
        "arithmetic" => "数值超出可计算的范围",
        "conflict" => "同时适用两条例外",
        "discretionary" => "是否给予须由有权决定的部门规定",
        "directive" => "须依据另行规定办理",
        "delegated" => "条件或标准由未收录的文件规定",
        "document" => "文件在该日尚未发布",
        other => other,
    }
}

/// What a row is, in the words of its register.
pub fn per(catalogue: &Catalogue, per: &str) -> String {
    let register = registers::derive::Reach::of(per).and_then(|reach| catalogue.registers.get(reach.register));
    register.map_or_else(|| per.to_owned(), |register| register.label.clone())
}

/// A region as people say it.
pub fn place(code: RegionCode, name: &str) -> String {
    if name.is_empty() {
        code.to_string()
    } else {
        format!("{name}（{code}）")
    }
}

/// A clause as it is cited in lists.
pub fn clause(catalogue: &Catalogue, document: &str, item: &str) -> String {
    format!(
        "{}{}",
        decision::document(catalogue, document),
        policy::item::words(item)
    )
}

/// The key of a row as it may be shown: dates as they are, of keys and numbers the last four characters.
pub fn covered(key: &str) -> String {
    let parts: Vec<String> = key.split(KEY_SEPARATOR).map(covered_part).collect();
    parts.join("/")
}

fn covered_part(part: &str) -> String {
    const SHOWN: usize = 4;
    let length = part.chars().count();
    if Day::parse(part).is_ok() || length <= SHOWN {
        return part.to_owned();
    }
    let end: String = part.chars().skip(length - SHOWN).collect();
    format!("****{end}")
}

impl Progress {
    /// What is being done.
    pub const fn words(&self) -> &'static str {
        match self {
            Self::Deriving { .. } => "推算信息项",
            Self::Resolving => "核对重复享受",
            Self::Checking { .. } => "核对疑点",
            Self::Deciding { .. } => "逐条预审",
        }
    }
}
