//! A comparison in words, the same on the terminal, in the workbook and on a page.

use civil::Money;
use rules::catalogue::Catalogue;

use super::{Change, Comparison};
pub use crate::words::level;
use crate::words::{channel, place};

/// What stands for numbers that are withheld.
pub const WITHHELD: &str = "不列";
/// Headings of what happens to rows, before the money.
pub const ROWS: [&str; 8] = [
    "原符合", "新增符合", "不再符合", "转为待核实", "金额提高", "金额降低", "现符合", "新增待核实",
];

/// The numbers under [`ROWS`].
pub fn rows(change: &Change) -> [u64; ROWS.len()] {
    [
        change.before.rows, change.gained.rows, change.lost.rows, change.unsettled.rows, change.more.rows,
        change.less.rows, change.after.rows, change.newly_undetermined,
    ]
}

/// Whether a line says anything: a withheld one does, one of nobody does not.
pub fn says_something(change: Option<&Change>) -> bool {
    change.is_none_or(|change| rows(change).iter().any(|count| *count > 0))
}

/// What it is called.
pub fn title(comparison: &Comparison) -> String {
    match (&comparison.reform, comparison.later_known_on) {
        (Some(reform), _) => format!("政策测算：{}", reform.name),
        (None, Some(later)) => format!("追溯测算：以{}前可知的文件重新预审", later.chinese()),
        (None, None) => "政策测算".to_owned(),
    }
}

/// What must be known before the numbers are read.
pub fn notes(catalogue: &Catalogue, comparison: &Comparison) -> Vec<String> {
    let mut notes = vec![format!(
        "筛查 {}　{}　判断日 {}　所用文件和数据截至 {}　按月项目所属月份 {}",
        comparison.run,
        place(comparison.region, &comparison.region_name),
        comparison.as_of,
        comparison.known_on,
        comparison.month
    )];
    if let Some(reform) = &comparison.reform {
        let mut parts = Vec::new();
        parts.extend(reform.by.as_ref().map(|by| format!("提出：{by}")));
        if !reform.benefits.is_empty() {
            let names = reform.benefits.iter().map(|id| {
                let benefit = comparison.benefits.iter().find(|benefit| benefit.id == *id);
                benefit.map_or_else(|| id.clone(), |benefit| format!("{}（{id}）", benefit.name))
            });
            parts.push(format!("改动项目：{}", names.collect::<Vec<_>>().join("、")));
        }
        if !reform.parameters.is_empty() {
            let names = reform.parameters.iter().map(|id| {
                let parameter = catalogue.vocabulary.parameters.get(id);
                parameter.map_or_else(|| id.clone(), |parameter| format!("{}（{id}）", parameter.name))
            });
            parts.push(format!("改动标准：{}", names.collect::<Vec<_>>().join("、")));
        }
        notes.push(parts.join("　"));
        notes.extend(reform.note.clone());
    }
    if let Some(retro) = &comparison.retro {
        notes.push(if retro.documents.is_empty() {
            "其间没有新的政策文件可知，差异只来自政策标准。".to_owned()
        } else {
            format!("其间可知的政策文件：{}", retro.documents.join("、"))
        });
        if !retro.not_compared.is_empty() {
            notes.push(format!(
                "新文件另有该次筛查未判断的项目，不在本表内：{}",
                retro.not_compared.join("、")
            ));
        }
        if retro.shared_changed {
            notes.push("共用的政策标准、信息项在该次筛查后有改动，前后两次均按现在的内容。".to_owned());
        }
    }
    if comparison.derived_anew {
        notes.push("测算需要该次筛查没有推算的享受记录，已按当时的数据补算。".to_owned());
    }
    notes
}

/// What must be known after them.
pub fn foot(comparison: &Comparison) -> Vec<String> {
    let mut foot =
        vec!["单位为条：一人（户、单位）享受几个项目计几条。金额为按规则测算的应享受金额，不是已发放金额。".to_owned()];
    let withheld = comparison.towns.iter().any(|line| line.change.is_none())
        || comparison.groups.iter().any(|line| line.change.is_none());
    if withheld {
        foot.push(format!(
            "乡镇、人群中任何一个数为 1 至 {} 的行不列出，以免识别个人；只有一行时连同最小的一行不列。",
            comparison.withheld_below.saturating_sub(1)
        ));
    }
    if comparison.retro.is_some() {
        foot.push(
            "应补、多付均为测算，不是补发或退回决定：须由工作人员核实，告知本人并听取陈述申辩后依法办理。".to_owned(),
        );
    }
    foot.push("测算结果仅供参考，以经办机构审核为准。".to_owned());
    foot
}

/// Money with its sign.
pub fn signed(fen: i64) -> String {
    let money = Money::from_fen(fen);
    if fen > 0 {
        format!("+{money}")
    } else {
        money.to_string()
    }
}

/// A purse on screen.
pub fn fund(catalogue: &Catalogue, way: &str, fund: &str) -> [String; 2] {
    let name = catalogue
        .funds
        .0
        .get(fund)
        .map_or("原文未载明", |fund| fund.name.as_str());
    [channel(way).to_owned(), name.to_owned()]
}

/// A town on screen.
pub fn town(code: &str, name: &str) -> String {
    match (code, name) {
        ("", _) => "未载明".to_owned(),
        (code, "") => crate::lists::town(code.parse().unwrap_or(0)),
        (code, name) => format!("{name}（{code}）"),
    }
}

/// An outcome on screen.
pub fn outcome(word: &str) -> &'static str {
    match word {
        "eligible" => "初步符合",
        "undetermined" => "待核实",
        _ => "暂不符合",
    }
}
