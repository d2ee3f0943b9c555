//! The decision in plain Chinese, for an officer.

use policy::benefit::{Benefit, Citation, Kind};
use policy::fact::{FactType, WhenAbsent};
use serde_json::Value;

use super::{ConditionResult, Decision, Missing, Outcome, Reason};
use crate::catalogue::Catalogue;

/// The words of a channel.
const CHANNELS: &[(&str, &str)] = &[
    ("hr-budget", "人社审核、财政支付"),
    ("ui-fund", "失业保险基金"),
    ("collection", "征收时减免，名单推送税务、医保，不发放资金"),
    ("bank", "银行"),
    ("landlord", "出租方、供应方"),
    ("civil-affairs", "转介民政"),
    ("other-department", "转其他部门"),
    ("intergovernmental", "政府间"),
];

/// The words of a payee.
const PAYEES: &[(&str, &str)] = &[
    ("employer", "用人单位"),
    ("host", "见习单位"),
    ("founder", "创业者"),
    ("person", "个人"),
    ("household", "家庭"),
    ("training-institution", "培训机构"),
    ("hr-agency", "人力资源服务机构"),
    ("park", "园区"),
    ("post-unit", "用岗单位"),
    ("bank", "银行"),
    ("borrower", "借款人"),
    ("guarantee-institution", "担保机构"),
    ("guarantee-fund", "担保基金"),
    ("medical-insurance", "医保经办机构"),
    ("government", "地方政府"),
    ("n/s", "原文未载明"),
];

/// The words of a level of government.
const LEVELS: &[(&str, &str)] = &[
    ("centre", "中央"),
    ("province", "省"),
    ("city", "市"),
    ("county", "县"),
    ("city-county", "市县"),
];

fn word<'w>(words: &[(&'static str, &'w str)], id: &'w str) -> &'w str {
    words
        .iter()
        .find(|(known, _)| *known == id)
        .map_or(id, |(_, word)| word)
}

/// A level of government on screen.
pub fn level_label(level: &str) -> &str {
    word(LEVELS, level)
}

/// Who is paid or relieved, on screen.
pub fn payee_label(payee: &str) -> &str {
    word(PAYEES, payee)
}

/// By which way, on screen.
pub fn channel_label(channel: &str) -> &str {
    word(CHANNELS, channel)
}

/// Who handles a benefit and by which way it is given: the channel, told apart where one word would say too much. Not all
/// that is settled with contributions and taxes is a reduction, and a service pays nothing.
pub fn handling(benefit: &Benefit) -> &str {
    match (benefit.channel.as_str(), benefit.kind) {
        ("collection", Kind::Relief) => word(CHANNELS, "collection"),
        ("collection", _) => "参保缴费、申报纳税时办理，不是减免，也不发放资金",
        ("hr-budget", Kind::Service) => "人力资源社会保障部门办理，不发放资金",
        ("other-department", Kind::Service) => "由有关部门办理，不发放资金",
        ("other-department", _) => "转其他部门办理",
        (channel, _) => word(CHANNELS, channel),
    }
}

/// Who should say something that is open: 由省人民政府规定; a document that is itself a 规定 makes it 明确.
pub fn set_by(who: &str) -> String {
    let name = who.split_once('（').map_or(who, |(name, _)| name);
    let verb = if name.ends_with("规定") { "明确" } else { "规定" };
    format!("由{who}{verb}")
}

/// The decision as lines of plain Chinese.
pub fn explain(catalogue: &Catalogue, decision: &Decision) -> Vec<String> {
    let mut lines = vec![format!("{}（{}）", decision.name, decision.benefit)];
    lines.push(format!("系统预审结果：{}", decision.outcome.label()));
    lines.push(format!(
        "判断日：{}；所用文件、标准和数据截至：{}",
        decision.as_of, decision.known_on
    ));
    lines.extend(due(catalogue, decision));
    lines.push("申领条件：".to_owned());
    for condition in &decision.conditions {
        // 符合 is as wide as the three characters of the others.
        let mark = match mark(condition) {
            "符合" => "符合  ",
            mark => mark,
        };
        let facts: Vec<String> = condition
            .facts
            .iter()
            .map(|(name, value)| fact_of(catalogue, condition, name, value))
            .collect();
        let facts = if facts.is_empty() {
            String::new()
        } else {
            format!("（{}）", facts.join("；"))
        };
        let cited = cited(catalogue, &condition.cite);
        lines.push(format!("  {mark} {}{facts}〔{cited}〕", condition.text));
    }
    lines.extend(beside(catalogue, decision));
    lines.push(FOR_REFERENCE.to_owned());
    lines
}

/// What must stand by every result that was computed.
pub const FOR_REFERENCE: &str = "测算结果仅供参考，以经办机构审核为准。";

/// How a condition stands, in a word.
pub fn mark(condition: &ConditionResult) -> &'static str {
    match condition.result {
        Some(false) if condition.closed.is_some() => "已到期",
        Some(true) => "符合",
        Some(false) => "不符合",
        None => "待核实",
    }
}

/// What is due to whom by which way, and why it is not settled where it is not.
pub fn due(catalogue: &Catalogue, decision: &Decision) -> Vec<String> {
    let mut lines = money(catalogue, decision);
    lines.extend(reason(decision));
    lines
}

/// What else is said of a decision: what is missing, stages, shares, readings, what was assumed, from when it may hold.
pub fn beside(catalogue: &Catalogue, decision: &Decision) -> Vec<String> {
    // What would still be unknown makes no difference to a case that a condition has refused.
    let mut lines = match decision.outcome {
        Outcome::Ineligible => Vec::new(),
        Outcome::Eligible | Outcome::Undetermined => missing(catalogue, decision),
    };
    lines.extend(stages(decision));
    lines.extend(shares(decision));
    for (id, text, confirmed) in &decision.readings {
        let status = if *confirmed {
            "口径已确认"
        } else {
            "口径待确认"
        };
        lines.push(format!("{status}：{text}（{id}）"));
    }
    if decision.assumed.iter().any(|assumed| assumed == "history") {
        lines.push("未提供享受记录，按从未享受判断。".to_owned());
    }
    lines.extend(super::soon(catalogue, decision).map(|line| format!("{line}。")));
    lines
}

/// A clause as it is cited on screen: 鞍促就组发〔2020〕3号第二项.
pub fn cited(catalogue: &Catalogue, cite: &Citation) -> String {
    format!(
        "{}{}",
        document(catalogue, &cite.document),
        policy::item::words(&cite.item)
    )
}

/// The number of a document, or its title where it has none.
pub fn document(catalogue: &Catalogue, id: &str) -> String {
    match catalogue.library.packs.get(id) {
        Some(pack) => pack.policy.number.clone().unwrap_or_else(|| pack.policy.titled()),
        None => id.to_owned(),
    }
}

/// Fen as yuan.
fn yuan(fen: i64) -> String {
    civil::Money::from_fen(fen).to_string()
}

fn money(catalogue: &Catalogue, decision: &Decision) -> Vec<String> {
    let mut lines = Vec::new();
    if decision.outcome != Outcome::Ineligible {
        let payee = word(PAYEES, &decision.payee);
        let benefit = catalogue.benefits.versions(&decision.benefit).first();
        let channel = benefit.map_or_else(|| word(CHANNELS, &decision.channel), handling);
        if let Some(amount) = decision.amount_fen {
            let what = match (decision.channel.as_str(), decision.outcome) {
                ("collection", Outcome::Eligible) => "减免金额",
                ("collection", _) => "核实后可减免",
                (_, Outcome::Eligible) => "金额",
                _ => "核实后金额",
            };
            lines.push(format!("{what}：{}（对象：{payee}；渠道：{channel}）", yuan(amount)));
        } else if has_amount(catalogue, decision) {
            lines.push(format!("金额：未定（对象：{payee}；渠道：{channel}）"));
        } else {
            lines.push(format!("对象：{payee}；渠道：{channel}"));
        }
    }
    if let Some(months) = decision.months {
        lines.push(format!("月数：{months}个月"));
    }
    for (_, name, amount) in &decision.breakdown {
        lines.push(format!("  {name}：{}", yuan(*amount)));
    }
    if let Some(loan) = &decision.loan {
        let parts = [
            loan.limit_fen.map(|limit| format!("最高额度{}", yuan(limit))),
            loan.rate_ceiling
                .as_ref()
                .map(|rate| format!("利率上限{}", percent(rate))),
            loan.borrower_rate
                .as_ref()
                .map(|rate| format!("个人承担{}", percent(rate))),
            loan.subsidy_rate
                .as_ref()
                .map(|rate| format!("财政贴息{}", percent(rate))),
            loan.term_months.map(|months| format!("期限{months}个月")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        lines.push(format!(
            "贷款：{}",
            if parts.is_empty() {
                "条件未定".to_owned()
            } else {
                parts.join("，")
            }
        ));
    }
    lines
}

/// True where the benefit is money that its file computes; a service, a list or a relief without a stated sum is not.
fn has_amount(catalogue: &Catalogue, decision: &Decision) -> bool {
    let versions = catalogue.benefits.versions(&decision.benefit).iter();
    versions.into_iter().any(|benefit| {
        benefit.amount.is_some() || benefit.credit.is_some() || benefit.award.is_some() || benefit.staging.is_some()
    })
}

/// A share of one as a percentage.
fn percent(decimal: &str) -> String {
    match policy::parameter::millionths(decimal) {
        Some(millionths) => format!("{}%", super::account::decimal_text(millionths, 4)),
        None => decimal.to_owned(),
    }
}

fn reason(decision: &Decision) -> Option<String> {
    let places = decision.places.join("；");
    Some(match decision.reason? {
        Reason::Conflict => format!("待核实原因：两条例外规定同时成立，规则冲突，请核对：{places}"),
        Reason::Arithmetic => {
            format!("待核实原因：计算无法得出结果（除数为零、数值超出范围或金额为负），请核对：{places}")
        }
        Reason::Discretionary => "待核实原因：原文只赋予裁量权，尚无有权决定的部门的规定。".to_owned(),
        Reason::Directive => "待核实原因：原文要求另行落实，须依据具体规定办理。".to_owned(),
        Reason::Delegated => "待核实原因：部分条件或标准由未收录的文件规定。".to_owned(),
        Reason::Document => "待核实原因：所定日期前尚无此政策文件。".to_owned(),
        Reason::Fact | Reason::Parameter => "待核实原因：所需信息项或政策标准不全。".to_owned(),
    })
}

/// What is missing, a line each.
pub fn missing(catalogue: &Catalogue, decision: &Decision) -> Vec<String> {
    let mut lines = Vec::new();
    for missing in &decision.missing {
        lines.push(match missing {
            Missing::Fact(name) => match catalogue.vocabulary.dictionary.fact(name) {
                Some(fact) => format!("需补充：{}（{name}），来源：{}", fact.label, fact.register),
                None => format!("需补充：{name}"),
            },
            Missing::Parameter(id, set_by) => match catalogue.vocabulary.parameters.get(id) {
                Some(parameter) => format!("政策标准未定：{}（${id}），应{}", parameter.name, self::set_by(set_by)),
                None => format!("尚缺规定：{id}，应{}", self::set_by(set_by)),
            },
            Missing::Document(pack, from) => {
                format!("{}自{from}起方可知", document(catalogue, pack))
            }
        });
    }
    lines
}

fn stages(decision: &Decision) -> Vec<String> {
    let mut lines = Vec::new();
    for stage in &decision.stages {
        let amount = match stage.amount_fen {
            Some(amount) if amount < 0 => format!("收回{}", yuan(amount.saturating_neg())),
            Some(amount) => yuan(amount),
            None => "待结算".to_owned(),
        };
        let within = stage
            .within_working_days
            .map_or_else(String::new, |days| format!("，{days}个工作日内"));
        lines.push(format!("分次拨付：{}{within}，{amount}", stage.event));
    }
    lines
}

fn shares(decision: &Decision) -> Vec<String> {
    let part = |share: &super::ShareAmount| format!("{}{}", word(LEVELS, &share.level), yuan(share.amount_fen));
    if decision.shares.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "分级承担：{}",
        decision.shares.iter().map(part).collect::<Vec<_>>().join("，")
    )]
}

/// A fact of a condition as [`fact`] says it; where its register was asked and holds nothing, what was taken for it.
pub fn fact_of(catalogue: &Catalogue, condition: &ConditionResult, name: &str, value: &Value) -> String {
    let known = catalogue.vocabulary.dictionary.fact(name);
    let Some(known) = known.filter(|_| condition.absent.iter().any(|absent| absent == name)) else {
        return fact(catalogue, name, value);
    };
    let taken = match known.when_absent {
        WhenAbsent::No => "登记中没有，按“否”",
        WhenAbsent::Zero => "登记中没有，按0",
        WhenAbsent::None => "登记中没有",
        WhenAbsent::Unknown => "无数据",
    };
    format!("{}：{taken}", known.label)
}

/// A fact with its label and value, as a clerk would say it.
pub fn fact(catalogue: &Catalogue, name: &str, value: &Value) -> String {
    let vocabulary = &catalogue.vocabulary;
    let Some(fact) = vocabulary.dictionary.fact(name) else {
        return history(catalogue, name, value);
    };
    let shown = match (&fact.kind, value) {
        (_, Value::Null) => "无数据".to_owned(),
        (FactType::Bool, Value::Bool(flag)) => if *flag { "是" } else { "否" }.to_owned(),
        (FactType::Fen, Value::Number(fen)) => fen.as_i64().map_or_else(|| fen.to_string(), yuan),
        (FactType::Code(list), Value::String(code)) => {
            let label = vocabulary
                .dictionary
                .list(list)
                .and_then(|list| list.find(code))
                .map(|code| code.label.clone());
            label.unwrap_or_else(|| code.clone())
        }
        // A decimal without a unit is a rate.
        (FactType::Decimal, Value::String(text)) if fact.unit.is_none() => percent(text),
        (FactType::Region, Value::String(text)) => place(catalogue, text),
        (_, Value::String(text)) => text.clone(),
        (_, other) => other.to_string(),
    };
    let unit = if value.is_null() {
        ""
    } else {
        fact.unit.as_deref().unwrap_or_default()
    };
    format!("{}：{shown}{unit}", fact.label)
}

/// A region by its name, its code behind it.
fn place(catalogue: &Catalogue, code: &str) -> String {
    match catalogue.library.regions.get(code) {
        Some(region) => format!("{}（{code}）", region.name),
        None => code.to_owned(),
    }
}

/// A count from the history.
fn history(catalogue: &Catalogue, name: &str, value: &Value) -> String {
    let parts: Vec<&str> = name.split('.').collect();
    // Several benefits may count together; two of one name are named once.
    let mut names: Vec<&str> = Vec::new();
    for id in parts.get(1).copied().unwrap_or_default().split('+') {
        let name = catalogue
            .benefits
            .versions(id)
            .first()
            .map_or(id, |benefit| benefit.name.as_str());
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let label = names.join("、");
    let unit = match parts.get(3).copied() {
        Some("months") => "个月",
        Some("amount_fen") => "分",
        _ => "次",
    };
    let shown = if value.is_null() {
        "无数据".to_owned()
    } else {
        format!("{value}{unit}")
    };
    format!("已享受“{label}”：{shown}")
}
