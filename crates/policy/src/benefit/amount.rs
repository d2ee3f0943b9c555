//! How much: fixed, tiers, exceptions, caps, alternatives, months, loans, tax credits, awards.

use super::load::Reader;
use super::{Citation, Expression};
use crate::file::{Located, Table};

/// The amount of a benefit.
#[derive(Debug, Clone, PartialEq)]
pub struct Amount {
    /// The general rule: an amount in fen.
    pub is: Option<Expression>,
    /// Per month, with the count of months.
    pub monthly: Option<(Expression, Option<Expression>)>,
    /// Tiers in document order: exactly one must hold.
    pub tiers: Vec<Tier>,
    /// Labelled exceptions in document order: where one holds, its amount takes the general one's place.
    pub exceptions: Vec<Tier>,
    /// Upper limits.
    pub caps: Vec<Cap>,
    /// Ways to compute among which a locality chooses.
    pub alternatives: Option<Alternatives>,
}

/// A tier or an exception of the amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Tier {
    /// Its id.
    pub id: Located<String>,
    /// It in short.
    pub text: String,
    /// Whom it is for.
    pub applies: Expression,
    /// The amount.
    pub is: Expression,
}

/// An upper limit of the amount.
#[derive(Debug, Clone, PartialEq)]
pub struct Cap {
    /// Its id.
    pub id: Located<String>,
    /// It in short.
    pub text: String,
    /// The limit.
    pub is: Expression,
}

/// Ways to compute among which a locality chooses.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternatives {
    /// The choice: a parameter of type code whose words are the alternatives' ids.
    pub choose: Expression,
    /// The ways.
    pub ways: Vec<Alternative>,
}

/// One way to compute.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// The word that chooses it.
    pub id: Located<String>,
    /// It in short.
    pub text: String,
    /// The amount.
    pub is: Expression,
}

/// Months of a benefit decided month by month.
#[derive(Debug, Clone, PartialEq)]
pub struct Months {
    /// The first day of the first month.
    pub start: Expression,
    /// The most months.
    pub limit: Expression,
    /// Months by which the end moves later.
    pub deferral: Option<Expression>,
    /// Where it stands.
    pub cite: Option<Citation>,
}

/// A loan and what is borne by whom. Rates are shares of one.
#[derive(Debug, Clone, PartialEq)]
pub struct Loan {
    /// What the borrower asks for.
    pub amount: Option<Expression>,
    /// The rate agreed with the bank.
    pub rate: Option<Expression>,
    /// Most that can be lent, where no tier says otherwise.
    pub limit: Option<Expression>,
    /// Tiers of the limit in document order: one at most may hold.
    pub tiers: Vec<LoanTier>,
    /// Highest rate.
    pub rate_ceiling: Option<Expression>,
    /// The borrower's part of the rate.
    pub borrower_rate: Option<Expression>,
    /// The part that finance pays.
    pub subsidy_rate: Option<Expression>,
    /// Most months.
    pub term_months: Option<Expression>,
}

/// A tier of a loan's limit.
#[derive(Debug, Clone, PartialEq)]
pub struct LoanTier {
    /// Its id.
    pub id: Located<String>,
    /// It in short.
    pub text: String,
    /// Whom it is for.
    pub applies: Expression,
    /// The limit.
    pub limit: Expression,
}

/// A credit against taxes in a fixed order.
#[derive(Debug, Clone, PartialEq)]
pub struct Credit {
    /// The credit.
    pub total: Expression,
    /// The taxes in order.
    pub taxes: Vec<Tax>,
}

/// A tax due.
#[derive(Debug, Clone, PartialEq)]
pub struct Tax {
    /// Its id.
    pub id: Located<String>,
    /// Its name.
    pub name: String,
    /// What is due.
    pub due: Expression,
}

/// Awards by rank.
#[derive(Debug, Clone, PartialEq)]
pub struct Award {
    /// The rank: a whole number.
    pub rank: Expression,
    /// The amounts for rank 1, 2, …
    pub amounts: Vec<Located<String>>,
}

pub(super) fn amount(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Amount> {
    let mut inner = table.table("amount")?;
    let here = inner.here();
    let is = inner.text("is");
    let (monthly, months) = (inner.text("monthly"), inner.text("months"));
    let tiers: Vec<Tier> = inner.tables("tier").into_iter().filter_map(tier).collect();
    let exceptions: Vec<Tier> = inner.tables("exception").into_iter().filter_map(tier).collect();
    let caps: Vec<Cap> = inner.tables("cap").into_iter().filter_map(cap).collect();
    let choose = inner.text("choose");
    let ways: Vec<Alternative> = inner
        .tables("alternative")
        .into_iter()
        .filter_map(alternative)
        .collect();
    inner.finish();
    if let (Some(months), None) = (&months, &monthly) {
        months.report(reader.diagnostics, "只写了 months，没有写 monthly", "请写明每月标准");
    }
    let alternatives = match (choose, ways.is_empty()) {
        (Some(choose), false) => Some(Alternatives { choose, ways }),
        (None, true) => None,
        _ => {
            here.report(
                reader.diagnostics,
                "choose 与 [[amount.alternative]] 应同时写明",
                "choose 写由谁选定的政策标准，如 \"$refund_method\"",
            );
            None
        }
    };
    let monthly = monthly.map(|monthly| (monthly, months));
    let bases = [
        is.is_some(),
        monthly.is_some(),
        !tiers.is_empty(),
        alternatives.is_some(),
    ];
    if bases.iter().filter(|base| **base).count() != 1 {
        here.report(
            reader.diagnostics,
            "金额应写明且只写一种算法",
            "is、monthly、[[amount.tier]]、[[amount.alternative]] 四者取一",
        );
        return None;
    }
    reader.unique(
        tiers
            .iter()
            .chain(&exceptions)
            .map(|tier| &tier.id)
            .chain(caps.iter().map(|cap| &cap.id)),
    );
    Some(Amount {
        is,
        monthly,
        tiers,
        exceptions,
        caps,
        alternatives,
    })
}

fn tier(mut table: Table<'_>) -> Option<Tier> {
    table.require(&["id", "text", "if", "is"]);
    let (id, text, applies, is) = (table.text("id"), table.text("text"), table.text("if"), table.text("is"));
    table.finish();
    Some(Tier {
        id: id?,
        text: text?.into_value(),
        applies: applies?,
        is: is?,
    })
}

fn cap(mut table: Table<'_>) -> Option<Cap> {
    table.require(&["id", "text", "is"]);
    let (id, text, is) = (table.text("id"), table.text("text"), table.text("is"));
    table.finish();
    Some(Cap {
        id: id?,
        text: text?.into_value(),
        is: is?,
    })
}

fn alternative(mut table: Table<'_>) -> Option<Alternative> {
    table.require(&["id", "text", "is"]);
    let (id, text, is) = (table.text("id"), table.text("text"), table.text("is"));
    table.finish();
    Some(Alternative {
        id: id?,
        text: text?.into_value(),
        is: is?,
    })
}

pub(super) fn months(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Months> {
    let mut inner = table.table("months")?;
    inner.require(&["start", "limit"]);
    let (start, limit, deferral) = (inner.text("start"), inner.text("limit"), inner.text("deferral"));
    let cite = reader.cite(&mut inner);
    inner.finish();
    Some(Months {
        start: start?,
        limit: limit?,
        deferral,
        cite,
    })
}

pub(super) fn loan(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Loan> {
    let mut inner = table.table("loan")?;
    let tiers: Vec<LoanTier> = inner.tables("tier").into_iter().filter_map(loan_tier).collect();
    reader.unique(tiers.iter().map(|tier| &tier.id));
    let loan = Loan {
        amount: inner.text("amount"),
        rate: inner.text("rate"),
        limit: inner.text("limit"),
        tiers,
        rate_ceiling: inner.text("rate_ceiling"),
        borrower_rate: inner.text("borrower_rate"),
        subsidy_rate: inner.text("subsidy_rate"),
        term_months: inner.text("term_months"),
    };
    inner.finish();
    Some(loan)
}

fn loan_tier(mut table: Table<'_>) -> Option<LoanTier> {
    table.require(&["id", "text", "if", "limit"]);
    let (id, text, applies, limit) = (
        table.text("id"),
        table.text("text"),
        table.text("if"),
        table.text("limit"),
    );
    table.finish();
    Some(LoanTier {
        id: id?,
        text: text?.into_value(),
        applies: applies?,
        limit: limit?,
    })
}

pub(super) fn credit(reader: &Reader<'_>, table: &mut Table<'_>) -> Option<Credit> {
    let mut inner = table.table("credit")?;
    inner.require(&["total", "tax"]);
    let total = inner.text("total");
    let taxes: Vec<Tax> = inner
        .tables("tax")
        .into_iter()
        .filter_map(|mut tax| {
            tax.require(&["id", "name", "due"]);
            let (id, name, due) = (tax.text("id"), tax.text("name"), tax.text("due"));
            tax.finish();
            Some(Tax {
                id: id?,
                name: name?.into_value(),
                due: due?,
            })
        })
        .collect();
    inner.finish();
    reader.unique(taxes.iter().map(|tax| &tax.id));
    Some(Credit { total: total?, taxes })
}

pub(super) fn award(table: &mut Table<'_>) -> Option<Award> {
    let mut inner = table.table("award")?;
    inner.require(&["rank", "amounts"]);
    let (rank, amounts) = (inner.text("rank"), inner.texts("amounts"));
    inner.finish();
    Some(Award { rank: rank?, amounts })
}
