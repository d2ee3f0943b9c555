//! 疑似符合名单: whom a run found for a benefit, one workbook a benefit, persons covered but for the ends of their number.

use std::collections::{BTreeMap, BTreeSet};

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Int32Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use civil::Day;
use report::roster::{Cell, Roster, Sheet};
use rules::catalogue::Catalogue;
use rules::decision::cited;

use crate::checks::hits::{self, Hit, NAMED};
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
/// To which towns questions belong; stands where they are listed by town.
pub const TOWNS_OF_QUESTIONS: &str = "个人按常住地（未载明的按户籍地）、单位按所在地列入乡镇（街道）；一条疑点涉及几个对象的，在各自的乡镇（街道）都列出。";
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

/// As [`hits_from`], of a town: of the `count` hits after the first `first` those of that town, `take` of them after the
/// first `skip`. 0 is the town of hits of which no register tells one.
///
/// # Errors
/// [`ScreeningError`] where the run or its file cannot be read.
pub fn hits_of_town(
    runs: &Runs,
    run: &str,
    (first, count): (u64, u64),
    town: i64,
    (skip, take): (u64, usize),
) -> Result<Vec<Hit>, ScreeningError> {
    runs.manifest(run)?;
    Ok(hits::of_town(
        &runs.folder(run).join(HITS),
        (first, count),
        town,
        (skip, take),
    )?)
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
    let word = |key: &Option<String>| key.as_deref().map(|key| Cell::Text(shown(known_as, key)));
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
        let found = found.filter(|hit| hit.is_about_row(&row.key));
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
                head(summary, "文件和数据"),
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
        let key = key.as_deref();
        key.map_or(Cell::Empty, |key| Cell::Text(shown(known_as, key)))
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
    let head = format!("{}　共 {} 条", head(summary, "文件和数据"), rows.len());
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

/// The line above every list: where, of which day, by what that was known until when (`by`), of which run.
fn head(summary: &Summary, by: &str) -> String {
    format!(
        "{}（{}）　判断日 {}　所用{by}截至 {}　筛查编号 {}",
        summary.region_name, summary.region, summary.as_of, summary.known_on, summary.run
    )
}

/// What stands for a key: its words, or itself where there are none.
fn shown(known_as: &BTreeMap<String, String>, key: &str) -> String {
    known_as.get(key).map_or(key, String::as_str).to_owned()
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

/// The workbook of what a person should find out: each question with its evidence, source and batch. `hits` are all that
/// were found, or those of one town.
pub fn questions(
    summary: &Summary,
    (hits, of_town): (&[Hit], Option<i64>),
    known_as: &BTreeMap<String, String>,
) -> Roster {
    let title = match of_town {
        None => "疑点核实清单".to_owned(),
        Some(code) => format!("疑点核实清单（{}）", town(code)),
    };
    let word = |key: &str| shown(known_as, key);
    let label = |id: &str| {
        summary
            .checks
            .iter()
            .find(|check| check.id == id)
            .map(|check| check.label.as_str())
    };
    // A run that knows no towns has no empty column of them either.
    let with_towns = has_towns(summary);
    let rows = hits.iter().zip(1_i64..).map(|(hit, number)| {
        let (mark, others) = marks(hit);
        let mut cells: Vec<Cell> = vec![
            Cell::Count(number),
            label(&hit.check).unwrap_or(&hit.check).into(),
            word(&hit.subject_key).into(),
        ];
        cells.extend(with_towns.then(|| Cell::Text(towns(hit))));
        cells.extend([
            related(hit, word).into(),
            hit.evidence.clone().into(),
            hit.sources().join("；").into(),
            Cell::Empty,
            mark.into(),
            others.into(),
        ]);
        cells
    });
    let mut headers = vec!["序号", "疑点", "对象"];
    headers.extend(with_towns.then_some("所在乡镇（街道）"));
    headers.extend(["相关对象", "情况", "数据来源", "核实结果", "标识", "相关标识"]);
    let run = format!("{}　共 {} 条", head(summary, "数据"), hits.len());
    let mut notes = vec![run.clone()];
    if with_towns {
        notes.extend([TOWN_CODES.to_owned(), TOWNS_OF_QUESTIONS.to_owned()]);
    }
    let mut found: BTreeMap<&str, (i64, BTreeSet<&str>)> = BTreeMap::new();
    for hit in hits {
        let (count, sides) = found.entry(&hit.check).or_default();
        *count += 1;
        sides.extend(hit.sides());
    }
    let asked = summary.checks.iter().map(|check| {
        let remark = match (&check.failed, check.missing.as_slice()) {
            (Some(why), _) => format!("未能核对：{why}"),
            (None, []) => String::new(),
            (None, missing) => format!("没有数据：{}", missing.join("、")),
        };
        let (count, sides) = found.remove(check.id.as_str()).unwrap_or_default();
        vec![
            check.label.clone().into(),
            Cell::Count(i64::try_from(sides.len()).unwrap_or(i64::MAX)),
            Cell::Count(count),
            check.question.clone().into(),
            remark.into(),
        ]
    });
    Roster {
        title: title.clone(),
        sheets: vec![
            Sheet {
                name: "疑点核实清单".to_owned(),
                title,
                notes,
                headers: headers.into_iter().map(str::to_owned).collect(),
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

/// The keys of those whom cross-checks ask about and whom a list names.
pub fn keys_of_hits(hits: &[Hit]) -> impl Iterator<Item = &str> {
    hits.iter().flat_map(Hit::named)
}

/// Those beside the subject of a question: whom it concerns as much, and who else has to do with it. Of many the first are
/// named, with how many there are; `word` names one by its key.
pub fn related(hit: &Hit, word: impl Fn(&str) -> String) -> String {
    let unit = match hit.about.as_str() {
        "person" => "人",
        "household" => "户",
        "employer" | "institution" | "startup" => "家",
        _ => "个",
    };
    let named = |keys: &[String]| {
        let names = keys.iter().take(NAMED).map(|key| word(key));
        names.collect::<Vec<_>>().join("、")
    };
    let parties = match (named(&hit.party_keys), hit.party_keys.len()) {
        (names, 0 | 1) => names,
        (names, all) if all > NAMED => format!("{names}等{all}{unit}"),
        (names, all) => format!("{names}，共{all}{unit}"),
    };
    let others = match (named(&hit.other_keys), hit.other_keys.len()) {
        (names, all) if all > NAMED => format!("{names}等{all}个"),
        (names, _) => names,
    };
    let parts = [parties, others].into_iter().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("；")
}

/// The towns of a question as they are shown; of many the first, with how many there are.
pub fn towns(hit: &Hit) -> String {
    let names = hit.towns.iter().take(NAMED).map(|code| town(*code));
    let names = names.collect::<Vec<_>>().join("、");
    match hit.towns.len() {
        0 => town(0),
        all if all > NAMED => format!("{names}等{all}个"),
        _ => names,
    }
}

/// Whether a run tells the towns of its questions; those of format 1 do not.
pub fn has_towns(summary: &Summary) -> bool {
    summary.checks.iter().any(|check| !check.towns.is_empty())
}

/// The mark (标识) by which a question is looked up in lists, and those of the others that it concerns as much, a line each.
fn marks(hit: &Hit) -> (String, String) {
    let subject = hit.row_keys.is_empty().then_some(&hit.subject_key);
    let mut all = hit.row_keys.iter().chain(subject).chain(&hit.party_keys);
    let first = all.next().cloned().unwrap_or_default();
    let others: Vec<&str> = all.take(NAMED).map(String::as_str).collect();
    (first, others.join("\n"))
}

/// A town's code as it is shown.
pub fn town(code: i64) -> String {
    match code {
        0 => "未载明".to_owned(),
        code if code % 1_000 == 0 => format!("{:06}（未分乡镇）", code / 1_000),
        code => format!("{code:09}"),
    }
}
