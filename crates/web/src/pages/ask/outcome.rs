//! The result as a citizen reads it: what they may have, what must still be looked at, what is not for them and why.

use civil::Money;
use rules::catalogue::Catalogue;
use rules::decision::{Decision, Missing, cited};
use rules::entitlement::{Entitlement, Standing};
use rules::interview::{Answers, Step};

use crate::address::encoded;
use crate::parts::{Light, Tone};

/// Benefits of one standing.
pub(super) struct Group {
    pub(super) title: &'static str,
    /// What the heading means for the reader.
    pub(super) note: &'static str,
    /// Shown unfolded.
    pub(super) is_open: bool,
    pub(super) items: Vec<Item>,
}

/// One benefit.
pub(super) struct Item {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) light: Light,
    /// What it comes to; empty where nothing can be said.
    pub(super) sum: String,
    /// Document and item.
    pub(super) source: String,
    pub(super) lines: Vec<Line>,
}

/// What is said of a benefit; where there are several parts, each is a line of its own beneath it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) parts: Vec<String>,
}

impl Line {
    fn plain(text: String) -> Self {
        Self {
            text,
            parts: Vec::new(),
        }
    }

    /// One part stands behind the words, several beneath them.
    fn of(head: &str, mut parts: Vec<String>) -> Option<Self> {
        match parts.len() {
            0 => None,
            1 => parts.pop().map(|part| Self::plain(format!("{head}{part}"))),
            _ => Some(Self {
                text: head.to_owned(),
                parts,
            }),
        }
    }
}

/// How a benefit stands for a citizen.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Face {
    Eligible,
    Possible,
    Power,
    Ineligible,
    Expired,
}

const GROUPS: [(Face, &str, &str, bool); 5] = [
    (
        Face::Eligible,
        "初步符合",
        "按您的回答，申领条件都符合。请带材料到经办机构申领。",
        true,
    ),
    (
        Face::Possible,
        "可能符合，还需核实",
        "没有发现不符合的条件，但有的情况要由您补充，有的要由经办机构核实，有的标准还没有收录。",
        true,
    ),
    (
        Face::Power,
        "是否给予，由有关部门另行规定",
        "文件只要求或允许有关部门去做，没有直接规定给谁，不能据此申领。请向经办机构询问本地规定。",
        false,
    ),
    (
        Face::Ineligible,
        "暂不符合",
        "按您的回答，有申领条件不符合。情况变化后可以再查。",
        false,
    ),
    (Face::Expired, "已到期", "政策的期限已过，不是您不符合。", false),
];

/// The groups that have something in them.
pub(super) fn groups(catalogue: &Catalogue, step: &Step, answers: &Answers) -> Vec<Group> {
    let of = |face: Face| {
        let those = step.entitlements.iter().filter(move |one| face_of(one) == face);
        those.map(|one| item(catalogue, one, face, answers)).collect::<Vec<_>>()
    };
    GROUPS
        .iter()
        .map(|(face, title, note, is_open)| Group {
            title,
            note,
            is_open: *is_open,
            items: of(*face),
        })
        .filter(|group| !group.items.is_empty())
        .collect()
}

/// So far: 初步符合 1 项，可能符合 5 项 …
pub(super) fn in_short(step: &Step) -> String {
    let counts = GROUPS.iter().filter_map(|(face, title, ..)| {
        let count = step.entitlements.iter().filter(|one| face_of(one) == *face).count();
        (count > 0).then(|| format!("{title} {count} 项"))
    });
    counts.collect::<Vec<_>>().join("；")
}

fn face_of(one: &Entitlement) -> Face {
    match one.standing {
        Standing::Eligible => Face::Eligible,
        Standing::Undetermined | Standing::NoInformation => Face::Possible,
        Standing::Discretionary | Standing::Directive => Face::Power,
        Standing::Ineligible => Face::Ineligible,
        Standing::Expired => Face::Expired,
    }
}

fn item(catalogue: &Catalogue, one: &Entitlement, face: Face, answers: &Answers) -> Item {
    let decision = &one.decision;
    let benefit = catalogue.benefits.versions(&decision.benefit).first();
    let (tone, word) = match face {
        Face::Eligible => (Tone::Good, "初步符合"),
        Face::Possible => (Tone::Warn, "需核实"),
        Face::Power => (Tone::Mute, "另行规定"),
        Face::Ineligible => (Tone::Plain, "暂不符合"),
        Face::Expired => (Tone::Mute, "已到期"),
    };
    Item {
        name: decision.name.clone(),
        href: format!("/catalogue/{}", encoded(&decision.benefit)),
        light: Light::new(tone, word),
        sum: match face {
            Face::Eligible | Face::Possible => sum(decision),
            Face::Power | Face::Ineligible | Face::Expired => String::new(),
        },
        source: benefit.map_or_else(String::new, |benefit| cited(catalogue, &benefit.cite)),
        lines: lines(catalogue, one, face, answers),
    }
}

/// What it comes to, as far as that is known.
fn sum(decision: &Decision) -> String {
    let yuan = |fen: i64| Money::from_fen(fen).short();
    if let Some(loan) = decision.loan.as_ref().and_then(|loan| loan.limit_fen) {
        return format!("最高可贷 {}", yuan(loan));
    }
    let months = decision
        .months
        .map(|months| format!("，{months} 个月"))
        .unwrap_or_default();
    match (decision.amount_fen, decision.monthly_fen) {
        (Some(amount), Some(monthly)) if amount != monthly => {
            format!("约 {}（每月 {}{months}）", yuan(amount), yuan(monthly))
        }
        (Some(amount), Some(_)) => format!("约每月 {}", yuan(amount)),
        (Some(amount), None) => format!("约 {}", yuan(amount)),
        (None, Some(monthly)) => format!("约每月 {}", yuan(monthly)),
        (None, None) => String::new(),
    }
}

fn lines(catalogue: &Catalogue, one: &Entitlement, face: Face, answers: &Answers) -> Vec<Line> {
    let decision = &one.decision;
    let mut lines = match face {
        Face::Expired => {
            let day = one.expired_on.map(|day| format!("已到期（截止日{}）", day.chinese()));
            day.map(Line::plain).into_iter().collect()
        }
        Face::Ineligible => refused(catalogue, decision),
        Face::Eligible => Vec::new(),
        Face::Possible | Face::Power => missing(catalogue, decision, answers),
    };
    if decision.payee == "host" && matches!(face, Face::Eligible | Face::Possible) {
        lines.push(Line::plain("补贴发给见习单位，由见习单位申领。".to_owned()));
    }
    if face == Face::Ineligible || face == Face::Possible {
        let soon = rules::decision::soon(catalogue, decision);
        lines.extend(soon.map(|soon| Line::plain(format!("{soon}。"))));
    }
    if matches!(face, Face::Eligible | Face::Possible) {
        let open = decision.readings.iter().filter(|(.., confirmed)| !confirmed).count();
        if open > 0 {
            lines.push(Line::plain(format!("另有 {open} 处口径待确认，见政策页。")));
        }
    }
    lines
}

/// The first condition that does not hold, with its clause.
fn refused(catalogue: &Catalogue, decision: &Decision) -> Vec<Line> {
    let failing = decision
        .conditions
        .iter()
        .filter(|condition| condition.result == Some(false));
    let line = |condition: &rules::decision::ConditionResult| {
        Line::plain(format!(
            "不符合：{}（{}）",
            condition.text,
            cited(catalogue, &condition.cite)
        ))
    };
    failing.map(line).take(3).collect()
}

/// What is missing, by who can say it: the citizen, an office, or a document.
fn missing(catalogue: &Catalogue, decision: &Decision, answers: &Answers) -> Vec<Line> {
    let dictionary = &catalogue.vocabulary.dictionary;
    let (mut own, mut office, mut documents) = (Vec::new(), Vec::new(), Vec::new());
    for missing in &decision.missing {
        match missing {
            Missing::Fact(name) => match dictionary.fact(name) {
                Some(fact) if fact.question.is_some() && answers.unsure.contains(name) => own.push(fact.label.clone()),
                // What was not asked yet stands in the next questions.
                Some(fact) if fact.question.is_some() => {}
                Some(fact) => office.push(format!("{}（来源：{}）", fact.label, fact.register)),
                None => office.push("享受记录".to_owned()),
            },
            Missing::Parameter(id, set_by) => {
                let parameter = catalogue.vocabulary.parameters.get(id);
                let what = parameter.map_or(id.as_str(), |parameter| parameter.name.as_str());
                documents.push(format!("{what}{}", rules::decision::set_by(set_by)));
            }
            Missing::Document(..) => documents.push("所依据的文件当日尚未发布".to_owned()),
        }
    }
    let list = [
        (own, "请您补充："),
        (office, "需经办机构核实："),
        (documents, "标准尚未收录："),
    ];
    list.into_iter()
        .filter_map(|(parts, head)| Line::of(head, parts))
        .collect()
}
