//! The fact dictionary: every fact a rule may name, once, with its type and what its absence means.

mod load;

use std::collections::BTreeMap;

pub use load::load;
pub(crate) use load::{ENTITIES, code_lists, fact_type};

use crate::file::nearest;

/// Digits after the point of a decimal fact or parameter, in rules and in Parquet (Decimal128(18,6)).
pub const DECIMAL_SCALE: u32 = 6;

/// The type of a fact or of a parameter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FactType {
    /// A whole number.
    Int,
    /// Money in fen; the name ends in `_fen`.
    Fen,
    /// An exact decimal with [`DECIMAL_SCALE`] digits after the point; a rate is a share of one (`0.0385`).
    Decimal,
    /// Yes or no.
    Bool,
    /// A calendar day.
    Date,
    /// A calendar month.
    Month,
    /// One of a closed list of words: the name of the list.
    Code(String),
    /// A region by its 6, 9 or 12 digits.
    Region,
}

impl FactType {
    /// What it is, in Chinese.
    pub fn label(&self) -> &'static str {
        match self {
            Self::Int => "整数",
            Self::Fen => "金额（分）",
            Self::Decimal => "小数",
            Self::Bool => "是否",
            Self::Date => "日期",
            Self::Month => "月份",
            Self::Code(_) => "选项",
            Self::Region => "行政区划代码",
        }
    }
}

/// What it means that a covered register has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhenAbsent {
    /// Nothing: the fact stays unknown.
    Unknown,
    /// `false`.
    No,
    /// `0`.
    Zero,
    /// There is none, and `IS NULL` may ask so.
    None,
}

/// How much care a fact needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sensitivity {
    /// About a body, or public.
    Open,
    /// About a person.
    Personal,
    /// Sensitive by 个人信息保护法 art. 28: health, hardship, money.
    Sensitive,
}

/// One fact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// `entity.name`.
    pub name: String,
    /// What kind of value it has.
    pub kind: FactType,
    /// Its name on screen.
    pub label: String,
    /// What a citizen is asked, in plain words; absent where nobody but an office can know it.
    pub question: Option<String>,
    /// Where to look, or what counts, beneath the question.
    pub hint: Option<String>,
    /// Its unit on screen (月, 人, 岁), where it has one.
    pub unit: Option<String>,
    /// The register it comes from.
    pub register: String,
    /// How much care it needs.
    pub sensitivity: Sensitivity,
    /// The least value of a number or an amount: below it, what is written is a mistake.
    pub min: i64,
    /// What absence means where a register covers the case.
    pub when_absent: WhenAbsent,
    /// Computed from other registers, not entered.
    pub derived: bool,
    /// A count of months that goes up by one at each new month while nothing changes: the months of contribution of
    /// somebody who keeps paying. Only for saying from which day a case would turn eligible.
    pub advances: bool,
}

impl Fact {
    /// The entity it is about.
    pub fn entity(&self) -> &str {
        self.name.split_once('.').map_or("", |(entity, _)| entity)
    }
}

/// One word of a code list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The word in rules and files.
    pub code: String,
    /// Its number in columns; never changes once used.
    pub number: i16,
    /// The word on screen.
    pub label: String,
    /// Other words that offices write for it, each of them for this one alone.
    pub also: Vec<String>,
}

/// A closed list of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CodeList {
    /// In the order of the file.
    pub codes: Vec<Code>,
}

impl CodeList {
    /// The word with its number.
    pub fn find(&self, code: &str) -> Option<&Code> {
        self.codes.iter().find(|known| known.code == code)
    }

    /// The word of a number.
    pub fn numbered(&self, number: i16) -> Option<&Code> {
        self.codes.iter().find(|known| known.number == number)
    }
}

/// All facts and code lists.
#[derive(Debug, Clone, Default)]
pub struct Dictionary {
    facts: BTreeMap<String, Fact>,
    lists: BTreeMap<String, CodeList>,
    concerns: Vec<(String, String)>,
}

impl Dictionary {
    /// A dictionary of these facts and lists.
    pub fn new(facts: impl IntoIterator<Item = Fact>, lists: BTreeMap<String, CodeList>) -> Self {
        Self {
            facts: facts.into_iter().map(|fact| (fact.name.clone(), fact)).collect(),
            lists,
            concerns: Vec::new(),
        }
    }

    /// The same with what a citizen may have to do with: entity and words, in the order of the file.
    #[must_use]
    pub fn with_concerns(mut self, concerns: Vec<(String, String)>) -> Self {
        self.concerns = concerns;
        self
    }

    /// Entities that not everybody has to do with, each with the words by which a citizen says so (办了或想办创业贷款), in
    /// the order of the file. Whoever does not say so is asked nothing about it.
    pub fn concerns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.concerns
            .iter()
            .map(|(entity, words)| (entity.as_str(), words.as_str()))
    }

    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        self.facts.get(name)
    }

    /// All facts by name.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.values()
    }

    /// All code lists by name.
    pub fn lists(&self) -> impl Iterator<Item = (&str, &CodeList)> {
        self.lists.iter().map(|(name, list)| (name.as_str(), list))
    }

    /// The code list of that name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// The name that was probably meant, with its label: 「最接近的是“employer.size”（企业规模）」.
    pub fn meant(&self, name: &str) -> String {
        match nearest(name, self.facts.keys().map(String::as_str), 1)
            .first()
            .and_then(|best| self.fact(best))
        {
            Some(best) => format!("最接近的是“{}”（{}）", best.name, best.label),
            None => "全部信息项见 policies/shared/facts.toml".to_owned(),
        }
    }
}
