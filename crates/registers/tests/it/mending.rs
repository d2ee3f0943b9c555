//! Refused rows come back as a workbook, are mended and imported again; nothing is lost on the way.

use calamine::{Data, Reader, Xlsx};
use registers::workbook;
use rust_xlsxwriter::Workbook;

use crate::world::{World, credit, id, problems, registers};

fn sheet(bytes: &[u8], name: &str) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = Xlsx::new(std::io::Cursor::new(bytes.to_vec())).unwrap();
    let range = book.worksheet_range(name).unwrap();
    range
        .rows()
        .map(|row| {
            row.iter()
                .map(|cell| match cell {
                    Data::Empty => String::new(),
                    other => other.to_string(),
                })
                .collect()
        })
        .collect()
}

#[test]
fn a_refused_row_is_mended_in_the_workbook_and_imported_again() {
    let world = World::new();
    let file = world.file(
        "名册.csv",
        format!(
            "身份证号,姓名,性别,参加工作日期\n{},王小明,,2010-07-01\n{},李小红,女生,2010-02-30\n",
            id(1),
            id(2)
        ),
    );
    let report = world.import("person", &file);
    assert_eq!((report.accepted(), report.rejected), (1, 1));
    let register = registers().get("person").unwrap();
    let bytes = workbook::rejects(register, registers(), &report).unwrap();
    assert_eq!(
        sheet(&bytes, workbook::PROBLEMS),
        [
            vec!["工作表", "行号", "列", "内容（已遮盖）", "原因", "处理办法"],
            vec![
                "",
                "3",
                "性别",
                "女生",
                "不在可选范围内",
                "最接近的是“女”；可填：男、女"
            ],
            vec![
                "", "3", "参加工作日期", "2010-02-30", "没有这一天", "请写成如 2020-01-05 的日期"
            ],
        ]
    );
    let mut rows = sheet(&bytes, workbook::MENDING);
    assert_eq!(rows[0], ["身份证号", "姓名", "性别", "参加工作日期"]);
    assert_eq!(rows[1], [id(2).as_str(), "李小红", "女生", "2010-02-30"]);
    // As it came it is refused again, in the same words.
    let untouched = world.import("person", &world.file("未改.xlsx", &bytes));
    assert_eq!(untouched.rejected, 1);
    rows[1][2] = String::new();
    rows[1][3] = "2010-02-28".to_owned();
    let mut mended = Workbook::new();
    let sheet = mended.add_worksheet();
    for (row, cells) in (0_u32..).zip(&rows) {
        for (column, cell) in (0_u16..).zip(cells) {
            sheet.write_string(row, column, cell).unwrap();
        }
    }
    let file = world.file("已改.xlsx", mended.save_to_buffer().unwrap());
    let report = world.import("person", &file);
    assert_eq!(problems(&report), Vec::<String>::new());
    assert_eq!((report.partitions[0].1.added, world.rows("person", None).len()), (1, 2));
}

#[test]
fn the_workbook_is_the_same_for_the_same_rows() {
    let world = World::new();
    let file = world.file("a.csv", format!("统一社会信用代码,单位名称\n{},\n", credit(1)));
    let report = world.import("employer", &file);
    let register = registers().get("employer").unwrap();
    let bytes = || workbook::rejects(register, registers(), &report).unwrap();
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_template_that_is_filled_in_is_imported_as_it_is() {
    for register in registers().all() {
        let bytes = workbook::template(register, registers()).unwrap();
        let headers = &sheet(&bytes, workbook::SHEET)[0];
        assert_eq!(headers.len(), register.columns.len(), "{}", register.id);
        let world = World::new();
        let file = world.file("a.xlsx", &bytes);
        let report = world.import(&register.id, &file);
        assert_eq!(
            (report.read, report.sheets.as_slice()),
            (0, ["数据".to_owned()].as_slice()),
            "{}",
            register.id
        );
        assert!(report.present.iter().all(|present| *present), "{}", register.id);
    }
}
