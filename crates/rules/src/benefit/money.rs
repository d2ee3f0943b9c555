//! The amount and its parts: tiers, exceptions, caps, alternatives, credits, awards, the loan, stages, shares.

use policy::benefit::{Amount, Expression, Tier};

use super::compile::{Compile, Want};
use super::{Loan, MAX_TAXES, Origin, Part, Version};
use crate::language::Comparison;
use crate::program::Register;
use crate::typed::{Kind, Typed, TypedNode};

impl Compile<'_, '_, '_> {
    /// The amount, from whichever of amount, credit and award the file has.
    pub(super) fn money(&mut self, version: &mut Version) -> Option<()> {
        let benefit = self.benefit;
        let ways = [
            benefit.amount.is_some(),
            benefit.credit.is_some(),
            benefit.award.is_some(),
        ];
        if ways.iter().filter(|way| **way).count() > 1 {
            self.benefit.id.report(
                self.diagnostics,
                "amount、credit、award 只能写一种",
                "请保留一种金额算法",
            );
            return None;
        }
        let (amount, place) = if let Some(amount) = &benefit.amount {
            (self.amount(amount, version)?, benefit.id.place())
        } else if let Some(credit) = &benefit.credit {
            (self.credit(credit, version)?, credit.total.place())
        } else if let Some(award) = &benefit.award {
            (self.award(award)?, award.rank.place())
        } else {
            return Some(());
        };
        // Less than nothing is never paid: such a row is a fault of arithmetic, and somebody looks at it.
        let due = Typed::declared(Kind::FEN, TypedNode::NotNegative(Box::new(amount)));
        self.record("amount", &place.to_string(), &due);
        version.amount = Some(self.builder.narrow_value(&due));
        Some(())
    }

    fn amount(&mut self, amount: &Amount, version: &mut Version) -> Option<Typed> {
        let general = self.general(amount, version);
        let exceptions = self.tiers(&amount.exceptions, version);
        let caps: Vec<Option<Typed>> = amount.caps.iter().map(|cap| self.typed(&cap.is, Want::Money)).collect();
        let (general, exceptions) = (general?, exceptions?);
        let mut result = if exceptions.is_empty() {
            general
        } else {
            Typed::exclusive(exceptions, general)
        };
        for cap in caps {
            let cap = cap?;
            note(&mut version.amount_facts, &cap);
            // An unknown cap makes the amount unknown: it is never paid uncapped.
            result = Typed::declared(Kind::FEN, TypedNode::Least(vec![result, cap]));
        }
        Some(result)
    }

    fn general(&mut self, amount: &Amount, version: &mut Version) -> Option<Typed> {
        if let Some(is) = &amount.is {
            return self.paid(is, version);
        }
        if let Some((monthly, months)) = &amount.monthly {
            let monthly = self.paid(monthly, version);
            let months = match months {
                Some(months) => Some(self.typed(months, Want::Whole)?),
                None => None,
            };
            let monthly = monthly?;
            version.monthly = Some(self.builder.narrow_value(&monthly));
            let Some(months) = months else {
                return Some(monthly);
            };
            note(&mut version.amount_facts, &months);
            version.months = Some(self.builder.narrow_value(&months));
            let node = TypedNode::Multiply(Box::new(monthly), Box::new(months));
            return Some(Typed::declared(Kind::FEN, node));
        }
        if let Some(alternatives) = &amount.alternatives {
            return self.alternatives(alternatives, version);
        }
        let tiers = self.tiers(&amount.tiers, version)?;
        let selectors = tiers.iter().map(|(selector, _)| selector.clone()).collect();
        let any = Typed::declared(Kind::Bool, TypedNode::Or(selectors));
        let texts: Vec<&str> = amount.tiers.iter().map(|tier| tier.text.as_str()).collect();
        let id = self.benefit.id.clone();
        self.record("tier", &id.place().to_string(), &any);
        let mask = self.builder.condition(&any);
        self.declare_mask(
            "tier",
            format!("符合下列档次之一：{}", texts.join("、")),
            Origin::Declared,
            mask,
            version.amount_facts.clone(),
            &id,
        );
        let (_, last) = tiers.last()?.clone();
        Some(Typed::exclusive(tiers, last))
    }

    fn paid(&mut self, expression: &Expression, version: &mut Version) -> Option<Typed> {
        let typed = self.typed(expression, Want::Money)?;
        note(&mut version.amount_facts, &typed);
        Some(typed)
    }

    fn tiers(&mut self, tiers: &[Tier], version: &mut Version) -> Option<Vec<(Typed, Typed)>> {
        let typed: Vec<_> = tiers
            .iter()
            .map(|tier| {
                (
                    tier,
                    self.typed(&tier.applies, Want::Condition),
                    self.typed(&tier.is, Want::Money),
                )
            })
            .collect();
        let mut result = Vec::with_capacity(tiers.len());
        for (tier, applies, is) in typed {
            let (applies, is) = (applies?, is?);
            note(&mut version.amount_facts, &applies);
            note(&mut version.amount_facts, &is);
            let mask = self.builder.condition(&applies);
            version
                .amount_exceptions
                .push((tier.id.to_string(), tier.text.clone(), mask));
            version.breakdown.push(Part {
                id: tier.id.to_string(),
                name: tier.text.clone(),
                register: Register::Mask(mask),
            });
            result.push((applies, is));
        }
        Some(result)
    }

    fn alternatives(&mut self, alternatives: &policy::benefit::Alternatives, version: &mut Version) -> Option<Typed> {
        let choose = self.typed(&alternatives.choose, Want::Choice)?;
        let Kind::Code(list) = choose.kind else {
            return None;
        };
        let codes = self.builder.vocabulary.list(list)?.clone();
        let mut branches = Vec::new();
        for way in &alternatives.ways {
            let is = self.typed(&way.is, Want::Money);
            let Some(code) = codes.find(&way.id) else {
                let hint = policy::file::meant(&way.id, codes.codes.iter().map(|code| code.code.as_str()));
                way.id
                    .report(self.diagnostics, format!("选项表中没有算法“{}”", *way.id), hint);
                return None;
            };
            let is = is?;
            note(&mut version.amount_facts, &is);
            let number = Typed::declared(choose.kind, TypedNode::Literal(i128::from(code.number)));
            let chosen = Self::compared(Comparison::Equal, choose.clone(), number);
            version.breakdown.push(Part {
                id: way.id.to_string(),
                name: way.text.clone(),
                register: Register::Mask(self.builder.condition(&chosen)),
            });
            branches.push((chosen, is));
        }
        if let Some(unused) = codes
            .codes
            .iter()
            .find(|code| alternatives.ways.iter().all(|way| way.id.as_str() != code.code))
        {
            alternatives.choose.report(
                self.diagnostics,
                format!("没有写“{}”（{}）的算法", unused.code, unused.label),
                "选项表中的每一项都要有算法",
            );
            return None;
        }
        let (_, last) = branches.last()?.clone();
        Some(Typed::declared(Kind::FEN, TypedNode::Case(branches, Box::new(last))))
    }

    /// A credit taken from one tax after another until it is used up.
    fn credit(&mut self, credit: &policy::benefit::Credit, version: &mut Version) -> Option<Typed> {
        if credit.taxes.len() > MAX_TAXES {
            let message = format!("抵扣的税费有 {} 种，上限 {MAX_TAXES} 种", credit.taxes.len());
            let hint = "请把同一次序内的几种税费合并为一项";
            credit.total.report(self.diagnostics, message, hint);
            return None;
        }
        let total = self.typed(&credit.total, Want::Money);
        let dues: Vec<Option<Typed>> = credit
            .taxes
            .iter()
            .map(|tax| self.typed(&tax.due, Want::Money))
            .collect();
        let total = total?;
        note(&mut version.amount_facts, &total);
        let fen = |node| Typed::declared(Kind::FEN, node);
        let mut left = total;
        let mut taken = fen(TypedNode::Literal(0));
        for (tax, due) in credit.taxes.iter().zip(dues) {
            let due = due?;
            note(&mut version.amount_facts, &due);
            let due = fen(TypedNode::NotNegative(Box::new(due)));
            let here = fen(TypedNode::Least(vec![left.clone(), due]));
            version.breakdown.push(Part {
                id: tax.id.to_string(),
                name: tax.name.clone(),
                register: Register::Narrow(self.builder.narrow_value(&here)),
            });
            taken = fen(TypedNode::Add(Box::new(taken), Box::new(here.clone())));
            left = fen(TypedNode::Subtract(Box::new(left), Box::new(here)));
        }
        Some(taken)
    }

    fn award(&mut self, award: &policy::benefit::Award) -> Option<Typed> {
        let rank = self.typed(&award.rank, Want::Whole);
        let amounts: Vec<Option<Typed>> = award
            .amounts
            .iter()
            .map(|amount| self.typed(amount, Want::Money))
            .collect();
        let rank = rank?;
        let count = i128::try_from(award.amounts.len()).ok()?;
        let whole = |value: i128| Typed::declared(Kind::INT, TypedNode::Literal(value));
        let node = TypedNode::Within(Box::new(rank.clone()), Box::new(whole(1)), Box::new(whole(count)));
        let within = Typed::declared(Kind::Bool, node);
        self.declare(
            "rank",
            format!("名次在前{count}名"),
            Origin::Declared,
            &within,
            &award.rank,
        );
        let mut branches = Vec::new();
        for (place, amount) in (1..).zip(amounts) {
            let ranked = Self::compared(Comparison::Equal, rank.clone(), whole(place));
            branches.push((ranked, amount?));
        }
        let (_, last) = branches.last()?.clone();
        Some(Typed::declared(Kind::FEN, TypedNode::Case(branches, Box::new(last))))
    }

    /// The loan: its limit and rates as values, and what is asked for within them as conditions.
    pub(super) fn loan(&mut self, version: &mut Version) -> Option<()> {
        let Some(loan) = &self.benefit.loan else {
            return Some(());
        };
        let mut compiled = Loan::default();
        let limit = self.loan_limit(loan, version)?;
        if let (Some(limit), Some(amount)) = (&limit, &loan.amount) {
            let asked = self.typed(amount, Want::Money)?;
            let mut facts = asked.facts();
            for tier in &loan.tiers {
                note(&mut facts, &self.typed(&tier.applies, Want::Condition)?);
            }
            let enough = Self::compared(Comparison::LessOrEqual, asked, limit.clone());
            self.record("loan-limit", &amount.place().to_string(), &enough);
            let mask = self.builder.condition(&enough);
            self.declare_mask(
                "loan-limit",
                "贷款金额不超过最高额度".to_owned(),
                Origin::Declared,
                mask,
                facts,
                amount,
            );
        }
        compiled.limit = limit.map(|limit| self.builder.narrow_value(&limit));
        for (expression, place) in [
            (&loan.rate_ceiling, &mut compiled.rate_ceiling),
            (&loan.borrower_rate, &mut compiled.borrower_rate),
            (&loan.subsidy_rate, &mut compiled.subsidy_rate),
        ] {
            if let Some(expression) = expression {
                let typed = self.typed(expression, Want::Rate)?;
                let Kind::Number { scale, .. } = typed.kind else {
                    return None;
                };
                *place = Some((self.builder.value(&typed), scale));
            }
        }
        if let (Some(rate), Some(ceiling)) = (&loan.rate, &loan.rate_ceiling) {
            let text = format!("({}) <= ({})", rate.as_str(), ceiling.as_str());
            let condition = self.typed(&rate.with(text), Want::Condition)?;
            self.declare(
                "loan-rate",
                "贷款利率不超过上限".to_owned(),
                Origin::Declared,
                &condition,
                rate,
            );
        }
        if let Some(term) = &loan.term_months {
            let term = self.typed(term, Want::Whole)?;
            compiled.term_months = Some(self.builder.narrow_value(&term));
        }
        version.loan = Some(compiled);
        Some(())
    }

    /// The limit: the tier that holds, else the general limit.
    fn loan_limit(&mut self, loan: &policy::benefit::Loan, version: &mut Version) -> Option<Option<Typed>> {
        let general = match &loan.limit {
            Some(limit) => Some(self.typed(limit, Want::Money)?),
            None => None,
        };
        let mut branches = Vec::new();
        for tier in &loan.tiers {
            let (applies, limit) = (
                self.typed(&tier.applies, Want::Condition),
                self.typed(&tier.limit, Want::Money),
            );
            let (applies, limit) = (applies?, limit?);
            let mask = self.builder.condition(&applies);
            version
                .amount_exceptions
                .push((tier.id.to_string(), tier.text.clone(), mask));
            version.breakdown.push(Part {
                id: tier.id.to_string(),
                name: tier.text.clone(),
                register: Register::Mask(mask),
            });
            branches.push((applies, limit));
        }
        let Some((_, last)) = branches.last().cloned() else {
            return Some(general);
        };
        let limit = Typed::exclusive(branches, general.unwrap_or(last));
        let place = loan
            .limit
            .as_ref()
            .map_or(self.benefit.id.place(), |limit| limit.place());
        self.record("loan", &place.to_string(), &limit);
        Some(Some(limit))
    }

    pub(super) fn staging(&mut self, version: &mut Version) -> Option<()> {
        let Some(staging) = &self.benefit.staging else {
            return Some(());
        };
        let (estimate, actual) = (
            self.typed(&staging.estimate, Want::Money),
            self.typed(&staging.actual, Want::Money),
        );
        let recovery = match &staging.recovery {
            Some(recovery) => {
                let (when, amount) = (
                    self.typed(&recovery.when, Want::Condition),
                    self.typed(&recovery.amount, Want::Money),
                );
                let (when, amount) = (when?, amount?);
                Some((self.builder.condition(&when), self.builder.narrow_value(&amount)))
            }
            None => None,
        };
        let (estimate, actual) = (estimate?, actual?);
        // Every stage rests on the estimate: without it no stage has an amount, and nothing can be promised.
        let known = Self::compared(Comparison::Equal, estimate.clone(), estimate.clone());
        self.declare(
            "estimate",
            "分次拨付所依据的预计数额已确定".to_owned(),
            Origin::Declared,
            &known,
            &staging.estimate,
        );
        version.staging = Some((self.builder.narrow_value(&estimate), self.builder.narrow_value(&actual)));
        version.recovery = recovery;
        Some(())
    }

    pub(super) fn shares(&mut self, version: &mut Version) -> Option<()> {
        for share in &self.benefit.shares {
            let window = match &share.on {
                Some(on) => {
                    let typed = self.typed(on, Want::Date)?;
                    let inside = Self::inside(typed, share.from, share.to);
                    self.record("shares", &on.place().to_string(), &inside);
                    Some(self.builder.condition(&inside))
                }
                None => None,
            };
            version.shares.push(window);
        }
        Some(())
    }
}

/// Adds the facts of an expression, each once.
pub(super) fn note(facts: &mut Vec<u32>, typed: &Typed) {
    for fact in typed.facts() {
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
}
