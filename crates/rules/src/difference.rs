//! What another version of the packs changes, said as a reviewer would say it.
//!
//! Everything that decides something is a facet: a label and its value in words. Two catalogues are compared facet by
//! facet, and then by their cases: which of them come out otherwise.

use std::collections::{BTreeMap, BTreeSet};

use civil::{Day, Money};
use policy::Pack;
use policy::benefit::{
    Amount, Benefit, HistoryWindow, KINDS, Limit, Once, Right, StagePart, Status, Subject, Tier, Window,
};
use policy::fact::{Fact, WhenAbsent};
use policy::parameter::{Parameter, Scalar};

use crate::catalogue::Catalogue;
use crate::decision::{Decider, Decision, Outcome};
use crate::trial::Trial;

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change {
    /// What it is of: a benefit, a document, the facts.
    pub of: String,
    /// The facet; empty where the whole is new or gone.
    pub what: String,
    /// As it was; `None` where it is new.
    pub was: Option<String>,
    /// As it is; `None` where it is gone.
    pub now: Option<String>,
}

/// A case that comes out otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// The benefit.
    pub benefit: String,
    /// The case.
    pub case: String,
    /// What came before, in words.
    pub was: String,
    /// What comes now.
    pub now: String,
}

type Facets = BTreeMap<String, BTreeMap<String, String>>;

/// Everything that differs between two catalogues.
pub fn changes(old: &Catalogue, new: &Catalogue) -> Vec<Change> {
    let (old, new) = (facets(old), facets(new));
    let mut changes = Vec::new();
    let owners: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for of in owners {
        match (old.get(of), new.get(of)) {
            (Some(was), Some(now)) => {
                let keys: BTreeSet<&String> = was.keys().chain(now.keys()).collect();
                for what in keys.into_iter().filter(|what| was.get(*what) != now.get(*what)) {
                    changes.push(Change {
                        of: of.clone(),
                        what: what.clone(),
                        was: was.get(what).cloned(),
                        now: now.get(what).cloned(),
                    });
                }
            }
            (was, now) => changes.push(Change {
                of: of.clone(),
                what: String::new(),
                was: was.map(|_| String::new()),
                now: now.map(|_| String::new()),
            }),
        }
    }
    changes
}

/// The cases of either tree that come out otherwise. A case that one side cannot decide is not compared.
pub fn turned(old: &Catalogue, new: &Catalogue, cases: &[Trial]) -> Vec<Turned> {
    let decide = |catalogue: &Catalogue, case: &Trial| {
        Decider::new(catalogue)
            .supposing(case.parameters.clone())
            .decide(&case.benefit, &case.facts, case.as_of, case.known_on)
            .ok()
    };
    let mut found: Vec<Turned> = Vec::new();
    for case in cases {
        let (Some(was), Some(now)) = (decide(old, case), decide(new, case)) else {
            continue;
        };
        let (was, now) = (said(&was), said(&now));
        let turned = Turned {
            benefit: case.benefit.to_string(),
            case: case.name.to_string(),
            was,
            now,
        };
        if turned.was != turned.now && !found.contains(&turned) {
            found.push(turned);
        }
    }
    found
}

/// A decision in a few words: the outcome, the amount, the condition that decided.
fn said(decision: &Decision) -> String {
    let mut words = decision.outcome.label().to_owned();
    if let Some(amount) = decision.amount_fen {
        words.push_str(&format!("，{}", Money::from_fen(amount)));
    }
    let failing = decision.decided_by.as_ref();
    let failing = decision
        .conditions
        .iter()
        .find(|condition| Some(&condition.id) == failing);
    if let (Outcome::Ineligible, Some(condition)) = (decision.outcome, failing) {
        words.push_str(&format!("（{}）", condition.text));
    }
    words
}

fn facets(catalogue: &Catalogue) -> Facets {
    let mut all = Facets::new();
    for benefit in catalogue.benefits.all() {
        all.insert(
            format!("{}（{}/{}）", benefit.name, benefit.pack, *benefit.id),
            of_benefit(benefit),
        );
    }
    for pack in catalogue.library.packs.values() {
        all.insert(format!("文件 {}", pack.id()), of_pack(pack));
    }
    for parameter in catalogue.vocabulary.parameters.0.values() {
        all.insert(
            format!("政策标准 {}（${}）", parameter.name, parameter.id),
            of_parameter(parameter),
        );
    }
    for fact in catalogue.vocabulary.dictionary.facts() {
        all.insert(format!("信息项 {}（{}）", fact.label, fact.name), of_fact(fact));
    }
    all
}

/// Collects facets under their labels.
#[derive(Default)]
struct Sheet(BTreeMap<String, String>);

impl Sheet {
    fn put(&mut self, label: impl Into<String>, value: impl Into<String>) {
        self.0.insert(label.into(), value.into());
    }

    fn maybe(&mut self, label: &str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.put(label, squeezed(&value.to_string()));
        }
    }
}

/// An expression on one line.
fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn days(from: Option<Day>, to: Option<Day>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} 至 {to}"),
        (Some(from), None) => format!("自 {from} 起"),
        (None, Some(to)) => format!("至 {to} 止"),
        (None, None) => "不限".to_owned(),
    }
}

fn window(window: &Window) -> String {
    format!("按 {}，{}", squeezed(&window.on), days(window.from, window.to))
}

fn subject_window(subject: Subject, window: &HistoryWindow) -> String {
    match window {
        HistoryWindow::Ever => subject.label().to_owned(),
        HistoryWindow::Year(of) => format!("{}每年（按 {}）", subject.label(), **of),
    }
}

fn of_benefit(benefit: &Benefit) -> BTreeMap<String, String> {
    let mut sheet = Sheet::default();
    let kind = KINDS.iter().find(|(_, kind)| *kind == benefit.kind);
    sheet.maybe("种类", kind.map(|(word, _)| *word));
    sheet.put(
        "性质",
        match benefit.right {
            Right::Entitlement => "符合条件即应给予",
            Right::Discretionary => "由有权部门裁量",
            Right::Directive => "须依据另行规定",
        },
    );
    sheet.put(
        "能否计算",
        if benefit.status == Status::Computable {
            "可计算"
        } else {
            "待定"
        },
    );
    sheet.put("发放对象", benefit.payee.as_str());
    sheet.put("渠道", benefit.channel.as_str());
    sheet.put("计算单位", benefit.per.as_str());
    sheet.put("按月", if benefit.monthly { "是" } else { "否" });
    sheet.put("依据", format!("{} 第{}项", benefit.cite.document, *benefit.cite.item));
    sheet.maybe("资金渠道", benefit.fund.as_deref());
    sheet.put("地点依据", benefit.place_fact().to_string());
    sheet.maybe("实施期限", benefit.effective.as_ref().map(window));
    sheet.maybe("申领期限", benefit.claim_until.as_ref().map(window));
    for condition in &benefit.conditions {
        sheet.put(
            format!("申领条件“{}”", *condition.id),
            format!("{}：{}", condition.text, squeezed(&condition.when)),
        );
        for exception in &condition.exceptions {
            sheet.put(
                format!("申领条件“{}”的例外“{}”", *condition.id, *exception.id),
                format!(
                    "{}：{} 时，{}",
                    exception.text,
                    squeezed(&exception.applies),
                    squeezed(&exception.when)
                ),
            );
        }
    }
    limits(benefit, &mut sheet);
    if let Some(of) = &benefit.amount {
        amount(of, &mut sheet);
    }
    parts(benefit, &mut sheet);
    for open in &benefit.open {
        sheet.put(
            format!("待定事项“{}”", open.what),
            format!("应{}", crate::decision::set_by(&open.set_by)),
        );
    }
    for reading in &benefit.readings {
        let status = reading.confirmed.as_deref().unwrap_or("待确认");
        sheet.put(
            format!("口径“{}”", *reading.id),
            format!("{}（{status}）", reading.text),
        );
    }
    for judged in &benefit.untranslated {
        sheet.put(
            format!("需人工判断“{}”", judged.clause),
            format!("由{}决定", judged.decides),
        );
    }
    sheet.0
}

fn limits(benefit: &Benefit, sheet: &mut Sheet) {
    let among = |among: &[policy::file::Located<String>]| {
        let names: Vec<&str> = among.iter().map(|other| other.as_str()).collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("，与 {} 合并计算", names.join("、"))
        }
    };
    if let Some(once) = &benefit.once {
        let Once {
            subject,
            window,
            among: others,
        } = once;
        sheet.put(
            "只享受一次",
            format!("{}{}", subject_window(*subject, window), among(others)),
        );
    }
    for (at, limit) in benefit.at_most.iter().enumerate() {
        let most = match &limit.limit {
            Limit::Times(times) => format!("{times}次"),
            Limit::Months(months) => format!("{months}个月"),
            Limit::Amount(amount) => format!("金额 {}", squeezed(amount)),
        };
        let who = subject_window(limit.subject, &limit.window);
        sheet.put(
            format!("上限{}", at + 1),
            format!("{who}至多{most}{}", among(&limit.among)),
        );
    }
    for not_with in &benefit.not_with {
        let during = not_with.during.as_ref();
        let during = during.map_or_else(String::new, |(from, to)| format!("（{} 至 {} 期间）", **from, **to));
        sheet.put(
            format!("不与“{}”同时享受", not_with.name),
            format!("{}{during}", not_with.subject.label()),
        );
    }
}

fn tiers(label: &str, tiers: &[Tier], sheet: &mut Sheet) {
    for tier in tiers {
        sheet.put(
            format!("{label}“{}”", *tier.id),
            format!("{}：{} 时为 {}", tier.text, squeezed(&tier.applies), squeezed(&tier.is)),
        );
    }
}

fn amount(amount: &Amount, sheet: &mut Sheet) {
    sheet.maybe("金额", amount.is.as_deref());
    if let Some((monthly, months)) = &amount.monthly {
        sheet.put("每月金额", squeezed(monthly));
        sheet.maybe("月数", months.as_deref());
    }
    tiers("金额档次", &amount.tiers, sheet);
    tiers("金额例外", &amount.exceptions, sheet);
    for cap in &amount.caps {
        sheet.put(
            format!("金额上限“{}”", *cap.id),
            format!("{}：{}", cap.text, squeezed(&cap.is)),
        );
    }
    if let Some(alternatives) = &amount.alternatives {
        sheet.put("算法由谁选定", squeezed(&alternatives.choose));
        for way in &alternatives.ways {
            sheet.put(
                format!("算法“{}”", *way.id),
                format!("{}：{}", way.text, squeezed(&way.is)),
            );
        }
    }
}

fn parts(benefit: &Benefit, sheet: &mut Sheet) {
    if let Some(months) = &benefit.months {
        sheet.put("享受期限起点", squeezed(&months.start));
        sheet.put("享受期限月数", squeezed(&months.limit));
        sheet.maybe("顺延月数", months.deferral.as_deref());
    }
    if let Some(loan) = &benefit.loan {
        for (label, value) in [
            ("贷款金额", &loan.amount),
            ("贷款利率", &loan.rate),
            ("贷款最高额度", &loan.limit),
            ("贷款利率上限", &loan.rate_ceiling),
            ("借款人承担利率", &loan.borrower_rate),
            ("贴息利率", &loan.subsidy_rate),
            ("贷款期限月数", &loan.term_months),
        ] {
            sheet.maybe(label, value.as_deref());
        }
        for tier in &loan.tiers {
            sheet.put(
                format!("贷款额度档次“{}”", *tier.id),
                format!(
                    "{}：{} 时最高 {}",
                    tier.text,
                    squeezed(&tier.applies),
                    squeezed(&tier.limit)
                ),
            );
        }
    }
    if let Some(credit) = &benefit.credit {
        sheet.put("扣减总额", squeezed(&credit.total));
        let order: Vec<&str> = credit.taxes.iter().map(|tax| tax.name.as_str()).collect();
        sheet.put("扣减顺序", order.join("、"));
    }
    if let Some(award) = &benefit.award {
        let amounts: Vec<&str> = award.amounts.iter().map(|amount| amount.as_str()).collect();
        sheet.put("奖励名次", squeezed(&award.rank));
        sheet.put("奖励金额", amounts.join("、"));
    }
    if let Some(staging) = &benefit.staging {
        for stage in &staging.stages {
            let part = match stage.part {
                StagePart::OfEstimate(share) => format!("预计数的 {}", percent(share)),
                StagePart::Rest => "核定数减去已拨数".to_owned(),
            };
            let within = stage.within_working_days.map(|days| format!("，{days}个工作日内"));
            sheet.put(
                format!("分次拨付“{}”", *stage.id),
                format!("{}：{part}{}", stage.event, within.unwrap_or_default()),
            );
        }
    }
    for share in &benefit.shares {
        let parts: Vec<String> = share
            .parts
            .iter()
            .map(|part| format!("{} {}", part.level, percent(part.part)))
            .collect();
        sheet.put(format!("各级分担（{}）", days(share.from, share.to)), parts.join("、"));
    }
}

fn percent(millionths: i128) -> String {
    format!("{}%", crate::decision::decimal_text(millionths, 4))
}

fn of_pack(pack: &Pack) -> BTreeMap<String, String> {
    let mut sheet = Sheet::default();
    let policy = &pack.policy;
    sheet.put("标题", policy.title.as_str());
    sheet.maybe("发文机关", policy.issuer.as_ref());
    sheet.maybe("文号", policy.number.as_ref());
    sheet.maybe("成文日期", policy.date);
    sheet.maybe("可知日期", policy.known_from.as_ref().map(|known| *known.date));
    sheet.maybe("上级文件", policy.parent.as_deref());
    for task in &pack.tasks {
        let units: Vec<String> = task
            .assignments
            .iter()
            .map(|assignment| format!("{}{}", policy::matching::role_word(assignment.role), *assignment.unit))
            .collect();
        let deadline = task.deadline.raw.as_deref().unwrap_or("无时限");
        sheet.put(
            format!("任务 {}", *task.id),
            format!("{}（{}；{deadline}）", task.title, units.join("、")),
        );
    }
    for target in &pack.targets {
        sheet.put(
            format!("目标 {}", *target.id),
            format!(
                "{} {} {}{}（{}）",
                target.indicator,
                target.op.word(),
                target.value,
                target.unit,
                target.period
            ),
        );
    }
    sheet.0
}

/// A value of a parameter in words: money with its unit, a decimal as a percentage, a code as it is written in files.
pub fn scalar(value: &Scalar) -> String {
    match value {
        Scalar::Int(number) => number.to_string(),
        Scalar::Fen(fen) => Money::from_fen(*fen).to_string(),
        Scalar::Decimal(millionths) => percent(*millionths),
        Scalar::Code(code) => code.clone(),
        Scalar::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        Scalar::Date(day) => day.to_string(),
    }
}

/// A value of a parameter among its others: rates of one series have as many places behind the point, so that 4.20% does
/// not stand beside 3.85% as 4.2%.
pub fn scalar_in_series(parameter: &Parameter, value: &Scalar) -> String {
    let places = |value: &Scalar| match value {
        Scalar::Decimal(_) => {
            let text = scalar(value);
            let digits = text.trim_end_matches('%').split_once('.');
            digits.map_or(0, |(_, digits)| digits.len())
        }
        _ => 0,
    };
    let most = parameter.values.iter().map(|value| places(&value.is)).max();
    let lacks = most.unwrap_or_default().saturating_sub(places(value));
    let text = scalar(value);
    match text.strip_suffix('%') {
        Some(digits) if lacks > 0 => {
            let point = if digits.contains('.') { "" } else { "." };
            format!("{digits}{point}{}%", "0".repeat(lacks))
        }
        _ => text,
    }
}

fn of_parameter(parameter: &Parameter) -> BTreeMap<String, String> {
    let mut sheet = Sheet::default();
    sheet.put("应由谁规定", parameter.set_by.as_str());
    for value in &parameter.values {
        let pack = value.pack.as_deref().unwrap_or("共用");
        let to = value.to.map_or_else(String::new, |to| format!("至 {to}"));
        sheet.put(
            format!("{} 起{to}的值（{pack}，{}起可知）", value.from, value.known_from),
            format!("{}（{}）", scalar(&value.is), value.source.words()),
        );
    }
    for bound in &parameter.bounds {
        let end = |end: &Option<Scalar>| end.as_ref().map_or_else(|| "不限".to_owned(), scalar);
        sheet.put(
            format!("范围（{}）", bound.source.words()),
            format!("最低 {}，最高 {}", end(&bound.min), end(&bound.max)),
        );
    }
    sheet.0
}

fn of_fact(fact: &Fact) -> BTreeMap<String, String> {
    let mut sheet = Sheet::default();
    sheet.put("类型", fact.kind.label());
    sheet.put("来源", fact.register.as_str());
    sheet.put(
        "登记中没有时",
        match fact.when_absent {
            WhenAbsent::Unknown => "视为未知",
            WhenAbsent::No => "视为否",
            WhenAbsent::Zero => "视为零",
            WhenAbsent::None => "视为不存在",
        },
    );
    sheet.put("由其他信息推算", if fact.derived { "是" } else { "否" });
    sheet.0
}
