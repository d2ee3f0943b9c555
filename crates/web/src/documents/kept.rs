//! The ledger of a document as people left it: what they corrected and added says so, what they struck out stands apart.

use document::Extraction;
use report::ledger::{Entry, Ledger};
use report::roster::{Cell, Sheet};

use super::MarkedText;
use super::changes::Changes;
use crate::ledger::documents;

/// A ledger with the rows of its entries, and what was struck out.
#[derive(Debug)]
pub struct Kept {
    /// The tasks that stand, in the order of the document.
    pub ledger: Ledger,
    /// The row of each entry.
    pub rows: Vec<usize>,
    /// What was read and struck out, as it was read.
    pub struck: Vec<Row>,
}

/// An entry that was struck out.
#[derive(Debug)]
pub struct Row {
    /// Its row.
    pub at: usize,
    /// The number of the paragraph in which it begins.
    pub paragraph: usize,
    /// What was read.
    pub entry: Entry,
}

impl Kept {
    pub(super) fn of(file: &str, read: &Extraction, changes: &Changes, text: &MarkedText) -> Self {
        let (extraction, rows) = changes.laid_over(read);
        let mut ledger = documents::ledger(&[(file, &extraction)]);
        for ((entry, at), task) in ledger.entries.iter_mut().zip(&rows).zip(&extraction.tasks) {
            let Some(original) = changes.original(&read.tasks, *at) else {
                continue;
            };
            let correction = changes.correction(*at);
            let is_added = *at >= read.tasks.len();
            let remark = if is_added {
                let correction = correction.cloned().unwrap_or_default();
                Some(correction.remark_of_added(original, text.number_at(original.span.start)))
            } else {
                correction.and_then(|correction| correction.remark(original))
            };
            let Some(remark) = remark else {
                continue;
            };
            // What a person took away or never typed is not said to be absent from the document.
            let mut wrong: Vec<String> = documents::not_of_document(&extraction, original, task)
                .into_iter()
                .collect();
            if is_added {
                wrong.extend(documents::without_unit(&extraction, task));
                wrong.push(documents::LEAD_NOT_STATED.to_owned());
            }
            let kept = entry
                .remarks
                .lines()
                .filter(|line| !wrong.iter().any(|wrong| wrong == line));
            let lines: Vec<&str> = kept.chain([remark.as_str()]).collect();
            entry.remarks = lines.join("\n");
        }
        let tally = changes.tally(&read.tasks);
        if tally.added + tally.struck > 0 {
            ledger.note = format!(
                "{}（识别 {} 项，{}）",
                ledger.note,
                tally.read,
                tally.by_hand().join("，")
            );
        }
        let struck = struck(file, read, changes, text);
        if !struck.is_empty() {
            ledger.beside.push(sheet(&struck));
        }
        Self { ledger, rows, struck }
    }
}

/// What was read and struck out.
fn struck(file: &str, read: &Extraction, changes: &Changes, text: &MarkedText) -> Vec<Row> {
    let tasks = read.tasks.iter().enumerate();
    let (rows, tasks): (Vec<usize>, Vec<_>) = tasks
        .filter(|(at, _)| changes.is_struck(*at))
        .map(|(at, task)| (at, task.clone()))
        .unzip();
    let places: Vec<usize> = tasks.iter().map(|task| text.number_at(task.span.start)).collect();
    let extraction = Extraction {
        document: read.document.clone(),
        parts: read.parts.clone(),
        lead_rule: read.lead_rule,
        tasks,
        diagnostics: Vec::new(),
    };
    let entries = documents::ledger(&[(file, &extraction)]).entries;
    let rows = entries.into_iter().zip(rows).zip(places);
    rows.map(|((entry, at), paragraph)| Row { at, paragraph, entry })
        .collect()
}

/// A sheet of its own for what was struck out, so that it leaves the ledger and not the workbook.
fn sheet(struck: &[Row]) -> Sheet {
    let headers = [
        "序号", "项目", "工作内容", "牵头单位", "配合单位", "责任单位", "完成时限", "原文位置",
    ];
    let row = |row: &Row| {
        let entry = &row.entry;
        let texts = [
            &entry.no, &entry.project, &entry.content, &entry.lead, &entry.support, &entry.responsible, &entry.deadline,
        ];
        let cells = texts.into_iter().map(|text| Cell::from(text.as_str()));
        cells.chain([Cell::from(format!("第 {} 段", row.paragraph))]).collect()
    };
    Sheet {
        name: "人工剔除".to_owned(),
        title: "人工剔除的条目".to_owned(),
        notes: vec![format!(
            "共 {} 项。识别时列为任务，经人工核对不是任务，不计入责任台账。以下按识别结果列出。",
            struck.len()
        )],
        headers: headers.map(str::to_owned).to_vec(),
        rows: struck.iter().map(row).collect(),
        foot: Vec::new(),
        names_rows: false,
    }
}
