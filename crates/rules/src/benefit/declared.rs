//! Windows, months, limits by history: declared in the file, conditions here.

use civil::Day;
use policy::benefit::{Expression, Limit, Window};

use super::compile::{Compile, Want};
use super::history::{Measure, Span};
use super::{Origin, Version};
use crate::language::Comparison;
use crate::typed::{Calendar, Kind, Typed, TypedNode};

/// The month that a benefit by the month is decided for.
const MONTH: &str = "claim.month";

impl Compile<'_, '_, '_> {
    /// The window of `effective`, both ends included.
    pub(super) fn window(&mut self, version: &mut Version) -> Option<()> {
        let Some(window) = &self.benefit.effective else {
            return Some(());
        };
        let typed = self.typed(&window.on, Want::Date)?;
        let text = self.window_text(window, &typed);
        if let Some(to) = window.to {
            let within = Self::inside(typed.clone(), None, Some(to));
            let over = Typed::declared(Kind::Bool, TypedNode::Not(Box::new(within)));
            self.record(super::EFFECTIVE, &window.on.place().to_string(), &over);
            version.window_over = Some(self.builder.condition(&over));
        }
        let inside = Self::inside(typed, window.from, window.to);
        version.window = Some(self.builder.condition(&inside));
        self.declare(super::EFFECTIVE, text, Origin::Window, &inside, &window.on);
        Some(())
    }

    pub(super) fn claim_until(&mut self) -> Option<()> {
        let Some(window) = &self.benefit.claim_until else {
            return Some(());
        };
        let typed = self.typed(&window.on, Want::Date)?;
        let text = window.text.clone().unwrap_or_else(|| self.window_text(window, &typed));
        let inside = Self::inside(typed, window.from, window.to);
        self.declare(super::CLAIM_UNTIL, text, Origin::Declared, &inside, &window.on);
        Some(())
    }

    /// A date within a window; a month is compared by its first day, so a window of months names first days.
    pub(super) fn inside(date: Typed, from: Option<Day>, to: Option<Day>) -> Typed {
        let kind = date.kind;
        let bound = |day: Day| {
            Box::new(Typed {
                at: 0,
                kind,
                node: TypedNode::Literal(i128::from(crate::day_number(day))),
            })
        };
        let node = match (from, to) {
            (Some(from), Some(to)) => TypedNode::Within(Box::new(date), bound(from), bound(to)),
            (Some(from), None) => TypedNode::Compare(Comparison::GreaterOrEqual, Box::new(date), bound(from)),
            (None, Some(to)) => TypedNode::Compare(Comparison::LessOrEqual, Box::new(date), bound(to)),
            (None, None) => TypedNode::Flag(true),
        };
        Typed {
            at: 0,
            kind: Kind::Bool,
            node,
        }
    }

    fn window_text(&self, window: &Window, typed: &Typed) -> String {
        if let Some(text) = &window.text {
            return text.clone();
        }
        let label = match (&typed.node, typed.facts().first()) {
            (TypedNode::AsOf, _) => "判断日".to_owned(),
            (_, Some(fact)) => {
                let name = self.builder.vocabulary.fact_name(*fact);
                self.builder
                    .vocabulary
                    .dictionary
                    .fact(name)
                    .map_or_else(|| name.to_owned(), |fact| fact.label.clone())
            }
            _ => "日期".to_owned(),
        };
        let day = |day: Day| {
            if typed.kind == Kind::Month {
                day.to_string().chars().take(7).collect()
            } else {
                day.to_string()
            }
        };
        match (window.from, window.to) {
            (Some(from), Some(to)) => format!("{label}在{}至{}之间", day(from), day(to)),
            (Some(from), None) => format!("{label}不早于{}", day(from)),
            (None, Some(to)) => format!("{label}不晚于{}", day(to)),
            (None, None) => label,
        }
    }

    /// Months: the month decided lies within the term (limit and deferral from the start on), and fewer months than the
    /// limit have been paid.
    pub(super) fn months(&mut self, version: &mut Version) -> Option<()> {
        let Some(months) = &self.benefit.months else {
            return Some(());
        };
        let start = self.typed(&months.start, Want::Date);
        let limit = self.typed(&months.limit, Want::Whole);
        let deferral = match &months.deferral {
            Some(deferral) => Some(self.typed(deferral, Want::Whole)?),
            None => None,
        };
        let (start, limit) = (start?, limit?);
        let month = self.typed(&months.start.with("claim.month".to_owned()), Want::Date)?;
        let whole = |node| Typed {
            at: 0,
            kind: Kind::INT,
            node,
        };
        let term = match deferral {
            Some(deferral) => whole(TypedNode::Add(Box::new(limit.clone()), Box::new(deferral))),
            None => limit.clone(),
        };
        // A month belongs to the term when its last day comes after the start and its first day before the end.
        let day = |node| Typed {
            at: 0,
            kind: Kind::Date,
            node,
        };
        let end = day(TypedNode::Calendar(Calendar::AddMonths, vec![start.clone(), term]));
        let one = whole(TypedNode::Literal(1));
        let next = day(TypedNode::Calendar(Calendar::AddMonths, vec![month.clone(), one]));
        let begun = Self::compared(
            Comparison::Greater,
            next,
            Typed {
                kind: Kind::Date,
                ..start
            },
        );
        let open = Self::compared(
            Comparison::Less,
            Typed {
                kind: Kind::Date,
                ..month
            },
            end,
        );
        let within = Typed {
            at: 0,
            kind: Kind::Bool,
            node: TypedNode::And(vec![begun, open]),
        };
        self.declare(
            "within-term",
            "所属月份在享受期限内（含顺延）".to_owned(),
            Origin::Declared,
            &within,
            &months.start,
        );
        let subject = policy::benefit::Subject::Person;
        let paid = self.history(&[], subject, Measure::Months, Span::Ever);
        let left = whole(TypedNode::Subtract(Box::new(limit.clone()), Box::new(paid.clone())));
        let some = Self::compared(Comparison::Less, paid, limit);
        self.declare(
            "months-left",
            "已享受月数未达上限".to_owned(),
            Origin::Declared,
            &some,
            &months.limit,
        );
        self.record("months", &months.limit.place().to_string(), &left);
        if version.months.is_none() {
            version.months = Some(self.builder.narrow_value(&left));
        }
        Some(())
    }

    /// A benefit decided by the month is given for a month that has begun, and once for it, by whichever document.
    pub(super) fn by_the_month(&mut self, kin: &[String]) -> Option<()> {
        if !self.benefit.monthly {
            return Some(());
        }
        let id = self.benefit.id.clone();
        let month = self.typed(&id.with(MONTH.to_owned()), Want::Date)?;
        let day = |node, at| Typed {
            at,
            kind: Kind::Date,
            node,
        };
        let begun = Self::compared(
            Comparison::LessOrEqual,
            day(month.node, month.at),
            day(TypedNode::AsOf, 0),
        );
        self.declare(
            "month-begun",
            "所属月份已经开始".to_owned(),
            Origin::Declared,
            &begun,
            &id,
        );
        let span = Span::MonthOf(MONTH.to_owned());
        let subject = policy::benefit::Subject::Person;
        let times = self.history(kin, subject, Measure::Times, span);
        let zero = Typed {
            at: 0,
            kind: Kind::INT,
            node: TypedNode::Literal(0),
        };
        let none = Self::compared(Comparison::Equal, times, zero);
        // The name may itself be a verb (取消…限制), so it does not stand in the sentence.
        let text = "该月尚未享受过本项".to_owned();
        self.declare("once-a-month", text, Origin::Declared, &none, &id);
        Some(())
    }

    /// `once`, `at_most`, `not_with`.
    pub(super) fn limits(&mut self) -> Option<()> {
        let id = self.benefit.id.clone();
        let mut fine = Some(());
        if let Some(once) = &self.benefit.once {
            let among: Vec<String> = once.among.iter().map(|other| other.to_string()).collect();
            match self.span(&once.window) {
                Some(span) => {
                    let text = format!("{}{}只享受一次，此前未享受过", once.subject.label(), span_text(&span));
                    let times = self.history(&among, once.subject, Measure::Times, span);
                    let zero = Typed {
                        at: 0,
                        kind: Kind::INT,
                        node: TypedNode::Literal(0),
                    };
                    let none = Self::compared(Comparison::Equal, times, zero);
                    self.declare("once", text, Origin::Declared, &none, &id);
                }
                None => fine = None,
            }
        }
        for (number, at_most) in (1..).zip(&self.benefit.at_most) {
            if self.at_most(number, at_most, &id).is_none() {
                fine = None;
            }
        }
        for not_with in &self.benefit.not_with {
            if self.not_with(not_with).is_none() {
                fine = None;
            }
        }
        fine
    }

    fn at_most(&mut self, number: usize, at_most: &policy::benefit::AtMost, place: &Expression) -> Option<()> {
        let among: Vec<String> = at_most.among.iter().map(|other| other.to_string()).collect();
        let span = self.span(&at_most.window)?;
        let whole = |value: i64| Typed {
            at: 0,
            kind: Kind::INT,
            node: TypedNode::Literal(i128::from(value)),
        };
        let who = format!("{}{}", at_most.subject.label(), span_text(&span));
        let (condition, text) = match &at_most.limit {
            Limit::Times(times) => {
                let granted = self.history(&among, at_most.subject, Measure::Times, span);
                (
                    Self::compared(Comparison::Less, granted, whole(*times)),
                    format!("{who}至多享受{times}次"),
                )
            }
            Limit::Months(months) => {
                let paid = self.history(&among, at_most.subject, Measure::Months, span);
                let own = self.benefit.amount.as_ref().and_then(|amount| amount.monthly.as_ref());
                let own = own.and_then(|(_, months)| months.clone());
                let this = match at_most.this.clone().or(own) {
                    Some(this) => self.typed(&this, Want::Whole)?,
                    None => whole(1),
                };
                let sum = Typed {
                    at: 0,
                    kind: Kind::INT,
                    node: TypedNode::Add(Box::new(paid), Box::new(this)),
                };
                (
                    Self::compared(Comparison::LessOrEqual, sum, whole(*months)),
                    format!("{who}连同本次累计至多享受{months}个月"),
                )
            }
            Limit::Amount(limit) => {
                let limit = self.typed(limit, Want::Money)?;
                let amount = self.benefit.amount.as_ref().and_then(|amount| amount.is.clone());
                let credit = self.benefit.credit.as_ref().map(|credit| credit.total.clone());
                let Some(amount) = amount.or(credit) else {
                    place.report(
                        self.diagnostics,
                        "限定累计金额的，金额应用 is 或 total 写明",
                        "请在 [amount] 中写 is = \"…\"，或在 [credit] 中写 total = \"…\"",
                    );
                    return None;
                };
                let this = self.typed(&amount, Want::Money)?;
                let paid = self.history(&among, at_most.subject, Measure::AmountFen, span);
                let sum = Typed {
                    at: 0,
                    kind: Kind::FEN,
                    node: TypedNode::Add(Box::new(paid), Box::new(this)),
                };
                (
                    Self::compared(Comparison::LessOrEqual, sum, limit),
                    format!("{who}累计金额不超过上限"),
                )
            }
        };
        let id = if number == 1 {
            "at-most".to_owned()
        } else {
            format!("at-most-{number}")
        };
        self.declare(&id, text, Origin::Declared, &condition, place);
        Some(())
    }

    fn not_with(&mut self, not_with: &policy::benefit::NotWith) -> Option<()> {
        let span = match &not_with.during {
            None => Span::Ever,
            Some((from, to)) => {
                let (from_fact, to_fact) = (self.fact_of(from), self.fact_of(to));
                match (from_fact?, to_fact?) {
                    (Some(from), Some(to)) => Span::During(from, to),
                    _ => {
                        from.report(
                            self.diagnostics,
                            "not_with 的 from、to 应是日期类信息项",
                            "如 training.start_date",
                        );
                        return None;
                    }
                }
            }
        };
        let text = match span {
            Span::During(..) => format!("期间未同时领取{}", not_with.name),
            _ => format!("未享受{}", not_with.name),
        };
        let others = vec![not_with.benefit.to_string()];
        let times = self.history_of(others, not_with.subject, Measure::Times, span);
        let zero = Typed {
            at: 0,
            kind: Kind::INT,
            node: TypedNode::Literal(0),
        };
        let none = Self::compared(Comparison::Equal, times, zero);
        self.declare(
            &format!("not-with-{}", *not_with.benefit),
            text,
            Origin::Declared,
            &none,
            &not_with.benefit,
        );
        Some(())
    }
}

fn span_text(span: &Span) -> &'static str {
    match span {
        Span::YearOf(_) => "每年",
        Span::Ever | Span::During(..) | Span::MonthOf(_) => "",
    }
}
