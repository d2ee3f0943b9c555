//! What comes out of a document: its header, its parts, its tasks, and what could not be understood.
//!
//! The serialised form of these types is the contract of `leye extract --json` (format 1); field names and the
//! words of the enums are part of it. What the text does not carry stays absent.

use civil::Day;
use serde::{Deserialize, Serialize};

/// A half-open range of UTF-8 byte offsets into [`crate::Source::text`]; serialised as `[start, end]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(into = "[usize; 2]", from = "[usize; 2]")]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn cover(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }

    /// The text this span stands for.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

impl From<Span> for [usize; 2] {
    fn from(span: Span) -> Self {
        [span.start, span.end]
    }
}

impl From<[usize; 2]> for Span {
    fn from([start, end]: [usize; 2]) -> Self {
        Self { start, end }
    }
}

/// Everything understood of one document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extraction {
    /// Header data of the document as a whole: that of its first part.
    pub document: Header,
    /// The documents within the document, in order; never empty.
    pub parts: Vec<Part>,
    /// How the document says which unit leads.
    pub lead_rule: LeadRule,
    /// Who must do what by when, in document order.
    pub tasks: Vec<Task>,
    /// What could not be understood, or was understood by a rule worth knowing.
    pub diagnostics: Vec<Diagnostic>,
}

impl Extraction {
    /// The year that words without one mean: that of the first dated part, else the one that a title names.
    pub fn year(&self) -> Option<i16> {
        let dated = self.parts.iter().find_map(|part| part.date).map(|day| day.year());
        dated.or_else(|| {
            self.parts
                .iter()
                .find_map(|part| part.title.as_deref().and_then(year_in))
        })
    }
}

/// The year a title names: 2024年重点工作任务分工.
pub(crate) fn year_in(title: &str) -> Option<i16> {
    title.match_indices("20").find_map(|(at, _)| {
        let year = title.get(at..at + 4)?;
        title[at + 4..].starts_with('年').then(|| year.parse().ok())?
    })
}

/// Which of a document's dates is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateBasis {
    /// 成文日期: that of the signature, the legal one.
    #[default]
    Written,
    /// 印发日期: that of the imprint, some days later.
    Printed,
}

impl DateBasis {
    /// As a reader is told: 成文日期, 印发日期.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Written => "成文日期",
            Self::Printed => "印发日期",
        }
    }

    /// Whether it is 成文日期.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands in a reference")]
    fn is_written(&self) -> bool {
        *self == Self::Written
    }
}

/// Header data; each absent where the text does not carry it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// 标题, on one line.
    pub title: Option<String>,
    /// 发文字号, e.g. 某政办发〔2020〕3号, with 〔〕 whatever brackets were printed.
    pub number: Option<String>,
    /// 发文机关.
    pub issuer: Option<String>,
    /// 成文日期; where none is printed, 印发日期.
    pub date: Option<Day>,
    /// Which of the two [`Self::date`] is. In the JSON only where it is not 成文日期.
    #[serde(default, skip_serializing_if = "DateBasis::is_written")]
    pub date_basis: DateBasis,
    /// The region in whose name the issuer acts, as the text names it (某市); a name, never a guessed code.
    pub region: Option<String>,
    /// 主送机关, one entry a named unit or group.
    pub recipients: Vec<String>,
    /// 主动公开, 依申请公开 or 不予公开.
    pub publicity: Option<String>,
}

/// What a part is to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PartRole {
    /// The only part.
    Body,
    /// A letter that forwards another body's document.
    Cover,
    /// The document that a cover forwards.
    Forwarded,
    /// A notice that issues an annex.
    Notice,
    /// An annex, or the text a notice issues.
    Annex,
}

/// One document within the document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What it is to the whole.
    pub role: PartRole,
    /// Its own title.
    pub title: Option<String>,
    /// Its own 发文字号.
    pub number: Option<String>,
    /// Its own issuer.
    pub issuer: Option<String>,
    /// Its own date.
    pub date: Option<Day>,
    /// Which date that is, as in [`Header::date_basis`].
    #[serde(default, skip_serializing_if = "DateBasis::is_written")]
    pub date_basis: DateBasis,
    /// Its own 主送机关.
    #[serde(skip)]
    pub recipients: Vec<String>,
    /// Its own publicity mark.
    #[serde(skip)]
    pub publicity: Option<String>,
    /// Where it stands.
    pub span: Span,
}

/// How a document says which unit leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeadRule {
    /// A sentence says that the unit listed first leads.
    FirstListed,
    /// Labels, columns or verbs say it.
    Labelled,
    /// Nothing says it; no lead is invented.
    None,
}

/// One duty: a row or an item, or the part of an item that has its own units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// The item's number in Arabic digits; a continuation row repeats the number of its item. Empty where none is printed.
    pub no: String,
    /// Index into [`Extraction::parts`].
    pub part: usize,
    /// Headings above it, outermost first, as printed, whitespace folded.
    pub path: Vec<String>,
    /// The item's own heading, where it has one.
    pub title: Option<String>,
    /// The measure as printed, whitespace folded, without the brackets and label lines that assign it.
    pub text: String,
    /// The units, in document order.
    pub assignments: Vec<Assignment>,
    /// By when.
    pub deadline: Deadline,
    /// Figures in the text.
    pub quantities: Vec<Quantity>,
    /// The whole item, assignments included.
    pub span: Span,
    /// Where its units and its deadline are printed.
    #[serde(skip)]
    pub places: Places,
}

/// Where the units and the deadline of a task are printed. A merged cell or a heading lies outside the task's own span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places {
    /// One for each of [`Task::assignments`]; `None` for a unit that a rule of the document puts there.
    pub units: Vec<Option<Span>>,
    /// The words of the deadline.
    pub deadline: Option<Span>,
}

/// One unit's part in a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assignment {
    /// The name: whitespace removed, brackets full-width round, an elided prefix completed.
    pub unit: String,
    /// The name as printed.
    pub raw: String,
    /// Its part.
    pub role: Role,
    /// True for a group of units (各镇, 有关部门).
    pub collective: bool,
    /// True where the list goes on after it (等).
    pub open_ended: bool,
    /// True where a rule of the document puts it here, not this item's own text.
    pub inherited: bool,
    /// The function in government (human-resources, finance, …), where the unit table knows the name.
    pub function: Option<String>,
}

/// A unit's part in a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 牵头.
    Lead,
    /// 配合.
    Support,
    /// 责任, where nothing says who leads.
    Responsible,
}

/// By when a task is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// As printed, whitespace removed; absent where the item states none.
    pub raw: Option<String>,
    /// Its class.
    pub class: DeadlineClass,
    /// The last day, for class `date` where the year is known.
    pub due: Option<Day>,
    /// The reading (口径) on which `due` rests, where the words admit another.
    pub reading: Option<String>,
}

impl Deadline {
    /// An item that states no deadline.
    pub const NONE: Self = Self {
        raw: None,
        class: DeadlineClass::None,
        due: None,
        reading: None,
    };
}

/// The design's classes; only `date` can be overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadlineClass {
    /// A day.
    Date,
    /// 长期, or recurring.
    Standing,
    /// 按要求落实: set by others, later.
    AsRequired,
    /// From the day the document is issued.
    OnIssue,
    /// None stated.
    None,
}

/// What a figure measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum QuantityKind {
    /// An amount of money; `measure` is `fen`, or `fen/人`, `fen/人/年` and the like.
    Money,
    /// A share or a rate; `measure` is `%`, `‰`, `pp` (percentage points), `bp` (basis points) or `ratio`.
    Rate,
    /// A number of things; `measure` is the classifier as printed (人, 个, 家, 场 …).
    Count,
    /// An age in years; `measure` is `years`.
    Age,
    /// A length of time; `measure` is `days`, `working-days`, `months`, `years`, `hours`, `terms`.
    Duration,
    /// A span of days, both ends included; `value` is `2020-01-01/2020-12-31` (an open end is empty); `measure` is `date`.
    Window,
    /// A day; `value` is the ISO date, or a month `2020-11`, or a year, or without a year `--07` and `--06-30`; `measure` is `date`,
    /// `month` or `year`. Of a part of one (2020年底, 7月上旬, 2020届) it is the whole.
    Date,
}

/// A figure in the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// As printed, with the words that bound it (不超过500万元, 近400个).
    pub raw: String,
    /// What it measures.
    pub kind: QuantityKind,
    /// A decimal string in `measure`; a range is `16..24`.
    pub value: String,
    /// The measure of `value`.
    pub measure: String,
    /// What the words around it say of the number itself.
    pub bound: Option<Bound>,
    /// Where it stands.
    pub span: Span,
}

/// What words like 以上 and 近 say of a number. 以上, 以下, 以内, 届满 include it; 超过, 不满, 不足, 以外 exclude it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    /// At least this: 以上, 不少于, 不低于, 满.
    AtLeast,
    /// More than this: 超过, 高于.
    Above,
    /// At most this: 以下, 以内, 不超过, 不高于.
    AtMost,
    /// Less than this: 不满, 不足, 低于.
    Below,
    /// About this, and no more: 近.
    Nearly,
    /// This and a little more: 余, 多.
    AndMore,
    /// About this: 约, 左右.
    About,
}

/// What was not understood, where, and what the reader of the message can do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Line of [`crate::Source::text`], from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What, in Chinese.
    pub message: String,
    /// What to do, in Chinese; may be empty.
    pub hint: String,
}
