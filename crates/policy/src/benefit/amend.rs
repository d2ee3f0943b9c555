//! A file as far as it goes, and what a later document's file changes in an earlier one.

use super::{
    Amount, AtMost, Award, Benefit, Citation, Condition, Credit, Implements, Judged, Kind, Loan, Months, NotWith,
    Notice, Once, Open, Reading, Right, Share, Staging, Status, Window,
};
use crate::file::Located;

/// A file of `benefits/`, each key as far as it is there.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub(super) pack: String,
    pub(super) id: Option<Located<String>>,
    pub(super) name: Option<String>,
    pub(super) kind: Option<Kind>,
    pub(super) right: Option<Right>,
    pub(super) local_rule: Option<Citation>,
    pub(super) status: Option<Status>,
    pub(super) open: Vec<Open>,
    pub(super) payee: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) per: Option<String>,
    pub(super) monthly: Option<bool>,
    pub(super) cite: Option<Citation>,
    pub(super) priority: Option<i64>,
    pub(super) effective: Option<Window>,
    pub(super) claim_until: Option<Window>,
    pub(super) once: Option<Once>,
    pub(super) at_most: Vec<AtMost>,
    pub(super) not_with: Vec<NotWith>,
    pub(super) notice: Option<Notice>,
    pub(super) readings: Vec<Reading>,
    pub(super) conditions: Vec<Condition>,
    pub(super) amount: Option<Amount>,
    pub(super) months: Option<Months>,
    pub(super) loan: Option<Loan>,
    pub(super) credit: Option<Credit>,
    pub(super) award: Option<Award>,
    pub(super) staging: Option<Staging>,
    pub(super) shares: Vec<Share>,
    pub(super) fund: Option<Located<String>>,
    pub(super) region_fact: Option<Located<String>>,
    pub(super) implements: Option<Implements>,
    pub(super) amends: Option<Located<String>>,
    pub(super) untranslated: Vec<Judged>,
}

impl Draft {
    /// The benefit, where nothing that every benefit needs is absent.
    pub(super) fn complete(self) -> Option<Benefit> {
        Some(Benefit {
            pack: self.pack,
            id: self.id?,
            name: self.name?,
            kind: self.kind?,
            right: self.right?,
            local_rule: self.local_rule,
            status: self.status?,
            open: self.open,
            payee: self.payee?,
            channel: self.channel?,
            per: self.per?,
            monthly: self.monthly.unwrap_or(false),
            cite: self.cite?,
            priority: self.priority.unwrap_or(0),
            effective: self.effective,
            claim_until: self.claim_until,
            once: self.once,
            at_most: self.at_most,
            not_with: self.not_with,
            notice: self.notice,
            readings: self.readings,
            conditions: self.conditions,
            amount: self.amount,
            months: self.months,
            loan: self.loan,
            credit: self.credit,
            award: self.award,
            staging: self.staging,
            shares: self.shares,
            fund: self.fund,
            region_fact: self.region_fact,
            implements: self.implements,
            amends: self.amends,
            untranslated: self.untranslated,
        })
    }
}

/// `base` as a later document's file changes it: each key that stands in the file takes the old one's place, conditions
/// and readings by their id.
pub fn amended(base: &Benefit, draft: Draft, pack: &str) -> Benefit {
    let mut benefit = base.clone();
    benefit.pack = pack.to_owned();
    set(&mut benefit.name, draft.name);
    set(&mut benefit.kind, draft.kind);
    set(&mut benefit.right, draft.right);
    set(&mut benefit.status, draft.status);
    set(&mut benefit.payee, draft.payee);
    set(&mut benefit.channel, draft.channel);
    set(&mut benefit.per, draft.per);
    set(&mut benefit.monthly, draft.monthly);
    set(&mut benefit.cite, draft.cite);
    set(&mut benefit.priority, draft.priority);
    take(&mut benefit.local_rule, draft.local_rule);
    take(&mut benefit.effective, draft.effective);
    take(&mut benefit.claim_until, draft.claim_until);
    take(&mut benefit.once, draft.once);
    take(&mut benefit.notice, draft.notice);
    take(&mut benefit.amount, draft.amount);
    take(&mut benefit.months, draft.months);
    take(&mut benefit.loan, draft.loan);
    take(&mut benefit.credit, draft.credit);
    take(&mut benefit.award, draft.award);
    take(&mut benefit.staging, draft.staging);
    take(&mut benefit.fund, draft.fund);
    take(&mut benefit.region_fact, draft.region_fact);
    take(&mut benefit.implements, draft.implements);
    list(&mut benefit.open, draft.open);
    list(&mut benefit.at_most, draft.at_most);
    list(&mut benefit.not_with, draft.not_with);
    list(&mut benefit.shares, draft.shares);
    list(&mut benefit.untranslated, draft.untranslated);
    for condition in draft.conditions {
        match benefit.conditions.iter_mut().find(|known| known.id == condition.id) {
            Some(known) => *known = condition,
            None => benefit.conditions.push(condition),
        }
    }
    for reading in draft.readings {
        match benefit.readings.iter_mut().find(|known| known.id == reading.id) {
            Some(known) => *known = reading,
            None => benefit.readings.push(reading),
        }
    }
    benefit.amends = draft.amends;
    benefit
}

fn set<T>(old: &mut T, new: Option<T>) {
    if let Some(new) = new {
        *old = new;
    }
}

fn take<T>(old: &mut Option<T>, new: Option<T>) {
    if new.is_some() {
        *old = new;
    }
}

fn list<T>(old: &mut Vec<T>, new: Vec<T>) {
    if !new.is_empty() {
        *old = new;
    }
}
