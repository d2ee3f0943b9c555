//! One benefit as a 告知单: for whom, how much, who pays, until when, where it stands. Only what the packs say; what they
//! do not say is told as such.

use std::collections::BTreeSet;

use civil::Money;
use document::Role;
use policy::benefit::{Amount, Benefit, Expression, Open};
use policy::fund::NOT_STATED as NO_FUND;
use policy::parameter::{Parameter, Scalar};
use rules::benefit::{Origin, Version};
use rules::decision::{channel_label, cited, document, level_label, payee_label};
use rules::formula;

use super::light;
use crate::app::App;
use crate::parts::{Light, Terms};

/// What a document does not carry.
const NOT_STATED: &str = "原文未载明";

/// A benefit as its page shows it.
pub(super) struct Sheet {
    pub(super) light: Light,
    /// Notices about its state, each a sentence.
    pub(super) state: Vec<String>,
    pub(super) conditions: Vec<Term>,
    pub(super) standard: Vec<String>,
    pub(super) parameters: Vec<Standard>,
    /// What will be compared with which register.
    pub(super) compared: Vec<String>,
    pub(super) terms: Terms,
    pub(super) readings: Vec<String>,
    pub(super) judged: Vec<String>,
}

/// A condition with its clause.
pub(super) struct Term {
    pub(super) text: String,
    pub(super) clause: String,
    pub(super) exceptions: Vec<String>,
}

/// A standard with its values.
pub(super) struct Standard {
    pub(super) name: String,
    pub(super) set_by: String,
    /// Value, days, source.
    pub(super) values: Vec<(String, String, String)>,
}

impl Sheet {
    pub(super) fn of(app: &App, benefit: &Benefit) -> Self {
        let catalogue = &app.catalogue;
        let versions = app.compiled.versions(catalogue, &benefit.id);
        let version = versions.iter().find(|version| version.benefit.pack == benefit.pack);
        let open = benefit.readings.iter().filter(|reading| reading.confirmed.is_none());
        Self {
            light: light(app, benefit),
            state: state(benefit),
            conditions: version.map(|version| conditions(app, version)).unwrap_or_default(),
            standard: standard(app, benefit),
            parameters: parameters(app, benefit),
            compared: compared(app, benefit),
            terms: terms(app, benefit),
            readings: open.map(|reading| reading.text.clone()).collect(),
            judged: benefit
                .untranslated
                .iter()
                .map(|judged| format!("{}（由{}判断）", judged.clause, judged.decides))
                .collect(),
        }
    }
}

fn state(benefit: &Benefit) -> Vec<String> {
    use policy::benefit::Right;
    let mut lines = Vec::new();
    match benefit.right {
        Right::Discretionary if benefit.local_rule.is_none() => {
            lines.push("文件只允许有关部门给予，没有规定必须给予；是否给予、给多少，由有权决定的部门规定。".to_owned());
        }
        Right::Directive => {
            lines.push("文件要求有关部门落实，没有直接规定给谁、给多少；请按具体规定办理。".to_owned());
        }
        Right::Entitlement | Right::Discretionary => {}
    }
    let unsaid = |open: &Open| format!("{}：由{}规定，本系统尚未收录。", open.what, open.set_by);
    // What a parameter will carry stands with the standards.
    let unsaid_here = benefit.open.iter().filter(|open| open.parameter.is_none());
    lines.extend(unsaid_here.map(unsaid));
    lines
}

/// Every condition that can refuse, in document order, those that the file declares last.
fn conditions(app: &App, version: &Version) -> Vec<Term> {
    let catalogue = &app.catalogue;
    let shown = version
        .conditions
        .iter()
        .filter(|condition| condition.origin != Origin::Open);
    shown
        .map(|condition| Term {
            text: condition.text.clone(),
            // The document stands at the foot of the page; another one is named.
            clause: if condition.cite.document == version.benefit.cite.document {
                format!("第{}项", *condition.cite.item)
            } else {
                cited(catalogue, &condition.cite)
            },
            exceptions: condition.exceptions.iter().map(|(_, text, _)| text.clone()).collect(),
        })
        .collect()
}

/// The amount in words.
fn standard(app: &App, benefit: &Benefit) -> Vec<String> {
    let catalogue = &app.catalogue;
    let words = |expression: &Expression| formula::in_words(catalogue, expression);
    let mut lines = Vec::new();
    if let Some(amount) = &benefit.amount {
        lines.extend(amount_lines(amount, &words));
    }
    if let Some(months) = &benefit.months {
        lines.push(format!("享受期限：{}", most_months(&words(&months.limit))));
    }
    if let Some(loan) = &benefit.loan {
        lines.extend(
            loan.limit
                .as_ref()
                .map(|limit| format!("贷款最高额度：{}", words(limit))),
        );
        let tiers = loan.tiers.iter();
        lines.extend(tiers.map(|tier| format!("贷款最高额度（{}）：{}", tier.text, words(&tier.limit))));
        let parts = [
            (&loan.rate_ceiling, "贷款利率上限"),
            (&loan.borrower_rate, "个人承担利率"),
            (&loan.subsidy_rate, "财政贴息利率"),
        ];
        let parts = parts
            .into_iter()
            .filter_map(|(part, name)| Some((part.as_ref()?, name)));
        lines.extend(parts.map(|(part, name)| format!("{name}：{}", words(part))));
        lines.extend(
            loan.term_months
                .as_ref()
                .map(|term| format!("贷款期限：{}", most_months(&words(term)))),
        );
    }
    if let Some(credit) = &benefit.credit {
        let taxes: Vec<&str> = credit.taxes.iter().map(|tax| tax.name.as_str()).collect();
        lines.push(format!(
            "扣减定额：{}，依次扣减{}",
            words(&credit.total),
            taxes.join("、")
        ));
    }
    if let Some(award) = &benefit.award {
        let amounts: Vec<String> = award
            .amounts
            .iter()
            .map(|amount| formula::in_words(catalogue, amount))
            .collect();
        lines.push(format!("按名次依次为：{}", amounts.join("、")));
    }
    if let Some(staging) = &benefit.staging {
        for stage in &staging.stages {
            let within = stage.within_working_days;
            let within = within.map(|days| format!("，{days}个工作日内")).unwrap_or_default();
            lines.push(format!("分次拨付：{}{within}", stage.event));
        }
    }
    if lines.is_empty() {
        lines.push(format!("{NOT_STATED}金额；不是发放资金的，以办理结果为准。"));
    }
    lines
}

/// 最长12个月; where the months are reckoned, how.
fn most_months(words: &str) -> String {
    if words.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("最长{words}个月")
    } else {
        format!("最长月数为{words}")
    }
}

fn amount_lines(amount: &Amount, words: &impl Fn(&Expression) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    lines.extend(amount.is.as_ref().map(words));
    if let Some((monthly, months)) = &amount.monthly {
        let months = months.as_ref().map(|months| format!("；月数：{}", words(months)));
        lines.push(format!("每月：{}{}", words(monthly), months.unwrap_or_default()));
    }
    lines.extend(
        amount
            .tiers
            .iter()
            .map(|tier| format!("{}：{}", tier.text, words(&tier.is))),
    );
    lines.extend(
        amount
            .exceptions
            .iter()
            .map(|tier| format!("{}的：{}", tier.text, words(&tier.is))),
    );
    if let Some(ways) = &amount.alternatives {
        lines.extend(ways.ways.iter().map(|way| format!("可选算法：{}", way.text)));
    }
    lines.extend(
        amount
            .caps
            .iter()
            .map(|cap| format!("上限（{}）：{}", cap.text, words(&cap.is))),
    );
    lines
}

/// The standards that it rests on, with their values; those that nobody has set are told with who should.
fn parameters(app: &App, benefit: &Benefit) -> Vec<Standard> {
    let mut ids: Vec<String> = Vec::new();
    for (_, expression, _) in benefit.expressions() {
        for id in formula::parameters(expression) {
            if !ids.contains(&id) {
                ids.push(id);
            }
        }
    }
    let all = &app.catalogue.vocabulary.parameters;
    let lineage = policy::benefit::lineage(&app.catalogue.library, &benefit.pack);
    let known = ids.iter().filter_map(|id| all.get(id));
    known
        .map(|parameter| {
            let fits = |pack: &Option<String>| pack.as_ref().is_none_or(|pack| lineage.contains(pack));
            let mut values: Vec<_> = parameter.values.iter().filter(|value| fits(&value.pack)).collect();
            values.sort_by_key(|value| (value.from, value.known_from));
            Standard {
                name: parameter.name.clone(),
                set_by: parameter.set_by.clone(),
                values: values
                    .iter()
                    .rev()
                    .take(3)
                    .map(|value| {
                        let to = value.to.map_or_else(String::new, |to| format!("至{}", to.chinese()));
                        let days = format!("自{}{to}", value.from.chinese());
                        (value_words(app, parameter, &value.is), days, source(app, &value.source))
                    })
                    .collect(),
            }
        })
        .collect()
}

fn source(app: &App, source: &policy::parameter::Source) -> String {
    match (&source.document, &source.item) {
        (Some(id), Some(item)) => format!("{}第{item}项", document(&app.catalogue, id)),
        (Some(id), None) => document(&app.catalogue, id),
        (None, _) => source.text.clone().unwrap_or_default(),
    }
}

fn value_words(app: &App, parameter: &Parameter, value: &Scalar) -> String {
    match value {
        Scalar::Int(number) => number.to_string(),
        Scalar::Fen(fen) => Money::from_fen(*fen).short(),
        Scalar::Decimal(_) | Scalar::Code(_) | Scalar::Flag(_) | Scalar::Date(_) => {
            crate::pages::parameters::words(app, parameter, value)
        }
    }
}

/// Facts by the register they are compared with.
fn compared(app: &App, benefit: &Benefit) -> Vec<String> {
    let dictionary = &app.catalogue.vocabulary.dictionary;
    let facts = app.catalogue.placed.facts(&benefit.id).iter();
    let facts: Vec<_> = facts
        .filter(|name| !name.starts_with("claim.") && !name.starts_with("region."))
        .filter_map(|name| dictionary.fact(name))
        .collect();
    let registers: BTreeSet<&str> = facts.iter().map(|fact| fact.register.as_str()).collect();
    let line = |register: &&str| {
        let own = facts
            .iter()
            .filter(|fact| fact.register == *register)
            .map(|fact| fact.label.as_str());
        format!("{register}：{}", own.collect::<Vec<_>>().join("、"))
    };
    registers.iter().map(line).collect()
}

fn terms(app: &App, benefit: &Benefit) -> Terms {
    let catalogue = &app.catalogue;
    let mut pairs = vec![
        ("享受对象".to_owned(), payee_label(&benefit.payee).to_owned()),
        ("经办和发放".to_owned(), channel_label(&benefit.channel).to_owned()),
        ("资金渠道".to_owned(), fund(app, benefit)),
    ];
    for share in &benefit.shares {
        let parts: Vec<String> = share
            .parts
            .iter()
            .map(|part| {
                let percent = formula::percent(part.part);
                format!("{}{percent}", level_label(&part.level))
            })
            .collect();
        let day = |word: &str, day: Option<civil::Day>| day.map(|day| format!("{word}{}", day.chinese()));
        let days = [day("自", share.from), day("至", share.to)]
            .into_iter()
            .flatten()
            .collect::<String>();
        let days = if days.is_empty() { days } else { format!("（{days}）") };
        pairs.push(("各级分担".to_owned(), format!("{}{days}", parts.join("，"))));
    }
    let day = |day: Option<civil::Day>, none: &str| day.map_or_else(|| none.to_owned(), civil::Day::chinese);
    if let Some(window) = &benefit.effective {
        let on = formula::in_words(catalogue, &window.on);
        let span = format!(
            "{}至{}（按{on}判断）",
            day(window.from, "即日起"),
            day(window.to, "另有规定时止")
        );
        pairs.push(("实施期限".to_owned(), span));
    }
    if let Some(window) = &benefit.claim_until {
        pairs.push(("申领截止日".to_owned(), day(window.to, NOT_STATED)));
    } else {
        pairs.push(("申领截止日".to_owned(), NOT_STATED.to_owned()));
    }
    if let Some(notice) = &benefit.notice {
        let days = notice
            .days
            .map(|days| format!("，{days}个{}", if notice.working { "工作日" } else { "日" }));
        pairs.push((
            "公示".to_owned(),
            format!("{}{}", notice.basis, days.unwrap_or_default()),
        ));
    }
    pairs.push(("申领材料".to_owned(), format!("{NOT_STATED}，以经办机构的办事指南为准")));
    pairs.push(("到哪里办".to_owned(), units(app, benefit)));
    pairs.push(("咨询电话".to_owned(), NOT_STATED.to_owned()));
    pairs.push(("依据".to_owned(), basis(app, benefit)));
    Terms { pairs }
}

fn fund(app: &App, benefit: &Benefit) -> String {
    let id = benefit
        .fund
        .as_ref()
        .map(|fund| fund.as_str())
        .filter(|id| *id != NO_FUND);
    let name = id.map(|id| app.catalogue.funds.0.get(id).map_or(id, |fund| fund.name.as_str()));
    name.unwrap_or(NOT_STATED).to_owned()
}

/// The units to which the document gives this item: whom to ask. It names no counter.
fn units(app: &App, benefit: &Benefit) -> String {
    let pack = app.catalogue.library.packs.get(&benefit.cite.document);
    let tasks = pack.into_iter().flat_map(|pack| &pack.tasks);
    let own = tasks.filter(|task| task.no == *benefit.cite.item || *task.id == *benefit.cite.item);
    let mut names: Vec<String> = Vec::new();
    for (role, word) in [(Role::Lead, "牵头"), (Role::Responsible, "责任")] {
        for assignment in own
            .clone()
            .flat_map(|task| task.units(role))
            .filter(|one| !one.inherited)
        {
            let name = format!("{}（{word}单位）", *assignment.unit);
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    if names.is_empty() {
        return format!("{NOT_STATED}办理窗口，请向当地人力资源社会保障部门询问");
    }
    format!("{NOT_STATED}办理窗口；文件把这一项交给{}，可向其询问", names.join("、"))
}

fn basis(app: &App, benefit: &Benefit) -> String {
    let pack = app.catalogue.library.packs.get(&benefit.cite.document);
    let title = pack
        .map(|pack| format!("《{}》", pack.policy.title))
        .unwrap_or_default();
    let number = pack.and_then(|pack| pack.policy.number.clone());
    let number = number.map_or_else(|| "（文号原文未载明）".to_owned(), |number| format!("（{number}）"));
    format!("{title}{number}第{}项", *benefit.cite.item)
}
