//! The policy pack: what a document says, as data.
//!
//! A pack holds facts of the document (numbers, dates, unit names, its official title) and short summaries in our own
//! words; the document's sentences are never in it. What the document does not carry stays absent.

use civil::Day;
use document::{DeadlineClass, LeadRule, PartRole, Role};

use crate::file::Located;

/// One policy document and everything read out of it.
#[derive(Debug, Clone)]
pub struct Pack {
    /// The document itself.
    pub policy: Policy,
    /// The documents within the document, in order.
    pub parts: Vec<Part>,
    /// Windows in which somebody must report.
    pub windows: Vec<Window>,
    /// Operative clauses that nothing else in the pack carries.
    pub untranslated: Vec<Untranslated>,
    /// Who must do what by when, in document order.
    pub tasks: Vec<Task>,
    /// What is to be reached, in figures.
    pub targets: Vec<Target>,
    /// Duties of reporting and publicity.
    pub duties: Vec<Duty>,
    /// Clauses that carry no duty.
    pub no_duty: Vec<NoDuty>,
    /// Figures that decide nothing.
    pub plain: Vec<PlainFigures>,
}

impl Pack {
    /// The pack's id, which is the name of its folder.
    pub fn id(&self) -> &str {
        &self.policy.id
    }

    /// The task with this id.
    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| *task.id == id)
    }
}

/// Header of `policy.toml`.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The pack's id: the name of its folder.
    pub id: Located<String>,
    /// The document's official title.
    pub title: String,
    /// 发文机关.
    pub issuer: Option<String>,
    /// 发文字号.
    pub number: Option<String>,
    /// 成文日期.
    pub date: Option<Day>,
    /// Code of the region it is for.
    pub region: Option<Located<String>>,
    /// Id of the pack of the document it carries out.
    pub parent: Option<Located<String>>,
    /// 主送机关, as the document names them.
    pub recipients: Vec<String>,
    /// 主动公开, 依申请公开 or 不予公开.
    pub publicity: Option<String>,
    /// From when the document may be used, and why that day.
    pub known_from: Option<KnownFrom>,
    /// How the document says who leads.
    pub lead_rule: LeadRule,
}

impl Policy {
    /// The title in its marks; titles within it stand in 〈〉.
    pub fn titled(&self) -> String {
        format!("《{}》", self.title.replace('《', "〈").replace('》', "〉"))
    }
}

/// The day from which a document may be used.
#[derive(Debug, Clone)]
pub struct KnownFrom {
    /// The day.
    pub date: Located<Day>,
    /// Why that day, in Chinese.
    pub basis: String,
}

/// A document within the document.
#[derive(Debug, Clone)]
pub struct Part {
    /// What it is to the whole.
    pub role: Located<PartRole>,
    /// Its official title.
    pub title: Option<String>,
    /// Its issuer.
    pub issuer: Option<String>,
    /// Its 发文字号.
    pub number: Option<String>,
    /// Its date.
    pub date: Option<Day>,
}

/// A place in the document: `{ item = "24" }` is a task of the pack, `{ part = "notice", item = "一" }` a heading.
#[derive(Debug, Clone)]
pub struct Cite {
    /// Where the citation stands in the pack.
    pub here: Located<()>,
    /// The part cited.
    pub part: Option<Located<PartRole>>,
    /// The task's id, or, with a part, the number of the heading as printed.
    pub item: Option<Located<String>>,
}

/// A yearly window in which somebody must report.
#[derive(Debug, Clone)]
pub struct Window {
    /// Its id.
    pub id: Located<String>,
    /// What is reported, in Chinese.
    pub name: String,
    /// When, in Chinese.
    pub due: String,
    /// First day of the window.
    pub from: MonthDay,
    /// Last day of the window.
    pub to: MonthDay,
    /// What time the report is about, in Chinese.
    pub covers: String,
    /// Where the document says so.
    pub cite: Option<Cite>,
}

/// A day of every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
}

/// A clause the pack cannot carry: recorded, never approximated.
#[derive(Debug, Clone)]
pub struct Untranslated {
    /// Its id.
    pub id: Located<String>,
    /// The clause in our own words.
    pub clause: String,
    /// Why it is not translated.
    pub why: String,
    /// Who decides: a unit's name or the id of a function.
    pub decides: Option<Located<String>>,
    /// Where it stands.
    pub cite: Option<Cite>,
}

/// One task: a row or an item of the document.
#[derive(Debug, Clone)]
pub struct Task {
    /// Unique in the pack: the printed number, with a letter from the second row of an item on (`3`, `3b`).
    pub id: Located<String>,
    /// The item's number in Arabic digits.
    pub no: String,
    /// The part it stands in.
    pub part: Located<PartRole>,
    /// Numbers of the headings above it, as printed, outermost first.
    pub section: Vec<String>,
    /// 摘要: a short action in our own words, never the document's wording.
    pub title: String,
    /// The units: those that lead, then those that support, then those responsible, each in document order.
    pub assignments: Vec<Assignment>,
    /// By when.
    pub deadline: Deadline,
}

impl Task {
    /// The units with one role, in document order.
    pub fn units(&self, role: Role) -> impl Iterator<Item = &Assignment> {
        self.assignments
            .iter()
            .filter(move |assignment| assignment.role == role)
    }
}

/// One unit's part in a task.
#[derive(Debug, Clone)]
pub struct Assignment {
    /// The unit's name as printed, without line breaks, elided prefix completed.
    pub unit: Located<String>,
    /// Its part.
    pub role: Role,
    /// True for a group of units.
    pub collective: bool,
    /// True where 等 stands after it.
    pub open_ended: bool,
    /// True where a rule of the document puts it here, not this item's own text.
    pub inherited: bool,
}

/// By when a task is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// As printed.
    pub raw: Option<String>,
    /// Its class; only `date` can be overdue.
    pub class: DeadlineClass,
    /// The last day; there for class `date` and for no other.
    pub due: Option<Day>,
    /// The reading (口径) on which `due` rests.
    pub reading: Option<String>,
}

impl Deadline {
    /// A task for which the document states no deadline.
    pub const NONE: Self = Self {
        raw: None,
        class: DeadlineClass::None,
        due: None,
        reading: None,
    };
}

/// A figure that is to be reached.
#[derive(Debug, Clone)]
pub struct Target {
    /// Its id, unique over all packs.
    pub id: Located<String>,
    /// The target in our own words.
    pub text: String,
    /// Stable id of what is counted.
    pub indicator: String,
    /// How the figure is to be compared with `value`.
    pub op: Comparison,
    /// A decimal in `unit`.
    pub value: String,
    /// 人, %, 百分点 …
    pub unit: String,
    /// A year, two years, or `standing`.
    pub period: String,
    /// The word that makes it soft (力争, 原则上, 计划): shown, never scored as failed.
    pub soft: Option<String>,
    /// Where it stands.
    pub cite: Option<Cite>,
}

/// How a figure is compared with its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// At least.
    AtLeast,
    /// More than.
    Above,
    /// At most.
    AtMost,
    /// Less than.
    Below,
    /// Exactly.
    Exactly,
}

impl Comparison {
    /// The word for it on screen.
    pub fn word(self) -> &'static str {
        match self {
            Self::AtLeast => "不低于",
            Self::Above => "超过",
            Self::AtMost => "不高于",
            Self::Below => "低于",
            Self::Exactly => "等于",
        }
    }
}

/// A clause that gives nobody a task, a benefit or a target: a greeting, a general exhortation.
#[derive(Debug, Clone)]
pub struct NoDuty {
    /// The clause in our own words.
    pub clause: String,
    /// Why it carries none.
    pub why: String,
    /// Where it stands.
    pub cite: Cite,
}

/// Figures of the document that are no test, amount, date or target of anything: part of a name, a figure that is
/// abolished.
#[derive(Debug, Clone)]
pub struct PlainFigures {
    /// As printed, without spaces.
    pub figures: Vec<String>,
    /// Why they are none.
    pub why: String,
    /// Where they stand.
    pub cite: Cite,
}

/// A duty of reporting or publicity.
#[derive(Debug, Clone)]
pub struct Duty {
    /// Its id, unique over all packs.
    pub id: Located<String>,
    /// What kind of duty.
    pub kind: DutyKind,
    /// The duty in our own words.
    pub text: String,
    /// Who, as the document says.
    pub by: Vec<Located<String>>,
    /// Ids of the functions, where only the function is clear.
    pub by_function: Vec<Located<String>>,
    /// To whom.
    pub to: Vec<Located<String>>,
    /// When, as the document says; absent where it does not.
    pub when: Option<String>,
    /// The word that makes it soft.
    pub soft: Option<String>,
    /// Where it stands.
    pub cite: Option<Cite>,
}

/// Kinds of duties besides tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DutyKind {
    /// Reporting to somebody.
    Report,
    /// Publishing.
    Publicity,
    /// Supervising.
    Supervision,
    /// Assessing, praising, calling to account.
    Assessment,
    /// Drafting rules, plans or budgets.
    Drafting,
    /// Handing a person or a list over to another body.
    Referral,
    /// Keeping a register.
    Registration,
    /// Training those who do the work.
    Training,
}

impl DutyKind {
    /// Each kind: its word in pack files, itself.
    pub const WORDS: [(&'static str, Self); 8] = [
        (Self::Report.id(), Self::Report),
        (Self::Publicity.id(), Self::Publicity),
        (Self::Supervision.id(), Self::Supervision),
        (Self::Assessment.id(), Self::Assessment),
        (Self::Drafting.id(), Self::Drafting),
        (Self::Referral.id(), Self::Referral),
        (Self::Registration.id(), Self::Registration),
        (Self::Training.id(), Self::Training),
    ];

    /// Its word in pack files and in JSON.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Publicity => "publicity",
            Self::Supervision => "supervision",
            Self::Assessment => "assessment",
            Self::Drafting => "drafting",
            Self::Referral => "referral",
            Self::Registration => "registration",
            Self::Training => "training",
        }
    }

    /// Its name on screen.
    pub fn label(self) -> &'static str {
        match self {
            Self::Report => "报送",
            Self::Publicity => "公开",
            Self::Supervision => "督查督办",
            Self::Assessment => "考核评价",
            Self::Drafting => "起草制定",
            Self::Referral => "移送衔接",
            Self::Registration => "登记报备",
            Self::Training => "培训",
        }
    }
}
