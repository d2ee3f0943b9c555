//! The Excel ledger, read back as a spreadsheet and as the XML it is made of.

use std::io::{Cursor, Read};

use calamine::{Data, Reader, Xlsx};
use report::ledger::{Entry, Involvement, Ledger, MAX_UNIT_SHEETS, Part, STATES, Sheets, WorkbookError, workbook};
use report::roster::Sheet;

fn entry(no: &str, content: &str, units: &[(&str, Part)]) -> Entry {
    let names = |wanted: Part| {
        let named: Vec<&str> = units
            .iter()
            .filter(|(_, part)| *part == wanted)
            .map(|(unit, _)| *unit)
            .collect();
        named.join("、")
    };
    Entry {
        no: no.into(),
        content: content.into(),
        lead: names(Part::Lead),
        support: names(Part::Support),
        responsible: names(Part::Responsible),
        units: units
            .iter()
            .map(|&(unit, part)| Involvement {
                unit: unit.into(),
                part,
            })
            .collect(),
        ..Entry::default()
    }
}

fn ledger(entries: Vec<Entry>) -> Ledger {
    Ledger {
        title: "某市稳就业工作责任台账".into(),
        note: "文号：原文未载明".into(),
        entries,
        ..Ledger::default()
    }
}

fn open(ledger: &Ledger, sheets: Sheets) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(workbook(ledger, sheets).unwrap())).unwrap()
}

/// Cell of the entry `row` (from 0) in `column`, as Excel types it.
fn cell(book: &mut Xlsx<Cursor<Vec<u8>>>, sheet: &str, row: u32, column: u32) -> Data {
    book.worksheet_range(sheet)
        .unwrap()
        .get_value((row + 3, column))
        .cloned()
        .unwrap_or(Data::Empty)
}

fn xml(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn the_columns_are_those_that_offices_keep_in_their_order() {
    let mut book = open(&ledger(vec![entry("1", "甲", &[])]), Sheets::Whole);
    let range = book.worksheet_range("责任台账").unwrap();
    let headings: Vec<String> = (0..16)
        .map(|c| range.get_value((2, c)).map(ToString::to_string).unwrap_or_default())
        .collect();
    assert_eq!(
        headings.join(" "),
        "序号 项目 工作内容 文件依据 牵头单位 配合单位 责任单位 责任领导 联络员 联系电话 完成时限 进展情况 存在问题 下步打算 状态 备注"
    );
    assert_eq!(range.get_value((0, 0)).unwrap().to_string(), "某市稳就业工作责任台账");
    assert_eq!(range.get_value((1, 0)).unwrap().to_string(), "文号：原文未载明");
    assert_eq!(range.get_size(), (4, 16));
}

#[test]
fn text_stays_text_and_only_a_plain_item_number_becomes_a_number() {
    for text in [
        "=1+1", "+86", "-1", "@SUM(A1)", "007", "1e5", "2020-12-31", "3.30", "'a", "https://example.cn", "TRUE",
    ] {
        let row = Entry {
            project: text.into(),
            content: text.into(),
            phone: text.into(),
            remarks: text.into(),
            ..entry("1", "", &[])
        };
        let mut book = open(&ledger(vec![row]), Sheets::Whole);
        for column in [1, 2, 9, 15] {
            assert_eq!(
                cell(&mut book, "责任台账", 0, column),
                Data::String(text.into()),
                "column {column}"
            );
        }
        assert!(book.worksheet_formula("责任台账").unwrap().is_empty(), "{text}");
    }
    for (no, expected) in [
        ("12", Data::Float(12.0)),
        ("012", Data::String("012".into())),
        ("0", Data::String("0".into())),
        ("3-1", Data::String("3-1".into())),
        ("—", Data::String("—".into())),
        ("=2", Data::String("=2".into())),
        ("1234567890", Data::String("1234567890".into())),
        ("", Data::Empty),
    ] {
        let mut book = open(&ledger(vec![entry(no, "甲", &[])]), Sheets::Whole);
        assert_eq!(cell(&mut book, "责任台账", 0, 0), expected, "{no}");
    }
}

#[test]
fn the_same_ledger_gives_the_same_bytes_and_another_one_does_not() {
    let one = ledger(vec![entry("1", "甲", &[("发改局", Part::Lead)])]);
    let other = ledger(vec![entry("1", "乙", &[("发改局", Part::Lead)])]);
    let bytes = workbook(&one, Sheets::ByUnit).unwrap();
    // The container's clock counts in steps of two seconds; what could change in between is the creation time.
    assert!(xml(&bytes, "docProps/core.xml").contains("2020-01-01T00:00:00Z"));
    assert!(bytes == workbook(&one, Sheets::ByUnit).unwrap(), "two runs differ");
    assert!(bytes != workbook(&other, Sheets::ByUnit).unwrap());
}

#[test]
fn it_prints_on_a3_one_page_wide_with_heading_filter_and_page_numbers() {
    let rows = (1..=50).map(|n| entry(&n.to_string(), "甲", &[])).collect();
    let bytes = workbook(&ledger(rows), Sheets::Whole).unwrap();
    let sheet = xml(&bytes, "xl/worksheets/sheet1.xml");
    for wanted in [
        r#"<pageSetup paperSize="8" fitToHeight="0" orientation="landscape""#,
        r#"<pageSetUpPr fitToPage="1"/>"#,
        r#"<pane xSplit="2" ySplit="3" topLeftCell="C4""#,
        r#"<autoFilter ref="A3:P53"/>"#,
        r#"<dataValidation type="list""#,
        r#"sqref="O4:O53""#,
        "第 &amp;P 页",
    ] {
        assert!(sheet.contains(wanted), "{wanted}");
    }
    assert!(sheet.contains(&format!("<formula1>\"{}\"</formula1>", STATES.join(","))));
    let book = xml(&bytes, "xl/workbook.xml");
    assert!(
        book.contains("_xlnm.Print_Titles\" localSheetId=\"0\">责任台账!$1:$3"),
        "{book}"
    );
}

/// Height of the first entry's row, in points.
fn height_of(content: &str, support: &str) -> u32 {
    let row = Entry {
        support: support.into(),
        ..entry("1", content, &[])
    };
    let sheet = xml(
        &workbook(&ledger(vec![row]), Sheets::Whole).unwrap(),
        "xl/worksheets/sheet1.xml",
    );
    let row = sheet.split("<row r=\"4\"").nth(1).unwrap();
    row.split("ht=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .parse()
        .unwrap()
}

#[test]
fn a_row_is_as_high_as_its_wrapped_text_and_never_higher_than_excel_allows() {
    assert_eq!(height_of("甲", ""), 21);
    assert_eq!(height_of(&"甲".repeat(26), ""), 21);
    assert_eq!(height_of(&"甲".repeat(27), ""), 36);
    assert_eq!(height_of("甲\n乙\n丙", ""), 51);
    assert_eq!(height_of("甲", &"乙".repeat(14)), 36);
    // 26 lines of 26 characters are the most; more text makes the column wider, not the row invisible.
    assert_eq!(height_of(&"甲".repeat(26 * 26), ""), 396);
    assert!(height_of(&"甲".repeat(26 * 26 + 1), "") < 396);
    assert_eq!(height_of(&"甲".repeat(20_000), ""), 396);
}

#[test]
fn a_cell_that_excel_could_not_hold_is_cut_and_says_so() {
    let mut book = open(&ledger(vec![entry("1", &"甲".repeat(40_000), &[])]), Sheets::Whole);
    let Data::String(text) = cell(&mut book, "责任台账", 0, 2) else {
        panic!("text expected")
    };
    assert_eq!(text.chars().count(), 32_767);
    assert!(text.ends_with("以下见原文）"));
    let mut book = open(
        &ledger(vec![entry("1", "甲\u{0}\u{b}\u{1b}乙\r\n丙", &[])]),
        Sheets::Whole,
    );
    assert_eq!(cell(&mut book, "责任台账", 0, 2), Data::String("甲乙\n丙".into()));
}

#[test]
fn units_that_lead_come_first_and_each_finds_what_it_leads_on_top() {
    use Part::{Lead, Responsible, Support};
    let rows = vec![
        entry(
            "1",
            "一",
            &[("发改局", Lead), ("财政局", Support), ("各镇（街道）", Support)],
        ),
        entry("2", "二", &[("妇联", Responsible)]),
        entry("3", "三", &[("财政局", Lead), ("发改局", Support), ("妇联", Support)]),
        // Named twice in one task: its weightiest part counts, and the task stands once.
        entry("4", "四", &[("财政局", Support), ("财政局", Lead)]),
    ];
    let mut book = open(&ledger(rows), Sheets::ByUnit);
    assert_eq!(
        book.sheet_names(),
        ["责任台账", "发改局", "财政局", "各镇（街道）", "妇联"]
    );
    let mut numbers = |sheet: &str| -> Vec<String> {
        let range = book.worksheet_range(sheet).unwrap();
        (3..range.height())
            .map(|row| range.get_value((row as u32, 0)).unwrap().to_string())
            .collect()
    };
    assert_eq!(numbers("责任台账"), ["1", "2", "3", "4"]);
    assert_eq!(numbers("发改局"), ["1", "3"]);
    assert_eq!(numbers("财政局"), ["3", "4", "1"]);
    assert_eq!(numbers("妇联"), ["2", "3"]);
    let range = book.worksheet_range("财政局").unwrap();
    assert_eq!(
        range.get_value((0, 0)).unwrap().to_string(),
        "某市稳就业工作责任台账（财政局）"
    );
    assert_eq!(
        range.get_value((1, 0)).unwrap().to_string(),
        "单位：财政局　　牵头 2 项，配合 1 项"
    );
}

#[test]
fn every_unit_gets_a_sheet_name_that_excel_accepts() {
    let long = "某某市某某区人民政府关于推进某某工作领导小组及其办公室成员单位";
    let names = [
        "责任台账",
        "a/b",
        "a\\b",
        "[甲]",
        "甲:乙*丙?",
        "'引'",
        "History",
        "ABC",
        "abc",
        long,
        &format!("{long}（第二）"),
        "",
        "\u{7}",
        "𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀𠀀",
    ];
    let units: Vec<(&str, Part)> = names.iter().map(|&name| (name, Part::Lead)).collect();
    let book = open(&ledger(vec![entry("1", "甲", &units)]), Sheets::ByUnit);
    let sheets = book.sheet_names();
    assert_eq!(sheets.len(), names.len() + 1);
    let mut lower: Vec<String> = sheets.iter().map(|name| name.to_lowercase()).collect();
    lower.sort();
    lower.dedup();
    assert_eq!(lower.len(), sheets.len(), "{sheets:?}");
    for name in &sheets {
        assert!(!name.is_empty() && name.encode_utf16().count() <= 31, "{name}");
        assert!(!name.contains(['*', '?', ':', '[', ']', '\\', '/']), "{name}");
        assert!(!name.starts_with('\'') && !name.ends_with('\''), "{name}");
        assert!(!name.eq_ignore_ascii_case("history"), "{name}");
    }
}

#[test]
fn a_ledger_without_tasks_still_opens() {
    let mut book = open(&ledger(Vec::new()), Sheets::ByUnit);
    assert_eq!(book.sheet_names(), ["责任台账"]);
    assert_eq!(book.worksheet_range("责任台账").unwrap().height(), 3);
}

#[test]
fn as_many_units_as_a_workbook_may_have_sheets_and_not_one_more() {
    let names: Vec<String> = (0..=MAX_UNIT_SHEETS).map(|number| format!("单位{number}")).collect();
    let with = |count: usize| {
        let units: Vec<(&str, Part)> = names[..count].iter().map(|name| (name.as_str(), Part::Lead)).collect();
        workbook(&ledger(vec![entry("1", "甲", &units)]), Sheets::ByUnit)
    };
    assert!(with(MAX_UNIT_SHEETS).is_ok());
    let refused = with(MAX_UNIT_SHEETS + 1);
    assert!(matches!(refused, Err(WorkbookError::TooManyUnits(count)) if count == MAX_UNIT_SHEETS + 1));
}

#[test]
fn what_stands_beside_the_tasks_has_a_sheet_of_its_own_right_behind_the_whole_ledger() {
    let beside = Sheet {
        name: "报送".into(),
        title: "报送".into(),
        headers: vec!["由谁".into(), "何时".into()],
        rows: vec![vec!["发改局".into(), "每季度末".into()]],
        ..Sheet::default()
    };
    let whole = Ledger {
        beside: vec![beside],
        // A unit of the same name must not lose its sheet.
        ..ledger(vec![entry("1", "甲", &[("报送", Part::Lead)])])
    };
    assert_eq!(open(&whole, Sheets::Whole).sheet_names(), ["责任台账", "报送"]);
    let mut book = open(&whole, Sheets::ByUnit);
    assert_eq!(book.sheet_names(), ["责任台账", "报送", "报送（2）"]);
    let range = book.worksheet_range("报送").unwrap();
    assert_eq!(range.get_value((2, 0)), Some(&Data::String("发改局".into())));
    assert_eq!(cell(&mut book, "报送（2）", 0, 2), Data::String("甲".into()));
}
