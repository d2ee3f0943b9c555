//! The numbers of a benefit with what they measure: what a document's figures are compared with.
//!
//! A number in an expression has no unit of its own; it takes that of what it is compared with: a fact's unit, a function
//! of dates, money. A number that stands in a product may be a percentage of a whole (`hires * 100 >= staff * 25`).

use civil::{Day, Month};
use policy::benefit::{Benefit, Limit, Role, StagePart};
use policy::file::Located;
use policy::parameter::Scalar;

use crate::catalogue::Catalogue;
use crate::language::parse;
use crate::typed::{Calendar, Kind, Typed, TypedNode, Vocabulary, check};

/// A number and what it measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Figure {
    /// Money in fen.
    Fen(i128),
    /// A share or a rate, in millionths.
    Share(i128),
    /// Months; a year is twelve.
    Months(i128),
    /// Days.
    Days(i128),
    /// Working days.
    WorkingDays(i128),
    /// Years of age.
    Age(i128),
    /// People, bodies, times: things that are counted.
    Count(i128),
    /// A calendar year.
    Year(i128),
    /// A calendar day.
    Day(Day),
}

/// A figure, the item that it carries out, and who says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cited {
    /// The figure.
    pub figure: Figure,
    /// The item as the pack numbers it.
    pub item: String,
    /// The benefit or the parameter.
    pub by: String,
}

/// Every figure that the benefits and parameters of a pack carry.
pub fn of_pack(catalogue: &Catalogue, pack: &str) -> Vec<Cited> {
    let mut found = Vec::new();
    for benefit in catalogue.benefits.all() {
        of_benefit(catalogue, benefit, pack, &mut found);
    }
    for parameter in catalogue.vocabulary.parameters.0.values() {
        let by = format!("${}", parameter.id);
        let mut put = |scalar: &Scalar, item: &Option<String>| {
            let figures = of_scalar(scalar);
            let item = item.clone().unwrap_or_default();
            found.extend(figures.into_iter().map(|figure| Cited {
                figure,
                item: item.clone(),
                by: by.clone(),
            }));
        };
        for value in parameter
            .values
            .iter()
            .filter(|value| value.source.document.as_deref() == Some(pack))
        {
            put(&value.is, &value.source.item);
            put(&Scalar::Date(value.from), &value.source.item);
            if let Some(to) = value.to {
                put(&Scalar::Date(to), &value.source.item);
            }
        }
        for bound in parameter
            .bounds
            .iter()
            .filter(|bound| bound.source.document.as_deref() == Some(pack))
        {
            for end in bound.min.iter().chain(&bound.max) {
                put(end, &bound.source.item);
            }
        }
    }
    found
}

/// A whole number of a parameter may be of anything.
fn of_scalar(scalar: &Scalar) -> Vec<Figure> {
    match scalar {
        Scalar::Int(number) => {
            let number = i128::from(*number);
            vec![Figure::Count(number), Figure::Months(number), Figure::Days(number)]
        }
        Scalar::Fen(fen) => vec![Figure::Fen(i128::from(*fen))],
        Scalar::Decimal(millionths) => vec![Figure::Share(*millionths)],
        Scalar::Date(day) => vec![Figure::Day(*day)],
        Scalar::Code(_) | Scalar::Flag(_) => Vec::new(),
    }
}

fn of_benefit(catalogue: &Catalogue, benefit: &Benefit, pack: &str, found: &mut Vec<Cited>) {
    let mut figures: Vec<(Figure, String)> = Vec::new();
    for (role, expression, item) in benefit.expressions() {
        let typed = parse(expression).and_then(|syntax| check(&catalogue.vocabulary, &syntax));
        if let Ok(typed) = typed {
            let unit = match role {
                Role::Months => Unit::Months,
                Role::Condition | Role::Amount | Role::Rate | Role::Other => Unit::None,
            };
            let mut here = Vec::new();
            walk(&catalogue.vocabulary, &typed, unit, &mut here);
            figures.extend(here.into_iter().map(|figure| (figure, item.to_owned())));
        }
    }
    let item = benefit.cite.item.to_string();
    figures.extend(
        declared(catalogue, benefit)
            .into_iter()
            .map(|figure| (figure, item.clone())),
    );
    let own = benefit.pack == pack;
    found.extend(figures.into_iter().filter(|_| own).map(|(figure, item)| Cited {
        figure,
        item,
        by: benefit.id.to_string(),
    }));
}

/// Figures that the file declares outside expressions.
fn declared(catalogue: &Catalogue, benefit: &Benefit) -> Vec<Figure> {
    let mut found = Vec::new();
    for window in benefit.effective.iter().chain(&benefit.claim_until) {
        found.extend(window.from.iter().chain(&window.to).map(|day| Figure::Day(*day)));
    }
    // 一次性: once is a figure too.
    found.extend(benefit.once.iter().map(|_| Figure::Count(1)));
    for limit in &benefit.at_most {
        match &limit.limit {
            Limit::Times(times) => found.push(Figure::Count(i128::from(*times))),
            Limit::Months(months) => found.push(Figure::Months(i128::from(*months))),
            Limit::Amount(_) => {}
        }
    }
    if let Some(staging) = &benefit.staging {
        for stage in &staging.stages {
            if let StagePart::OfEstimate(share) = stage.part {
                found.push(Figure::Share(share));
            }
            found.extend(
                stage
                    .within_working_days
                    .map(|days| Figure::WorkingDays(i128::from(days))),
            );
        }
    }
    for share in &benefit.shares {
        found.extend(share.parts.iter().map(|part| Figure::Share(part.part)));
        found.extend(share.from.iter().chain(&share.to).map(|day| Figure::Day(*day)));
    }
    if let Some(notice) = &benefit.notice {
        let days = notice.days.map(i128::from);
        found.extend(days.map(|days| {
            if notice.working {
                Figure::WorkingDays(days)
            } else {
                Figure::Days(days)
            }
        }));
    }
    if let Some(award) = &benefit.award {
        // The place of an amount in the list is the rank that it is for.
        found.extend((1..).zip(&award.amounts).map(|(rank, _)| Figure::Count(rank)));
        found.extend(award.amounts.iter().flat_map(|amount| literals(catalogue, amount)));
    }
    found
}

/// The figures of an expression that stands outside the model's list.
fn literals(catalogue: &Catalogue, expression: &Located<String>) -> Vec<Figure> {
    let mut found = Vec::new();
    if let Ok(typed) = parse(expression).and_then(|syntax| check(&catalogue.vocabulary, &syntax)) {
        walk(&catalogue.vocabulary, &typed, Unit::None, &mut found);
    }
    found
}

/// What a whole number near something measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    None,
    Months,
    Years,
    Days,
    Age,
    CalendarYear,
    CalendarMonth,
}

fn unit_of(vocabulary: &Vocabulary, typed: &Typed) -> Unit {
    match &typed.node {
        TypedNode::Fact(fact) => {
            let unit = vocabulary.dictionary.fact(vocabulary.fact_name(*fact));
            match unit.and_then(|fact| fact.unit.as_deref()) {
                Some("个月" | "月") => Unit::Months,
                Some("天" | "日") => Unit::Days,
                Some("年") => Unit::Years,
                Some("岁") => Unit::Age,
                _ => Unit::None,
            }
        }
        TypedNode::Calendar(Calendar::Age, _) => Unit::Age,
        TypedNode::Calendar(Calendar::DaysBetween, _) => Unit::Days,
        TypedNode::Calendar(Calendar::FullMonths, _) => Unit::Months,
        TypedNode::Calendar(Calendar::Year, _) => Unit::CalendarYear,
        TypedNode::Calendar(Calendar::Month, _) => Unit::CalendarMonth,
        _ => {
            let units = typed.children().into_iter().map(|child| unit_of(vocabulary, child));
            units.into_iter().find(|unit| *unit != Unit::None).unwrap_or(Unit::None)
        }
    }
}

fn walk(vocabulary: &Vocabulary, typed: &Typed, unit: Unit, found: &mut Vec<Figure>) {
    match &typed.node {
        TypedNode::Literal(value) => literal(typed.kind, *value, unit, found),
        TypedNode::Rescale(inner, _) => walk(vocabulary, inner, unit, found),
        TypedNode::Compare(..) | TypedNode::Within(..) | TypedNode::OneOf(..) => {
            let unit = unit_of(vocabulary, typed);
            for child in typed.children() {
                walk(vocabulary, child, unit, found);
            }
        }
        TypedNode::Multiply(a, b) => {
            for child in [a, b] {
                walk(vocabulary, child, unit, found);
                // A whole factor may be a percentage of a hundred on the other side.
                if let (TypedNode::Literal(value), Kind::Number { money: false, scale: 0 }) = (&child.node, child.kind)
                {
                    found.push(Figure::Share(value * 10_000));
                }
            }
        }
        TypedNode::Calendar(Calendar::AddMonths, parts) => {
            for part in parts {
                walk(vocabulary, part, Unit::Months, found);
            }
        }
        TypedNode::Calendar(_, parts) => {
            for part in parts {
                walk(vocabulary, part, Unit::None, found);
            }
        }
        // The digits of a rounding are no figure of the document; its inner parts may hold some.
        TypedNode::Round { numerator, .. } => walk(vocabulary, numerator, unit, found),
        TypedNode::Case(branches, otherwise) => {
            for (when, then) in branches {
                walk(vocabulary, when, Unit::None, found);
                walk(vocabulary, then, unit, found);
            }
            walk(vocabulary, otherwise, unit, found);
        }
        TypedNode::Parameter(_, inner) => walk(vocabulary, inner, Unit::None, found),
        _ => {
            for child in typed.children() {
                walk(vocabulary, child, unit, found);
            }
        }
    }
}

fn literal(kind: Kind, value: i128, unit: Unit, found: &mut Vec<Figure>) {
    match kind {
        Kind::Number { money: true, scale } => {
            let fen = if scale >= 2 {
                value / 10_i128.pow(u32::from(scale) - 2)
            } else {
                value * 10_i128.pow(2 - u32::from(scale))
            };
            found.push(Figure::Fen(fen));
        }
        Kind::Number { scale: 0, .. } => match unit {
            Unit::Months => found.push(Figure::Months(value)),
            Unit::Years => found.push(Figure::Months(value * 12)),
            Unit::Days => found.push(Figure::Days(value)),
            Unit::Age => found.push(Figure::Age(value)),
            Unit::CalendarYear => found.push(Figure::Year(value)),
            // Arithmetic of months over years: what it comes to cannot be told from one number.
            Unit::CalendarMonth => found.extend([Figure::Months(value), Figure::Count(value)]),
            Unit::None => found.push(Figure::Count(value)),
        },
        Kind::Number { scale, .. } => {
            let millionths = if scale <= 6 {
                value * 10_i128.pow(6 - u32::from(scale))
            } else {
                value / 10_i128.pow(u32::from(scale) - 6)
            };
            found.push(Figure::Share(millionths));
        }
        Kind::Date | Kind::Month => {
            let day = i32::try_from(value).ok().and_then(Day::from_days_since_epoch);
            found.extend(day.map(Figure::Day));
            if kind == Kind::Month {
                found.extend(day.map(|day| Figure::Day(Month::of(day).last_day())));
            }
        }
        Kind::Bool | Kind::Code(_) | Kind::Region => {}
    }
}
