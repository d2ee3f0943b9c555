//! 企业名单自查: a firm's own roster against the benefits that are paid for people it employs. The roster is read, decided
//! and answered in one request; nothing of it is kept, and an export sends it again.

mod check;
mod headings;
mod roster;
mod term;

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use policy::benefit::{Benefit, Right};
use policy::fact::{Fact, FactType};
use report::listing::{self, Cell as Exported};
use serde_json::Value;

use super::Entry;
use super::ask::said;
use crate::citizen::regions;
use crate::error::Error;
use crate::form::{Field, Input, Summary, Upload};
use crate::layout::{Layout, Link, download, page, page_with};
use crate::parts::Light;
use crate::table::XLSX;
use crate::visit::Visit;
use check::{
    AT_THE_COUNTER, ELIGIBLE, FILL_IN, INELIGIBLE, Outcome, Row, SET_ELSEWHERE, WHEN_CLAIMED, benefits, check, facts,
};
use headings::columns;
use roster::{Cells, Problem, Roster};

/// Largest file of a roster.
const MOST_BYTES: usize = 5 << 20;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        path: "/employer",
        navigation: Some("企业名单自查"),
        route: || get(show).post(answer),
        uploads: true,
        examples: &["/employer?region=330282", "/employer?region=210300"],
        forms: true,
    },
    Entry {
        path: "/employer/template",
        navigation: None,
        route: || get(template),
        uploads: false,
        examples: &[],
        forms: false,
    },
];

#[derive(Template)]
#[template(path = "employer/form.html")]
struct Form {
    layout: Layout,
    csrf: String,
    summary: Summary,
    regions: Vec<(Link, bool)>,
    region: String,
    /// Id, name, whether ticked.
    benefits: Vec<(String, String, bool)>,
    firm: Vec<Field>,
    roster: Field,
    file: Field,
    /// Headings of the template, each with others that are understood.
    headings: Vec<(String, String)>,
    result: Option<Result>,
}

/// What came out.
struct Result {
    /// How many persons, and how many rows say one of them again.
    count: String,
    summary: Vec<String>,
    /// Words that need one, with what they mean and what to do.
    words: Vec<&'static str>,
    notes: Vec<String>,
    heads: Vec<String>,
    rows: Vec<Shown>,
    problems: Vec<Problem>,
    unread: Vec<String>,
    absent: Vec<String>,
}

/// A row of the result.
struct Shown {
    line: usize,
    name: String,
    id: String,
    results: Vec<(Light, String)>,
}

/// What was asked, as far as it can be read.
struct Asked<'c> {
    region: String,
    benefits: Vec<&'c Benefit>,
    firm: Vec<Field>,
    facts: BTreeMap<String, Value>,
}

async fn show(visit: Visit) -> std::result::Result<Response, Error> {
    let region = region(&visit, visit.address.get("region"))?;
    let all = benefits(&visit.app.catalogue, &region);
    let firm = facts(&visit.app.catalogue, &all, true);
    let firm = firm.into_iter().map(|fact| firm_field(&visit, fact)).collect();
    let asked = Asked {
        region,
        benefits: all.clone(),
        firm,
        facts: BTreeMap::new(),
    };
    page(&form(&visit, &asked, "", "", None)?)
}

/// The region asked, or the first that has benefits for a roster.
fn region(visit: &Visit, asked: Option<&str>) -> std::result::Result<String, Error> {
    let catalogue = &visit.app.catalogue;
    let mut places = regions(catalogue).into_iter().map(|(code, _)| code);
    let found = match asked {
        Some(code) => places.find(|known| known == code),
        None => places.find(|code| !benefits(catalogue, code).is_empty()),
    };
    match (found, asked) {
        (Some(code), _) => Ok(code),
        (None, None) => Ok(String::new()),
        (None, Some(_)) => Err(Error::unprocessable("没有收录这个地区的文件", "请在页面上选择地区")),
    }
}

/// A field of the firm: what is not known may be left empty.
fn firm_field(visit: &Visit, fact: &Fact) -> Field {
    let dictionary = &visit.app.catalogue.vocabulary.dictionary;
    let unknown = (String::new(), "不清楚".to_owned());
    let field = Field::new(fact.name.clone(), fact.label.clone());
    match &fact.kind {
        FactType::Bool => field.input(Input::Menu(vec![
            unknown,
            ("yes".to_owned(), "是".to_owned()),
            ("no".to_owned(), "否".to_owned()),
        ])),
        FactType::Code(list) => {
            let codes = dictionary
                .list(list)
                .map(|list| list.codes.as_slice())
                .unwrap_or_default();
            let codes = codes.iter().map(|code| (code.code.clone(), code.label.clone()));
            field.input(Input::Menu(std::iter::once(unknown).chain(codes).collect()))
        }
        FactType::Fen => field.hint("以元为单位，可以不填").input(Input::Number),
        _ => field.hint("可以不填"),
    }
}

fn read<'c>(visit: &'c Visit, form: &crate::form::Form) -> std::result::Result<Asked<'c>, Error> {
    let catalogue = &visit.app.catalogue;
    let region = region(visit, Some(form.get("region")))?;
    let all = benefits(catalogue, &region);
    let chosen: Vec<&Benefit> = all
        .iter()
        .filter(|one| form.all("benefit").any(|id| id == one.id.as_str()))
        .copied()
        .collect();
    let mut asked = Asked {
        region,
        benefits: chosen,
        firm: Vec::new(),
        facts: BTreeMap::new(),
    };
    for fact in facts(catalogue, &all, true) {
        let word = form.get(&fact.name).to_owned();
        let mut field = firm_field(visit, fact).value(word.clone());
        if !word.is_empty() {
            match said::read(fact, &word, &catalogue.vocabulary.dictionary) {
                Ok(value) => asked.facts.extend(value.map(|value| (fact.name.clone(), value))),
                Err(wrong) => field = field.wrong(wrong),
            }
        }
        asked.firm.push(field);
    }
    Ok(asked)
}

async fn answer(visit: Visit, upload: Upload) -> std::result::Result<Response, Error> {
    let asked = read(&visit, &upload.form)?;
    let again = |wrong: &str, text: &str| {
        let form = form(&visit, &asked, text, wrong, None)?;
        page_with(StatusCode::UNPROCESSABLE_ENTITY, &form)
    };
    // As it was sent: an empty first cell, and lines above the heading, are part of it.
    let mut fields = upload.form.pairs();
    let pasted = fields
        .find(|(name, _)| *name == "roster")
        .map(|(_, text)| text.to_owned());
    let pasted = pasted.unwrap_or_default();
    if pasted.len() > MOST_BYTES {
        return again("名单超过 5 MB，请分几次核对", "");
    }
    if asked.benefits.is_empty() {
        return again("请先勾选要核对的补贴项目", &pasted);
    }
    if asked.firm.iter().any(|field| !field.wrong.is_empty()) {
        return again("", &pasted);
    }
    let file = upload.files.into_iter().next();
    if file.as_ref().is_some_and(|file| file.bytes.len() > MOST_BYTES) {
        return again("文件超过 5 MB，请删去无关的列或分几次核对", &pasted);
    }
    let read_from = pasted.clone();
    let cells = visit.app.heavy.run(move || match file {
        Some(file) => Cells::uploaded(&file.bytes),
        None => Cells::pasted(&read_from),
    });
    let cells = match cells.await? {
        Ok(cells) => cells,
        Err(wrong) => return again(&wrong, &pasted),
    };
    let catalogue = Arc::clone(&visit.app.catalogue);
    let (region, firm, today) = (asked.region.clone(), asked.facts.clone(), visit.app.today());
    let ids: Vec<String> = asked.benefits.iter().map(|benefit| benefit.id.to_string()).collect();
    let text = cells.text();
    let done = visit.app.heavy.run(move || {
        let all = benefits(&catalogue, &region);
        let chosen: Vec<&Benefit> = all
            .into_iter()
            .filter(|one| ids.iter().any(|id| *id == *one.id))
            .collect();
        let columns = columns(&catalogue, &facts(&catalogue, &chosen, false));
        let roster = Roster::read(&catalogue, &cells, &columns)?;
        let rows = check(&catalogue, &region, &chosen, &firm, (&columns, &roster), today);
        // Every cell was read by its type; what is left cannot be shown, for it would name a cell.
        let rows = rows.map_err(|_| "名单中有无法判断的内容，请核对各列的写法".to_owned())?;
        Ok::<_, String>((roster, rows))
    });
    let (roster, rows) = match done.await? {
        Ok(done) => done,
        Err(wrong) => return again(&wrong, &text),
    };
    if upload.form.get("act") == "xlsx" {
        return export(&asked.benefits, &rows);
    }
    let result = result(&asked.benefits, roster, rows);
    page(&form(&visit, &asked, &text, "", Some(result))?)
}

fn form(
    visit: &Visit,
    asked: &Asked<'_>,
    text: &str,
    wrong: &str,
    result: Option<Result>,
) -> std::result::Result<Form, Error> {
    let catalogue = &visit.app.catalogue;
    let all = benefits(catalogue, &asked.region);
    let known = columns(catalogue, &facts(catalogue, &all, false));
    let headings = known
        .iter()
        .map(|column| (column.label.clone(), column.also.join("、")))
        .collect();
    let roster = Field::new("roster", "名单")
        .hint("从表格软件中连同表头复制后粘贴，一行一人")
        .value(text)
        .input(Input::Text)
        .wrong(wrong);
    let file = Field::new("file", "或者上传名单文件")
        .hint("xlsx、xls 或 csv，5 MB 以内")
        .input(Input::File(".xlsx,.xls,.csv".to_owned()));
    let mut fields: Vec<&Field> = asked.firm.iter().collect();
    fields.push(&roster);
    Ok(Form {
        layout: visit.layout("企业名单自查"),
        csrf: visit.csrf()?,
        summary: Summary::of(fields),
        regions: regions(catalogue)
            .into_iter()
            .filter(|(code, _)| !benefits(catalogue, code).is_empty())
            .map(|(code, name)| {
                let here = code == asked.region;
                (Link::new(name, format!("/employer?region={code}")), here)
            })
            .collect(),
        region: asked.region.clone(),
        benefits: all
            .iter()
            .map(|one| {
                let ticked = asked.benefits.iter().any(|other| *other.id == *one.id);
                (one.id.to_string(), one.name.clone(), ticked)
            })
            .collect(),
        firm: asked.firm.clone(),
        roster,
        file,
        headings,
        result,
    })
}

/// In which order results are counted; what has ended stands before them.
const ORDER: [&str; 6] = [
    ELIGIBLE, INELIGIBLE, FILL_IN, WHEN_CLAIMED, AT_THE_COUNTER, SET_ELSEWHERE,
];

/// What a word asks of whom.
const MEANINGS: [(&str, &str); 4] = [
    (
        FILL_IN,
        "“请单位补填”的，在单位情况或名单中补上所列各项，再核对一次；不必让职工到窗口。",
    ),
    (
        WHEN_CLAIMED,
        "“申领时由经办机构核定”的，名单里的条件没有不符合的，月数等在申领时核定；不必让职工到窗口。",
    ),
    (
        AT_THE_COUNTER,
        "“需本人到窗口核实”的，请本人带身份证件到经办机构核实；系统不显示原因，以保护个人信息。",
    ),
    (
        SET_ELSEWHERE,
        "“标准另有规定，尚未收录”的，所依据的规定还没有收录，补填或到窗口都得不出结果，请向经办机构询问。",
    ),
];

fn result(benefits: &[&Benefit], roster: Roster, rows: Vec<Row>) -> Result {
    let mut summary = Vec::new();
    for (at, benefit) in benefits.iter().enumerate() {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        rows.iter()
            .filter(|row| !row.is_repeated)
            .filter_map(|row| row.results.get(at))
            .for_each(|one| *counts.entry(&one.word).or_default() += 1);
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(word, _)| ORDER.iter().position(|known| known == word));
        let counts: Vec<String> = counts
            .iter()
            .map(|(word, count)| format!("{word} {count} 人"))
            .collect();
        summary.push(format!("{}：{}", benefit.name, counts.join("，")));
    }
    let notes = benefits
        .iter()
        .filter(|one| one.right != Right::Entitlement || !one.open.is_empty());
    let is_there = |word: &str| rows.iter().flat_map(|row| &row.results).any(|one| one.word == word);
    let words = MEANINGS
        .iter()
        .filter(|(word, _)| is_there(word))
        .map(|(_, meaning)| *meaning);
    let words = words.collect();
    let repeated = rows.iter().filter(|row| row.is_repeated).count();
    let persons = rows.len() - repeated;
    let count = if repeated == 0 {
        format!("{persons} 人")
    } else {
        format!("{persons} 人，另有重复 {repeated} 行不计")
    };
    Result {
        count,
        summary,
        words,
        notes: notes
            .map(|one| {
                format!(
                    "{}：有的条件或标准由其他文件规定，尚未收录，结果以经办机构审核为准。",
                    one.name
                )
            })
            .collect(),
        heads: benefits.iter().map(|benefit| benefit.name.clone()).collect(),
        rows: rows
            .into_iter()
            .map(|row| Shown {
                line: row.line,
                name: row.name,
                id: row.id,
                results: row
                    .results
                    .into_iter()
                    .map(|one| (Light::new(one.tone, one.word), one.detail))
                    .collect(),
            })
            .collect(),
        problems: roster.problems,
        unread: roster.unread,
        absent: roster.absent,
    }
}

fn export(benefits: &[&Benefit], rows: &[Row]) -> std::result::Result<Response, Error> {
    let heads = ["名单行号", "姓名", "公民身份号码（遮挡）"].map(str::to_owned);
    let listing = listing::Listing {
        title: "名单自查结果".to_owned(),
        note: "测算结果仅供参考，以经办机构审核为准。".to_owned(),
        headings: heads
            .into_iter()
            .chain(benefits.iter().map(|benefit| benefit.name.clone()))
            .collect(),
        rows: rows
            .iter()
            .map(|row| {
                let who = [row.line.to_string(), row.name.clone(), row.id.clone()].map(Exported::Text);
                let result = |one: &Outcome| match one.detail.as_str() {
                    "" => one.word.clone(),
                    detail => format!("{}（{detail}）", one.word),
                };
                let results = row.results.iter().map(|one| Exported::Text(result(one)));
                who.into_iter().chain(results).collect()
            })
            .collect(),
    };
    workbook("名单自查结果.xlsx", listing)
}

/// The empty form: headings of all benefits of the region.
async fn template(visit: Visit) -> std::result::Result<Response, Error> {
    let catalogue = &visit.app.catalogue;
    let region = region(&visit, visit.address.get("region"))?;
    let all = benefits(catalogue, &region);
    let known = columns(catalogue, &facts(catalogue, &all, false));
    let listing = listing::Listing {
        title: "企业名单".to_owned(),
        note: "一行一人；日期写成 2020-12-31，是否写“是”或“否”；期限按表头的单位写，也可以写“36个月”“3年”“无固定期限”；不清楚的留空。"
            .to_owned(),
        headings: known.iter().map(|column| column.label.clone()).collect(),
        rows: Vec::new(),
    };
    workbook("企业名单表样.xlsx", listing)
}

fn workbook(name: &str, listing: listing::Listing) -> std::result::Result<Response, Error> {
    let bytes = listing::workbook(listing).map_err(|error| Error::inside(format!("workbook: {error}")))?;
    Ok(download(name, XLSX, bytes))
}
