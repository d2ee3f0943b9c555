//! A draft pack out of a document, for a person to review.
//!
//! Facts are written (numbers, dates, names of units, the document's official title), the document's sentences are
//! not: every task's title is [`DRAFT_TITLE`] until somebody writes one. What the document does not carry is left as
//! a comment that says what to fill in, so that the checker still asks for it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use document::{Assignment, DeadlineClass, Extraction, LeadRule, Part, PartRole, Task};

use crate::check::is_kebab_case;
use crate::file::quoted;
use crate::policy_file::PART_ROLES;
use crate::regions::Regions;
use crate::tasks_file::{DEADLINE_CLASSES, ROLES};

/// What stands for the summary nobody has written yet.
pub const DRAFT_TITLE: &str = "待拟摘要";

/// The files of a draft, in the order in which [`draft`] gives them.
pub const FILE_NAMES: [&str; 3] = ["policy.toml", "tasks.toml", "targets.toml"];

/// True where a folder of this name can be a pack: lower-case letters, digits and single hyphens.
pub fn is_pack_id(name: &str) -> bool {
    name != "shared" && is_kebab_case(name)
}

/// A file of a draft pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftFile {
    /// Its name within the pack's folder.
    pub name: &'static str,
    /// What it holds.
    pub text: String,
}

/// The files of a pack `id` for this document.
pub fn draft(id: &str, extraction: &Extraction, regions: &Regions) -> Vec<DraftFile> {
    vec![
        DraftFile {
            name: "policy.toml",
            text: policy(id, extraction, regions),
        },
        DraftFile {
            name: "tasks.toml",
            text: tasks(extraction),
        },
        DraftFile {
            name: "targets.toml",
            text: TARGETS.to_owned(),
        },
    ]
}

const TARGETS: &str = "\
# 目标和报送、公开职责。请对照原文逐条填写；不照抄原文，用自己的话概括。
# [[target]]
# id = \"…\"                 # 全库唯一，小写英文字母、数字和“-”
# text = \"…\"               # 摘要
# indicator = \"…\"          # 指标编号
# op = \">=\"                # >= > <= < =
# value = \"…\"              # 加引号的数
# unit = \"…\"               # 人、%、个 …
# period = \"2020\"          # 年份、起止年份或 standing
# soft = \"力争\"            # 力争、原则上、计划；硬指标不写
# cite = { item = \"1\" }
# [[duty]]
# id = \"…\"
# kind = \"report\"          # report publicity supervision assessment drafting referral registration training
# text = \"…\"
# by = [\"…\"]
# to = [\"…\"]
# when = \"…\"
# cite = { item = \"1\" }
format = 1
";

fn policy(id: &str, extraction: &Extraction, regions: &Regions) -> String {
    let header = &extraction.document;
    let mut out = String::from("# 由程序从文件生成的草稿，请逐项核对后删去本行。原文未载明的项不填。\nformat = 1\n");
    let mut line = |key: &str, value: Option<&str>, missing: &str| {
        let _ = match value {
            Some(value) => writeln!(out, "{key} = {}", quoted(value)),
            None => writeln!(out, "# {key} = \"…\"   # {missing}"),
        };
    };
    line("id", Some(id), "");
    line("title", header.title.as_deref(), "必填：文件标题");
    line("issuer", header.issuer.as_deref(), "原文未识别出发文机关");
    line("number", header.number.as_deref(), "原文未识别出文号");
    let region = header.region.as_deref().and_then(|name| regions.written(name));
    let code = region.map(|region| region.code.as_str());
    let region_hint = match &header.region {
        Some(name) => format!("必填：适用地区的6位区划代码（原文地区：{}）", one_line(name)),
        None => "必填：适用地区的6位区划代码".to_owned(),
    };
    line("region", code, &region_hint);
    line("publicity", header.publicity.as_deref(), "原文未识别出公开属性");
    if !header.recipients.is_empty() {
        let _ = writeln!(
            out,
            "recipients = {}",
            list(header.recipients.iter().map(String::as_str))
        );
    }
    let _ = match header.date {
        Some(date) => {
            writeln!(
                out,
                "date = {date}\nknown_from = {{ date = {date}, basis = \"{}\" }}",
                header.date_basis.words()
            )
        }
        None => writeln!(
            out,
            "# date = 2020-12-31   # 原文未识别出成文日期\n# known_from = {{ date = 2020-12-31, basis = \"…\" }}   # 必填：从哪天起可用及理由"
        ),
    };
    let rule = match extraction.lead_rule {
        LeadRule::FirstListed => "first-listed",
        LeadRule::Labelled => "labelled",
        LeadRule::None => "none",
    };
    let _ = writeln!(out, "lead_rule = \"{rule}\"");
    for part in &extraction.parts {
        write_part(&mut out, part);
    }
    out
}

fn write_part(out: &mut String, part: &Part) {
    let _ = writeln!(out, "\n[[part]]\nrole = \"{}\"", role_word(part.role));
    let texts = [
        ("title", &part.title),
        ("issuer", &part.issuer),
        ("number", &part.number),
    ];
    for (key, value) in texts {
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", quoted(value));
        }
    }
    if let Some(date) = part.date {
        let _ = writeln!(out, "date = {date}");
    }
}

fn tasks(extraction: &Extraction) -> String {
    let mut out = String::from(
        "# 由程序从文件生成的草稿：请对照原文核对单位、分工和时限，用自己的话拟写摘要（30字以内）。\nformat = 1\n",
    );
    let mut ids = Ids::default();
    for task in &extraction.tasks {
        write_task(&mut out, task, extraction, &mut ids);
    }
    out
}

fn write_task(out: &mut String, task: &Task, extraction: &Extraction, ids: &mut Ids) {
    let part = extraction.parts.get(task.part).map_or(PartRole::Body, |part| part.role);
    let no = ids.number(task);
    let _ = writeln!(
        out,
        "\n[[task]]\nid = {}\nno = {}",
        quoted(&ids.next(part, &no)),
        quoted(&no)
    );
    if task.no.is_empty() {
        out.push_str("# 原文没有序号，no 为顺序号\n");
    }
    let _ = writeln!(out, "part = \"{}\"", role_word(part));
    let numbers: Vec<String> = task.path.iter().filter_map(|heading| heading_number(heading)).collect();
    let _ = writeln!(out, "section = {}", list(numbers.iter().map(String::as_str)));
    let _ = writeln!(out, "title = \"{DRAFT_TITLE}\"");
    for (key, role) in ROLES {
        let _ = writeln!(out, "{key} = {}", units(task, |assignment| assignment.role == role));
    }
    let marks: [(&str, Mark); 3] = [
        ("inherited", |assignment| assignment.inherited),
        ("collective", |assignment| assignment.collective),
        ("open_ended", |assignment| assignment.open_ended),
    ];
    for (key, marked) in marks {
        let _ = writeln!(out, "{key} = {}", units(task, marked));
    }
    write_deadline(out, task);
}

fn write_deadline(out: &mut String, task: &Task) {
    let deadline = &task.deadline;
    let class = DEADLINE_CLASSES
        .iter()
        .find(|(_, class)| *class == deadline.class)
        .map_or("none", |(word, _)| word);
    let Some(raw) = deadline.raw.as_deref() else {
        return;
    };
    let mut parts = vec![format!("raw = {}", quoted(raw)), format!("class = \"{class}\"")];
    if let Some(due) = deadline.due.filter(|_| deadline.class == DeadlineClass::Date) {
        parts.push(format!("due = {due}"));
    }
    if let Some(reading) = &deadline.reading {
        parts.push(format!("reading = {}", quoted(reading)));
    }
    let _ = writeln!(out, "deadline = {{ {} }}", parts.join(", "));
}

/// Says whether an assignment bears a mark.
type Mark = fn(&Assignment) -> bool;

/// Hands out ids: the number, with a letter from the second row of an item on; in the part before the main one
/// (a cover, a notice) the number in Chinese, so that both can have an item 1.
#[derive(Default)]
struct Ids {
    rows: BTreeMap<(PartRole, String), u32>,
    unnumbered: u32,
}

impl Ids {
    /// The item's number; where none is printed, a running one that no printed number can take.
    fn number(&mut self, task: &Task) -> String {
        if !task.no.is_empty() && task.no.bytes().all(|b| b.is_ascii_digit()) {
            return task.no.clone();
        }
        self.unnumbered += 1;
        format!("{}", UNNUMBERED_FROM + self.unnumbered)
    }

    fn next(&mut self, part: PartRole, no: &str) -> String {
        let row = self.rows.entry((part, no.to_owned())).or_default();
        *row += 1;
        let number = match part {
            PartRole::Cover | PartRole::Notice => han_number(no).unwrap_or_else(|| no.to_owned()),
            PartRole::Body | PartRole::Forwarded | PartRole::Annex => no.to_owned(),
        };
        match *row {
            1 => number,
            row => match u8::try_from(row - 1).ok().filter(|row| *row < 26) {
                Some(row) => format!("{number}{}", char::from(b'a' + row)),
                // More rows than letters: not an id the checker takes, so that a person looks.
                None => format!("{number}-{row}"),
            },
        }
    }
}

/// 1 to 99 as documents number their points: 一, 十, 十二, 二十一.
fn han_number(no: &str) -> Option<String> {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let number: usize = no.parse().ok().filter(|number| (1..=99).contains(number))?;
    let (tens, ones) = (number / 10, DIGITS[number % 10]);
    Some(match tens {
        0 => ones.to_owned(),
        1 => format!("十{ones}"),
        tens => format!("{}十{ones}", DIGITS[tens]),
    })
}

/// Running numbers of items without one begin above this.
const UNNUMBERED_FROM: u32 = 9_000;

/// The number a heading begins with, as printed: 一 of 一、…, （二） of （二）….
fn heading_number(heading: &str) -> Option<String> {
    let heading = heading.trim();
    let is_number = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_digit() || civil::numeral::is_numeral(c))
    };
    if let Some(rest) = heading.strip_prefix(['（', '(']) {
        let (number, _) = rest.split_once(['）', ')'])?;
        return is_number(number).then(|| format!("（{number}）"));
    }
    let (number, _) = heading.split_once(['、', '．', '.'])?;
    is_number(number).then(|| number.to_owned())
}

fn units(task: &Task, wanted: impl Fn(&Assignment) -> bool) -> String {
    let mut names: Vec<&str> = Vec::new();
    for assignment in task.assignments.iter().filter(|assignment| wanted(assignment)) {
        if !names.contains(&assignment.unit.as_str()) {
            names.push(&assignment.unit);
        }
    }
    list(names.into_iter())
}

fn role_word(role: PartRole) -> &'static str {
    PART_ROLES
        .iter()
        .find(|(_, known)| *known == role)
        .map_or("body", |(word, _)| word)
}

fn list<'a>(values: impl Iterator<Item = &'a str>) -> String {
    format!("[{}]", values.map(quoted).collect::<Vec<_>>().join(", "))
}

fn one_line(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}
