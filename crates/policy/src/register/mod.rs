//! The registers: what one row of each is about, which columns it has, and where each fact of the dictionary is kept.

mod check;
mod load;

use std::collections::BTreeMap;

pub use load::load;

use crate::fact::{CodeList, FactType};

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColumnType {
    /// A value of a type that facts have too.
    Value(FactType),
    /// Free text that names no person.
    Text,
    /// A person, by resident ID number: only the key stands in the register, the number is sealed elsewhere.
    ResidentId,
    /// A body, by unified social credit code: only the key stands in the register.
    CreditCode,
    /// A bank account, sealed.
    Account,
    /// A person's name, sealed.
    Name,
    /// A telephone number, sealed.
    Phone,
    /// A benefit, by id.
    Benefit,
}

impl ColumnType {
    /// What it is, in Chinese.
    pub fn label(&self) -> &'static str {
        match self {
            // Files carry yuan; fen are inside.
            Self::Value(FactType::Fen) => "金额（元）",
            Self::Value(kind) => kind.label(),
            Self::Text => "文字",
            Self::ResidentId => "公民身份号码",
            Self::CreditCode => "统一社会信用代码",
            Self::Account => "银行账号",
            Self::Name => "姓名",
            Self::Phone => "电话",
            Self::Benefit => "补贴项目",
        }
    }

    /// Kept only sealed.
    pub fn is_sealed(&self) -> bool {
        matches!(self, Self::Account | Self::Name | Self::Phone)
    }

    /// Kept as a key; the number itself is kept sealed once for all registers.
    pub fn is_key(&self) -> bool {
        matches!(self, Self::ResidentId | Self::CreditCode)
    }
}

/// What a column repeats of the person's ID number; an empty cell is filled from it, another value is a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfId {
    /// The date of birth.
    Birth,
    /// The sex.
    Sex,
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name in files of ours; of a fact, what follows the point.
    pub id: String,
    /// What it holds.
    pub kind: ColumnType,
    /// Its header on screen and in workbooks.
    pub label: String,
    /// Other headers under which offices keep it.
    pub also: Vec<String>,
    /// Its field code of the HR ministry (AAC002), where it has one.
    pub field: Option<String>,
    /// Its unit on screen.
    pub unit: Option<String>,
    /// An empty cell is a mistake.
    pub required: bool,
    /// The fact it is.
    pub fact: Option<String>,
    /// The least allowed value, as written: a number (yuan for money) or a day.
    pub least: Option<String>,
    /// The greatest allowed value.
    pub most: Option<String>,
    /// The register in which a row with this key must be.
    pub refers: Option<String>,
    /// What it repeats of the ID number in the same row.
    pub of_id: Option<OfId>,
    /// The column of days that this day may not come before.
    pub not_before: Option<String>,
}

impl Column {
    /// Its name in Parquet: keys end in `_key`, all others are called by their id.
    pub fn stored(&self) -> String {
        if self.kind.is_key() {
            format!("{}_key", self.id)
        } else {
            self.id.clone()
        }
    }
}

/// Which of several rows of one entity the entity's facts are taken from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choose {
    /// The column that decides.
    pub by: String,
    /// The row with the greatest value, not the least.
    pub greatest: bool,
}

/// One register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// Kebab-case; the name of its folder.
    pub id: String,
    /// Its name on screen.
    pub label: String,
    /// What a row is about: an entity of facts, or `history`.
    pub entity: String,
    /// What one row is, in Chinese.
    pub about: String,
    /// The columns that tell rows apart, in the order in which rows are sorted. Some may be empty, never all.
    pub key: Vec<String>,
    /// The column of days or months by which the register is cut; without one it is a snapshot.
    pub month_of: Option<String>,
    /// Which row counts where an entity has several.
    pub choose: Option<Choose>,
    /// The columns: those written in the file, then those that the dictionary adds, by name.
    pub columns: Vec<Column>,
}

impl Register {
    /// The column of that id.
    pub fn column(&self, id: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.id == id)
    }

    /// The place of the column of that id.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.id == id)
    }

    /// The columns of the key, in order.
    pub fn key_columns(&self) -> impl Iterator<Item = &Column> {
        self.key.iter().filter_map(|id| self.column(id))
    }
}

/// All registers, with every code list that a column may name.
#[derive(Debug, Clone, Default)]
pub struct Registers {
    registers: BTreeMap<String, Register>,
    lists: BTreeMap<String, CodeList>,
}

impl Registers {
    /// The register of that id.
    pub fn get(&self, id: &str) -> Option<&Register> {
        self.registers.get(id)
    }

    /// All registers by id.
    pub fn all(&self) -> impl Iterator<Item = &Register> {
        self.registers.values()
    }

    /// The code list of that name, from the dictionary or from the registers' own.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }

    /// The register and column that hold a fact.
    pub fn holding(&self, fact: &str) -> Option<(&Register, &Column)> {
        self.all().find_map(|register| {
            let column = register.columns.iter().find(|c| c.fact.as_deref() == Some(fact))?;
            Some((register, column))
        })
    }

    /// The words after an unknown register: the nearest one, with its label.
    pub fn meant(&self, id: &str) -> String {
        let names = self.all().flat_map(|r| [r.id.as_str(), r.label.as_str()]);
        match crate::file::nearest(id, names, 1).first() {
            Some(best) => match self.all().find(|r| r.id == *best || r.label == *best) {
                Some(register) => format!("最接近的是 {}（{}）", register.id, register.label),
                None => String::new(),
            },
            None => "用“leye register list”查看全部数据表".to_owned(),
        }
    }
}
