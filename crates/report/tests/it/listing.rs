//! A table of a page as a workbook and as CSV.

use std::io::Cursor;

use calamine::{Data, Reader as _, Xlsx};
use report::listing::{Cell, Listing, csv, workbook};

fn listing() -> Listing {
    let text = |text: &str| Cell::Text(text.to_owned());
    Listing {
        title: "单位任务数".to_owned(),
        note: "基准日：2020-12-15".to_owned(),
        headings: vec!["单位".to_owned(), "任务".to_owned()],
        rows: vec![
            vec![text("市人力社保局"), Cell::Count(12)],
            vec![text("=HYPERLINK(\"x\")"), Cell::Count(-1)],
            vec![text("00123"), text("甲,\"乙\"\n丙")],
        ],
    }
}

#[test]
fn text_stays_text_and_counts_are_numbers() {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook(listing()).unwrap())).unwrap();
    let range = book.worksheet_range("单位任务数").unwrap();
    assert_eq!(range.get((0, 0)), Some(&Data::String("单位任务数".to_owned())));
    assert_eq!(range.get((2, 1)), Some(&Data::String("任务".to_owned())));
    assert_eq!(range.get((3, 1)), Some(&Data::Float(12.0)));
    assert_eq!(range.get((4, 0)), Some(&Data::String("=HYPERLINK(\"x\")".to_owned())));
    assert_eq!(range.get((5, 0)), Some(&Data::String("00123".to_owned())));
    assert!(
        book.worksheet_formula("单位任务数")
            .unwrap()
            .used_cells()
            .next()
            .is_none()
    );
}

#[test]
fn the_same_listing_gives_the_same_bytes() {
    assert_eq!(workbook(listing()).unwrap(), workbook(listing()).unwrap());
}

#[test]
fn csv_is_quoted_and_no_formula() {
    let text = String::from_utf8(csv(&listing())).unwrap();
    let expected =
        "\u{feff}单位,任务\r\n市人力社保局,12\r\n\"'=HYPERLINK(\"\"x\"\")\",-1\r\n00123,\"甲,\"\"乙\"\"\n丙\"\r\n";
    assert_eq!(text, expected);
}
