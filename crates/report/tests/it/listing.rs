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
fn money_is_a_number_in_yuan_with_two_decimals_in_both_files() {
    let money = Listing {
        title: "测算金额".to_owned(),
        headings: vec!["项目".to_owned(), "金额（元）".to_owned()],
        rows: [29_400_000, -4_600_001, 5]
            .map(|fen| vec![Cell::Text("补贴".to_owned()), Cell::Fen(fen)])
            .to_vec(),
        ..Listing::default()
    };
    let text = String::from_utf8(csv(&money)).unwrap();
    let expected = "\u{feff}项目,金额（元）\r\n补贴,294000.00\r\n补贴,-46000.01\r\n补贴,0.05\r\n";
    assert_eq!(text, expected);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(workbook(money).unwrap())).unwrap();
    let range = book.worksheet_range("测算金额").unwrap();
    let cells: Vec<Option<&Data>> = (3..6).map(|row| range.get((row, 1))).collect();
    let expected = [294_000.0, -46_000.01, 0.05].map(Data::Float);
    assert_eq!(cells, expected.iter().map(Some).collect::<Vec<_>>());
}

#[test]
fn csv_is_quoted_and_no_formula() {
    let text = String::from_utf8(csv(&listing())).unwrap();
    let expected =
        "\u{feff}单位,任务\r\n市人力社保局,12\r\n\"'=HYPERLINK(\"\"x\"\")\",-1\r\n00123,\"甲,\"\"乙\"\"\n丙\"\r\n";
    assert_eq!(text, expected);
}
