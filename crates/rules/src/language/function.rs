//! The functions of the language, closed.

/// A function a rule may call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Function {
    /// `age(birth_date)`, `age(birth_date, on)`: full years.
    Age,
    /// `days_between(from, to)`: calendar days, the first not counted.
    DaysBetween,
    /// `full_months(from, to)`: full months by the Civil Code, arts 200 to 202.
    FullMonths,
    /// `add_months(date, n)`.
    AddMonths,
    /// `year(date)`.
    Year,
    /// `month(date)`: 1 to 12.
    Month,
    /// `in_region(region, '3302')`.
    InRegion,
    /// `least(a, b, …)`: unknown if any is.
    Least,
    /// `greatest(a, b, …)`: unknown if any is.
    Greatest,
    /// `floor(x)`: down to a whole number.
    Floor,
    /// `ceil(x)`: up to a whole number.
    Ceil,
    /// `round(x, digits, 'half_up')`; for money, digits of the yuan.
    Round,
    /// `yuan(1200)`.
    Yuan,
    /// `at($parameter, date)`: the value on another day.
    At,
}

impl Function {
    /// All of them by name, with how they are called.
    pub const ALL: &'static [(&'static str, Self, &'static str)] = &[
        ("age", Self::Age, "age(出生日期) 或 age(出生日期, 日期)"),
        ("days_between", Self::DaysBetween, "days_between(起, 止)"),
        ("full_months", Self::FullMonths, "full_months(起, 止)"),
        ("add_months", Self::AddMonths, "add_months(日期, 月数)"),
        ("year", Self::Year, "year(日期)"),
        ("month", Self::Month, "month(日期)"),
        ("in_region", Self::InRegion, "in_region(区划, '3302')"),
        ("least", Self::Least, "least(甲, 乙, …)"),
        ("greatest", Self::Greatest, "greatest(甲, 乙, …)"),
        ("floor", Self::Floor, "floor(数)"),
        ("ceil", Self::Ceil, "ceil(数)"),
        ("round", Self::Round, "round(数, 位数, 'half_up')"),
        ("yuan", Self::Yuan, "yuan(1200)"),
        ("at", Self::At, "at($政策标准, 日期)"),
    ];

    /// The function of that name, in any case.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(known, ..)| known.eq_ignore_ascii_case(name))
            .map(|(_, function, _)| *function)
    }

    /// How it is called.
    pub fn usage(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, function, _)| *function == self)
            .map_or("", |(.., usage)| usage)
    }
}
