//! One row of a run with its reasons: each condition, the facts it looked at, the clause it stands in. What `leye explain`
//! prints. The address holds the row's number in the run, which says nothing of whom it is about.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use rules::catalogue::Catalogue;
use rules::decision::{self, ConditionResult, Decision, FOR_REFERENCE, Outcome};
use screening::checks::hits::{Hit, by_subject};
use screening::lists::{self, A_QUESTION, keys_of_hits, related, town};
use screening::rows::{Listed, Rows};
use screening::words::{covered, version};
use screening::{Explained, Explainer};

use super::benefit::{benefit_of, check_label, doubts, masked};
use super::{at_home, beneath_run, benefit_href, clause_href, run_of, yuan};
use crate::error::Error;
use crate::form::Form;
use crate::layout::{Layout, page};
use crate::parts::{Light, Notice, Terms, Tone};
use crate::screenings::Run;
use crate::table::{Cell, Column, Listing, Table};
use crate::visit::Visit;

/// Longest mark of a row, in characters: three keys and a date are shorter.
const LONGEST_KEY: usize = 200;

#[derive(Template)]
#[template(path = "screening/row.html")]
struct Row {
    layout: Layout,
    outcome: Light,
    due: Vec<String>,
    disagrees: Option<Notice>,
    terms: Terms,
    conditions: Table,
    beside: Vec<String>,
    before: Vec<String>,
    doubts: Vec<Doubt>,
    a_question: &'static str,
    receipt: Terms,
    for_reference: &'static str,
}

/// A question about whom the row concerns.
struct Doubt {
    label: String,
    evidence: String,
    /// Its two sides, where it has any: which is which, as the list of questions says it.
    sides: String,
    sources: Vec<String>,
}

/// What is read for the page.
struct Found {
    listed: Listed,
    explained: Explained,
    hits: Vec<Hit>,
    known_as: BTreeMap<String, String>,
}

pub(super) async fn show(
    visit: Visit,
    Path((run, id, number)): Path<(String, String, String)>,
) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let benefit = benefit_of(&run, &id)?;
    let number: Option<u64> = number.parse().ok();
    let number = number.and_then(|number| number.checked_sub(1));
    let number = number.ok_or_else(|| Error::not_found("这次筛查没有这一条", "请从名单中选择"))?;
    let (opened, of) = (std::sync::Arc::clone(&run), id.clone());
    let found = at_home(&visit, move |app| {
        let home = app.screenings.home();
        let (runs, name) = (home.runs(), &opened.manifest.run);
        let mut explainer = Explainer::open(&app.catalogue, &runs, name)?;
        // Also what says that there is no such row.
        let explained = explainer.explain_number(&of, number)?;
        let listed = Rows::open(&app.catalogue, &runs, name, &of)?.rows(&[number])?;
        let listed = listed
            .into_iter()
            .next()
            .ok_or_else(|| screening::ScreeningError::NoRow {
                run: name.clone(),
                benefit: of.clone(),
                key: String::new(),
            })?;
        let keys: BTreeSet<&str> = listed.about.keys().collect();
        let hits = lists::hits_about(&runs, name, &keys)?;
        let known_as = home.known_as(name, keys.into_iter().chain(keys_of_hits(&hits)))?;
        Ok(Found {
            listed,
            explained,
            hits,
            known_as,
        })
    })
    .await?;
    let catalogue = &visit.app.catalogue;
    let decision = &found.explained.decision;
    let conditions = decision
        .conditions
        .iter()
        .map(|condition| Shown::of(catalogue, run.manifest.without_history, condition));
    let above = benefit_href(&run.manifest.run, &benefit.id);
    page(&Row {
        layout: beneath_run(&visit, &run, format!("判断依据（本次筛查第{}行）", number + 1))
            .beneath(&*benefit.name, above),
        outcome: light(decision.outcome),
        due: decision::due(catalogue, decision),
        disagrees: (!found.explained.agrees).then(disagreement),
        terms: terms(&found, decision),
        conditions: Listing::of(&visit.address, "", &columns(), conditions)
            .table("申领条件逐条判断")
            .plain(),
        beside: decision::beside(catalogue, decision),
        before: before(catalogue, &found.explained),
        doubts: questions(&run, &found),
        a_question: A_QUESTION,
        receipt: receipt(&visit, &run, &found),
        for_reference: FOR_REFERENCE,
    })
}

/// The page of the row whose mark (标识) was typed or pasted. The mark stays in the form: an address holds the number of a
/// row alone.
pub(super) async fn find(visit: Visit, Path((run, id)): Path<(String, String)>, form: Form) -> Result<Response, Error> {
    let run = run_of(&visit, run).await?;
    let benefit = benefit_of(&run, &id)?;
    let above = benefit_href(&run.manifest.run, &benefit.id);
    let key = form.get("key").to_owned();
    let no_such = || {
        Error::unprocessable(
            "这次筛查的这个项目没有这个标识",
            "请从下载的名单中复制“标识”一栏的全部内容，并核对名单上的筛查编号、项目与本页相同",
        )
    };
    if key.is_empty() || key.chars().count() > LONGEST_KEY {
        return Err(no_such());
    }
    let opened = std::sync::Arc::clone(&run);
    let number = at_home(&visit, move |app| {
        let runs = app.screenings.home().runs();
        Rows::open(&app.catalogue, &runs, &opened.manifest.run, &id)?.number_of(&key)
    });
    let number = number.await?.ok_or_else(no_such)?;
    Ok(Redirect::to(&format!("{above}/rows/{}", number + 1)).into_response())
}

fn light(outcome: Outcome) -> Light {
    let tone = match outcome {
        Outcome::Eligible => Tone::Good,
        Outcome::Ineligible => Tone::Mute,
        Outcome::Undetermined => Tone::Warn,
    };
    Light::new(tone, outcome.label())
}

fn disagreement() -> Notice {
    Notice::new(
        Tone::Bad,
        "单独判断的结果与筛查结果不一致",
        "请勿据此办理，并将筛查编号、补贴项目编号和本页网址告知维护人员。",
    )
}

fn terms(found: &Found, decision: &Decision) -> Terms {
    let known_as = &found.known_as;
    let about = &found.listed.about;
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut push = |label: &str, text: String| {
        if !text.is_empty() {
            pairs.push((label.to_owned(), text));
        }
    };
    push("对象", masked(known_as, about.person.as_deref()));
    push("家庭", masked(known_as, about.household.as_deref()));
    push("用人单位", masked(known_as, about.employer.as_deref()));
    push("机构", masked(known_as, about.institution.as_deref()));
    push("所在乡镇（街道）", town(about.town));
    push("依据日期", about.date.map(|day| day.to_string()).unwrap_or_default());
    push(
        "月数",
        about.months.map(|months| months.to_string()).unwrap_or_default(),
    );
    if decision.outcome == Outcome::Eligible {
        push("金额", about.amount_fen.map(|fen| yuan(Some(fen))).unwrap_or_default());
    }
    Terms { pairs }
}

/// A condition in words.
struct Shown {
    mark: &'static str,
    tone: Tone,
    text: String,
    facts: String,
    cited: String,
    href: String,
}

impl Shown {
    fn of(catalogue: &Catalogue, without_history: bool, condition: &ConditionResult) -> Self {
        let facts = condition.facts.iter().map(|(name, value)| {
            let fact = decision::fact_of(catalogue, condition, name, value);
            format!("{fact}（来源：{}）", source(catalogue, without_history, name))
        });
        Self {
            mark: decision::mark(condition),
            tone: match condition.result {
                Some(true) => Tone::Good,
                Some(false) => Tone::Mute,
                None => Tone::Warn,
            },
            text: condition.text.clone(),
            facts: facts.collect::<Vec<_>>().join("\n"),
            cited: decision::cited(catalogue, &condition.cite),
            href: clause_href(&condition.cite.document, &condition.cite.item),
        }
    }
}

/// Where a value comes from. What a claim would say a screening says itself, and counts of the history stand in no register
/// as facts.
fn source(catalogue: &Catalogue, without_history: bool, name: &str) -> String {
    let of_run = match name {
        "claim.region" => "按本次筛查地区",
        "claim.date" => "按本次筛查的判断日",
        "claim.month" => "按本次筛查所属月份",
        _ => "",
    };
    if !of_run.is_empty() {
        return of_run.to_owned();
    }
    match catalogue.vocabulary.dictionary.fact(name) {
        Some(known) => known.register.clone(),
        None if without_history => "未导入补贴发放记录，按此前均未享受处理".to_owned(),
        None => "补贴发放记录和本次筛查中在先的享受".to_owned(),
    }
}

fn columns() -> Vec<Column<Shown>> {
    vec![
        Column::new("mark", "判断", |row: &Shown| Cell::light(row.tone, row.mark)),
        Column::new("text", "申领条件", |row: &Shown| Cell::text(&*row.text))
            .names_row()
            .long(),
        Column::new("facts", "所用信息项", |row: &Shown| Cell::text(&*row.facts)).long(),
        Column::new("clause", "条款", |row: &Shown| Cell::link(&*row.cited, &*row.href)),
    ]
}

/// What came before it in the same run.
fn before(catalogue: &Catalogue, explained: &Explained) -> Vec<String> {
    let resolved = explained.resolved.iter().flat_map(|resolved| &resolved.before);
    resolved
        .map(|before| {
            let name = catalogue.benefits.versions(&before.benefit).first();
            let name = name.map_or(before.benefit.as_str(), |benefit| benefit.name.as_str());
            format!("{name}，标识 {}", covered(&before.key))
        })
        .collect()
}

fn questions(run: &Run, found: &Found) -> Vec<Doubt> {
    let hits = by_subject(&found.hits);
    let hits = doubts(&hits, &found.listed.about).into_iter();
    hits.map(|hit| Doubt {
        label: check_label(&run.summary, &hit.check).to_owned(),
        evidence: hit.evidence.clone(),
        sides: sides(hit, &found.known_as),
        sources: hit.sources(),
    })
    .collect()
}

/// Whom a question names, for a reader who came from any side of it; nothing where it concerns nobody else.
fn sides(hit: &Hit, known_as: &BTreeMap<String, String>) -> String {
    let word = |key: &str| masked(known_as, Some(key));
    let others = related(hit, word);
    if others.is_empty() {
        return others;
    }
    format!("对象：{}；相关对象：{others}", word(&hit.subject_key))
}

/// What the decision rests on: whoever doubts it can make it again.
fn receipt(visit: &Visit, run: &Run, found: &Found) -> Terms {
    let decision = &found.explained.decision;
    let packs = decision.packs.iter().map(|pack| {
        let title = visit
            .app
            .catalogue
            .library
            .packs
            .get(&pack.id)
            .map(|pack| pack.policy.title.as_str());
        format!("{}　SM3 {}", title.unwrap_or(&pack.id), pack.sm3)
    });
    Terms {
        pairs: vec![
            ("筛查编号".to_owned(), run.manifest.run.clone()),
            ("标识（遮挡）".to_owned(), covered(&found.listed.about.key)),
            ("适用版本".to_owned(), version(&visit.app.catalogue, &decision.version)),
            ("判断日".to_owned(), decision.as_of.to_string()),
            ("所用数据截至".to_owned(), decision.known_on.to_string()),
            ("所用文件".to_owned(), packs.collect::<Vec<_>>().join("\n")),
            ("信息项的 SM3".to_owned(), decision.facts_sm3.clone()),
        ],
    }
}
