//! Words of a run on screen: the same on the terminal, in workbooks and on pages.

use civil::{Day, RegionCode};
use rules::catalogue::Catalogue;
use rules::decision;
pub use rules::decision::channel_label as channel;

use crate::run::Progress;
use crate::table::KEY_SEPARATOR;

/// What must be known of every result.
pub const PREPARED: &str = "本次结果由系统依据所列数据初步比对形成，是否符合以工作人员核实为准。";
/// What must stand by every list.
pub const NOT_REFUSED: &str = "未列入本次名单不代表不符合条件，您可自行申请。";

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
    format!("{}第{item}项", decision::document(catalogue, document))
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
            Self::Checking => "核对疑点",
            Self::Deciding { .. } => "逐条预审",
        }
    }
}
