//! xlsx and xls: sheets in order, cells as the screen shows them, merged cells as in any other table.

use crate::compound::{compound, record, wide, words, workbook};
use crate::packed::{Xlsx, rows};
use crate::shown::{lines, read, read_lines};

#[test]
fn a_title_above_and_notes_below_are_paragraphs_and_the_rest_is_a_table() {
    let xml = rows(&[
        &["任务分解表"],
        &[],
        &["序号", "任务", "单位"],
        &["1", "甲", "A局"],
        &["一、标题"],
        &["2", "乙"],
        &["说明：略"],
    ]) + r#"<mergeCells count="1"><mergeCell ref="A1:C1"/><mergeCell ref="A5:C5"/></mergeCells>"#;
    assert_eq!(
        read_lines(&Xlsx::default().sheet("表", xml).bytes()),
        [
            "任务分解表", "| 序号 | 任务 | 单位 |", "| 1 | 甲 | A局 |", "| 一、标题@0+3 |", "| 2 | 乙 |  |", "说明：略"
        ]
    );
}

#[test]
fn a_row_of_a_table_keeps_its_number_in_the_sheet() {
    let xml = rows(&[&["名单"], &["说明"], &["姓名", "月数"], &[], &["甲", "3"]]);
    let source = read(&Xlsx::default().sheet("表", xml).bytes());
    let numbers = source.blocks.iter().filter_map(|block| match block {
        document::source::Block::Table(table) => Some(table.rows.iter().map(|row| row.number).collect::<Vec<_>>()),
        document::source::Block::Paragraph(_) => None,
    });
    assert_eq!(numbers.collect::<Vec<_>>(), [[Some(3), Some(5)]]);
}

#[test]
fn merged_areas_reach_down_and_across() {
    let xml = rows(&[
        &["一", "甲", "", "A"],
        &["", "乙", "丙", "B"],
        &["", "丁", "戊", ""],
        &["二", "己", "庚", "C"],
    ]) + r#"<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B1:C1"/><mergeCell ref="D2:D3"/></mergeCells>"#;
    assert_eq!(
        read_lines(&Xlsx::default().sheet("表", xml).bytes()),
        [
            "| 一 | 甲@1+2 | A |", "| ^ | 乙 | 丙 | B |", "| ^ | 丁 | 戊 | ^ |", "| 二 | 己 | 庚 | C |"
        ]
    );
}

#[test]
fn a_last_row_that_carries_on_merged_cells_stays_in_the_table() {
    let xml = rows(&[&["1", "甲", "A"], &["", "乙", ""]])
        + r#"<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="C1:C2"/></mergeCells>"#;
    assert_eq!(
        read_lines(&Xlsx::default().sheet("表", xml).bytes()),
        ["| 1 | 甲 | A |", "| ^ | 乙 | ^ |"]
    );
}

#[test]
fn sheets_are_named_only_where_several_hold_text_and_hidden_ones_are_reported() {
    let one = Xlsx::default()
        .sheet("甲表", rows(&[&["x", "y"]]))
        .sheet("空表", "")
        .sheet("!暗表", rows(&[&["p", "q"]]));
    let source = read(&one.bytes());
    assert_eq!(lines(&source), ["| x | y |"]);
    assert_eq!(source.diagnostics[0].message, "隐藏的工作表“暗表”未读取");
    let two = Xlsx::default()
        .sheet("甲表", rows(&[&["x", "y"]]))
        .sheet("乙表", rows(&[&["z"]]));
    assert_eq!(read_lines(&two.bytes()), ["甲表", "| x | y |", "乙表", "z"]);
}

#[test]
fn shared_rich_and_formula_text_errors_and_truths_are_text() {
    let xml = r#"<sheetData><row><c t="s"><v>1</v></c><c t="s"><v>9</v></c><c t="str"><f>A1</f><v>式</v></c><c t="e"><v>#N/A</v></c><c t="b"><v>1</v></c><c t="inlineStr"><is><r><t>内</t></r><r><t>联</t></r></is></c></row></sheetData>"#;
    let book = Xlsx::default()
        .string("<t>甲</t>")
        .string("<r><t>富</t></r><r><t>文&amp;本</t></r><rPh><t>fu</t></rPh>")
        .sheet("表", xml);
    assert_eq!(read_lines(&book.bytes()), ["| 富文&本 |  | 式 | #N/A | TRUE | 内联 |"]);
}

#[test]
fn formulas_without_results_are_reported() {
    let xml = r#"<sheetData><row><c r="A1"><v>1</v></c><c r="B1"><f>A1+1</f></c><c r="C1"><f>A1+1</f><v>2</v></c></row></sheetData>"#;
    let source = read(&Xlsx::default().sheet("表", xml).bytes());
    assert_eq!(lines(&source), ["| 1 |  | 2 |"]);
    assert_eq!(
        source.diagnostics[0].message,
        "工作表“表”有 1 个公式没有保存结果，未读取"
    );
}

#[test]
fn numbers_and_dates_are_shown_as_the_screen_shows_them() {
    let cases: &[(&str, &str, &str)] = &[
        ("0", "0.30000000000000004", "0.3"),
        ("0", "1.2E-2", "0.012"),
        ("0", "13812345678", "13812345678"),
        ("0", "-12.50", "-12.5"),
        ("9", "0.055", "6%"),
        ("10", "5.4999999999999997E-3", "0.55%"),
        ("0.0%", "0.125", "12.5%"),
        ("1", "2.5", "3"),
        ("1", "-2.5", "-3"),
        ("2", "3", "3.00"),
        ("3", "1234567", "1,234,567"),
        ("4", "-1234.5", "-1,234.50"),
        ("#,##0.00_);(#,##0.00)", "-5", "(5.00)"),
        ("0.##", "3", "3"),
        ("#.##", "0.5", ".5"),
        ("000", "7", "007"),
        ("000-0000", "1234567", "123-4567"),
        ("0!.0,\"万元\"", "123456", "12.3万元"),
        ("[>=10000]0!.0,\"万\";0\"元\"", "500", "500元"),
        ("0\"人\";-0\"人\";\"无\"", "0", "无"),
        ("0.00E+00", "12345", "1.23E+04"),
        ("[$¥-804]#,##0.00", "3000", "¥3,000.00"),
        ("14", "43831", "2020/1/1"),
        ("31", "44196", "2020年12月31日"),
        ("27", "44196", "2020年12月"),
        ("yyyy-mm-dd hh:mm:ss", "43831.75", "2020-01-01 18:00:00"),
        ("yyyy/m/d", "43831.999999999", "2020/1/2"),
        ("[DBNum1]yyyy\"年\"m\"月\"d\"日\"", "44197", "二〇二一年一月一日"),
        ("[DBNum1]General", "21", "二十一"),
        ("[DBNum2]General", "305", "叁佰零伍"),
        ("[h]:mm", "1.5", "36:00"),
        ("上午/下午h\"时\"mm\"分\"", "0.5625", "下午1时30分"),
        ("aaaa", "43831", "星期三"),
        ("yyyy/m/d", "60", "1900/2/29"),
        ("yyyy/m/d", "59", "1900/2/28"),
        ("yyyy/m/d", "1", "1900/1/1"),
        ("yyyy/m/d", "-1", "-1"),
        ("yyyy/m/d", "99999999", "99999999"),
        ("@", "12", "12"),
    ];
    for (format, value, shown) in cases {
        let xml = format!(r#"<sheetData><row><c s="0"><v>{value}</v></c></row></sheetData>"#);
        assert_eq!(
            read_lines(&Xlsx::default().format(format).sheet("表", xml).bytes()),
            [*shown],
            "{format} of {value}"
        );
    }
}

fn xls_strings(parts: &[&[u8]], count: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (at, part) in parts.iter().enumerate() {
        let mut data = if at == 0 {
            [count.to_le_bytes(), count.to_le_bytes()].concat()
        } else {
            Vec::new()
        };
        data.extend_from_slice(part);
        bytes.extend(record(if at == 0 { 0x00FC } else { 0x003C }, &data));
    }
    bytes
}

#[test]
fn xls_is_read_like_xlsx() {
    let double = |row: u16, column: u16, format: u16, value: f64| {
        [words(&[row, column, format]), value.to_le_bytes().to_vec()].concat()
    };
    // A string that is cut in the middle goes on with flags of its own, here in single bytes.
    let strings = xls_strings(
        &[
            &[words(&[2]), wide("序号"), words(&[4]), wide("任务")].concat(),
            &[0, b'A', b'B'],
        ],
        2,
    );
    let format = record(0x041E, &[words(&[164, 4]), vec![0], b"0.0%".to_vec()].concat());
    let formats = [0_u16, 164, 14]
        .iter()
        .map(|id| record(0x00E0, &[words(&[0, *id]), vec![0; 16]].concat()))
        .collect::<Vec<_>>()
        .concat();
    let text = |row: u16, column: u16, index: u32| {
        record(
            0x00FD,
            &[words(&[row, column, 0]), index.to_le_bytes().to_vec()].concat(),
        )
    };
    let sheet = vec![
        text(0, 0, 0),
        text(0, 1, 1),
        record(0x0203, &double(1, 0, 1, 0.125)),
        record(
            0x027E,
            &[words(&[1, 1, 0]), (((1234_i32 << 2) | 3) as u32).to_le_bytes().to_vec()].concat(),
        ),
        record(
            0x00BD,
            &[
                words(&[2, 0]),
                words(&[0]),
                ((7 << 2) | 2_u32).to_le_bytes().to_vec(),
                words(&[2]),
                ((43831 << 2) | 2_u32).to_le_bytes().to_vec(),
                words(&[1]),
            ]
            .concat(),
        ),
        record(
            0x0006,
            &[words(&[3, 0, 0]), vec![0, 0, 0, 0, 0, 0, 0xFF, 0xFF], vec![0; 8]].concat(),
        ),
        record(0x0207, &[words(&[1]), wide("式")].concat()),
        record(0x0205, &[words(&[3, 1, 0]), vec![0x2A, 1]].concat()),
        record(0x0204, &[words(&[4, 0, 0, 2]), wide("合并")].concat()),
        record(0x0204, &[words(&[4, 2, 0, 1]), wide("x")].concat()),
        record(0x00E5, &words(&[1, 4, 4, 0, 1])),
    ];
    let book = workbook(&[strings, format, formats], &[("表", 0, sheet), ("暗", 1, vec![])]);
    let source = read(&compound(&[("Workbook", book)]));
    assert_eq!(
        lines(&source),
        [
            "| 序号 | 任务AB |  |", "| 12.5% | 12.34 |  |", "| 7 | 2020/1/1 |  |", "| 式 | #N/A |  |",
            "| 合并@0+2 | x |"
        ]
    );
    assert_eq!(source.diagnostics[0].message, "隐藏的工作表“暗”未读取");
}
