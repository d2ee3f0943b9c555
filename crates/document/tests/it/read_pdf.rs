//! PDF: what the page shows comes out as paragraphs and tables, whatever the font's encoding.

use std::io::Write;

use aes::cipher::{BlockCipherEncrypt, KeyInit};
use md5::Digest;

use crate::paged::{chinese_font, grid, page_objects, pages, pdf, stream, texts};
use crate::shown::{lines, read, read_lines, refusal};

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn shown(font: &[Vec<u8>], bytes: &[u8]) -> Vec<u8> {
    pages(
        font,
        &[format!("BT /F 16 Tf 100 700 Td <{}> Tj ET", hex(bytes)).into_bytes()],
    )
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

/// One page of lines in UTF-16.
fn page(lines: &[(f64, f64, f64, &str)]) -> Vec<String> {
    read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &[texts(lines)]))
}

#[test]
fn predefined_cmaps_are_the_encodings_they_stand_for() {
    let text = "就业Work2024年，5%";
    let gbk = encoding_rs::GBK.encode(text).0.into_owned();
    for cmap in ["GBK-EUC-H", "GBKp-EUC-H", "GBK2K-H", "GB-EUC-H", "GBpc-EUC-H"] {
        assert_eq!(read_lines(&shown(&chinese_font(cmap), &gbk)), [text], "{cmap}");
    }
    for cmap in ["UniGB-UCS2-H", "UniGB-UTF16-H", "UniCNS-UTF16-H", "UniJIS-UCS2-HW-H"] {
        assert_eq!(read_lines(&shown(&chinese_font(cmap), &utf16(text))), [text], "{cmap}");
    }
    let wide = encoding_rs::GB18030.encode("㐀𠮷业").0.into_owned();
    assert_eq!(read_lines(&shown(&chinese_font("GBK2K-H"), &wide)), ["㐀𠮷业"]);
    assert_eq!(
        read_lines(&shown(&chinese_font("UniGB-UTF16-H"), &utf16("𠮷业"))),
        ["𠮷业"]
    );
    assert_eq!(
        read_lines(&shown(&chinese_font("UniGB-UTF8-H"), text.as_bytes())),
        [text]
    );
    let big5 = encoding_rs::BIG5.encode("就業2024").0.into_owned();
    assert_eq!(read_lines(&shown(&chinese_font("ETen-B5-H"), &big5)), ["就業2024"]);
    // What is cut off in the middle of a character does not take the next one with it.
    assert_eq!(
        read_lines(&shown(&chinese_font("GBK-EUC-H"), &gbk[..3])),
        ["就\u{FFFD}"]
    );
}

#[test]
fn single_byte_fonts_go_by_encoding_differences_and_to_unicode() {
    let font =
        |entries: &str| vec![format!("<< /Type /Font /Subtype /TrueType /BaseFont /A {entries} >>").into_bytes()];
    assert_eq!(
        read_lines(&shown(&font("/Encoding /WinAnsiEncoding"), b"A\x80\x93")),
        ["A€“"]
    );
    assert_eq!(
        read_lines(&shown(&font("/Encoding /MacRomanEncoding"), b"A\xA5")),
        ["A•"]
    );
    let differences = "/Encoding << /Differences [65 /uni5C31 /u4E1A /one /f_i 200 /emdash] >>";
    assert_eq!(read_lines(&shown(&font(differences), b"ABCD\xC8")), ["就业1fi—"]);
    let mut named = font("/ToUnicode 4 0 R");
    named.push(stream("", b"1 begincodespacerange <00> <FF> endcodespacerange 2 beginbfchar <41> <5C31> <42> <4E1A00320030> endbfchar 1 beginbfrange <43> <45> <0061> endbfrange"));
    assert_eq!(read_lines(&shown(&named, b"ABCE")), ["就业20ac"]);
}

fn identity(to_unicode: Option<&[u8]>) -> Vec<Vec<u8>> {
    let entry = if to_unicode.is_some() { "/ToUnicode 5 0 R" } else { "" };
    let mut font = vec![
        format!(
            "<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [4 0 R] {entry} >>"
        )
        .into_bytes(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /DW 1000 >>".to_vec(),
    ];
    font.extend(to_unicode.map(|map| stream("", map)));
    font
}

#[test]
fn identity_fonts_need_to_unicode_and_a_page_without_it_is_named() {
    let map = b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <0001> <0002> [<5C31> <4E1A>] endbfrange";
    assert_eq!(read_lines(&shown(&identity(Some(map)), &[0, 1, 0, 2])), ["就业"]);
    assert_eq!(
        refusal(&shown(&identity(None), &[0, 1, 0, 2])),
        "无法读取：第1页的字体没有说明文字编码，无法识别。请用 WPS 另存为 docx 或带文字的 PDF"
    );
    let mixed = pages(
        &identity(Some(map)),
        &[
            b"BT /F 16 Tf 99 700 Td <00010002> Tj ET".to_vec(),
            b"BT /F 16 Tf 99 700 Td <00030004> Tj ET".to_vec(),
        ],
    );
    let source = read(&mixed);
    assert_eq!(lines(&source), ["就业"]);
    assert_eq!(
        source.diagnostics[0].message,
        "第2页的字体没有说明文字编码，无法识别，未读取"
    );
}

#[test]
fn lines_join_into_paragraphs_and_break_where_the_next_word_would_have_fitted() {
    let full = "一二三四五六七八九十一二三四五六七八九十一二三四";
    let rest = &full[..22 * 3];
    let found = page(&[
        (171.0, 760.0, 22.0, "某市人民政府办公室关于"),
        (215.0, 730.0, 22.0, "就业工作的通知"),
        (100.0, 690.0, 16.0, "各区人民政府："),
        (132.0, 660.0, 16.0, rest),
        (100.0, 630.0, 16.0, full),
        (100.0, 600.0, 16.0, "末尾。"),
        (132.0, 570.0, 16.0, rest),
        (100.0, 540.0, 16.0, full),
        (132.0, 510.0, 16.0, "第二段。"),
        (340.0, 450.0, 16.0, "某市人民政府"),
        (340.0, 420.0, 16.0, "2024年1月1日"),
    ]);
    assert_eq!(
        found,
        [
            "某市人民政府办公室关于就业工作的通知".to_owned(),
            "各区人民政府：".to_owned(),
            format!("{rest}{full}末尾。"),
            format!("{rest}{full}"),
            "第二段。".to_owned(),
            "某市人民政府".to_owned(),
            "2024年1月1日".to_owned(),
        ]
    );
}

#[test]
fn page_numbers_and_running_heads_do_not_part_a_paragraph() {
    let full = "一二三四五六七八九十一二三四五六七八九十一二三四";
    let number = ["— 1 —", "— 2 —", "— 3 —", "4"];
    let sheets: Vec<Vec<u8>> = number
        .iter()
        .map(|number| {
            texts(&[
                (250.0, 800.0, 10.0, "某市人民政府公报"),
                (100.0, 700.0, 16.0, full),
                (100.0, 670.0, 16.0, full),
                (280.0, 40.0, 14.0, number),
            ])
        })
        .collect();
    assert_eq!(
        read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &sheets)),
        [full.repeat(8)]
    );
    let marked: Vec<Vec<u8>> = (0..4)
        .map(|_| texts(&[(60.0, 800.0, 16.0, "机密★1年"), (100.0, 700.0, 16.0, full)]))
        .collect();
    assert!(refusal(&pages(&chinese_font("UniGB-UCS2-H"), &marked)).starts_with("该文件标有密级标志"));
}

#[test]
fn ruled_tables_keep_their_merged_cells() {
    let mut content = texts(&[
        (105.0, 680.0, 10.0, "序号"),
        (155.0, 680.0, 10.0, "任务单位"),
        (105.0, 640.0, 10.0, "1"),
        (155.0, 650.0, 10.0, "甲一二三四五六七八"),
        (155.0, 638.0, 10.0, "十乙"),
        (255.0, 650.0, 10.0, "A局"),
        (255.0, 638.0, 10.0, "B局"),
        (155.0, 610.0, 10.0, "丙"),
        (255.0, 610.0, 10.0, "C局"),
        (100.0, 560.0, 10.0, "说明：略"),
    ]);
    // The first column spans two rows, the header two columns.
    content.extend(b"100 700 m 350 700 l S 100 665 m 350 665 l S 150 630 m 350 630 l S 100 600 m 350 600 l S 100 700 m 100 600 l S 150 700 m 150 600 l S 250 665 m 250 600 l S 350 700 m 350 600 l S");
    let expected = [
        "| 序号 | 任务单位@1+2 |",
        "| 1 | 甲一二三四五六七八十乙 | A局⏎B局 |",
        "| ^ | 丙 | C局 |",
        "说明：略",
    ];
    assert_eq!(read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &[content])), expected);
}

#[test]
fn rules_may_be_thin_boxes_and_open_at_the_sides() {
    let text = texts(&[
        (105.0, 680.0, 10.0, "甲"),
        (205.0, 680.0, 10.0, "乙"),
        (105.0, 650.0, 10.0, "丙"),
        (205.0, 650.0, 10.0, "丁"),
    ]);
    let boxes = b"100 700 200 0.5 re f 100 670 200 .5 re f 100 640 200 .5 re f 100 640 .5 60 re f 200 640 .5 60 re f 300 640 .5 60 re f";
    let open = b"100 700 m 300 700 l S 100 670 m 300 670 l S 100 640 m 300 640 l S 200 700 m 200 640 l S";
    let outlined = b"100 670 100 30 re S 200 670 100 30 re S 100 640 100 30 re S 200 640 100 30 re S";
    for rules in [&boxes[..], open, outlined] {
        let content = [&text, rules].concat();
        assert_eq!(
            read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &[content])),
            ["| 甲 | 乙 |", "| 丙 | 丁 |"]
        );
    }
}

#[test]
fn a_table_goes_on_over_pages_without_its_repeated_header() {
    let xs = [100.0, 150.0, 250.0, 350.0];
    let header = [
        (105.0, 680.0, 10.0, "序号"),
        (155.0, 680.0, 10.0, "类别"),
        (255.0, 680.0, 10.0, "任务"),
    ];
    let sheet = |ys: &[f64], texts_of: &[(f64, f64, f64, &str)], more: &str| {
        let mut content = texts(&header);
        content.extend(texts(texts_of));
        content.extend(texts(&[(280.0, 40.0, 14.0, "— 1 —")]));
        content.extend(format!("{}{more}", grid(&xs, ys)).into_bytes());
        content
    };
    let first = sheet(
        &[700.0, 670.0, 640.0],
        &[
            (105.0, 650.0, 10.0, "1"),
            (155.0, 650.0, 10.0, "一类"),
            (255.0, 650.0, 10.0, "甲，"),
        ],
        "",
    );
    // The rest of a row, then a row of the same class: its cell is empty, and in its column cells are merged.
    let second = sheet(
        &[700.0, 670.0, 640.0],
        &[(255.0, 650.0, 10.0, "乙。")],
        "100 610 m 150 610 l S 250 610 m 350 610 l S 100 640 m 100 580 l S 150 640 m 150 580 l S 250 640 m 250 580 l S 350 640 m 350 580 l S 100 580 m 350 580 l S",
    );
    let third = sheet(
        &[700.0, 670.0, 640.0],
        &[(105.0, 650.0, 10.0, "4"), (255.0, 650.0, 10.0, "丁。")],
        "",
    );
    let found = read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &[first, second, third]));
    assert_eq!(found[..2], ["| 序号 | 类别 | 任务 |", "| 1 | 一类 | 甲，乙。 |"]);
    assert_eq!(found.last().unwrap(), "| 4 | ^ | 丁。 |");
}

/// Pages of a table of three columns, 序号, 任务 and 单位, whose row is cut by the page: no line closes it at the end of the
/// first page, nor opens it on the second where the header is not printed again.
fn cut_row(header_again: bool, upper: [&str; 3], lower: [&str; 3]) -> Vec<u8> {
    let xs = [100.0, 150.0, 250.0, 350.0];
    let row = |y: f64, words: [&str; 3]| {
        let [a, b, c] = words;
        texts(&[(105.0, y, 10.0, a), (155.0, y, 10.0, b), (255.0, y, 10.0, c)])
    };
    let mut first = row(680.0, ["序号", "任务", "单位"]);
    first.extend(row(650.0, upper));
    first.extend(grid(&xs, &[700.0, 670.0]).into_bytes());
    first.extend(xs.map(|x| format!("{x} 700 m {x} 610 l S\n")).concat().into_bytes());
    let mut second = Vec::new();
    let mut ys = vec![640.0, 610.0];
    if header_again {
        second.extend(row(680.0, ["序号", "任务", "单位"]));
        ys.splice(0..0, [700.0, 670.0]);
    } else {
        second.extend(xs.map(|x| format!("{x} 668 m {x} 610 l S\n")).concat().into_bytes());
    }
    second.extend(row(650.0, lower));
    second.extend(row(620.0, ["2", "丙事。", "丙局"]));
    second.extend(grid(&xs, &ys).into_bytes());
    pages(&chinese_font("UniGB-UCS2-H"), &[first, second])
}

#[test]
fn a_row_cut_by_the_page_without_a_line_there_is_one_row() {
    for header_again in [true, false] {
        let read = read(&cut_row(
            header_again,
            ["1", "一二三四五六七八九", "甲局"],
            ["", "十。", "乙局"],
        ));
        assert_eq!(
            lines(&read),
            [
                "| 序号 | 任务 | 单位 |",
                "| 1 | 一二三四五六七八九十。 | 甲局⏎乙局 |",
                "| 2 | 丙事。 | 丙局 |"
            ],
            "{header_again}"
        );
        assert!(read.diagnostics.is_empty());
    }
}

#[test]
fn a_merged_cell_that_reaches_over_the_whole_page_does_not_part_the_table() {
    let xs = [100.0, 150.0, 250.0, 350.0];
    // Lines below the first row on both sides of the middle column only, which no line closes.
    let mut page = texts(&[
        (105.0, 680.0, 10.0, "1"),
        (255.0, 680.0, 10.0, "甲事"),
        (105.0, 650.0, 10.0, "2"),
        (255.0, 650.0, 10.0, "乙事"),
    ]);
    page.extend(xs.map(|x| format!("{x} 700 m {x} 640 l S\n")).concat().into_bytes());
    page.extend(b"100 670 m 150 670 l S 250 670 m 350 670 l S\n");
    assert_eq!(
        read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &[page])),
        ["| 1 |  | 甲事 |", "| 2 | ^ | 乙事 |"]
    );
}

#[test]
fn rows_that_a_page_parts_but_do_not_fit_together_both_stay_and_are_named() {
    let named = "第1页末的表格行被分页截断";
    for (upper, lower, doubtful) in [
        (["1", "甲事。", "甲局"], ["", "（一）乙事。", "乙局"], true),
        (["1", "甲事", "甲局"], ["3", "乙事。", "乙局"], false),
    ] {
        let read = read(&cut_row(true, upper, lower));
        let row = |cells: [&str; 3]| format!("| {} | {} | {} |", cells[0], cells[1], cells[2]);
        let found = lines(&read).join("\n").replace('^', "");
        assert_eq!(
            found,
            [
                row(["序号", "任务", "单位"]),
                row(upper),
                row(lower),
                row(["2", "丙事。", "丙局"])
            ]
            .join("\n")
        );
        assert_eq!(
            read.diagnostics.iter().any(|told| told.message.contains(named)),
            doubtful
        );
    }
}

#[test]
fn radicals_that_a_writer_of_pdf_names_are_characters() {
    assert_eq!(
        page(&[(100.0, 700.0, 16.0, "⼀、⼈⼒资源和⺠政部⻔")]),
        ["一、人力资源和民政部门"]
    );
}

#[test]
fn rows_of_words_in_columns_are_a_table_without_rules() {
    let found = page(&[
        (100.0, 700.0, 10.0, "序号"),
        (150.0, 700.0, 10.0, "任务"),
        (300.0, 700.0, 10.0, "单位"),
        (100.0, 680.0, 10.0, "1"),
        (150.0, 680.0, 10.0, "新增就业岗位"),
        (300.0, 680.0, 10.0, "A局"),
        (150.0, 668.0, 10.0, "七千二"),
        (100.0, 650.0, 10.0, "2"),
        (150.0, 650.0, 10.0, "培训"),
        (300.0, 650.0, 10.0, "B局"),
        (100.0, 600.0, 10.0, "以上。"),
    ]);
    assert_eq!(
        found,
        [
            "| 序号 | 任务 | 单位 |",
            "| 1 | 新增就业岗位七千二 | A局 |",
            "| 2 | 培训 | B局 |",
            "以上。"
        ]
    );
    assert_eq!(
        page(&[
            (100.0, 700.0, 10.0, "甲"),
            (200.0, 700.0, 10.0, "乙"),
            (300.0, 700.0, 10.0, "丙")
        ]),
        ["甲 乙 丙"]
    );
}

#[test]
fn turned_pages_and_turned_text_read_the_same_and_watermarks_do_not_show() {
    let font = chinese_font("UniGB-UCS2-H");
    let upright = texts(&[(100.0, 700.0, 16.0, "第一行。"), (100.0, 670.0, 16.0, "第二行。")]);
    for turn in [0, 90, 180, 270, -90] {
        let objects = page_objects(&font, std::slice::from_ref(&upright), &format!("/Rotate {turn}"));
        assert_eq!(
            read_lines(&pdf(&objects, ""))
                .concat()
                .chars()
                .filter(|c| *c == '行')
                .count(),
            2,
            "{turn}"
        );
    }
    let turned = |matrix: &str, text: &str| format!("BT /F 16 Tf {matrix} Tm <{}> Tj ET ", hex(&utf16(text)));
    let up = turned("0 1 -1 0 100 100", "第一行。") + &turned("0 1 -1 0 130 100", "第二行。");
    assert_eq!(read_lines(&pages(&font, &[up.into_bytes()])), ["第一行。", "第二行。"]);
    let down = turned("0 -1 1 0 130 700", "第一行。") + &turned("0 -1 1 0 100 700", "第二行。");
    assert_eq!(
        read_lines(&pages(&font, &[down.into_bytes()])),
        ["第一行。", "第二行。"]
    );
    let marked = [upright, turned("0.7 0.7 -0.7 0.7 200 400", "水印").into_bytes()].concat();
    assert_eq!(read_lines(&pages(&font, &[marked])), ["第一行。", "第二行。"]);
}

#[test]
fn upright_columns_run_from_right_to_left() {
    let column = |x: f64, text: &str| format!("BT /F 16 Tf 1 0 0 1 {x} 700 Tm <{}> Tj ET ", hex(&utf16(text)));
    let content = column(300.0, "第一列。") + &column(270.0, "第二列。");
    assert_eq!(
        read_lines(&pages(&chinese_font("UniGB-UCS2-V"), &[content.into_bytes()])),
        ["第一列。", "第二列。"]
    );
}

#[test]
fn operators_place_text_where_they_say() {
    let font = chinese_font("GBK-EUC-H");
    let gbk = |text: &str| hex(&encoding_rs::GBK.encode(text).0);
    let (a, b) = (gbk("甲"), gbk("乙"));
    let cases = [
        (
            format!("BT /F 16 Tf 20 TL 100 700 Td <{a}> Tj T* <{b}> Tj ET"),
            vec!["甲", "乙"],
        ),
        (
            format!("BT /F 16 Tf 20 TL 100 700 Td <{a}> ' <{b}> ' ET"),
            vec!["甲", "乙"],
        ),
        (format!("BT /F 16 Tf 100 700 TD [<{a}> -50 <{b}>] TJ ET"), vec!["甲乙"]),
        (
            format!("BT /F 16 Tf 100 700 Td [<{a}> -1000 <{b}>] TJ ET"),
            vec!["甲 乙"],
        ),
        (
            format!("q 2 0 0 2 0 0 cm BT /F 8 Tf 50 350 Td <{a}> Tj ET Q BT /F 16 Tf 116 700 Td <{b}> Tj ET"),
            vec!["甲乙"],
        ),
        (
            format!(
                "BT /F 16 Tf 100 700 Td <{a}> Tj ET BI /W 1 /H 1 /BPC 8 /CS /G ID \x00\x01 EI BT /F 16 Tf 116 700 Td <{b}> Tj ET"
            ),
            vec!["甲乙"],
        ),
        (
            format!("BT /F 16 Tf 100 700 Td <{a}> Tj <{b}> Tj 0.3 0 Td <{a}> Tj <{b}> Tj ET"),
            vec!["甲乙"],
        ),
        (
            format!("BT /F 16 Tf 100 700 Td <{a}> Tj 900 0 Td <{b}> Tj ET"),
            vec!["甲"],
        ),
        (format!("BT /F 16 Tf 3 Tr 100 700 Td <{a}> Tj ET"), vec!["甲"]),
    ];
    for (content, expected) in cases {
        assert_eq!(
            read_lines(&pages(&font, &[content.clone().into_bytes()])),
            expected,
            "{content}"
        );
    }
}

#[test]
fn forms_are_drawn_where_they_stand() {
    let mut objects = page_objects(
        &chinese_font("UniGB-UCS2-H"),
        &[b"q 1 0 0 1 0 100 cm /X Do Q".to_vec()],
        "/Resources << /XObject << /X 7 0 R >> /Font << /F 3 0 R >> >>",
    );
    objects.push(stream(
        "/Type /XObject /Subtype /Form /Matrix [1 0 0 1 50 0] /BBox [0 0 600 800]",
        &texts(&[(50.0, 500.0, 16.0, "框内")]),
    ));
    assert_eq!(read_lines(&pdf(&objects, "")), ["框内"]);
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

#[test]
fn every_filter_of_text_is_undone() {
    let content = texts(&[(100.0, 700.0, 16.0, "就业")]);
    let ascii_hex = [hex(&content).into_bytes(), b">".to_vec()].concat();
    let run_length: Vec<u8> = content
        .chunks(100)
        .flat_map(|chunk| std::iter::once(chunk.len() as u8 - 1).chain(chunk.iter().copied()))
        .chain([128])
        .collect();
    let ascii_85: Vec<u8> = content
        .chunks(4)
        .flat_map(|chunk| {
            let mut group = [0; 4];
            group[..chunk.len()].copy_from_slice(chunk);
            let number = u32::from_be_bytes(group);
            let digits: Vec<u8> = (0..5)
                .rev()
                .map(|power| (number / 85_u32.pow(power) % 85) as u8 + b'!')
                .collect();
            digits[..chunk.len() + 1].to_vec()
        })
        .chain(*b"~>")
        .collect();
    // LZW with a clear code before every 200 bytes never needs more than nine bits.
    let mut bits: Vec<u16> = Vec::new();
    for chunk in content.chunks(200) {
        bits.push(256);
        bits.extend(chunk.iter().map(|byte| u16::from(*byte)));
    }
    bits.push(257);
    let lzw: Vec<u8> = bits
        .iter()
        .map(|code| format!("{code:09b}"))
        .collect::<String>()
        .as_bytes()
        .chunks(8)
        .map(|chunk| {
            chunk
                .iter()
                .enumerate()
                .fold(0, |byte, (at, bit)| byte | (bit - b'0') << (7 - at))
        })
        .collect();
    let cases = [
        ("/Filter /FlateDecode", zlib(&content)),
        ("/Filter [/ASCIIHexDecode]", ascii_hex),
        ("/Filter /ASCII85Decode", ascii_85),
        ("/Filter /RunLengthDecode", run_length),
        ("/Filter /LZWDecode", lzw),
        ("/Filter [/FlateDecode /FlateDecode]", zlib(&zlib(&content))),
    ];
    for (entries, bytes) in cases {
        let mut objects = page_objects(&chinese_font("UniGB-UCS2-H"), &[Vec::new()], "");
        *objects.last_mut().unwrap() = stream(entries, &bytes);
        assert_eq!(read_lines(&pdf(&objects, "")), ["就业"], "{entries}");
    }
}

/// The same file with its objects in a stream and its table as a stream, rows stored as differences.
fn modern(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.5\n".to_vec();
    let mut rows: Vec<[u8; 5]> = vec![[0, 0, 0, 0, 0]];
    let (mut inner, mut index) = (Vec::new(), String::new());
    let packed = objects.len() + 1;
    let mut count = 0;
    for (at, object) in objects.iter().enumerate() {
        if object.ends_with(b"endstream") {
            rows.push([
                1,
                (file.len() >> 16) as u8,
                (file.len() >> 8) as u8,
                file.len() as u8,
                0,
            ]);
            file.extend([format!("{} 0 obj\n", at + 1).as_bytes(), object, b"\nendobj\n"].concat());
        } else {
            rows.push([2, 0, (packed >> 8) as u8, packed as u8, count]);
            index += &format!("{} {} ", at + 1, inner.len());
            inner.extend([object, &b"\n"[..]].concat());
            count += 1;
        }
    }
    rows.push([
        1,
        (file.len() >> 16) as u8,
        (file.len() >> 8) as u8,
        file.len() as u8,
        0,
    ]);
    let body = zlib(&[index.as_bytes(), &inner].concat());
    let entries = format!("/Type /ObjStm /N {count} /First {} /Filter /FlateDecode", index.len());
    file.extend(
        [
            format!("{packed} 0 obj\n").as_bytes(),
            &stream(&entries, &body),
            b"\nendobj\n",
        ]
        .concat(),
    );
    let start = file.len();
    let mut above = [0_u8; 5];
    let differences: Vec<u8> = rows
        .iter()
        .flat_map(|row| {
            let out: Vec<u8> = std::iter::once(2)
                .chain(row.iter().zip(above).map(|(a, b)| a.wrapping_sub(b)))
                .collect();
            above = *row;
            out
        })
        .collect();
    let entries = format!(
        "/Type /XRef /Size {} /W [1 3 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 5 >>",
        rows.len()
    );
    file.extend(
        [
            format!("{} 0 obj\n", packed + 1).as_bytes(),
            &stream(&entries, &zlib(&differences)),
            b"\nendobj\n",
        ]
        .concat(),
    );
    file.extend(format!("startxref\n{start}\n%%EOF").into_bytes());
    file
}

#[test]
fn objects_in_streams_and_broken_tables_are_found() {
    let objects = page_objects(
        &chinese_font("UniGB-UCS2-H"),
        &[texts(&[(100.0, 700.0, 16.0, "就业")])],
        "",
    );
    let file = modern(&objects);
    assert_eq!(read_lines(&file), ["就业"]);
    let lost = |file: &[u8]| String::from_utf8_lossy(file).rfind("startxref").unwrap();
    let without_table = pdf(&objects, "");
    for file in [
        without_table[..lost(&without_table)].to_vec(),
        [b"junk\n".as_slice(), &without_table].concat(),
    ] {
        assert_eq!(read_lines(&file), ["就业"]);
    }
    let mut shifted = without_table.clone();
    shifted.splice(9..9, *b"% a comment moves everything\n");
    assert_eq!(read_lines(&shifted), ["就业"]);
    // The stream of objects is found again without its table, the catalogue in it too.
    let text: Vec<u8> = file
        .windows(9)
        .position(|w| w == b"startxref")
        .map(|at| file[..at].to_vec())
        .unwrap();
    assert_eq!(read_lines(&text), ["就业"]);
}

#[test]
fn a_wrong_length_of_a_stream_does_no_harm() {
    let mut objects = page_objects(&chinese_font("UniGB-UCS2-H"), &[Vec::new()], "");
    let content = String::from_utf8(texts(&[(100.0, 700.0, 16.0, "就业")])).unwrap();
    for length in ["3", "999999", "99 0 R", "6 0 R"] {
        *objects.last_mut().unwrap() = format!("<< /Length {length} >>\nstream\n{content}\nendstream").into_bytes();
        assert_eq!(read_lines(&pdf(&objects, "")), ["就业"], "{length}");
    }
}

fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut state: Vec<usize> = (0..256).collect();
    let mut j = 0;
    for i in 0..256 {
        j = (j + state[i] + usize::from(key[i % key.len()])) % 256;
        state.swap(i, j);
    }
    let (mut i, mut j) = (0, 0);
    bytes
        .iter()
        .map(|byte| {
            i = (i + 1) % 256;
            j = (j + state[i]) % 256;
            state.swap(i, j);
            byte ^ state[(state[i] + state[j]) % 256] as u8
        })
        .collect()
}

const PADDING: &str = "28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A";

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap())
        .collect()
}

#[test]
fn a_file_that_only_forbids_copying_is_read_and_one_with_a_password_is_not() {
    let content = texts(&[(100.0, 700.0, 16.0, "就业")]);
    let (owner, id) = ([7_u8; 32], b"0123456789abcdef");
    let key = md5::Md5::digest([&unhex(PADDING)[..], &owner, &(-4_i32).to_le_bytes(), id].concat())[..5].to_vec();
    let mut objects = page_objects(&chinese_font("UniGB-UCS2-H"), &[Vec::new()], "");
    let number = objects.len() as u32;
    let object_key = md5::Md5::digest([&key[..], &number.to_le_bytes()[..3], &[0, 0]].concat())[..10].to_vec();
    *objects.last_mut().unwrap() = stream("", &rc4(&object_key, &content));
    let trailer = |user: &[u8]| {
        format!(
            "/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{}> /U <{}> >> /ID [<{}> <00>]",
            hex(&owner),
            hex(user),
            hex(id)
        )
    };
    assert_eq!(
        read_lines(&pdf(&objects, &trailer(&rc4(&key, &unhex(PADDING))))),
        ["就业"]
    );
    let message = "无法读取：文件已加密，需要密码才能打开。请用 WPS 打开并取消密码，另存为 docx 后再读取";
    assert_eq!(refusal(&pdf(&objects, &trailer(&[1; 32]))), message);
    assert_eq!(refusal(&pdf(&objects, "/Encrypt << /Filter /Other /V 4 >>")), message);
    assert_eq!(refusal(&pdf(&objects, "/Encrypt 99 0 R")), message);
}

#[test]
fn modern_encryption_without_a_password_is_read() {
    let aes_chain = |key: &[u8], start: [u8; 16], bytes: &[u8]| -> Vec<u8> {
        let cipher = aes::Aes256::new_from_slice(key).unwrap();
        let mut before = start;
        let mut out = Vec::new();
        for chunk in bytes.chunks(16) {
            let mut block = aes::Block::default();
            for at in 0..16 {
                block[at] = chunk[at] ^ before[at];
            }
            cipher.encrypt_block(&mut block);
            before.copy_from_slice(&block);
            out.extend_from_slice(&block);
        }
        out
    };
    let file_key = [9_u8; 32];
    let (check_salt, key_salt) = ([1_u8; 8], [2_u8; 8]);
    let user = [&sha2::Sha256::digest(check_salt)[..], &check_salt, &key_salt].concat();
    let packed_key = aes_chain(&sha2::Sha256::digest(key_salt), [0; 16], &file_key);
    let mut content = texts(&[(100.0, 700.0, 16.0, "就业")]);
    let padding = 16 - content.len() % 16;
    content.extend(std::iter::repeat_n(padding as u8, padding));
    let start = [5_u8; 16];
    let mut objects = page_objects(&chinese_font("UniGB-UCS2-H"), &[Vec::new()], "");
    *objects.last_mut().unwrap() = stream("", &[&start[..], &aes_chain(&file_key, start, &content)].concat());
    let trailer = format!(
        "/Encrypt << /Filter /Standard /V 5 /R 5 /P -4 /U <{}> /UE <{}> /CF << /StdCF << /CFM /AESV3 >> >> /StmF /StdCF /StrF /StdCF >>",
        hex(&user),
        hex(&packed_key)
    );
    assert_eq!(read_lines(&pdf(&objects, &trailer)), ["就业"]);
}

#[test]
fn pages_that_are_pictures_are_named_and_a_scan_is_refused() {
    let font = chinese_font("UniGB-UCS2-H");
    let picture = b"q 500 0 0 700 0 0 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x00 EI Q".to_vec();
    let text = texts(&[(100.0, 700.0, 16.0, "就业")]);
    let source = read(&pages(
        &font,
        &[text, picture.clone(), picture.clone(), Vec::new(), picture.clone()],
    ));
    assert_eq!(
        source.diagnostics[0].message,
        "第2—3、5页没有文字，可能是扫描图片，未读取"
    );
    assert_eq!(
        refusal(&pages(&font, &[picture])),
        "无法读取：文件中只有图片，没有文字。请用 WPS 另存为 docx 或带文字的 PDF"
    );
    assert_eq!(
        refusal(b"%PDF-1.4\nnothing"),
        "无法读取：文件不完整或已损坏。请重新获取该文件，或用 WPS 打开后另存为 docx 再读取"
    );
}
