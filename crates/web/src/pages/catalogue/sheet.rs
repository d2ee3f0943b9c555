//! One benefit as a 告知单: for whom, how much, who pays, until when, where it stands. Only what the packs say; what they
//! do not say is told as such.

use std::collections::BTreeSet;

use civil::Money;
use document::Role;
use policy::benefit::{Amount, Benefit, Expression, HistoryWindow, Open, StagePart, Staging, Window};
use policy::fund::NOT_STATED as NO_FUND;
use policy::parameter::{Parameter, Scalar};
use rules::benefit::{Origin, Version};
use rules::decision::{cited, document, handling, level_label, payee_label, set_by};
use rules::difference::scalar_in_series;
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
    let unsaid = |open: &Open| format!("{}：{}，本系统尚未收录。", open.what, set_by(&open.set_by));
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
                policy::item::words(&condition.cite.item)
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
        lines.extend(amount_lines(amount, &words, &|expression| {
            by_what(app, benefit, expression)
        }));
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
        lines.extend(stage_lines(staging, &words));
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

/// Each stage with its part: of what was estimated, or the rest.
fn stage_lines(staging: &Staging, words: &impl Fn(&Expression) -> String) -> Vec<String> {
    let estimate = words(&staging.estimate);
    let stage = |stage: &policy::benefit::Stage| {
        let within = stage.within_working_days;
        let within = within.map(|days| format!("，{days}个工作日内")).unwrap_or_default();
        let part = match stage.part {
            StagePart::OfEstimate(WHOLE) => format!("拨付数：{estimate}"),
            StagePart::OfEstimate(share) => format!("拨付{estimate}的{}", formula::percent(share)),
            StagePart::Rest => format!("拨付余款（{}减去已拨付的）", words(&staging.actual)),
        };
        format!("分次拨付：{}{within}，{part}", stage.event)
    };
    let recovery = staging.recovery.iter();
    let recovery = recovery.map(|recovery| format!("收回：{}", recovery.event));
    staging.stages.iter().map(stage).chain(recovery).collect()
}

/// All of an estimate, in millionths.
const WHOLE: i128 = 1_000_000;

/// What a standard is for: 每招用1人, 每人每年. Nothing of what is reckoned from the case itself, which names what it is for,
/// nor of what another document has yet to set, which may set it for something else.
fn by_what(app: &App, benefit: &Benefit, expression: &Expression) -> String {
    let parameters = &app.catalogue.vocabulary.parameters;
    let is_set = |id: &String| parameters.get(id).is_some_and(|one| !one.values.is_empty());
    if !formula::is_standard(expression) || !formula::parameters(expression).iter().all(is_set) {
        return String::new();
    }
    let what = match (benefit.per.as_str(), benefit.payee.as_str()) {
        ("employment", "person") => "每人",
        ("employment", _) => "每招用1人",
        ("placement", _) => "每介绍1人",
        ("internship", _) => "每名见习人员",
        ("startup", "founder" | "person")
        | ("person" | "unemployment" | "training" | "post" | "contribution-month", _) => "每人",
        ("startup", _) => "每个创业主体",
        ("household", _) => "每户",
        ("employer", _) => "每个单位",
        ("institution", _) => "每个机构",
        ("loan", _) => "每笔贷款",
        _ => "",
    };
    let by_year = benefit
        .once
        .as_ref()
        .is_some_and(|once| matches!(once.window, HistoryWindow::Year(_)));
    let period = match (benefit.monthly, by_year) {
        (true, _) => "每月",
        (false, true) => "每年",
        (false, false) => "",
    };
    format!("（{what}{period}）").replace("（）", "")
}

fn amount_lines(
    amount: &Amount,
    words: &impl Fn(&Expression) -> String,
    by: &impl Fn(&Expression) -> String,
) -> Vec<String> {
    let mut lines = Vec::new();
    let standard = |expression: &Expression| format!("{}{}", words(expression), by(expression));
    lines.extend(amount.is.as_ref().map(standard));
    if let Some((monthly, months)) = &amount.monthly {
        let months = months.as_ref().map(|months| format!("；月数：{}", words(months)));
        lines.push(format!("每月：{}{}", standard(monthly), months.unwrap_or_default()));
    }
    lines.extend(
        amount
            .tiers
            .iter()
            .map(|tier| format!("{}：{}", tier.text, standard(&tier.is))),
    );
    lines.extend(
        amount
            .exceptions
            .iter()
            .map(|tier| format!("{}的：{}", tier.text, standard(&tier.is))),
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
        .map(|parameter| Standard {
            name: parameter.name.clone(),
            set_by: set_by(&parameter.set_by),
            values: values(app, parameter, &lineage),
        })
        .collect()
}

/// The value in force on the page's day, the one before it and the one after it, the latest first. What an office publishes
/// later than that day is not known on it; what a document sets for later days is.
fn values(app: &App, parameter: &Parameter, lineage: &[String]) -> Vec<(String, String, String)> {
    let today = app.today();
    let fits = |value: &&policy::parameter::Value| match &value.pack {
        Some(pack) => lineage.contains(pack),
        None => value.known_from <= today,
    };
    let mut values: Vec<_> = parameter.values.iter().filter(fits).collect();
    values.sort_by_key(|value| (value.from, value.known_from));
    let last = |value: &policy::parameter::Value| {
        let next = values
            .iter()
            .filter(|other| other.pack == value.pack && other.from > value.from);
        let replaced = next.map(|other| other.from).min().and_then(|from| from.add_days(-1));
        value.to.or(replaced)
    };
    let now = parameter.on(today, lineage, app.catalogue.latest_known().max(today));
    let is_now = |value: &policy::parameter::Value| now.is_some_and(|now| std::ptr::eq(now, value));
    let first = match values.iter().position(|value| is_now(value)) {
        Some(at) => at.saturating_sub(1),
        None => values.len().saturating_sub(3),
    };
    let shown = values.iter().skip(first).take(3).rev();
    shown
        .map(|value| {
            let mark = if is_now(value) { "现行，" } else { "" };
            let to = last(value).map_or_else(String::new, |to| format!("至{}", to.chinese()));
            let days = format!("{mark}自{}{to}", value.from.chinese());
            (value_words(app, parameter, &value.is), days, source(app, &value.source))
        })
        .collect()
}

fn source(app: &App, source: &policy::parameter::Source) -> String {
    let clause = match (&source.document, &source.item) {
        (Some(id), Some(item)) => Some(format!("{}{}", document(&app.catalogue, id), policy::item::words(item))),
        (Some(id), None) => Some(document(&app.catalogue, id)),
        (None, _) => None,
    };
    let parts: Vec<String> = clause.into_iter().chain(source.text.clone()).collect();
    parts.join("；")
}

fn value_words(app: &App, parameter: &Parameter, value: &Scalar) -> String {
    match value {
        Scalar::Int(number) => number.to_string(),
        Scalar::Fen(fen) => Money::from_fen(*fen).short(),
        Scalar::Decimal(_) => scalar_in_series(parameter, value),
        Scalar::Code(_) | Scalar::Flag(_) | Scalar::Date(_) => crate::pages::parameters::words(app, parameter, value),
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
        ("经办和发放".to_owned(), handler(app, benefit)),
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
    if let Some(window) = &benefit.effective {
        let on = formula::in_words(catalogue, &window.on);
        pairs.push(("实施期限".to_owned(), format!("{}；按{on}判断", span(window))));
    }
    let last = benefit.claim_until.as_ref().and_then(|window| window.to);
    let last = last.map_or_else(|| NOT_STATED.to_owned(), civil::Day::chinese);
    pairs.push(("申领截止日".to_owned(), last));
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

/// The days of a window as far as the document gives them.
fn span(window: &Window) -> String {
    match (window.from, window.to) {
        (Some(from), Some(to)) => format!("{}至{}", from.chinese(), to.chinese()),
        (Some(from), None) => format!("自{}起（截止日{NOT_STATED}）", from.chinese()),
        (None, Some(to)) => format!("至{}（起始日{NOT_STATED}）", to.chinese()),
        (None, None) => NOT_STATED.to_owned(),
    }
}

/// Who handles and pays; of another department, which one leads the item, and which one of it is the finance office.
fn handler(app: &App, benefit: &Benefit) -> String {
    let way = handling(benefit);
    if benefit.channel != "other-department" {
        return way.to_owned();
    }
    let mut named: Vec<String> = Vec::new();
    for (role, word) in [(Role::Lead, "牵头"), (Role::Support, "配合")] {
        let units = units_of(app, benefit, role);
        let units = units.iter().filter(|unit| role == Role::Lead || unit.contains("财政"));
        named.extend(units.map(|unit| format!("{unit}（{word}单位）")));
    }
    if named.is_empty() {
        way.to_owned()
    } else {
        format!("{way}，文件写明的是{}", named.join("、"))
    }
}

/// The units that the document names for this item in a role.
fn units_of(app: &App, benefit: &Benefit, role: Role) -> Vec<String> {
    let pack = app.catalogue.library.packs.get(&benefit.cite.document);
    let tasks = pack.into_iter().flat_map(|pack| &pack.tasks);
    let own = tasks.filter(|task| task.no == *benefit.cite.item || *task.id == *benefit.cite.item);
    let mut names: Vec<String> = Vec::new();
    for assignment in own.flat_map(|task| task.units(role)).filter(|one| !one.inherited) {
        if !names.contains(&assignment.unit) {
            names.push(assignment.unit.to_string());
        }
    }
    names
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
    let mut names: Vec<String> = Vec::new();
    for (role, word) in [(Role::Lead, "牵头"), (Role::Responsible, "责任")] {
        let units = units_of(app, benefit, role);
        names.extend(units.iter().map(|unit| format!("{unit}（{word}单位）")));
    }
    if names.is_empty() {
        return format!("{NOT_STATED}办理窗口，请向当地人力资源社会保障部门询问");
    }
    format!("{NOT_STATED}办理窗口；文件把这一项交给{}，可向其询问", names.join("、"))
}

fn basis(app: &App, benefit: &Benefit) -> String {
    let pack = app.catalogue.library.packs.get(&benefit.cite.document);
    let title = pack.map(|pack| pack.policy.titled()).unwrap_or_default();
    let number = pack.and_then(|pack| pack.policy.number.clone());
    let number = number.map_or_else(|| "（文号原文未载明）".to_owned(), |number| format!("（{number}）"));
    format!("{title}{number}{}", policy::item::words(&benefit.cite.item))
}
