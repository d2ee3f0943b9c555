//! What a person corrected of a task. The document's text stays as it is; a correction is shown and exported as one.

use document::{Assignment, Role, Task, is_collective, read_deadline};

use crate::ledger::documents::{content, units};

/// Most characters of a list of units or a deadline.
pub const MOST_UNITS: usize = 2_000;
/// Most characters of 工作内容.
pub const MOST_CONTENT: usize = 20_000;

/// The parts of a task that can be corrected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// 牵头单位.
    Lead,
    /// 配合单位.
    Support,
    /// 责任单位, where nothing says who leads.
    Responsible,
    /// 完成时限.
    Deadline,
    /// 工作内容.
    Content,
}

impl Part {
    /// All, in the order of the form.
    pub const ALL: [Self; 5] = [
        Self::Lead,
        Self::Support,
        Self::Responsible,
        Self::Deadline,
        Self::Content,
    ];

    /// Name of its field.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Support => "support",
            Self::Responsible => "responsible",
            Self::Deadline => "deadline",
            Self::Content => "content",
        }
    }

    /// On screen.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Lead => "牵头单位",
            Self::Support => "配合单位",
            Self::Responsible => "责任单位",
            Self::Deadline => "完成时限",
            Self::Content => "工作内容",
        }
    }

    /// Most characters that it may have.
    pub const fn most(self) -> usize {
        match self {
            Self::Content => MOST_CONTENT,
            _ => MOST_UNITS,
        }
    }

    const fn role(self) -> Option<Role> {
        match self {
            Self::Lead => Some(Role::Lead),
            Self::Support => Some(Role::Support),
            Self::Responsible => Some(Role::Responsible),
            Self::Deadline | Self::Content => None,
        }
    }

    /// As it is read from the document; empty where the document does not carry it.
    pub fn of(self, task: &Task) -> String {
        match self {
            Self::Deadline => task.deadline.raw.clone().unwrap_or_default(),
            Self::Content => content(task).to_owned(),
            Self::Lead => units(task, Role::Lead),
            Self::Support => units(task, Role::Support),
            Self::Responsible => units(task, Role::Responsible),
        }
    }
}

/// What was corrected of one task.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Correction {
    parts: Vec<(Part, String)>,
}

impl Correction {
    /// Of what a form holds: what is no other than the document's is no correction.
    pub fn typed<'a>(task: &Task, typed: impl Fn(Part) -> &'a str) -> Self {
        let differs = |part: &Part| folded(typed(*part)) != folded(&part.of(task));
        let parts = Part::ALL.into_iter().filter(differs);
        Self {
            parts: parts.map(|part| (part, typed(part).trim().to_owned())).collect(),
        }
    }

    /// True where nothing was corrected.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// True where this part was.
    pub fn has(&self, part: Part) -> bool {
        self.parts.iter().any(|(own, _)| *own == part)
    }

    /// The parts that were.
    pub fn parts(self) -> impl Iterator<Item = Part> {
        self.parts.into_iter().map(|(part, _)| part)
    }

    /// Memory that it takes, nearly.
    pub fn bytes(&self) -> usize {
        self.parts
            .iter()
            .map(|(part, text)| size_of_val(part) + text.capacity() + size_of::<String>())
            .sum()
    }

    /// The task as corrected. `year` is the document's, for a deadline that leaves it out.
    pub fn applied(&self, task: &Task, year: Option<i16>) -> Task {
        let mut task = task.clone();
        for (part, text) in &self.parts {
            match part.role() {
                Some(role) => assign(&mut task, role, text),
                None if *part == Part::Deadline => {
                    task.deadline = read_deadline(text, year);
                    task.places.deadline = None;
                }
                None => {
                    task.text.clone_from(text);
                    task.quantities = document::quantities(text, 0);
                }
            }
        }
        task
    }

    /// What whoever keeps the ledger must know: 人工更正：牵头单位（识别为：市财政局）.
    pub fn remark(&self, original: &Task) -> Option<String> {
        let was = |part: Part| {
            let was = part.of(original);
            let was = if was.is_empty() { "无".to_owned() } else { was };
            format!("{}（识别为：{was}）", part.word())
        };
        let parts: Vec<String> = self.parts.iter().map(|(part, _)| was(*part)).collect();
        (!parts.is_empty()).then(|| format!("人工更正：{}", parts.join("；")))
    }

    /// The same of a row that a person added in paragraph `number`: 人工增列：原文第 12 段，识别时未单独列出.
    pub fn remark_of_added(&self, original: &Task, number: usize) -> String {
        let words = if self.has(Part::Content) {
            format!("；工作内容有改动（原文为：{}）", Part::Content.of(original))
        } else {
            String::new()
        };
        format!("人工增列：原文第 {number} 段，识别时未单独列出{words}")
    }
}

/// Puts these units in the place of those with the role.
fn assign(task: &mut Task, role: Role, text: &str) {
    let before = std::mem::take(&mut task.assignments);
    let mut places = std::mem::take(&mut task.places.units);
    places.resize(before.len(), None);
    let known = before.clone();
    let (kept, kept_places): (Vec<_>, Vec<_>) = before
        .into_iter()
        .zip(places)
        .filter(|(assignment, _)| assignment.role != role)
        .unzip();
    task.assignments = kept;
    task.places.units = kept_places;
    for (name, open_ended) in named(text) {
        let function = known.iter().find(|other| other.unit == name);
        task.assignments.push(Assignment {
            collective: is_collective(&name),
            function: function.and_then(|other| other.function.clone()),
            raw: name.clone(),
            unit: name,
            role,
            open_ended,
            inherited: false,
        });
        task.places.units.push(None);
    }
}

/// Names of a list as people type it, each with whether 等 stands behind it: no word is dropped, none completed.
fn named(text: &str) -> Vec<(String, bool)> {
    let mut names: Vec<(String, bool)> = Vec::new();
    let mut depth = 0_u32;
    let apart = |c: char| matches!(c, '、' | '，' | ',' | '；' | ';') || c.is_whitespace();
    let pieces = text.split(|c: char| {
        // 县（市、区）人民政府 is one name.
        match c {
            '（' | '(' => depth += 1,
            '）' | ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && apart(c)
    });
    for piece in pieces.map(str::trim).filter(|piece| !piece.is_empty()) {
        let ends = ["等", "等单位", "等部门", "等有关单位"];
        let open = ends.iter().find_map(|end| piece.strip_suffix(end));
        let name: String = open.unwrap_or(piece).chars().filter(|c| !c.is_whitespace()).collect();
        if name.is_empty() {
            if let Some(last) = names.last_mut() {
                last.1 = true;
            }
        } else if !names.iter().any(|(known, _)| *known == name) {
            names.push((name, open.is_some()));
        }
    }
    names
}

fn folded(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_list_keeps_every_word_and_falls_apart_outside_brackets() {
        let cases: &[(&str, &[(&str, bool)])] = &[
            ("市财政局、市人社局", &[("市财政局", false), ("市人社局", false)]),
            ("市财政局，市人社局等", &[("市财政局", false), ("市人社局", true)]),
            (
                "各县（市、区）人民政府 团市委",
                &[("各县（市、区）人民政府", false), ("团市委", false)],
            ),
            ("某某专班\n某某专班", &[("某某专班", false)]),
            ("市财政局、等", &[("市财政局", true)]),
            ("", &[]),
        ];
        for (text, expected) in cases {
            let found = named(text);
            let found: Vec<_> = found.iter().map(|(name, open)| (name.as_str(), *open)).collect();
            assert_eq!(found, *expected, "{text}");
        }
    }
}
