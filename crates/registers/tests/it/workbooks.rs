//! What only workbooks have: merged cells, several sheets, totals under the table.

use rust_xlsxwriter::{Format, Workbook};

use crate::world::{World, credit, id, problems};

fn write(sheet: &mut rust_xlsxwriter::Worksheet, first: u32, rows: &[&[&str]]) {
    for (row, cells) in (first..).zip(rows) {
        for (column, cell) in (0_u16..).zip(*cells) {
            if !cell.is_empty() {
                sheet.write_string(row, column, *cell).unwrap();
            }
        }
    }
}

#[test]
fn two_header_rows_with_merged_cells_are_one_header() {
    let world = World::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 3, "单位缴费情况表", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "统一社会信用代码", &plain).unwrap();
    sheet.merge_range(1, 1, 2, 1, "费款所属期", &plain).unwrap();
    sheet.merge_range(1, 2, 1, 3, "金额（元）", &plain).unwrap();
    write(
        sheet,
        2,
        &[
            &["", "", "应缴合计", "实缴合计"],
            &[&credit(1), "2020-01", "100.5", "100"],
        ],
    );
    let report = world.import("premium", &world.file("a.xlsx", book.save_to_buffer().unwrap()));
    assert_eq!(problems(&report), Vec::<String>::new());
    let rows = world.rows("premium", None);
    assert_eq!(
        (rows[0]["due_fen"].as_str(), rows[0]["paid_fen"].as_str()),
        ("10050", "10000")
    );
}

#[test]
fn merged_cells_mean_every_row_but_a_merged_amount_means_none() {
    let world = World::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    write(
        sheet,
        0,
        &[
            &["统一社会信用代码", "费款所属期", "应缴合计"],
            &["", "2020-01", "100"],
            &["", "2020-02", "200"],
            &[&credit(2), "2020-01", ""],
            &[&credit(2), "2020-02", ""],
        ],
    );
    sheet.merge_range(1, 0, 2, 0, &credit(1), &plain).unwrap();
    sheet.merge_range(3, 2, 4, 2, "300", &plain).unwrap();
    let report = world.import("premium", &world.file("a.xlsx", book.save_to_buffer().unwrap()));
    assert_eq!(
        problems(&report),
        ["5 应缴合计 数值在合并单元格中，不能确定属于哪一行 [300]"]
    );
    assert_eq!(report.accepted(), 3);
}

#[test]
fn all_sheets_with_the_header_are_read_and_the_others_named() {
    let world = World::new();
    let mut book = Workbook::new();
    for (name, month) in [("一月", "2020-01"), ("二月", "2020-02")] {
        let sheet = book.add_worksheet().set_name(name).unwrap();
        write(
            sheet,
            0,
            &[
                &["统一社会信用代码", "费款所属期", "参保人数"],
                &[&credit(1), month, "3"],
                &["合计", "", "3"],
                &["填表人：王小明"],
            ],
        );
    }
    write(
        book.add_worksheet().set_name("说明").unwrap(),
        0,
        &[&["序号", "内容"], &["1", "本表按月填报"]],
    );
    let report = world.import("premium", &world.file("a.xlsx", book.save_to_buffer().unwrap()));
    assert_eq!(report.sheets, ["一月", "二月"]);
    assert_eq!(report.passed_over[0].0, "说明");
    assert_eq!((report.read, report.remarks, report.rejected), (2, 4, 0));
    assert_eq!(world.periods("premium", None).len(), 2);
}

#[test]
fn a_key_that_comes_in_two_sheets_with_other_words_is_refused_in_both() {
    let world = World::new();
    let mut book = Workbook::new();
    for school in ["甲校", "乙校"] {
        write(book.add_worksheet(), 0, &[&["身份证号", "毕业院校"], &[&id(1), school]]);
    }
    let report = world.import("graduate", &world.file("a.xlsx", book.save_to_buffer().unwrap()));
    let expected = ["Sheet2", "Sheet1"].map(|other| format!("2 整行 与工作表“{other}”第2行主键相同而内容不同"));
    assert_eq!(problems(&report), expected);
    assert_eq!((report.rejects[0].sheet, report.accepted()), (0, 0));
}
