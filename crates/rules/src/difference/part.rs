//! What may differ between two versions of the packs: whose, which part of it, and its value. All of it is data; the words
//! on screen are printed from it.

use std::cmp::Ordering;
use std::fmt;

use civil::Day;
use policy::parameter::Scalar;

use super::scalar;
use crate::formula;

/// Whose part it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A document, by its pack.
    Document(String),
    /// A benefit as one document has it.
    Benefit {
        /// The pack.
        pack: String,
        /// The benefit.
        id: String,
    },
    /// A parameter, by its id.
    Parameter(String),
    /// A fact, by its name.
    Fact(String),
}

/// A part of a benefit, a document, a parameter or a fact, in the order in which a reader meets them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its name on screen.
    Name,
    /// What is given.
    Kind,
    /// What the verb of the text gives.
    Right,
    /// Whether the text suffices to decide.
    Status,
    /// Who is paid or relieved.
    Payee,
    /// By which way.
    Channel,
    /// What one line of a claim is about.
    Per,
    /// Whether it is decided one month at a time.
    Monthly,
    /// The document and the item.
    Citation,
    /// The fund that pays.
    Fund,
    /// The fact that says where a case lies.
    PlaceFact,
    /// What goes first where two compete.
    Priority,
    /// When it is in force.
    Effective,
    /// Until when it must be claimed.
    ClaimUntil,
    /// A condition, by its id.
    Condition(String),
    /// An exception of a condition.
    Exception {
        /// The condition.
        condition: String,
        /// The exception.
        id: String,
    },
    /// Only once.
    Once,
    /// Only so often, so long or so much; the first is 1.
    AtMost(usize),
    /// Not together with another benefit, by its name.
    NotWith(String),
    /// The amount.
    Amount,
    /// The amount of a month.
    MonthlyAmount,
    /// The count of months.
    MonthCount,
    /// A tier of the amount, by its id.
    AmountTier(String),
    /// An exception of the amount, by its id.
    AmountException(String),
    /// An upper limit of the amount, by its id.
    Cap(String),
    /// Who chooses among the ways to compute.
    Choice,
    /// A way to compute, by its id.
    Alternative(String),
    /// The first day of the first month.
    MonthsStart,
    /// The most months.
    MonthsLimit,
    /// Months by which the end moves later.
    Deferral,
    /// What the borrower asks for.
    LoanAmount,
    /// The rate agreed with the bank.
    LoanRate,
    /// Most that can be lent.
    LoanLimit,
    /// The highest rate.
    RateCeiling,
    /// The borrower's part of the rate.
    BorrowerRate,
    /// The part of the rate that finance pays.
    SubsidyRate,
    /// Most months of a loan.
    LoanTerm,
    /// A tier of a loan's limit, by its id.
    LoanTier(String),
    /// The credit against taxes.
    CreditTotal,
    /// The taxes in their order.
    CreditOrder,
    /// The rank that is awarded.
    AwardRank,
    /// The amounts by rank.
    AwardAmounts,
    /// A stage of payment, by its id.
    Stage(String),
    /// Shares by level of government, within these days.
    Shares(Option<Day>, Option<Day>),
    /// Something a document that is not loaded must say.
    Open(String),
    /// A reading, by its id.
    Reading(String),
    /// A clause that an officer must judge.
    Judged(String),
    /// Title of a document.
    Title,
    /// Who issued it.
    Issuer,
    /// Its number.
    Number,
    /// Its date.
    Date,
    /// Since when it can be known.
    KnownFrom,
    /// The document it carries out.
    Parent,
    /// A task, by its id.
    Task(String),
    /// A target, by its id.
    Target(String),
    /// Who sets a parameter.
    SetBy,
    /// A value of a parameter.
    ParameterValue {
        /// Its first day.
        from: Day,
        /// Its last day.
        to: Option<Day>,
        /// The pack whose value it is; the shared one where there is none.
        pack: Option<String>,
        /// Since when it can be known.
        known_from: Day,
    },
    /// Bounds of a parameter, by who sets them.
    Bounds(String),
    /// Type of a fact.
    FactType,
    /// Where a fact comes from.
    Register,
    /// What it means where the register has nothing.
    WhenAbsent,
    /// Whether it follows from others.
    Derived,
}

impl Part {
    /// On screen.
    pub fn label(&self) -> String {
        let plain = match self {
            Self::Name => "名称",
            Self::Kind => "种类",
            Self::Right => "性质",
            Self::Status => "能否计算",
            Self::Payee => "发放对象",
            Self::Channel => "渠道",
            Self::Per => "计算单位",
            Self::Monthly => "按月",
            Self::Citation => "依据",
            Self::Fund => "资金渠道",
            Self::PlaceFact => "地点依据",
            Self::Priority => "优先次序",
            Self::Effective => "实施期限",
            Self::ClaimUntil => "申领期限",
            Self::Once => "只享受一次",
            Self::Amount => "金额",
            Self::MonthlyAmount => "每月金额",
            Self::MonthCount => "月数",
            Self::Choice => "算法由谁选定",
            Self::MonthsStart => "享受期限起点",
            Self::MonthsLimit => "享受期限月数",
            Self::Deferral => "顺延月数",
            Self::LoanAmount => "贷款金额",
            Self::LoanRate => "贷款利率",
            Self::LoanLimit => "贷款最高额度",
            Self::RateCeiling => "贷款利率上限",
            Self::BorrowerRate => "借款人承担利率",
            Self::SubsidyRate => "贴息利率",
            Self::LoanTerm => "贷款期限月数",
            Self::CreditTotal => "扣减总额",
            Self::CreditOrder => "扣减顺序",
            Self::AwardRank => "奖励名次",
            Self::AwardAmounts => "奖励金额",
            Self::Title => "标题",
            Self::Issuer => "发文机关",
            Self::Number => "文号",
            Self::Date => "成文日期",
            Self::KnownFrom => "可知日期",
            Self::Parent => "上级文件",
            Self::SetBy => "应由谁规定",
            Self::FactType => "类型",
            Self::Register => "来源",
            Self::WhenAbsent => "登记中没有时",
            Self::Derived => "由其他信息推算",
            // Of these there may be several.
            Self::Condition(id) => return format!("申领条件“{id}”"),
            Self::Exception { condition, id } => return format!("申领条件“{condition}”的例外“{id}”"),
            Self::AtMost(number) => return format!("上限{number}"),
            Self::NotWith(name) => return format!("不与“{name}”同时享受"),
            Self::AmountTier(id) => return format!("金额档次“{id}”"),
            Self::AmountException(id) => return format!("金额例外“{id}”"),
            Self::Cap(id) => return format!("金额上限“{id}”"),
            Self::Alternative(id) => return format!("算法“{id}”"),
            Self::LoanTier(id) => return format!("贷款额度档次“{id}”"),
            Self::Stage(id) => return format!("分次拨付“{id}”"),
            Self::Shares(from, to) => return format!("各级分担（{}）", days(*from, *to)),
            Self::Open(what) => return format!("待定事项“{what}”"),
            Self::Reading(id) => return format!("口径“{id}”"),
            Self::Judged(clause) => return format!("需人工判断“{clause}”"),
            Self::Task(id) => return format!("任务 {id}"),
            Self::Target(id) => return format!("目标 {id}"),
            Self::ParameterValue {
                from,
                to,
                pack,
                known_from,
            } => {
                let pack = pack.as_deref().unwrap_or("共用");
                let to = to.map_or_else(String::new, |to| format!("至 {to}"));
                return format!("{from} 起{to}的值（{pack}，{known_from}起可知）");
            }
            Self::Bounds(source) => return format!("范围（{source}）"),
        };
        plain.to_owned()
    }

    /// Whether fewer are let in where there is one: what tests a claim, and what it is tested for besides its conditions.
    fn restricts(&self) -> bool {
        matches!(
            self,
            Self::Condition(_) | Self::Once | Self::AtMost(_) | Self::NotWith(_) | Self::Effective | Self::ClaimUntil
        )
    }
}

/// How much is allowed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Most {
    /// Grants.
    Times(i64),
    /// Months paid.
    Months(i64),
    /// Money: an expression.
    Amount(String),
}

/// The value of a part. Expressions stand on one line, as the packs write them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A word of the model or of a document.
    Words(String),
    /// A whole number.
    Number(i64),
    /// An expression.
    Formula(String),
    /// Several expressions in their order.
    Formulas(Vec<String>),
    /// Days within which a date must lie.
    Window {
        /// The date: an expression.
        on: String,
        /// The first day.
        from: Option<Day>,
        /// The last day.
        to: Option<Day>,
    },
    /// What must hold, in short and as an expression.
    Condition {
        /// In short.
        text: String,
        /// The expression.
        when: String,
    },
    /// What must hold instead for some.
    Exception {
        /// In short.
        text: String,
        /// For whom: an expression.
        applies: String,
        /// The expression.
        when: String,
    },
    /// What an amount is for some.
    Tier {
        /// In short.
        text: String,
        /// For whom: an expression.
        applies: String,
        /// The amount: an expression.
        is: String,
    },
    /// The most that is lent to some.
    LoanTier {
        /// In short.
        text: String,
        /// For whom: an expression.
        applies: String,
        /// The limit: an expression.
        limit: String,
    },
    /// An amount with its name.
    Named {
        /// In short.
        text: String,
        /// The amount: an expression.
        is: String,
    },
    /// At most so much for somebody.
    AtMost {
        /// For whom, within what.
        who: String,
        /// How much.
        most: Most,
        /// Benefits that are counted together with this one.
        among: Vec<String>,
    },
    /// A value of a parameter.
    Scalar {
        /// The value.
        is: Scalar,
        /// Who says so.
        source: String,
    },
}

impl Value {
    /// In words; `formula` says how an expression is shown.
    pub fn words(&self, formula: &dyn Fn(&str) -> String) -> String {
        match self {
            Self::Words(words) => words.clone(),
            Self::Number(number) => number.to_string(),
            Self::Formula(expression) => formula(expression),
            Self::Formulas(list) => {
                let list: Vec<String> = list.iter().map(|one| formula(one)).collect();
                list.join("、")
            }
            Self::Window { on, from, to } => format!("按 {}，{}", formula(on), days(*from, *to)),
            Self::Condition { text, when } => format!("{text}：{}", formula(when)),
            Self::Exception { text, applies, when } => {
                format!("{text}：{} 时，{}", formula(applies), formula(when))
            }
            Self::Tier { text, applies, is } => format!("{text}：{} 时为 {}", formula(applies), formula(is)),
            Self::LoanTier { text, applies, limit } => {
                format!("{text}：{} 时最高 {}", formula(applies), formula(limit))
            }
            Self::Named { text, is } => format!("{text}：{}", formula(is)),
            Self::AtMost { who, most, among } => {
                let most = match most {
                    Most::Times(times) => format!("{times}次"),
                    Most::Months(months) => format!("{months}个月"),
                    Most::Amount(amount) => format!("金额 {}", formula(amount)),
                };
                format!("{who}至多{most}{}", counted_with(among))
            }
            Self::Scalar { is, source } => format!("{}（{source}）", scalar(is)),
        }
    }
}

impl fmt::Display for Value {
    /// Expressions as the packs write them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words(&str::to_owned))
    }
}

/// Which way something goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// More than before.
    Raised,
    /// Less than before.
    Lowered,
    /// Whoever had it has it still, and others may come in.
    Widened,
    /// Nobody comes in, and some may fall out.
    Narrowed,
}

impl Direction {
    /// On screen.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Raised => "提高",
            Self::Lowered => "降低",
            Self::Widened => "放宽",
            Self::Narrowed => "收紧",
        }
    }

    /// Of a part that was `was` and is `now`; nothing where it depends on the case or cannot be told.
    pub fn of(part: &Part, was: Option<&Value>, now: Option<&Value>) -> Option<Self> {
        match (was, now) {
            (None, Some(_)) if part.restricts() => Some(Self::Narrowed),
            (Some(_), None) if part.restricts() => Some(Self::Widened),
            (
                Some(Value::Window { on, from, to }),
                Some(Value::Window {
                    on: now_on,
                    from: now_from,
                    to: now_to,
                }),
            ) if on == now_on => of_days((*from, *to), (*now_from, *now_to)),
            (Some(was), Some(now)) => Self::of_amounts(&magnitude(was)?, &magnitude(now)?),
            _ => None,
        }
    }

    /// Of two values of a parameter.
    pub fn of_scalars(was: &Scalar, now: &Scalar) -> Option<Self> {
        Self::of_amounts(&of_scalar(was)?, &of_scalar(now)?)
    }

    fn of_amounts(was: &Magnitude, now: &Magnitude) -> Option<Self> {
        match was.partial_cmp(now)? {
            Ordering::Less => Some(Self::Raised),
            Ordering::Greater => Some(Self::Lowered),
            Ordering::Equal => None,
        }
    }
}

/// What can be compared with its like alone.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Magnitude {
    Fen(i64),
    Millionths(i128),
    Count(i64),
    Months(i64),
}

impl PartialOrd for Magnitude {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Fen(was), Self::Fen(now))
            | (Self::Count(was), Self::Count(now))
            | (Self::Months(was), Self::Months(now)) => was.partial_cmp(now),
            (Self::Millionths(was), Self::Millionths(now)) => was.partial_cmp(now),
            _ => None,
        }
    }
}

fn magnitude(value: &Value) -> Option<Magnitude> {
    match value {
        Value::Formula(expression) | Value::Named { is: expression, .. } => of_expression(expression),
        Value::AtMost { most, .. } => match most {
            Most::Times(times) => Some(Magnitude::Count(*times)),
            Most::Months(months) => Some(Magnitude::Months(*months)),
            Most::Amount(expression) => of_expression(expression),
        },
        Value::Scalar { is, .. } => of_scalar(is),
        _ => None,
    }
}

fn of_expression(expression: &str) -> Option<Magnitude> {
    Some(match formula::fixed(expression)? {
        formula::Fixed::Fen(fen) => Magnitude::Fen(fen),
        formula::Fixed::Millionths(millionths) => Magnitude::Millionths(millionths),
    })
}

fn of_scalar(value: &Scalar) -> Option<Magnitude> {
    match value {
        Scalar::Int(number) => Some(Magnitude::Count(*number)),
        Scalar::Fen(fen) => Some(Magnitude::Fen(*fen)),
        Scalar::Decimal(millionths) => Some(Magnitude::Millionths(*millionths)),
        Scalar::Code(_) | Scalar::Flag(_) | Scalar::Date(_) => None,
    }
}

/// Wider where both ends lie no further in than before, narrower where neither lies further out.
fn of_days(was: (Option<Day>, Option<Day>), now: (Option<Day>, Option<Day>)) -> Option<Direction> {
    // An open beginning sorts before every day; for an open end that must be turned round.
    let later = |day: Option<Day>| (day.is_none(), day);
    let from = now.0.cmp(&was.0);
    let to = later(now.1).cmp(&later(was.1));
    match (from, to) {
        (Ordering::Equal, Ordering::Equal) => None,
        (Ordering::Less | Ordering::Equal, Ordering::Greater | Ordering::Equal) => Some(Direction::Widened),
        (Ordering::Greater | Ordering::Equal, Ordering::Less | Ordering::Equal) => Some(Direction::Narrowed),
        _ => None,
    }
}

/// Days from and to in words.
fn days(from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
        (Some(from), None) => format!("自 {from} 起"),
        (None, Some(to)) => format!("至 {to} 止"),
        (None, None) => "不限".to_owned(),
    }
}

/// Which benefits are counted together with this one.
pub(super) fn counted_with(among: &[String]) -> String {
    if among.is_empty() {
        String::new()
    } else {
        format!("，与 {} 合并计算", among.join("、"))
    }
}
