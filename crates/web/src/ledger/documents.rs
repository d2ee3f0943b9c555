//! A document's header and its tasks in the words of an office: what the terminal table and the Excel ledger show.
//!
//! What the text does not carry is 原文未载明; where nothing says who leads, the lead is 待明确 and nobody is put in
//! its place.

use document::{Assignment, Deadline, DeadlineClass, Extraction, LeadRule, PartRole, Role, Task};
use report::ledger::{Entry, Involvement, Ledger, Part as LedgerPart};

/// What is shown where the document says nothing.
pub const NOT_STATED: &str = "原文未载明";
/// What is shown where nothing says who leads.
pub const LEAD_OPEN: &str = "待明确";

/// A value of the header, or that the document does not carry it.
pub fn stated(value: Option<&str>) -> &str {
    value.filter(|text| !text.is_empty()).unwrap_or(NOT_STATED)
}

/// What a part is to the whole.
pub const fn part_role(role: PartRole) -> &'static str {
    match role {
        PartRole::Body => "正文",
        PartRole::Cover => "转发通知",
        PartRole::Forwarded => "被转发文件",
        PartRole::Notice => "印发通知",
        PartRole::Annex => "附件",
    }
}

/// How the document says who leads.
pub const fn lead_rule(rule: LeadRule) -> &'static str {
    match rule {
        LeadRule::FirstListed => "原文规定排在首位的单位为牵头单位",
        LeadRule::Labelled => "按原文标注区分",
        LeadRule::None => "原文未写明牵头单位，列为“待明确”",
    }
}

/// The units with that role in a task: A、B、C等.
pub fn units(task: &Task, role: Role) -> String {
    let named = task.assignments.iter().filter(|assignment| assignment.role == role);
    let names: Vec<String> = named.map(unit).collect();
    names.join("、")
}

fn unit(assignment: &Assignment) -> String {
    format!("{}{}", assignment.unit, if assignment.open_ended { "等" } else { "" })
}

/// The lead units, or that none is stated.
pub fn lead(task: &Task) -> String {
    let units = units(task, Role::Lead);
    if units.is_empty() { LEAD_OPEN.to_owned() } else { units }
}

/// What is said of a task that names no unit: to whom the document is addressed, and no more.
pub fn without_unit(extraction: &Extraction, task: &Task) -> Option<String> {
    if !task.assignments.is_empty() {
        return None;
    }
    let own = extraction
        .parts
        .get(task.part)
        .map(|part| part.recipients.as_slice())
        .unwrap_or_default();
    let recipients = if own.is_empty() {
        &extraction.document.recipients
    } else {
        own
    };
    let recipients = if recipients.is_empty() {
        NOT_STATED.to_owned()
    } else {
        recipients.join("、")
    };
    Some(format!("原文未写责任单位，主送机关：{recipients}"))
}

/// The remark of a task that says of the document what is only so since a person took its units away.
pub fn not_of_document(extraction: &Extraction, original: &Task, corrected: &Task) -> Option<String> {
    let leads = |task: &Task| task.assignments.iter().any(|assignment| assignment.role == Role::Lead);
    if !original.assignments.is_empty() && corrected.assignments.is_empty() {
        without_unit(extraction, corrected)
    } else {
        (leads(original) && !leads(corrected)).then(|| LEAD_NOT_STATED.to_owned())
    }
}

/// Said of a task whose document names units and no lead.
pub const LEAD_NOT_STATED: &str = "原文只列责任单位，未写明牵头单位，牵头单位待明确";

/// By when: as printed, then the day that it means.
pub fn deadline(deadline: &Deadline) -> String {
    let printed = match (&deadline.raw, deadline.class) {
        (Some(raw), _) => raw.clone(),
        (None, DeadlineClass::Date) => String::new(),
        (None, DeadlineClass::Standing) => "长期".to_owned(),
        (None, DeadlineClass::AsRequired) => "按要求落实".to_owned(),
        (None, DeadlineClass::OnIssue) => "自文件下发之日起".to_owned(),
        (None, DeadlineClass::None) => return NOT_STATED.to_owned(),
    };
    match (deadline.class, deadline.due) {
        (DeadlineClass::Date, Some(due)) => {
            let open = if deadline.reading.is_some() {
                "，口径待确认"
            } else {
                ""
            };
            format!("{printed}\n（截至{due}{open}）").trim_start().to_owned()
        }
        (DeadlineClass::Date, None) => format!("{printed}\n（日期{NOT_STATED}）").trim_start().to_owned(),
        _ => printed,
    }
}

/// The headings above a task, outermost first, one a line; then its own, unless it is the beginning of what is to be
/// done anyway. Where there are none above it, its own stands alone.
pub fn project(task: &Task) -> String {
    let mut lines: Vec<&str> = task.path.iter().map(String::as_str).collect();
    if let Some(title) = task.title.as_deref() {
        let repeated = if lines.is_empty() {
            whole(content(task)) == whole(title)
        } else {
            content(task).starts_with(title)
        };
        if !repeated && lines.last() != Some(&title) {
            lines.push(title);
        }
    }
    lines.join("\n")
}

/// A sentence without its full stop.
fn whole(sentence: &str) -> &str {
    sentence.trim_end_matches(['。', '；'])
}

/// What is to be done; the heading where there is nothing but a heading.
pub fn content(task: &Task) -> &str {
    if task.text.is_empty() {
        task.title.as_deref().unwrap_or_default()
    } else {
        &task.text
    }
}

/// The item's number as the ledger shows it.
pub fn number(task: &Task) -> &str {
    if task.no.is_empty() { "—" } else { &task.no }
}

/// The ledger of all these documents (file, what was understood of it), in their order.
pub fn ledger(documents: &[(&str, &Extraction)]) -> Ledger {
    let entries: Vec<Entry> = documents
        .iter()
        .flat_map(|(file, extraction)| extraction.tasks.iter().map(|task| entry(file, extraction, task)))
        .collect();
    match documents {
        [(_, extraction)] => {
            let header = &extraction.document;
            let title = match &header.title {
                Some(title) => format!("{title}　责任台账"),
                None => "责任台账".to_owned(),
            };
            let date = header.date.map(|day| day.to_string());
            let note = format!(
                "文号：{}　　发文机关：{}　　{}：{}　　共 {} 项",
                stated(header.number.as_deref()),
                stated(header.issuer.as_deref()),
                header.date_basis.words(),
                stated(date.as_deref()),
                entries.len(),
            );
            Ledger {
                title,
                note,
                entries,
                ..Ledger::default()
            }
        }
        several => {
            let named: Vec<String> = several
                .iter()
                .take(NAMED_DOCUMENTS)
                .map(|(file, extraction)| named(file, extraction))
                .collect();
            let rest = if several.len() > NAMED_DOCUMENTS { " 等" } else { "" };
            let note = format!(
                "依据文件 {} 份：{}{rest}　　共 {} 项",
                several.len(),
                named.join("；"),
                entries.len()
            );
            Ledger {
                title: "责任台账".to_owned(),
                note,
                entries,
                ..Ledger::default()
            }
        }
    }
}

/// Documents that the line under a ledger's heading names; more would push the ledger off the page.
const NAMED_DOCUMENTS: usize = 6;

/// A document by title and number: 《关于……的通知》（某政发〔2020〕3号).
fn named(file: &str, extraction: &Extraction) -> String {
    let header = &extraction.document;
    match (&header.title, &header.number) {
        (Some(title), Some(number)) => format!("《{title}》（{number}）"),
        (Some(title), None) => format!("《{title}》"),
        (None, Some(number)) => number.clone(),
        (None, None) => file_name(file).to_owned(),
    }
}

/// A task as a row of the Excel ledger. What only people know stays blank.
fn entry(file: &str, extraction: &Extraction, task: &Task) -> Entry {
    Entry {
        no: number(task).to_owned(),
        project: project(task),
        content: content(task).to_owned(),
        basis: basis(file, extraction, task),
        lead: lead(task),
        support: units(task, Role::Support),
        responsible: units(task, Role::Responsible),
        deadline: deadline(&task.deadline),
        remarks: remarks(extraction, task).join("\n"),
        units: task
            .assignments
            .iter()
            .map(|assignment| Involvement {
                unit: assignment.unit.clone(),
                part: ledger_part(assignment.role),
            })
            .collect(),
        ..Entry::default()
    }
}

pub(super) const fn ledger_part(role: Role) -> LedgerPart {
    match role {
        Role::Lead => LedgerPart::Lead,
        Role::Support => LedgerPart::Support,
        Role::Responsible => LedgerPart::Responsible,
    }
}

/// Where the task stands: 某政发〔2020〕3号第3项, by its title where the part carries no number of its own, by its file
/// where it carries neither.
fn basis(file: &str, extraction: &Extraction, task: &Task) -> String {
    let header = &extraction.document;
    let part = extraction.parts.get(task.part);
    // A forwarded document stands under its own number; an annex under that of the notice that issues it.
    let number = match part {
        Some(part) if part.role == PartRole::Forwarded => part.number.as_ref(),
        Some(part) => part.number.as_ref().or(header.number.as_ref()),
        None => header.number.as_ref(),
    };
    let title = part.and_then(|part| part.title.as_ref()).or(header.title.as_ref());
    let document = match (number, title) {
        (Some(number), _) => number.clone(),
        (None, Some(title)) => format!("《{title}》"),
        (None, None) => format!("文号、标题{NOT_STATED}（文件名：{}）", file_name(file)),
    };
    if task.no.is_empty() {
        document
    } else {
        format!("{document}第{}项", task.no)
    }
}

fn file_name(file: &str) -> &str {
    file.rsplit(['/', '\\']).next().unwrap_or(file)
}

/// What whoever keeps the ledger must know of this row and no other column says.
fn remarks(extraction: &Extraction, task: &Task) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(remark) = without_unit(extraction, task) {
        remarks.push(remark);
    } else if !task.assignments.iter().any(|assignment| assignment.role == Role::Lead) {
        remarks.push(LEAD_NOT_STATED.to_owned());
    }
    let inherited: Vec<&str> = task
        .assignments
        .iter()
        .filter(|assignment| assignment.inherited)
        .map(|assignment| assignment.unit.as_str())
        .collect();
    if !inherited.is_empty() {
        remarks.push(format!("{}：依原文统一规定列入，本项未重复写明", inherited.join("、")));
    }
    if let Some(reading) = &task.deadline.reading {
        remarks.push(format!("完成时限口径：{reading}（待确认）"));
    }
    remarks
}
