//! What clerks get as xlsx: the empty form of a register, and rows that were refused, to be mended.

use std::collections::BTreeMap;

use policy::fact::FactType;
use policy::register::{Column, ColumnType, OfId, Register, Registers};
use report::form::{self, Form, Listing};

use crate::import::Report;

/// The sheet to be filled in, also of rows to be mended: it is found again by its header, not by its name.
pub const SHEET: &str = "数据";
/// The sheet of rows to be mended.
pub const MENDING: &str = "待修改";
/// The sheet that says what is wrong.
pub const PROBLEMS: &str = "问题清单";
/// The sheet that explains the columns of a form.
pub const EXPLANATION: &str = "填写说明";
/// Sheets of ours that are to be read, not imported.
pub const BESIDE: [&str; 3] = [PROBLEMS, EXPLANATION, "选项"];
/// Most codes that are offered one by one.
const MAX_CHOICES: usize = 200;

/// The empty form of a register.
///
/// # Errors
/// In Chinese, where it does not fit into a workbook.
pub fn template(register: &Register, registers: &Registers) -> Result<Vec<u8>, String> {
    let form = Form {
        title: register.label.clone(),
        sheet: SHEET.to_owned(),
        columns: register
            .columns
            .iter()
            .map(|column| form_column(column, registers, None))
            .collect(),
        behind: vec![explanation(register, registers)],
        ..Form::default()
    };
    form::workbook(&form).map_err(|error| format!("生成 Excel 文件失败（{error}）"))
}

/// The rows that were refused: what is wrong with each, masked, and the rows themselves to be mended and imported again.
///
/// # Errors
/// In Chinese, where it does not fit into a workbook.
pub fn rejects(register: &Register, registers: &Registers, report: &Report) -> Result<Vec<u8>, String> {
    let present: Vec<usize> = (0..register.columns.len())
        .filter(|index| report.present.get(*index).copied().unwrap_or_default())
        .collect();
    let mut problems = Vec::new();
    let mut marks = BTreeMap::new();
    for (number, reject) in report.rejects.iter().enumerate() {
        let sheet = report.sheet_names.get(reject.sheet).cloned().unwrap_or_default();
        for fault in &reject.faults {
            let header = fault
                .column
                .and_then(|index| report.headers.get(index))
                .map_or("整行", String::as_str);
            let (reason, remedy) = (fault.problem.to_string(), fault.problem.remedy());
            let place = fault
                .column
                .and_then(|index| present.iter().position(|column| *column == index));
            marks.insert((number, place.unwrap_or(0)), format!("{reason}。{remedy}"));
            problems.push(vec![
                sheet.clone(),
                reject.row.to_string(),
                header.to_owned(),
                fault.shown.clone(),
                reason,
                remedy,
            ]);
        }
    }
    let columns = present
        .iter()
        .filter_map(|index| {
            let header = report.headers.get(*index).map(String::as_str);
            Some(form_column(register.columns.get(*index)?, registers, header))
        })
        .collect();
    let rows = report
        .rejects
        .iter()
        .map(|reject| {
            let cell = |index: &usize| reject.cells.get(*index).cloned().unwrap_or_default();
            present.iter().map(cell).collect()
        })
        .collect();
    let headers = ["工作表", "行号", "列", "内容（已遮盖）", "原因", "处理办法"];
    let form = Form {
        title: format!("{}：未导入的行", register.label),
        sheet: MENDING.to_owned(),
        columns,
        rows,
        marks,
        before: vec![Listing {
            sheet: PROBLEMS.to_owned(),
            headers: headers.map(str::to_owned).to_vec(),
            rows: problems,
        }],
        behind: Vec::new(),
    };
    form::workbook(&form).map_err(|error| format!("生成 Excel 文件失败（{error}）"))
}

fn form_column(column: &Column, registers: &Registers, header: Option<&str>) -> form::Column {
    form::Column {
        header: header.map_or_else(|| header_of(column), str::to_owned),
        note: note(column, registers),
        required: column.required,
        choices: choices(column, registers),
        room: room(column, registers),
    }
}

/// Characters of the longest value that is usual: whoever fills in a number wants to see all of it.
fn room(column: &Column, registers: &Registers) -> usize {
    match &column.kind {
        ColumnType::ResidentId | ColumnType::CreditCode => 18,
        ColumnType::Account => 19,
        ColumnType::Phone => 12,
        ColumnType::Value(FactType::Date | FactType::Fen) => 10,
        ColumnType::Value(FactType::Region) => 12,
        ColumnType::Value(FactType::Code(_)) => {
            let labels = choices(column, registers).into_iter();
            labels.map(|label| 2 * label.chars().count()).max().unwrap_or_default()
        }
        ColumnType::Text | ColumnType::Benefit => 16,
        ColumnType::Value(_) | ColumnType::Name => 0,
    }
}

/// The header with its unit, as import reads it back.
fn header_of(column: &Column) -> String {
    match (&column.kind, &column.unit) {
        (ColumnType::Value(FactType::Fen), _) => format!("{}（元）", column.label),
        (ColumnType::Value(FactType::Int), Some(unit)) => format!("{}（{unit}）", column.label),
        _ => column.label.clone(),
    }
}

fn choices(column: &Column, registers: &Registers) -> Vec<String> {
    match &column.kind {
        ColumnType::Value(FactType::Bool) => vec!["是".to_owned(), "否".to_owned()],
        ColumnType::Value(FactType::Code(list)) => registers
            .list(list)
            .map(|list| {
                list.codes
                    .iter()
                    .take(MAX_CHOICES)
                    .map(|code| code.label.clone())
                    .collect()
            })
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// What may stand in a column, in a sentence.
pub fn note(column: &Column, registers: &Registers) -> String {
    let mut parts: Vec<String> = Vec::new();
    parts.push(match &column.kind {
        ColumnType::Value(FactType::Int) => "整数".to_owned(),
        ColumnType::Value(FactType::Fen) => "以元为单位的数，最多两位小数".to_owned(),
        ColumnType::Value(FactType::Decimal) => "小数或百分数，最多六位小数，如 0.0385 或 3.85%".to_owned(),
        ColumnType::Value(FactType::Bool) => "是或否".to_owned(),
        ColumnType::Value(FactType::Date) => "日期，如 2020-01-05".to_owned(),
        ColumnType::Value(FactType::Month) => "月份，如 2020-01".to_owned(),
        ColumnType::Value(FactType::Region) => "6位、9位或12位行政区划代码，或县级以上地区的全称，如 慈溪市".to_owned(),
        ColumnType::Value(FactType::Code(_)) => "从下拉列表中选择".to_owned(),
        ColumnType::Text => format!("文字，不超过 {} 个字", crate::value::MAX_TEXT),
        ColumnType::ResidentId => "18位公民身份号码（旧号码15位）".to_owned(),
        ColumnType::CreditCode => "18位统一社会信用代码".to_owned(),
        ColumnType::Account => "银行账号，8至32位".to_owned(),
        ColumnType::Name => "证件上的姓名或户名".to_owned(),
        ColumnType::Phone => "手机号码或带区号的电话".to_owned(),
        ColumnType::Benefit => "补贴项目的名称或编号".to_owned(),
    });
    match (&column.least, &column.most) {
        (Some(least), Some(most)) => parts.push(format!("{least} 至 {most}")),
        (Some(least), None) if least != "0" => parts.push(format!("不小于 {least}")),
        (None, Some(most)) => parts.push(format!("不大于 {most}")),
        _ => {}
    }
    match column.of_id {
        Some(OfId::Birth | OfId::Sex) => parts.push("可以留空，按公民身份号码填写".to_owned()),
        None if column.required => parts.push("必填".to_owned()),
        None => parts.push("没有的留空".to_owned()),
    }
    if let Some(other) = column.refers.as_deref().and_then(|id| registers.get(id)) {
        parts.push(format!("须在数据表“{}”中", other.label));
    }
    parts.join("；")
}

fn explanation(register: &Register, registers: &Registers) -> Listing {
    let key: Vec<&str> = register.key_columns().map(|column| column.label.as_str()).collect();
    let mut rows = vec![
        vec!["本表".to_owned(), register.about.clone(), String::new(), String::new()],
        vec![
            "区分各行".to_owned(),
            format!(
                "{}相同的行是同一条：同一文件中只能有一行，再次导入时代替先导入的",
                key.join("、")
            ),
            String::new(),
            String::new(),
        ],
    ];
    for column in &register.columns {
        rows.push(vec![
            header_of(column),
            note(column, registers),
            column.also.join("、"),
            column.field.clone().unwrap_or_default(),
        ]);
    }
    Listing {
        sheet: EXPLANATION.to_owned(),
        headers: ["列", "填写内容", "也可写作", "人社字段代码"]
            .map(str::to_owned)
            .to_vec(),
        rows,
    }
}
