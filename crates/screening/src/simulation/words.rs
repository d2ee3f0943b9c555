//! A comparison in words, the same on the terminal, in the workbook and on a page.

use civil::Money;
use rules::catalogue::Catalogue;

use super::{BenefitChange, Change, Comparison};
pub use crate::words::level;
use crate::words::{UNMEASURED, channel, open_readings, place, waiting};

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
        let names = comparison
            .concerned()
            .map(|benefit| format!("{}（{}）", benefit.name, benefit.id));
        parts.push(format!("涉及项目：{}", names.collect::<Vec<_>>().join("、")));
        notes.push(parts.join("　"));
        notes.push(format!("改动内容：{}", reform.changes.join("；")));
        notes.extend(reform.note.clone());
        notes.extend(hindrances(comparison));
        for benefit in comparison.concerned() {
            let open = open_readings(catalogue, comparison.known_on, &benefit.id);
            let open: Vec<String> = open
                .into_iter()
                .map(|reading| format!("{}（{}）", reading.text, *reading.id))
                .collect();
            if !open.is_empty() {
                notes.push(format!("{}的待确认口径：{}", benefit.name, open.join("；")));
            }
        }
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

/// What still stands in the way of benefits that a reform concerns: how many rows wait, why, and what they would come to at
/// most where every row comes to the same.
pub fn hindrances(comparison: &Comparison) -> Vec<String> {
    let each = |id: &str| comparison.reform.as_ref()?.each_fen.get(id).copied();
    let waiting = comparison
        .concerned()
        .filter(|benefit| benefit.change.undetermined_after > 0);
    waiting
        .map(|benefit| {
            let rows = benefit.change.undetermined_after;
            let causes = waiting_words(benefit);
            let money = match each(&benefit.id) {
                Some(fen) => format!(
                    "若这 {rows} 条全部核实符合，最多 {}（每条 {}）。",
                    Money::from_fen(i64::try_from(i128::from(fen) * i128::from(rows)).unwrap_or(i64::MAX)),
                    Money::from_fen(fen)
                ),
                None if benefit.has_amount => "核实前这些条的金额无法测算。".to_owned(),
                None => String::new(),
            };
            format!("{}：改动后仍有 {rows} 条待核实（{causes}）。{money}", benefit.name)
        })
        .collect()
}

fn waiting_words(benefit: &BenefitChange) -> String {
    waiting(&benefit.waiting).join("，")
}

/// What is said where nothing changes.
pub fn unchanged(comparison: &Comparison) -> &'static str {
    if comparison.is_unmeasured() {
        "改动涉及的项目改动后仍没有一条可以测算，原因见上；不表示改动没有影响。"
    } else {
        "没有任何一条的预审结果或金额因此改变。"
    }
}

/// What all the money changes by; that it cannot be told where it cannot.
pub fn difference(comparison: &Comparison) -> String {
    if comparison.is_unmeasured() {
        UNMEASURED.to_owned()
    } else {
        signed(comparison.total.difference_fen())
    }
}

/// What must be known after them, as they may leave the office.
pub fn foot(comparison: &Comparison) -> Vec<String> {
    footing(
        comparison,
        format!(
            "乡镇、人群中任何一个数为 1 至 {} 的行不列出，以免识别个人；只有一行时连同最小的一行不列。",
            comparison.withheld_below.saturating_sub(1)
        ),
    )
}

/// What must be known after them where the office itself looks at them.
pub fn foot_inside(comparison: &Comparison) -> Vec<String> {
    let of_files =
        "本页供单位内部核对，各乡镇、人群的数全部列出；对外提供请用下载的 Excel，其中小数不列，以免识别个人。";
    footing(comparison, of_files.to_owned())
}

fn footing(comparison: &Comparison, on_small_numbers: String) -> Vec<String> {
    let mut foot =
        vec!["单位为条：一人（户、单位）享受几个项目计几条。金额为按规则测算的应享受金额，不是已发放金额。".to_owned()];
    let withheld = comparison.towns.iter().any(|line| line.change.is_none())
        || comparison.groups.iter().any(|line| line.change.is_none());
    if withheld {
        foot.push(on_small_numbers);
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
