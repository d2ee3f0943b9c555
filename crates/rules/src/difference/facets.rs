//! Everything that decides something, part by part: what two versions of the packs are compared by.

use std::collections::BTreeMap;

use civil::Day;
use policy::Pack;
use policy::benefit::{
    Amount, Benefit, HistoryWindow, KINDS, Limit, Once, Right, StagePart, Status, Subject, Tier, Window,
};
use policy::fact::{Fact, WhenAbsent};
use policy::file::Located;
use policy::parameter::Parameter;

use super::part::{Most, Owner, Part, Value, counted_with};
use super::scalar;
use crate::catalogue::Catalogue;
use crate::formula::percent;

/// The parts of one benefit, document, parameter or fact.
pub(super) type Facets = BTreeMap<Part, Value>;

/// All of a catalogue, each with its name on screen.
pub(super) fn facets(catalogue: &Catalogue) -> BTreeMap<Owner, (String, Facets)> {
    let mut all = BTreeMap::new();
    for pack in catalogue.library.packs.values() {
        all.insert(Owner::Document(pack.id().to_owned()), (String::new(), of_pack(pack)));
    }
    for benefit in catalogue.benefits.all() {
        let owner = Owner::Benefit {
            pack: benefit.pack.clone(),
            id: benefit.id.to_string(),
        };
        all.insert(owner, (benefit.name.clone(), of_benefit(benefit)));
    }
    for parameter in catalogue.vocabulary.parameters.0.values() {
        let owner = Owner::Parameter(parameter.id.to_string());
        all.insert(owner, (parameter.name.clone(), of_parameter(parameter)));
    }
    for fact in catalogue.vocabulary.dictionary.facts() {
        all.insert(Owner::Fact(fact.name.clone()), (fact.label.clone(), of_fact(fact)));
    }
    all
}

/// Collects parts with their values.
#[derive(Default)]
struct Sheet(Facets);

impl Sheet {
    fn put(&mut self, part: Part, value: Value) {
        self.0.insert(part, value);
    }

    fn words(&mut self, part: Part, words: impl Into<String>) {
        self.put(part, Value::Words(words.into()));
    }

    fn maybe_words(&mut self, part: Part, words: Option<impl ToString>) {
        if let Some(words) = words {
            self.words(part, words.to_string());
        }
    }

    fn formula(&mut self, part: Part, expression: &str) {
        self.put(part, Value::Formula(squeezed(expression)));
    }

    fn maybe_formula(&mut self, part: Part, expression: Option<&Located<String>>) {
        if let Some(expression) = expression {
            self.formula(part, expression);
        }
    }

    fn window(&mut self, part: Part, window: Option<&Window>) {
        if let Some(window) = window {
            let value = Value::Window {
                on: squeezed(&window.on),
                from: window.from,
                to: window.to,
            };
            self.put(part, value);
        }
    }
}

/// An expression on one line.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn yes_or_no(yes: bool) -> &'static str {
    if yes { "是" } else { "否" }
}

fn of_benefit(benefit: &Benefit) -> Facets {
    let mut sheet = Sheet::default();
    sheet.words(Part::Name, &*benefit.name);
    let kind = KINDS.iter().find(|(_, kind)| *kind == benefit.kind);
    sheet.maybe_words(Part::Kind, kind.map(|(word, _)| *word));
    sheet.words(
        Part::Right,
        match benefit.right {
            Right::Entitlement => "符合条件即应给予",
            Right::Discretionary => "由有权部门裁量",
            Right::Directive => "须依据另行规定",
        },
    );
    let is_computable = benefit.status == Status::Computable;
    sheet.words(Part::Status, if is_computable { "可计算" } else { "待定" });
    sheet.words(Part::Payee, &*benefit.payee);
    sheet.words(Part::Channel, &*benefit.channel);
    sheet.words(Part::Per, &*benefit.per);
    sheet.words(Part::Monthly, yes_or_no(benefit.monthly));
    let cite = &benefit.cite;
    sheet.words(
        Part::Citation,
        format!("{} {}", cite.document, policy::item::words(&cite.item)),
    );
    sheet.maybe_words(Part::Fund, benefit.fund.as_deref());
    sheet.words(Part::PlaceFact, benefit.place_fact().into_value());
    sheet.put(Part::Priority, Value::Number(benefit.priority));
    sheet.window(Part::Effective, benefit.effective.as_ref());
    sheet.window(Part::ClaimUntil, benefit.claim_until.as_ref());
    conditions(benefit, &mut sheet);
    limits(benefit, &mut sheet);
    if let Some(of) = &benefit.amount {
        amount(of, &mut sheet);
    }
    parts(benefit, &mut sheet);
    for open in &benefit.open {
        let set_by = format!("应{}", crate::decision::set_by(&open.set_by));
        sheet.words(Part::Open(open.what.clone()), set_by);
    }
    for reading in &benefit.readings {
        let status = reading.confirmed.as_deref().unwrap_or("待确认");
        let words = format!("{}（{status}）", reading.text);
        sheet.words(Part::Reading(reading.id.to_string()), words);
    }
    for judged in &benefit.untranslated {
        let by = format!("由{}决定", judged.decides);
        sheet.words(Part::Judged(judged.clause.clone()), by);
    }
    sheet.0
}

fn conditions(benefit: &Benefit, sheet: &mut Sheet) {
    for condition in &benefit.conditions {
        let value = Value::Condition {
            text: condition.text.clone(),
            when: squeezed(&condition.when),
        };
        sheet.put(Part::Condition(condition.id.to_string()), value);
        for exception in &condition.exceptions {
            let part = Part::Exception {
                condition: condition.id.to_string(),
                id: exception.id.to_string(),
            };
            let value = Value::Exception {
                text: exception.text.clone(),
                applies: squeezed(&exception.applies),
                when: squeezed(&exception.when),
            };
            sheet.put(part, value);
        }
    }
}

fn subject_window(subject: Subject, window: &HistoryWindow) -> String {
    match window {
        HistoryWindow::Ever => subject.label().to_owned(),
        HistoryWindow::Year(of) => format!("{}每年（按 {}）", subject.label(), **of),
    }
}

fn limits(benefit: &Benefit, sheet: &mut Sheet) {
    let names = |among: &[Located<String>]| among.iter().map(ToString::to_string).collect::<Vec<_>>();
    if let Some(once) = &benefit.once {
        let Once { subject, window, among } = once;
        let words = format!("{}{}", subject_window(*subject, window), counted_with(&names(among)));
        sheet.words(Part::Once, words);
    }
    for (limit, number) in benefit.at_most.iter().zip(1..) {
        let value = Value::AtMost {
            who: subject_window(limit.subject, &limit.window),
            most: match &limit.limit {
                Limit::Times(times) => Most::Times(*times),
                Limit::Months(months) => Most::Months(*months),
                Limit::Amount(amount) => Most::Amount(squeezed(amount)),
            },
            among: names(&limit.among),
        };
        sheet.put(Part::AtMost(number), value);
    }
    for not_with in &benefit.not_with {
        let during = not_with.during.as_ref();
        let during = during.map_or_else(String::new, |(from, to)| format!("（{} 至 {} 期间）", **from, **to));
        let words = format!("{}{during}", not_with.subject.label());
        sheet.words(Part::NotWith(not_with.name.clone()), words);
    }
}

fn amount(amount: &Amount, sheet: &mut Sheet) {
    let tier = |tier: &Tier| Value::Tier {
        text: tier.text.clone(),
        applies: squeezed(&tier.applies),
        is: squeezed(&tier.is),
    };
    let named = |text: &str, is: &str| Value::Named {
        text: text.to_owned(),
        is: squeezed(is),
    };
    sheet.maybe_formula(Part::Amount, amount.is.as_ref());
    if let Some((monthly, months)) = &amount.monthly {
        sheet.formula(Part::MonthlyAmount, monthly);
        sheet.maybe_formula(Part::MonthCount, months.as_ref());
    }
    for one in &amount.tiers {
        sheet.put(Part::AmountTier(one.id.to_string()), tier(one));
    }
    for one in &amount.exceptions {
        sheet.put(Part::AmountException(one.id.to_string()), tier(one));
    }
    for cap in &amount.caps {
        sheet.put(Part::Cap(cap.id.to_string()), named(&cap.text, &cap.is));
    }
    if let Some(alternatives) = &amount.alternatives {
        sheet.formula(Part::Choice, &alternatives.choose);
        for way in &alternatives.ways {
            sheet.put(Part::Alternative(way.id.to_string()), named(&way.text, &way.is));
        }
    }
}

fn parts(benefit: &Benefit, sheet: &mut Sheet) {
    if let Some(months) = &benefit.months {
        sheet.formula(Part::MonthsStart, &months.start);
        sheet.formula(Part::MonthsLimit, &months.limit);
        sheet.maybe_formula(Part::Deferral, months.deferral.as_ref());
    }
    if let Some(loan) = &benefit.loan {
        for (part, expression) in [
            (Part::LoanAmount, &loan.amount),
            (Part::LoanRate, &loan.rate),
            (Part::LoanLimit, &loan.limit),
            (Part::RateCeiling, &loan.rate_ceiling),
            (Part::BorrowerRate, &loan.borrower_rate),
            (Part::SubsidyRate, &loan.subsidy_rate),
            (Part::LoanTerm, &loan.term_months),
        ] {
            sheet.maybe_formula(part, expression.as_ref());
        }
        for tier in &loan.tiers {
            let value = Value::LoanTier {
                text: tier.text.clone(),
                applies: squeezed(&tier.applies),
                limit: squeezed(&tier.limit),
            };
            sheet.put(Part::LoanTier(tier.id.to_string()), value);
        }
    }
    if let Some(credit) = &benefit.credit {
        sheet.formula(Part::CreditTotal, &credit.total);
        let order: Vec<&str> = credit.taxes.iter().map(|tax| tax.name.as_str()).collect();
        sheet.words(Part::CreditOrder, order.join("、"));
    }
    if let Some(award) = &benefit.award {
        sheet.formula(Part::AwardRank, &award.rank);
        let amounts = award.amounts.iter().map(|amount| squeezed(amount));
        sheet.put(Part::AwardAmounts, Value::Formulas(amounts.collect()));
    }
    if let Some(staging) = &benefit.staging {
        for stage in &staging.stages {
            let part = match stage.part {
                StagePart::OfEstimate(share) => format!("预计数的 {}", percent(share)),
                StagePart::Rest => "核定数减去已拨数".to_owned(),
            };
            let within = stage.within_working_days.map(|days| format!("，{days}个工作日内"));
            let words = format!("{}：{part}{}", stage.event, within.unwrap_or_default());
            sheet.words(Part::Stage(stage.id.to_string()), words);
        }
    }
    for share in &benefit.shares {
        let parts = share.parts.iter();
        let parts: Vec<String> = parts
            .map(|part| format!("{} {}", part.level, percent(part.part)))
            .collect();
        sheet.words(Part::Shares(share.from, share.to), parts.join("、"));
    }
}

fn of_pack(pack: &Pack) -> Facets {
    let mut sheet = Sheet::default();
    let policy = &pack.policy;
    sheet.words(Part::Title, policy.title.as_str());
    sheet.maybe_words(Part::Issuer, policy.issuer.as_ref());
    sheet.maybe_words(Part::Number, policy.number.as_ref());
    sheet.maybe_words(Part::Date, policy.date);
    let known: Option<Day> = policy.known_from.as_ref().map(|known| *known.date);
    sheet.maybe_words(Part::KnownFrom, known);
    sheet.maybe_words(Part::Parent, policy.parent.as_deref());
    for task in &pack.tasks {
        let units = task.assignments.iter();
        let units: Vec<String> = units
            .map(|assignment| format!("{}{}", policy::matching::role_word(assignment.role), *assignment.unit))
            .collect();
        let deadline = task.deadline.raw.as_deref().unwrap_or("无时限");
        let words = format!("{}（{}；{deadline}）", task.title, units.join("、"));
        sheet.words(Part::Task(task.id.to_string()), words);
    }
    for target in &pack.targets {
        let words = format!(
            "{} {} {}{}（{}）",
            target.indicator,
            target.op.word(),
            target.value,
            target.unit,
            target.period
        );
        sheet.words(Part::Target(target.id.to_string()), words);
    }
    sheet.0
}

fn of_parameter(parameter: &Parameter) -> Facets {
    let mut sheet = Sheet::default();
    sheet.words(Part::Name, &*parameter.name);
    sheet.words(Part::SetBy, parameter.set_by.as_str());
    for value in &parameter.values {
        let part = Part::ParameterValue {
            from: value.from,
            to: value.to,
            pack: value.pack.clone(),
            known_from: value.known_from,
        };
        let is = Value::Scalar {
            is: value.is.clone(),
            source: value.source.words(),
        };
        sheet.put(part, is);
    }
    for bound in &parameter.bounds {
        let end = |end: &Option<_>| end.as_ref().map_or_else(|| "不限".to_owned(), scalar);
        let words = format!("最低 {}，最高 {}", end(&bound.min), end(&bound.max));
        sheet.words(Part::Bounds(bound.source.words()), words);
    }
    sheet.0
}

fn of_fact(fact: &Fact) -> Facets {
    let mut sheet = Sheet::default();
    sheet.words(Part::Name, &*fact.label);
    sheet.words(Part::FactType, fact.kind.label());
    sheet.words(Part::Register, fact.register.as_str());
    sheet.words(
        Part::WhenAbsent,
        match fact.when_absent {
            WhenAbsent::Unknown => "视为未知",
            WhenAbsent::No => "视为否",
            WhenAbsent::Zero => "视为零",
            WhenAbsent::None => "视为不存在",
        },
    );
    sheet.words(Part::Derived, yes_or_no(fact.derived));
    sheet.0
}
