//! 疑似符合名单: whom a run found for a benefit, one workbook a benefit, persons covered but for the ends of their number.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use civil::Day;
use report::roster::{Cell, Roster, Sheet};
use rules::catalogue::Catalogue;
use rules::decision::cited;

use crate::checks::hits::{self, Hit};
use crate::error::ScreeningError;
use crate::flat::Flat;
use crate::rows::{Listed, Subject, Wait};
use crate::run::{ELIGIBLE_ROWS, HITS};
use crate::runs::Runs;
use crate::summary::{BenefitSummary, Step, Summary};
use crate::table::{date_at, text_at};
use crate::words::{NOT_REFUSED, TOWN_CODES, open_readings, why};

/// What must stand by every list of hits.
pub const A_QUESTION: &str = "疑点是请工作人员核实的问题，不是认定结论，不得据此直接拒绝、停发或追回。";
/// What must stand by every list of candidates.
pub const TO_BE_VERIFIED: &str = "本名单由系统依据所列数据初步比对形成，须经工作人员逐条核实，不得直接作为发放依据。";

/// The eligible rows of some benefits of a run, by benefit, in the order of the run.
///
/// # Errors
/// [`ScreeningError`] where the run or its file cannot be read.
pub fn eligible(
    runs: &Runs,
    run: &str,
    wanted: impl Fn(&str) -> bool,
) -> Result<BTreeMap<String, Vec<Subject>>, ScreeningError> {
    runs.manifest(run)?;
    let flat = Flat::open(&runs.folder(run).join(ELIGIBLE_ROWS))?;
    let names: Vec<String> = flat
        .schema()
        .fields()
        .iter()
        .map(|field| field.name().clone())
        .collect();
    let mut rows: BTreeMap<String, Vec<Subject>> = BTreeMap::new();
    for group in 0..flat.groups() {
        for batch in flat.group(group, &names)? {
            let batch = batch.map_err(ScreeningError::damaged(flat.path()))?;
            for row in 0..batch.num_rows() {
                let Some(benefit) = text_at(&batch, "benefit", row).filter(|id| wanted(id)) else {
                    continue;
                };
                rows.entry(benefit.to_owned()).or_default().push(one(&batch, row));
            }
        }
    }
    Ok(rows)
}

fn one(batch: &RecordBatch, row: usize) -> Subject {
    let text = |name: &str| text_at(batch, name, row).map(str::to_owned);
    let long = |name: &str| {
        let column = batch.column_by_name(name)?.as_primitive_opt::<Int64Type>()?;
        column.is_valid(row).then(|| column.value(row))
    };
    let months = batch
        .column_by_name("months")
        .and_then(|column| column.as_primitive_opt::<Int32Type>());
    Subject {
        key: text("key").unwrap_or_default(),
        person: text("person_key"),
        household: text("household_no"),
        employer: text("employer_key"),
        institution: text("institution_key"),
        date: date_at(batch, "on_date", row).and_then(Day::from_days_since_epoch),
        months: months
            .filter(|months| months.is_valid(row))
            .map(|months| months.value(row)),
        amount_fen: long("amount_fen"),
        town: long("town").unwrap_or(0),
    }
}

/// What cross-checks of a run found, in its order.
///
/// # Errors
/// [`ScreeningError`] where the run or its file cannot be read.
pub fn hits(runs: &Runs, run: &str) -> Result<Vec<Hit>, ScreeningError> {
    runs.manifest(run)?;
    Ok(hits::read(&runs.folder(run).join(HITS))?)
}

/// `count` hits of a run after the first `first`, in its order: check by check, as the summary counts them.
///
/// # Errors
/// [`ScreeningError`] where the run or its file cannot be read.
pub fn hits_from(runs: &Runs, run: &str, first: u64, count: usize) -> Result<Vec<Hit>, ScreeningError> {
    runs.manifest(run)?;
    Ok(hits::window(&runs.folder(run).join(HITS), first, count)?)
}

/// The hits of a run about any of these keys; the others are read past.
///
/// # Errors
/// [`ScreeningError`] where the run or its file cannot be read.
pub fn hits_about(runs: &Runs, run: &str, keys: &BTreeSet<&str>) -> Result<Vec<Hit>, ScreeningError> {
    runs.manifest(run)?;
    Ok(hits::about(&runs.folder(run).join(HITS), keys)?)
}

/// The keys whose names a list shows.
pub fn keys_of<'r>(rows: impl IntoIterator<Item = &'r Subject>) -> BTreeSet<&'r str> {
    let of = |row: &'r Subject| [&row.person, &row.employer, &row.institution].into_iter().flatten();
    rows.into_iter().flat_map(of).map(String::as_str).collect()
}

/// The workbook of a benefit: `rows` are all that were found, or those of one town. `known_as` has the words for keys; a
/// key that it lacks stands as it is.
pub fn workbook(
    catalogue: &Catalogue,
    summary: &Summary,
    benefit: &BenefitSummary,
    (rows, of_town): (&[Subject], Option<i64>),
    hits: &[Hit],
    known_as: &BTreeMap<String, String>,
) -> Roster {
    let doubts = hits::by_subject(hits);
    let label = |check: &str| {
        summary
            .checks
            .iter()
            .find(|one| one.id == check)
            .map(|one| one.label.as_str())
    };
    let cite = catalogue
        .benefits
        .versions(&benefit.id)
        .first()
        .map(|one| cited(catalogue, &one.cite));
    let title = match of_town {
        None => format!("{}疑似符合名单", benefit.name),
        Some(code) => format!("{}疑似符合名单（{}）", benefit.name, town(code)),
    };
    let has = |of: fn(&Subject) -> bool| rows.iter().any(of);
    let with = [
        has(|row| row.person.is_some()),
        has(|row| row.employer.is_some()),
        has(|row| row.institution.is_some()),
        has(|row| row.months.is_some()),
        benefit.amount_fen.is_some(),
    ];
    let labels = ["对象", "用人单位", "机构", "月数", "金额（元）"];
    let mut headers = vec!["序号".to_owned()];
    headers.extend(
        labels
            .iter()
            .zip(with)
            .filter(|(_, with)| *with)
            .map(|(label, _)| (*label).to_owned()),
    );
    headers.extend(["所在乡镇（街道）", "依据日期", "疑点", "核实结果", "标识"].map(str::to_owned));
    let word = |key: &Option<String>| {
        let key = key.as_ref()?;
        Some(Cell::Text(known_as.get(key).unwrap_or(key).clone()))
    };
    let lines = rows.iter().enumerate().map(|(number, row)| {
        let mut cells = vec![Cell::Count(i64::try_from(number + 1).unwrap_or(i64::MAX))];
        let optional = [
            word(&row.person),
            word(&row.employer),
            word(&row.institution),
            row.months.map(|months| Cell::Count(i64::from(months))),
            row.amount_fen.map(Cell::Fen),
        ];
        cells.extend(
            optional
                .into_iter()
                .zip(with)
                .filter(|(_, with)| *with)
                .map(|(cell, _)| cell.unwrap_or(Cell::Empty)),
        );
        cells.push(town(row.town).into());
        cells.push(row.date.map_or(Cell::Empty, |date| date.to_string().into()));
        let found = row.keys().filter_map(|key| doubts.get(key)).flatten();
        let found = found.filter(|hit| hit.row_key.as_ref().is_none_or(|key| *key == row.key));
        let mut labels: Vec<&str> = found.filter_map(|hit| label(&hit.check)).collect();
        labels.dedup();
        cells.push(labels.join("、").into());
        cells.push(Cell::Empty);
        cells.push(row.key.clone().into());
        cells
    });
    let sum = benefit.amount_fen.map_or_else(String::new, |_| {
        let amounts = rows.iter().filter_map(|row| row.amount_fen);
        let fen = amounts.fold(0, i64::saturating_add);
        format!("，测算金额合计 {}", civil::Money::from_fen(fen))
    });
    Roster {
        title: title.clone(),
        sheets: vec![Sheet {
            name: "疑似符合名单".to_owned(),
            title,
            notes: vec![
                format!(
                    "{}（{}）　判断日 {}　所用文件和数据截至 {}　筛查编号 {}",
                    summary.region_name, summary.region, summary.as_of, summary.known_on, summary.run
                ),
                format!("依据：{}　共 {} 条{sum}", cite.unwrap_or_default(), rows.len()),
            ]
            .into_iter()
            .chain(readings_note(catalogue, summary, benefit))
            .chain([TOWN_CODES.to_owned()])
            .collect(),
            headers,
            rows: lines.collect(),
            foot: vec![TO_BE_VERIFIED.to_owned(), NOT_REFUSED.to_owned()],
            names_rows: false,
        }],
    }
}

/// The workbook of rows that wait to be verified, each with why it waits and which conditions are not known.
pub fn waiting_workbook(
    catalogue: &Catalogue,
    summary: &Summary,
    benefit: &BenefitSummary,
    (rows, of_town): (&[(Listed, Wait)], Option<i64>),
    known_as: &BTreeMap<String, String>,
) -> Roster {
    let title = match of_town {
        None => format!("{}待核实名单", benefit.name),
        Some(code) => format!("{}待核实名单（{}）", benefit.name, town(code)),
    };
    let versions: Vec<&[Step]> = benefit.funnel.chunk_by(|a, b| a.version == b.version).collect();
    let unknown = |wait: &Wait| {
        let steps = versions.get(wait.version).copied().unwrap_or_default();
        let open = (0_u32..)
            .zip(steps)
            .filter(|(bit, _)| wait.unknown >> bit.min(&63) & 1 == 1);
        let texts: Vec<&str> = open.map(|(_, step)| step.text.as_str()).collect();
        if texts.is_empty() {
            "条件都已清楚，金额或月数尚不能算出".to_owned()
        } else {
            texts.join("\n")
        }
    };
    let word = |key: &Option<String>| {
        let known = key.as_ref().map(|key| known_as.get(key).unwrap_or(key).clone());
        known.map_or(Cell::Empty, Cell::Text)
    };
    let lines = rows.iter().zip(1_i64..).map(|((row, wait), number)| {
        let about = &row.about;
        vec![
            Cell::Count(number),
            word(&about.person),
            word(&about.employer),
            word(&about.institution),
            town(about.town).into(),
            about.date.map_or(Cell::Empty, |date| date.to_string().into()),
            why(wait.reason).into(),
            unknown(wait).into(),
            Cell::Empty,
            about.key.clone().into(),
        ]
    });
    let head = format!(
        "{}（{}）　判断日 {}　所用文件和数据截至 {}　筛查编号 {}　共 {} 条",
        summary.region_name,
        summary.region,
        summary.as_of,
        summary.known_on,
        summary.run,
        rows.len()
    );
    let notes = [head].into_iter().chain(readings_note(catalogue, summary, benefit));
    Roster {
        title: title.clone(),
        sheets: vec![Sheet {
            name: "待核实名单".to_owned(),
            title,
            notes: notes.chain([TOWN_CODES.to_owned()]).collect(),
            headers: [
                "序号", "对象", "用人单位", "机构", "所在乡镇（街道）", "依据日期", "待核实的原因", "尚不清楚的条件",
                "核实结果", "标识",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows: lines.collect(),
            foot: vec![TO_BE_VERIFIED.to_owned(), NOT_REFUSED.to_owned()],
            names_rows: false,
        }],
    }
}

/// The open readings that a list rests on, in one line; nothing where there are none.
fn readings_note(catalogue: &Catalogue, summary: &Summary, benefit: &BenefitSummary) -> Option<String> {
    let open = open_readings(catalogue, summary.known_on, &benefit.id);
    let texts = open.iter().map(|reading| {
        let others = reading.alternatives.join("；");
        format!("{}（也可以理解为：{others}）", reading.text)
    });
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then(|| format!("本名单所依据的待确认口径 {} 处：{}", texts.len(), texts.join("；")))
}

/// The workbook of what a person should find out: each question with its evidence, source and batch.
pub fn questions(summary: &Summary, hits: &[Hit], known_as: &BTreeMap<String, String>) -> Roster {
    let title = "疑点核实清单".to_owned();
    let words = |key: &str| Cell::Text(known_as.get(key).map_or(key, String::as_str).to_owned());
    let source = |hit: &Hit| Cell::Text(hit.sources().join("；"));
    let label = |id: &str| {
        summary
            .checks
            .iter()
            .find(|check| check.id == id)
            .map(|check| check.label.as_str())
    };
    let rows = hits.iter().enumerate().map(|(number, hit)| {
        vec![
            Cell::Count(i64::try_from(number + 1).unwrap_or(i64::MAX)),
            label(&hit.check).unwrap_or(&hit.check).into(),
            words(&hit.subject_key),
            hit.other_key.as_deref().map_or(Cell::Empty, words),
            hit.evidence.clone().into(),
            source(hit),
            Cell::Empty,
            hit.row_key.as_ref().unwrap_or(&hit.subject_key).clone().into(),
        ]
    });
    let run = format!(
        "{}（{}）　判断日 {}　所用数据截至 {}　筛查编号 {}　共 {} 条",
        summary.region_name,
        summary.region,
        summary.as_of,
        summary.known_on,
        summary.run,
        hits.len()
    );
    let asked = summary.checks.iter().map(|check| {
        let remark = match (&check.failed, check.missing.as_slice()) {
            (Some(why), _) => format!("未能核对：{why}"),
            (None, []) => String::new(),
            (None, missing) => format!("没有数据：{}", missing.join("、")),
        };
        vec![
            check.label.clone().into(),
            Cell::Count(i64::try_from(check.subjects).unwrap_or(i64::MAX)),
            Cell::Count(i64::try_from(check.hits).unwrap_or(i64::MAX)),
            check.question.clone().into(),
            remark.into(),
        ]
    });
    Roster {
        title: title.clone(),
        sheets: vec![
            Sheet {
                name: title.clone(),
                title,
                notes: vec![run.clone()],
                headers: [
                    "序号", "疑点", "对象", "相关对象", "情况", "数据来源", "核实结果", "标识",
                ]
                .map(str::to_owned)
                .to_vec(),
                rows: rows.collect(),
                foot: vec![A_QUESTION.to_owned()],
                names_rows: false,
            },
            Sheet {
                name: "疑点说明".to_owned(),
                title: "疑点说明".to_owned(),
                notes: vec![run],
                headers: ["疑点", "涉及对象", "条数", "请核实", "说明"]
                    .map(str::to_owned)
                    .to_vec(),
                rows: asked.collect(),
                foot: Vec::new(),
                names_rows: true,
            },
        ],
    }
}

/// The keys of those whom cross-checks ask about.
pub fn keys_of_hits(hits: &[Hit]) -> impl Iterator<Item = &str> {
    hits.iter()
        .flat_map(|hit| std::iter::once(hit.subject_key.as_str()).chain(hit.other_key.as_deref()))
}

/// A town's code as it is shown.
pub fn town(code: i64) -> String {
    match code {
        0 => "未载明".to_owned(),
        code if code % 1_000 == 0 => format!("{:06}（未分乡镇）", code / 1_000),
        code => format!("{code:09}"),
    }
}
