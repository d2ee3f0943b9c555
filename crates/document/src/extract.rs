//! From a [`Source`] to an [`Extraction`]: parts, drafts, then the rules that hold for the whole document.

use crate::assign::find::absorb;
use crate::assign::name;
use crate::assign::parse::Said;
use crate::assign::rule::{inherited_units, says_first_listed_leads, says_marked_leads};
use crate::draft::{Complaint, Draft, Named};
use crate::fold::{Folded, Script, fold_whitespace};
use crate::item::{Para, fold_paragraphs};
use crate::model::{
    Assignment, Deadline, Diagnostic, Extraction, LeadRule, Part, PartRole, Places, Role, Span, Task, year_in,
};
use crate::part::{PartDraft, parts};
use crate::source::{Block, Source};
use crate::task_table::{Columns, table_tasks};
use crate::task_text::text_tasks;

/// Genres that report or answer: their points are no duties laid on others.
const REPORTS: &[&str] = &["答复", "复函", "总结", "报告", "解读", "批复", "公示"];
/// A document states no more rules of inheritance than this.
const MAX_RULES: usize = 32;
/// Diagnostics beyond this number say no more.
const MAX_DIAGNOSTICS: usize = 200;

/// Understands a document: header, parts, tasks, and what was not understood. Never fails whole.
pub fn extract(source: &Source) -> Extraction {
    let script = Script::of(&source.text);
    let lines = Lines::new(&source.text);
    let spans = source.blocks.iter().filter_map(|b| match b {
        Block::Paragraph(p) => Some(p.span),
        Block::Table(_) => None,
    });
    let paragraphs = fold_paragraphs(&source.text, spans, script);
    let drafts = parts(&paragraphs);
    let mut reader = Reader {
        source,
        script,
        paragraphs: &paragraphs,
        notes: Vec::new(),
        left_out: Vec::new(),
    };
    let mut found: Vec<(usize, Draft)> = reader.all_drafts(&drafts);
    found.sort_by_key(|(part, d)| (*part, d.span.start));
    let rules = Rules::read(&paragraphs, &reader.notes, &source.text, script);
    let mut diagnostics = source.diagnostics.clone();
    for paragraph in &paragraphs {
        for (at, c) in &paragraph.folded.doubled {
            diagnostics.push(lines.diagnostic(
                *at,
                format!("此处分页前后重复印了“{c}”字，按一个字读取，原文保留"),
                "请核对原文",
            ));
        }
    }
    diagnostics.extend(left_out(&reader.left_out, &lines));
    let parts = part_list(&source.text, &drafts, &paragraphs);
    let year = drafts
        .iter()
        .find_map(|p| p.header.date)
        .map(|d| d.year())
        .or_else(|| drafts.iter().find_map(|p| p.header.title.as_deref().and_then(year_in)));
    let mut finisher = Finisher {
        source,
        script,
        rules,
        lines,
        parts: &drafts,
        year,
        diagnostics,
        inherited: Vec::new(),
        part: 0,
    };
    let tasks: Vec<Task> = found
        .into_iter()
        .map(|(part, draft)| finisher.task(part, draft))
        .collect();
    let lead_rule = finisher.lead_rule(&tasks);
    let mut diagnostics = std::mem::take(&mut finisher.diagnostics);
    if tasks.is_empty()
        && let Some(kind) = report(&drafts)
    {
        diagnostics.push(no_duties(kind, &paragraphs, &finisher.lines));
    } else if tasks.is_empty() {
        diagnostics.push(Diagnostic {
            line: 1,
            column: 1,
            message: "没有找到任务".into(),
            hint: "请确认文件含有任务条目或责任分工表；表格需有“责任单位”或“牵头单位”等表头".into(),
        });
    }
    diagnostics.truncate(MAX_DIAGNOSTICS);
    let mut document = drafts.first().map(|p| p.header.clone()).unwrap_or_default();
    document.publicity = document
        .publicity
        .or_else(|| drafts.iter().find_map(|p| p.header.publicity.clone()));
    Extraction {
        document,
        parts,
        lead_rule,
        tasks,
        diagnostics,
    }
}

/// One message for all items that name no unit and stand among none that do, so that nothing is left out in silence.
fn left_out(drafts: &[Draft], lines: &Lines<'_>) -> Option<Diagnostic> {
    const NAMED: usize = 6;
    let first = drafts.first()?;
    let name = |d: &Draft| d.title.clone().map_or_else(|| format!("第{}项", d.no), |t| shorten(&t));
    let mut names: Vec<String> = drafts.iter().take(NAMED).map(name).collect();
    if drafts.len() > NAMED {
        names.push("…".into());
    }
    let message = format!(
        "另有{}个条目未写责任单位，同级条目也未写，未列为任务：{}",
        drafts.len(),
        names.join("、")
    );
    Some(lines.diagnostic(first.span.start, message, "如其中有需要交办的事项，请在台账中补列"))
}

/// The genre of a document that reports or answers.
fn report(parts: &[PartDraft]) -> Option<&'static str> {
    let title = parts.first()?.header.title.as_deref()?;
    REPORTS.iter().copied().find(|genre| title.ends_with(genre))
}

/// Why a document that reports or answers gives no tasks, and where it says what its writer means to do.
fn no_duties(genre: &str, paragraphs: &[Para], lines: &Lines<'_>) -> Diagnostic {
    const LONGEST_HEADING: usize = 30;
    let plans = paragraphs.iter().find(|paragraph| {
        let text = &paragraph.folded.text;
        text.chars().count() <= LONGEST_HEADING
            && ["下步", "下一步", "今后", "工作打算"].iter().any(|w| text.contains(w))
    });
    let mut message = format!("本文件属于“{genre}”类文件，不向单位交办任务，任务列为 0 项");
    if let Some(plans) = plans {
        let heading = shorten(&fold_whitespace(&plans.folded.text));
        message.push_str(&format!("；其中“{heading}”部分是发文单位自己的工作打算，未列为任务"));
    }
    let at = plans.map_or(0, |paragraph| paragraph.span.start);
    lines.diagnostic(at, message, "如需据此跟踪落实，请对照原文在台账中补列")
}

fn part_list(text: &str, drafts: &[PartDraft], paragraphs: &[Para]) -> Vec<Part> {
    let start = |d: &PartDraft| paragraphs.get(d.paragraphs.start).map_or(0, |p| p.span.start);
    drafts
        .iter()
        .enumerate()
        .map(|(index, d)| Part {
            role: d.role,
            title: d.header.title.clone(),
            number: d.header.number.clone(),
            issuer: d.header.issuer.clone(),
            date: d.header.date,
            date_basis: d.header.date_basis,
            recipients: d.header.recipients.clone(),
            publicity: d.header.publicity.clone(),
            span: Span::new(
                if index == 0 { 0 } else { start(d) },
                drafts.get(index + 1).map_or(text.len(), start),
            ),
        })
        .collect()
}

struct Reader<'a> {
    source: &'a Source,
    script: Script,
    paragraphs: &'a [Para],
    notes: Vec<Span>,
    /// Items without units that are no tasks beside those that are.
    left_out: Vec<Draft>,
}

impl Reader<'_> {
    fn all_drafts(&mut self, parts: &[PartDraft]) -> Vec<(usize, Draft)> {
        let mut found = Vec::new();
        let mut leaves: Vec<(usize, Vec<Draft>)> = Vec::new();
        for (index, part) in parts.iter().enumerate() {
            let tasks = text_tasks(&self.source.text, self.paragraphs, part.paragraphs.clone());
            found.extend(tasks.drafts.into_iter().map(|d| (index, d)));
            leaves.push((index, tasks.leaves));
        }
        let in_tables = self.table_drafts(parts);
        let any = !found.is_empty() || !in_tables.is_empty();
        found.extend(in_tables);
        for (index, drafts) in leaves {
            // A cover's points are tasks of their own; other parts without any assignment speak for themselves only alone.
            let own = found.iter().any(|(p, _)| *p == index);
            let speaks = parts[index].role == PartRole::Cover || !any && report(parts).is_none();
            if !own && speaks {
                found.extend(drafts.into_iter().map(|d| (index, d)));
            } else if own {
                self.left_out.extend(drafts);
            }
        }
        found
    }

    fn table_drafts(&mut self, parts: &[PartDraft]) -> Vec<(usize, Draft)> {
        let mut found = Vec::new();
        let simple = self.script.simplified(&self.source.text);
        let mut previous: Option<Columns> = None;
        let mut paragraph = 0usize;
        for block in &self.source.blocks {
            let Block::Table(table) = block else {
                paragraph += 1;
                continue;
            };
            let part = parts
                .iter()
                .rposition(|p| p.paragraphs.start < paragraph.max(1))
                .unwrap_or(0);
            let above = self.headings_above(parts[part].paragraphs.start, paragraph);
            let (drafts, columns, notes) = table_tasks(
                &self.source.text,
                &simple,
                table,
                self.script,
                &above,
                previous.as_ref(),
            );
            if columns.is_none() {
                found.extend(self.layout_table(table).into_iter().map(|d| (part, d)));
            }
            previous = columns.or(previous);
            self.notes.extend(notes);
            found.extend(drafts.into_iter().map(|d| (part, d)));
        }
        found
    }

    /// The heading right above a table, where it is one: 一、稳定就业岗位.
    fn headings_above(&self, from: usize, to: usize) -> Vec<String> {
        let Some(above) = self.paragraphs.get(from..to).and_then(|p| p.last()) else {
            return Vec::new();
        };
        let text = &above.folded.text;
        let heading = crate::marker::marker(text).is_some_and(|m| m.style <= crate::marker::MarkerStyle::HanBracket)
            && text.chars().count() <= 40;
        if heading {
            vec![fold_whitespace(above.span.of(&self.source.text))]
        } else {
            Vec::new()
        }
    }

    /// A table that only lays out text: its cells are read as paragraphs.
    fn layout_table(&self, table: &crate::source::Table) -> Vec<Draft> {
        let mut found = Vec::new();
        for row in &table.rows {
            let mut draft: Option<Draft> = None;
            let mut pieces = Vec::new();
            let mut label: Option<crate::assign::label::Label> = None;
            for cell in row.cells.iter().filter(|c| !c.continues) {
                let folded = Folded::new(cell.span.of(&self.source.text), cell.span.start, self.script, true);
                let groups = crate::assign::find::groups(&folded.text);
                let said = label.take().and_then(crate::assign::parse::said_of);
                label = crate::assign::label::label(&folded.text).filter(|l| l.names_units());
                if let Some(said) = said {
                    let listed = crate::assign::parse::parse(&folded.text, 0..folded.text.len(), said);
                    draft
                        .get_or_insert_with(|| Draft {
                            span: row.span,
                            ..Draft::default()
                        })
                        .take(listed, &folded);
                } else if groups.is_empty() {
                    if label.is_none() && !folded.text.trim().is_empty() {
                        pieces.push(cell.span);
                    }
                } else {
                    let mut all = crate::assign::parse::Listed::default();
                    let first = groups[0].range.start;
                    for group in groups {
                        absorb(&mut all, group.listed);
                    }
                    if first > 0 {
                        pieces.push(folded.span(0, first));
                    }
                    draft
                        .get_or_insert_with(|| Draft {
                            span: row.span,
                            ..Draft::default()
                        })
                        .take(all, &folded);
                }
            }
            if let Some(mut draft) = draft {
                draft.pieces = pieces;
                found.push(draft);
            }
        }
        found
    }
}

/// Rules that the document states once.
struct Rules {
    first_listed: bool,
    marked: bool,
    /// Units meant for every item, and the offset from which they are.
    inherited: Vec<(usize, Vec<String>)>,
}

impl Rules {
    fn read(paragraphs: &[Para], notes: &[Span], text: &str, script: Script) -> Self {
        let mut rules = Self {
            first_listed: false,
            marked: false,
            inherited: Vec::new(),
        };
        let folded_notes: Vec<(Span, Folded)> = notes
            .iter()
            .map(|s| (*s, Folded::new(s.of(text), s.start, script, false)))
            .collect();
        let all = paragraphs
            .iter()
            .map(|p| (p.span, &p.folded))
            .chain(folded_notes.iter().map(|(s, f)| (*s, f)));
        for (span, folded) in all {
            let text = &folded.text;
            if text.contains("牵头") || text.contains("主办") || text.contains("主责") {
                rules.first_listed |= says_first_listed_leads(text);
                rules.marked |= says_marked_leads(text);
            }
            if text.contains("不再") {
                let units = inherited_units(text);
                if !units.is_empty() && rules.inherited.len() < MAX_RULES {
                    rules.inherited.push((span.start, units));
                }
            }
        }
        rules
    }
}

/// Line numbers of byte offsets.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0)
            .chain(memchr::memchr_iter(b'\n', text.as_bytes()).map(|i| i + 1))
            .collect();
        Self { text, starts }
    }

    fn diagnostic(&self, at: usize, message: String, hint: &str) -> Diagnostic {
        let line = self.starts.partition_point(|s| *s <= at).max(1);
        let start = self.starts[line - 1];
        let column = self
            .text
            .get(start..at)
            .map_or(1, |t| t.chars().take(10_000).count() + 1);
        Diagnostic {
            line,
            column,
            message,
            hint: hint.to_owned(),
        }
    }
}

struct Finisher<'a> {
    source: &'a Source,
    script: Script,
    rules: Rules,
    lines: Lines<'a>,
    parts: &'a [PartDraft],
    year: Option<i16>,
    diagnostics: Vec<Diagnostic>,
    inherited: Vec<String>,
    part: usize,
}

impl Finisher<'_> {
    fn task(&mut self, part: usize, draft: Draft) -> Task {
        if part != self.part {
            self.part = part;
            self.inherited.clear();
        }
        let text: String = draft
            .pieces
            .iter()
            .map(|p| fold_whitespace(p.of(&self.source.text)))
            .filter(|p| !p.is_empty())
            .collect::<Vec<_>>()
            .join(" ");
        let (mut assignments, mut units) = self.assignments(&draft);
        self.inherit(draft.span, &mut assignments);
        units.resize(assignments.len(), None);
        self.complain(part, &draft, &assignments);
        let deadline = self.deadline(&draft);
        let places = Places {
            units,
            deadline: draft.deadline.filter(|_| deadline.raw.is_some()),
        };
        let quantities = draft
            .pieces
            .iter()
            .flat_map(|p| crate::quantity::quantities(p.of(&self.source.text), p.start))
            .collect();
        Task {
            no: draft.no,
            part,
            path: draft.path,
            title: draft.title,
            text,
            assignments,
            deadline,
            quantities,
            span: draft.span,
            places,
        }
    }

    /// The parts as said, the document's rules applied; and where each is printed.
    fn assignments(&self, draft: &Draft) -> (Vec<Assignment>, Vec<Option<Span>>) {
        let said = |wanted: Said| draft.named.iter().any(|n| n.said == wanted);
        let starred = self.rules.marked && draft.named.iter().any(|n| n.starred);
        let subject_leads = said(Said::Subject) && (said(Said::Listed) || said(Said::Duty));
        let has_lead = said(Said::Lead) || subject_leads || starred;
        let unstated = !has_lead && !said(Said::Support);
        let first_leads = self.rules.first_listed && unstated;
        let mut found: Vec<Assignment> = Vec::with_capacity(draft.named.len());
        let mut places = Vec::with_capacity(draft.named.len());
        for (index, named) in draft.named.iter().enumerate() {
            let role = match named.said {
                _ if starred && named.starred => Role::Lead,
                _ if first_leads => {
                    if index == 0 {
                        Role::Lead
                    } else {
                        Role::Support
                    }
                }
                Said::Lead => Role::Lead,
                Said::Subject => {
                    if subject_leads {
                        Role::Lead
                    } else {
                        Role::Responsible
                    }
                }
                Said::Support => Role::Support,
                Said::Duty => Role::Responsible,
                Said::Listed => {
                    if has_lead {
                        Role::Support
                    } else {
                        Role::Responsible
                    }
                }
            };
            if found
                .iter()
                .any(|a| a.unit == named.name && (a.role == role || a.role == Role::Lead))
            {
                continue;
            }
            found.push(assignment(named, role, &self.source.text));
            places.push(Some(named.span));
        }
        (found, places)
    }

    /// Adds the units that a rule puts on every item from its place on.
    fn inherit(&mut self, span: Span, assignments: &mut Vec<Assignment>) {
        for unit in &self.inherited {
            if assignments.iter().any(|a| a.unit == *unit) {
                continue;
            }
            assignments.push(Assignment {
                unit: unit.clone(),
                raw: unit.clone(),
                role: Role::Responsible,
                collective: name::is_collective(unit),
                open_ended: false,
                inherited: true,
                function: None,
            });
        }
        for (at, units) in &self.rules.inherited {
            // Stated in this item's own bracket, the rule holds from the next item on; stated before it, from here.
            if *at <= span.start || span.start <= *at && *at < span.end {
                for unit in units {
                    if !self.inherited.contains(unit) {
                        self.inherited.push(unit.clone());
                        if *at < span.start && !assignments.iter().any(|a| a.unit == *unit) {
                            assignments.push(Assignment {
                                unit: unit.clone(),
                                raw: unit.clone(),
                                role: Role::Responsible,
                                collective: name::is_collective(unit),
                                open_ended: false,
                                inherited: true,
                                function: None,
                            });
                        }
                    }
                }
            }
        }
    }

    fn deadline(&mut self, draft: &Draft) -> Deadline {
        let Some(span) = draft.deadline else {
            return Deadline::NONE;
        };
        let raw = span.of(&self.source.text);
        let folded = Folded::new(raw, span.start, self.script, false);
        let (deadline, doubt) = crate::deadline::read(raw, &folded.text, self.year);
        if let Some(doubt) = doubt
            && self.diagnostics.len() < MAX_DIAGNOSTICS
        {
            let (message, hint) = doubt.said(deadline.raw.as_deref().unwrap_or_default());
            self.diagnostics.push(self.lines.diagnostic(span.start, message, hint));
        }
        deadline
    }

    fn complain(&mut self, part: usize, draft: &Draft, assignments: &[Assignment]) {
        let item = if draft.no.is_empty() {
            "此项".to_owned()
        } else {
            format!("第{}项", draft.no)
        };
        if self.diagnostics.len() >= MAX_DIAGNOSTICS {
            return;
        }
        for (at, complaint) in &draft.complaints {
            let (message, hint) = match complaint {
                Complaint::Unclosed => (
                    format!("{item}责任单位的括号没有写完"),
                    "已读到本段末尾，请核对单位是否完整",
                ),
                Complaint::EmptyFirst => (
                    format!("{item}责任单位列表的第一个单位是空的"),
                    "请对照原件补上漏写的单位",
                ),
                Complaint::Strange(words) => (
                    format!("{item}责任单位列表中的“{}”不像单位名称，未列入", shorten(words)),
                    "如确为单位，请在台账中补上",
                ),
            };
            self.diagnostics.push(self.lines.diagnostic(*at, message, hint));
        }
        if assignments.is_empty() {
            let recipients = self
                .parts
                .get(part)
                .map(|p| &p.header.recipients)
                .filter(|r| !r.is_empty())
                .or_else(|| self.parts.first().map(|p| &p.header.recipients));
            let message = match recipients.filter(|r| !r.is_empty()) {
                Some(list) => format!("{item}原文未写责任单位，主送机关：{}", list.join("、")),
                None => format!("{item}原文未写责任单位，也未载明主送机关"),
            };
            self.diagnostics.push(self.lines.diagnostic(
                draft.span.start,
                message,
                "单位待明确，请由牵头机构分解立项时指定",
            ));
        }
    }

    fn lead_rule(&self, tasks: &[Task]) -> LeadRule {
        if self.rules.first_listed {
            LeadRule::FirstListed
        } else if tasks.iter().flat_map(|t| &t.assignments).any(|a| a.role == Role::Lead) {
            LeadRule::Labelled
        } else {
            LeadRule::None
        }
    }
}

fn assignment(named: &Named, role: Role, text: &str) -> Assignment {
    Assignment {
        unit: named.name.clone(),
        raw: fold_whitespace(named.span.of(text)),
        role,
        collective: name::is_collective(&named.name),
        open_ended: named.open_ended,
        inherited: named.from_heading,
        function: None,
    }
}

fn shorten(words: &str) -> String {
    const SHOWN: usize = 20;
    if words.chars().count() <= SHOWN {
        words.to_owned()
    } else {
        format!("{}…", words.chars().take(SHOWN).collect::<String>())
    }
}
