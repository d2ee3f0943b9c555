//! All expressions of a benefit, each with what it stands for: for tools that look at numbers rather than at meaning.

use super::{Benefit, Expression, HistoryWindow, Limit};

/// What an expression must come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// True or false.
    Condition,
    /// Money.
    Amount,
    /// A count of months.
    Months,
    /// A rate.
    Rate,
    /// Anything else: a date, a rank, a choice.
    Other,
}

impl Benefit {
    /// Every expression with its role and the item that it carries out, in the order of the model.
    pub fn expressions(&self) -> Vec<(Role, &Expression, &str)> {
        let mut found: Vec<(Role, &Expression, &str)> = Vec::new();
        let item = self.cite.item.as_str();
        for condition in &self.conditions {
            let item = condition.cite.as_ref().map_or(item, |cite| {
                if cite.document == self.pack {
                    cite.item.as_str()
                } else {
                    ""
                }
            });
            found.push((Role::Condition, &condition.when, item));
            for exception in &condition.exceptions {
                found.push((Role::Condition, &exception.applies, item));
                found.push((Role::Condition, &exception.when, item));
            }
        }
        self.amounts(&mut found);
        self.money_parts(&mut found);
        let windows = self.effective.iter().chain(&self.claim_until).map(|window| &window.on);
        found.extend(windows.map(|on| (Role::Other, on, item)));
        let limits = self.at_most.iter().filter_map(|at_most| {
            if let Limit::Amount(amount) = &at_most.limit {
                Some(amount)
            } else {
                None
            }
        });
        found.extend(limits.map(|amount| (Role::Amount, amount, item)));
        let months = self.at_most.iter().filter_map(|at_most| at_most.this.as_ref());
        found.extend(months.map(|months| (Role::Months, months, item)));
        let years = self
            .once
            .iter()
            .map(|once| &once.window)
            .chain(self.at_most.iter().map(|limit| &limit.window));
        found.extend(years.filter_map(|window| match window {
            HistoryWindow::Year(of) => Some((Role::Other, of, item)),
            HistoryWindow::Ever => None,
        }));
        let circle = self
            .implements
            .iter()
            .filter_map(|implements| implements.circle.as_ref());
        found.extend(circle.map(|circle| (Role::Condition, circle, item)));
        found
    }

    fn amounts<'b>(&'b self, found: &mut Vec<(Role, &'b Expression, &'b str)>) {
        let item = self.cite.item.as_str();
        let Some(amount) = &self.amount else { return };
        found.extend(amount.is.iter().map(|is| (Role::Amount, is, item)));
        if let Some((monthly, months)) = &amount.monthly {
            found.push((Role::Amount, monthly, item));
            found.extend(months.iter().map(|months| (Role::Months, months, item)));
        }
        for tier in amount.tiers.iter().chain(&amount.exceptions) {
            found.push((Role::Condition, &tier.applies, item));
            found.push((Role::Amount, &tier.is, item));
        }
        found.extend(amount.caps.iter().map(|cap| (Role::Amount, &cap.is, item)));
        if let Some(alternatives) = &amount.alternatives {
            found.extend(alternatives.ways.iter().map(|way| (Role::Amount, &way.is, item)));
        }
    }

    fn money_parts<'b>(&'b self, found: &mut Vec<(Role, &'b Expression, &'b str)>) {
        let item = self.cite.item.as_str();
        if let Some(months) = &self.months {
            let item = months.cite.as_ref().map_or(item, |cite| cite.item.as_str());
            found.push((Role::Other, &months.start, item));
            found.push((Role::Months, &months.limit, item));
            found.extend(months.deferral.iter().map(|deferral| (Role::Months, deferral, item)));
        }
        if let Some(loan) = &self.loan {
            let money = loan.amount.iter().chain(&loan.limit);
            found.extend(money.map(|money| (Role::Amount, money, item)));
            let rates = [&loan.rate, &loan.rate_ceiling, &loan.borrower_rate, &loan.subsidy_rate];
            found.extend(rates.into_iter().flatten().map(|rate| (Role::Rate, rate, item)));
            found.extend(loan.term_months.iter().map(|term| (Role::Months, term, item)));
            for tier in &loan.tiers {
                found.push((Role::Condition, &tier.applies, item));
                found.push((Role::Amount, &tier.limit, item));
            }
        }
        if let Some(credit) = &self.credit {
            found.push((Role::Amount, &credit.total, item));
            found.extend(credit.taxes.iter().map(|tax| (Role::Amount, &tax.due, item)));
        }
        if let Some(award) = &self.award {
            found.push((Role::Other, &award.rank, item));
        }
        if let Some(staging) = &self.staging {
            found.push((Role::Amount, &staging.estimate, item));
            found.push((Role::Amount, &staging.actual, item));
            if let Some(recovery) = &staging.recovery {
                found.push((Role::Condition, &recovery.when, item));
                found.push((Role::Amount, &recovery.amount, item));
            }
        }
        let shares = self.shares.iter().filter_map(|share| share.on.as_ref());
        found.extend(shares.map(|on| (Role::Other, on, item)));
    }
}
