//! A form on paper: whoever prints it gets every column on one page.

use std::io::{Cursor, Read as _};

use report::form::{Column, Form, workbook};

/// The text of a part of the workbook.
fn part(name: &str) -> String {
    let form = Form {
        title: "名册".to_owned(),
        sheet: "数据".to_owned(),
        columns: vec![
            Column {
                header: "号码".to_owned(),
                room: 18,
                ..Column::default()
            },
            Column {
                header: "姓名".to_owned(),
                ..Column::default()
            },
        ],
        ..Form::default()
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook(&form).unwrap())).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_form_lies_on_one_page_wide_with_its_header_on_every_page() {
    let sheet = part("xl/worksheets/sheet1.xml");
    assert!(sheet.contains(r#"orientation="landscape""#), "{sheet}");
    assert!(sheet.contains("<pageSetUpPr fitToPage=\"1\"/>"), "{sheet}");
    assert!(sheet.contains(r#"fitToHeight="0""#), "{sheet}");
    assert!(part("xl/workbook.xml").contains("_xlnm.Print_Titles"));
}

#[test]
fn a_column_is_as_wide_as_what_is_to_be_written_in_it() {
    let sheet = part("xl/worksheets/sheet1.xml");
    let width = |column: u32| -> u32 {
        let (_, rest) = sheet.split_once(&format!("<col min=\"{column}\"")).unwrap();
        let (_, rest) = rest.split_once("width=\"").unwrap();
        rest.split(['.', '"']).next().unwrap().parse().unwrap()
    };
    assert!(width(1) >= 20, "{}", width(1));
    assert!(width(2) < 20, "{}", width(2));
}
