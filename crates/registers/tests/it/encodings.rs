//! The same rows in every format and encoding give the same register.

use arrow_array::{ArrayRef, Date32Array, Float64Array, Int64Array, RecordBatch, StringArray};
use parquet::arrow::ArrowWriter;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use std::sync::Arc;

use crate::compound::{compound, record, wide, words, workbook};
use crate::world::{World, credit, problems};

/// Two firms in csv.
fn csv() -> String {
    format!(
        "统一社会信用代码,费款所属期,参保人数,应缴合计（元）\n{},2020-03,12,3957.5\n{},2020年3月,7,0.1\n",
        credit(1),
        credit(2)
    )
}

fn seen(world: &World) -> Vec<(String, String, String)> {
    world
        .rows("premium", None)
        .into_iter()
        .map(|row| (row["month"].clone(), row["headcount"].clone(), row["due_fen"].clone()))
        .collect()
}

fn check(name: &str, bytes: Vec<u8>) {
    let world = World::new();
    let file = world.file(name, bytes);
    let report = world.import("premium", &file);
    assert_eq!(problems(&report), Vec::<String>::new(), "{name}");
    let mut rows = seen(&world);
    rows.sort();
    let month = || "2020-03-01".to_owned();
    assert_eq!(
        rows,
        [
            (month(), "12".to_owned(), "395750".to_owned()),
            (month(), "7".to_owned(), "10".to_owned())
        ],
        "{name}"
    );
}

#[test]
fn csv_in_utf_8_with_and_without_a_mark() {
    check("a.csv", csv().into_bytes());
    check("b.csv", [b"\xef\xbb\xbf".to_vec(), csv().into_bytes()].concat());
}

#[test]
fn csv_in_gb18030_and_utf_16() {
    check("a.csv", encoding_rs::GB18030.encode(&csv()).0.into_owned());
    let mut wide = vec![0xff, 0xfe];
    wide.extend(csv().encode_utf16().flat_map(u16::to_le_bytes));
    check("b.csv", wide);
}

#[test]
fn csv_with_tabs_semicolons_and_forced_text() {
    check("a.txt", csv().replace(',', "\t").into_bytes());
    check("b.csv", csv().replace(',', ";").into_bytes());
    let forced = csv().replace(&credit(1), &format!("=\"{}\"", credit(1)));
    check(
        "c.csv",
        forced.replace(&credit(2), &format!("'{}", credit(2))).into_bytes(),
    );
    check("d.csv", csv().replace('\n', "\r\n").into_bytes());
}

#[test]
fn xlsx_with_numbers_dates_and_numbers_as_text() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let month = Format::new().set_num_format("yyyy\"年\"m\"月\"");
    for (at, header) in (0_u16..).zip(["统一社会信用代码", "费款所属期", "参保人数", "应缴合计"]) {
        sheet.write_string(0, at, header).unwrap();
    }
    sheet.write_string(1, 0, credit(1)).unwrap();
    let day = ExcelDateTime::from_ymd(2020, 3, 1).unwrap();
    sheet.write_datetime_with_format(1, 1, &day, &month).unwrap();
    sheet.write_number(1, 2, 12).unwrap();
    sheet.write_number(1, 3, 3957.5).unwrap();
    sheet.write_string(2, 0, credit(2)).unwrap();
    sheet.write_string(2, 1, "202003").unwrap();
    sheet.write_string(2, 2, "7").unwrap();
    // A binary 0.1 is not a tenth, but its shortest decimal is.
    sheet.write_number(2, 3, 0.1).unwrap();
    check("a.xlsx", book.save_to_buffer().unwrap());
}

#[test]
fn xls_of_the_nineties() {
    let text = |row: u16, column: u16, text: &str| {
        let count = text.encode_utf16().count() as u16;
        record(0x0204, &[words(&[row, column, 0, count]), wide(text)].concat())
    };
    let number = |row: u16, column: u16, value: f64| {
        record(
            0x0203,
            &[words(&[row, column, 0]), value.to_le_bytes().to_vec()].concat(),
        )
    };
    let sheet = vec![
        text(0, 0, "统一社会信用代码"),
        text(0, 1, "费款所属期"),
        text(0, 2, "参保人数"),
        text(0, 3, "应缴合计"),
        text(1, 0, &credit(1)),
        text(1, 1, "2020-03"),
        number(1, 2, 12.0),
        number(1, 3, 3957.5),
        text(2, 0, &credit(2)),
        number(2, 1, 202_003.0),
        number(2, 2, 7.0),
        number(2, 3, 0.1),
    ];
    let formats = record(0x00E0, &[words(&[0, 0]), vec![0; 16]].concat());
    check(
        "a.xls",
        compound(&[("Workbook", workbook(&[formats], &[("表", 0, sheet)]))]),
    );
}

#[test]
fn parquet_of_others() {
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("employer", Arc::new(StringArray::from(vec![credit(1), credit(2)]))),
        ("month", Arc::new(Date32Array::from(vec![18_322, 18_340]))),
        ("headcount", Arc::new(Int64Array::from(vec![12, 7]))),
        ("due_fen", Arc::new(Float64Array::from(vec![3957.5, 0.1]))),
    ];
    let batch = RecordBatch::try_from_iter(columns).unwrap();
    let mut bytes = Vec::new();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    check("a.parquet", bytes);
}

#[test]
fn a_unit_in_the_header_is_what_its_numbers_count() {
    check(
        "a.csv",
        csv()
            .replace("应缴合计（元）", "应缴合计（万元）")
            .replace("3957.5", "0.39575")
            .replace("0.1", "0.00001")
            .into_bytes(),
    );
}
