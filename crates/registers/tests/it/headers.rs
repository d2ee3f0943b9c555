//! Headers are found wherever they stand and however they are written.

use registers::header::{Header, NoHeader};
use registers::source::Head;

use crate::world::registers;

fn head(rows: &[&[&str]]) -> Head {
    Head {
        rows: rows
            .iter()
            .enumerate()
            .map(|(at, cells)| (at as u32 + 1, cells.iter().map(|cell| (*cell).to_owned()).collect()))
            .collect(),
        ..Head::default()
    }
}

/// The ids of the register's columns in the order of the sheet, and the row of the header.
fn found(register: &str, rows: &[&[&str]]) -> Result<(u32, Vec<String>), NoHeader> {
    let register = registers().get(register).unwrap();
    let header = Header::find(&head(rows), register)?;
    let mut places: Vec<(usize, String)> = header
        .places
        .iter()
        .zip(&register.columns)
        .filter_map(|(place, column)| Some((place.as_ref().copied()?, column.id.clone())))
        .collect();
    places.sort();
    Ok((header.row, places.into_iter().map(|(_, id)| id).collect()))
}

fn check(register: &str, rows: &[&[&str]], row: u32, ids: &[&str]) {
    let expected = (row, ids.iter().map(|id| (*id).to_owned()).collect());
    assert_eq!(found(register, rows), Ok(expected), "{rows:?}");
}

#[test]
fn in_chinese_in_our_identifiers_and_in_field_codes() {
    let ids = ["person", "name", "sex", "birth_date"];
    check("person", &[&["公民身份号码", "姓名", "性别", "出生日期"]], 1, &ids);
    check("person", &[&["person", "name", "sex", "birth_date"]], 1, &ids);
    check("person", &[&["AAC002", "aac003", "AAC004", "AAC006"]], 1, &ids);
    check("person", &[&["身份证号", "姓名", "性别", "person.birth_date"]], 1, &ids);
}

#[test]
fn with_spaces_stars_brackets_and_units() {
    check(
        "contribution",
        &[&[
            "* 身份证号码 ：", "统一社会信用代码（18位）", "费款所属期(年月)", "缴费 基数【元】", "是否到账",
        ]],
        1,
        &["person", "employer", "month", "base_fen", "paid"],
    );
}

#[test]
fn one_column_alone_is_a_header_where_nothing_else_is_required() {
    check("graduate", &[&["身份证号"]], 1, &["person"]);
    check("graduate", &[&["2020届毕业生"], &["身份证号"]], 2, &["person"]);
    assert!(found("employer", &[&["统一社会信用代码"]]).is_err());
}

#[test]
fn below_a_title_and_in_two_rows() {
    check(
        "person",
        &[&["某市人员名册"], &["填表单位：某局"], &["身份证号", "姓名", "电话"]],
        3,
        &["person", "name", "phone"],
    );
    check(
        "contribution",
        &[
            &["公民身份号码", "费款所属期", "缴费", "", "险种", ""],
            &["", "", "基数", "已到账", "养老保险", "失业保险"],
        ],
        2,
        &["person", "month", "base_fen", "paid", "pension", "unemployment"],
    );
}

#[test]
fn a_missing_required_column_is_named_with_what_comes_near() {
    let error = found("person", &[&["身份证号", "姓 名 拼音", "性别"]]).unwrap_err();
    assert_eq!(
        error,
        NoHeader::Missing(vec!["姓名（表中有相近的“姓 名 拼音”）".to_owned()])
    );
}

#[test]
fn two_columns_for_one_are_refused() {
    let error = found("person", &[&["身份证号", "证件号码", "姓名"]]).unwrap_err();
    assert_eq!(
        error,
        NoHeader::Twice {
            column: "公民身份号码".to_owned(),
            headers: ["身份证号".to_owned(), "证件号码".to_owned()]
        }
    );
}

#[test]
fn a_unit_that_is_not_yuan_is_refused_and_another_sheet_is_passed_over() {
    let error = found("premium", &[&["统一社会信用代码", "月份", "应缴合计（亿元）"]]).unwrap_err();
    assert_eq!(
        error,
        NoHeader::Unit {
            header: "应缴合计（亿元）".to_owned()
        }
    );
    let found = found("premium", &[&["序号", "内容"], &["1", "说明"]]);
    assert!(matches!(found, Err(NoHeader::NotFound(_))), "{found:?}");
}

#[test]
fn a_sheet_without_a_header_is_told_by_the_row_that_comes_nearest() {
    let told = |rows: &[&[&str]]| match found("person", rows) {
        Err(NoHeader::NotFound(nearest)) => nearest.to_string(),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        told(&[&["某市名册"], &["号码", "姓名", "单位", "部门"]]),
        "最像表头的是第2行“号码、姓名、单位、部门”，认出的列有姓名，缺少必填列公民身份号码"
    );
    // A row of data is not repeated.
    assert_eq!(
        told(&[&["990282199001010000", "王小明", "某厂"]]),
        "其中没有本数据表的列，缺少必填列公民身份号码、姓名"
    );
    assert_eq!(told(&[]), "没有内容");
}
