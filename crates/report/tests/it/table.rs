//! Tables for the terminal.

use report::table::{Column, Table, printable};
use report::wrap::{Ambiguous, width};

fn units() -> Table {
    let columns = vec![
        Column::new("序号", 4, 6),
        Column::new("工作内容", 8, 40),
        Column::new("牵头单位", 8, 20),
    ];
    let mut table = Table::new(columns);
    table
        .rows
        .push(vec!["1".into(), "开展就业影响评价".into(), "发改局".into()]);
    table.rows.push(vec![
        "2".into(),
        "支持企业以工代训，按规定给予补贴".into(),
        "人社局、财政局".into(),
    ]);
    table
}

#[test]
fn columns_line_up_and_are_as_wide_as_they_need() {
    let expected = "\
序号  工作内容                          牵头单位
----  --------------------------------  --------------
1     开展就业影响评价                  发改局
2     支持企业以工代训，按规定给予补贴  人社局、财政局
";
    assert_eq!(units().render(80), expected);
}

#[test]
fn a_narrow_terminal_wraps_the_widest_column_first() {
    let expected = "\
序号  工作内容          牵头单位
----  ----------------  --------------
1     开展就业影响评价  发改局
2     支持企业以工代    人社局、财政局
      训，按规定给予补
      贴
";
    assert_eq!(units().render(38), expected);
}

#[test]
fn no_line_is_wider_than_asked_until_every_column_is_at_its_narrowest() {
    for line_width in 24..100 {
        for line in units().render(line_width).lines() {
            assert!(width(line, Ambiguous::Narrow) <= line_width, "{line} in {line_width}");
        }
    }
    // 4 + 8 + 8 and two gaps.
    assert_eq!(units().render(1), units().render(24));
}

#[test]
fn a_short_row_ends_in_empty_cells_and_an_empty_table_has_its_heading() {
    let mut table = Table::new(vec![Column::new("甲", 2, 9), Column::new("乙", 2, 9)]);
    assert_eq!(table.render(80), "甲  乙\n--  --\n");
    table.rows.push(vec!["一".into()]);
    assert_eq!(table.render(80), "甲  乙\n--  --\n一\n");
}

#[test]
fn a_document_cannot_command_the_terminal() {
    assert_eq!(printable("红\u{1b}[31m\t绿\u{202e}\u{7}\u{a0}蓝\r"), "红[31m 绿 蓝");
    let mut table = Table::new(vec![Column::new("甲", 2, 9)]);
    table.rows.push(vec!["\u{1b}]0;x\u{7}一".into()]);
    assert!(!table.render(80).contains('\u{1b}'));
}
