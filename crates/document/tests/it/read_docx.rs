//! docx: what is printed on the page comes out, once, with real tables.

use crate::packed::{Docx, cell, list, numbered, p, table};
use crate::shown::{read, read_lines, refusal};

fn body(xml: &str) -> Vec<String> {
    read_lines(&Docx::new(xml).bytes())
}

#[test]
fn paragraphs_come_in_order_and_empty_ones_only_part_lines() {
    let source = read(&Docx::new(format!("{}<w:p/>{}", p("甲"), p("乙"))).bytes());
    assert_eq!(source.text, "甲\n\n乙\n");
    assert_eq!(source.blocks.len(), 2);
    assert!(source.diagnostics.is_empty());
}

#[test]
fn strict_ooxml_and_other_prefixes_read_the_same() {
    assert_eq!(read_lines(&Docx::new(p("甲")).strict().bytes()), ["甲"]);
    assert_eq!(body(r#"<x:p xmlns:x="urn:w"><x:r><x:t>甲</x:t></x:r></x:p>"#), ["甲"]);
}

#[test]
fn merged_cells_keep_their_grid_columns() {
    let rows = table(&[
        &[
            cell("", &p("序号")),
            cell(r#"<w:gridSpan w:val="2"/>"#, &p("任务")),
            cell("", &p("单位")),
        ],
        &[
            cell(r#"<w:vMerge w:val="restart"/>"#, &p("1")),
            cell("", &p("甲")),
            cell("", &p("乙")),
            cell("", &format!("{}{}", p("A局"), p("B局"))),
        ],
        &[
            cell("<w:vMerge/>", &p("hidden")),
            cell("", &p("丙")),
            cell("", &p("丁")),
            cell("", &p("C局")),
        ],
    ]);
    assert_eq!(
        body(&rows),
        [
            "| 序号 | 任务@1+2 | 单位 |", "| 1 | 甲 | 乙 | A局⏎B局 |", "| ^ | 丙 | 丁 | C局 |"
        ]
    );
}

#[test]
fn a_continuation_without_the_cell_it_carries_on_is_a_cell() {
    let rows = table(&[
        &[cell("<w:vMerge/>", ""), cell("", &p("乙"))],
        &[cell("<w:vMerge/>", ""), cell("", &p("丁"))],
    ]);
    assert_eq!(body(&rows), ["|  | 乙 |", "| ^ | 丁 |"]);
}

#[test]
fn skipped_columns_and_old_horizontal_merges_count() {
    let rows = "<w:tbl><w:tr><w:trPr><w:gridBefore w:val=\"1\"/></w:trPr>".to_owned()
        + &cell(r#"<w:hMerge w:val="restart"/>"#, &p("甲"))
        + &cell("<w:hMerge/>", &p(""))
        + &cell("", &p("乙"))
        + "</w:tr></w:tbl>";
    assert_eq!(body(&rows), ["| 甲@1+2 | 乙 |"]);
}

#[test]
fn a_nested_table_becomes_lines_of_its_cell_and_a_frame_is_taken_apart() {
    let inner = table(&[&[cell("", &p("a")), cell("", &p("b"))]]);
    let outer = table(&[&[cell("", &p("甲")), cell("", &format!("{}{inner}{}", p("乙"), p("丙")))]]);
    assert_eq!(body(&outer), ["| 甲 | 乙⏎a b⏎丙 |"]);
    let large = table(&[
        &[cell("", &p("a")), cell("", &p("b"))],
        &[cell("", &p("c")), cell("", &p("d"))],
    ]);
    let frame = table(&[&[cell("", &format!("{}{large}", p("标题")))]]);
    assert_eq!(body(&frame), ["标题", "| a | b |", "| c | d |"]);
}

#[test]
fn tables_within_tables_beyond_the_limit_become_text() {
    let mut xml = p("底");
    for _ in 0..40 {
        xml = table(&[&[cell("", &p("x")), cell("", &xml)]]);
    }
    let lines = body(&xml);
    assert!(lines.concat().contains('底'), "{lines:?}");
}

#[test]
fn automatic_numbers_are_printed_in_every_chinese_format() {
    let cases: &[(&str, &str, usize, &str)] = &[
        ("chineseCounting", "%1、", 12, "十二、x"),
        ("chineseCountingThousand", "（%1）", 21, "（二十一）x"),
        ("chineseCountingThousand", "第%1章", 1, "第一章 x"),
        ("chineseCountingThousand", "第%1条", 110, "第一百一十条 x"),
        ("chineseCountingThousand", "%1、", 105, "一百零五、x"),
        ("ideographDigital", "%1、", 20, "二〇、x"),
        ("ideographTraditional", "%1、", 3, "丙、x"),
        ("ideographZodiac", "%1、", 12, "亥、x"),
        ("chineseLegalSimplified", "%1、", 12, "壹拾贰、x"),
        ("decimal", "%1．", 3, "3．x"),
        ("decimal", "%1.", 3, "3. x"),
        ("decimalFullWidth", "%1、", 12, "１２、x"),
        ("decimalEnclosedCircle", "%1", 3, "③x"),
        ("decimalEnclosedCircle", "%1", 36, "㊱x"),
        ("decimalEnclosedFullstop", "%1", 2, "⒉x"),
        ("decimalEnclosedParen", "%1", 2, "⑵x"),
        ("decimalZero", "%1", 7, "07 x"),
        ("upperRoman", "%1、", 14, "XIV、x"),
        ("lowerLetter", "%1)", 27, "aa)x"),
        ("none", "附件", 1, "附件 x"),
        ("bullet", "\u{F0B2}", 1, "x"),
    ];
    for (format, text, at, expected) in cases {
        let (list, number) = list(1, &[(format, text)]);
        let paragraphs: String = (0..*at).map(|_| numbered(1, 0, "x")).collect();
        let lines = read_lines(&Docx::new(paragraphs).numbering(list + &number).bytes());
        assert_eq!(lines.last().unwrap(), expected, "{format} {text}");
    }
}

#[test]
fn levels_count_within_the_level_above_and_restart_after_it() {
    let (abstracts, numbers) = list(
        1,
        &[
            ("chineseCounting", "%1、"),
            ("chineseCounting", "（%2）"),
            ("decimal", "%3．"),
        ],
    );
    let text = [
        (0, "a"),
        (1, "b"),
        (2, "c"),
        (2, "d"),
        (1, "e"),
        (2, "f"),
        (0, "g"),
        (1, "h"),
    ];
    let paragraphs: String = text.iter().map(|(level, text)| numbered(1, *level, text)).collect();
    assert_eq!(
        read_lines(&Docx::new(paragraphs).numbering(abstracts + &numbers).bytes()),
        [
            "一、a", "（一）b", "1．c", "2．d", "（二）e", "1．f", "二、g", "（一）h"
        ]
    );
}

#[test]
fn a_level_that_never_restarts_counts_on_and_legal_numbering_is_decimal() {
    let numbering = r#"<w:abstractNum w:abstractNumId="1">
        <w:lvl w:ilvl="0"><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="第%1章"/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlRestart w:val="0"/><w:lvlText w:val="第%2条"/><w:suff w:val="nothing"/></w:lvl>
        <w:lvl w:ilvl="2"><w:isLgl/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2.%3"/><w:suff w:val="space"/></w:lvl>
        </w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>"#;
    let text = [(0, "a"), (1, "b"), (1, "c"), (0, "d"), (1, "e"), (2, "f")];
    let paragraphs: String = text.iter().map(|(level, text)| numbered(1, *level, text)).collect();
    assert_eq!(
        read_lines(&Docx::new(paragraphs).numbering(numbering).bytes()),
        ["第一章 a", "第1条b", "第2条c", "第二章 d", "第3条e", "2.3.1 f"]
    );
}

#[test]
fn numbers_of_one_list_count_together_until_one_starts_anew() {
    let numbering = r#"<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
        <w:num w:numId="3"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
        <w:num w:numId="4"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="（%1）"/></w:lvl></w:lvlOverride></w:num>"#;
    let paragraphs: String = [1, 2, 3, 3, 1, 4]
        .iter()
        .map(|&number| numbered(number, 0, "x"))
        .collect();
    assert_eq!(
        read_lines(&Docx::new(paragraphs).numbering(numbering).bytes()),
        ["3、x", "4、x", "1、x", "2、x", "3、x", "（四）x"]
    );
}

#[test]
fn numbering_comes_from_styles_and_their_bases_and_zero_takes_it_away() {
    let styles = r#"<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="2"><w:name w:val="heading 2"/><w:basedOn w:val="1"/><w:pPr><w:numPr><w:ilvl w:val="1"/><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="paragraph" w:styleId="a"><w:name w:val="child"/><w:basedOn w:val="2"/></w:style>
        <w:style w:type="paragraph" w:styleId="loop"><w:basedOn w:val="loop"/></w:style>"#;
    let (abstracts, numbers) = list(1, &[("chineseCounting", "%1、"), ("chineseCounting", "（%2）")]);
    let styled = |style: &str, more: &str| {
        format!(r#"<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr><w:r><w:t>x</w:t></w:r></w:p>"#)
    };
    let paragraphs = [
        styled("1", ""),
        styled("2", ""),
        styled("a", ""),
        styled("1", r#"<w:numPr><w:numId w:val="0"/></w:numPr>"#),
        styled("1", ""),
        styled("loop", ""),
        styled("missing", ""),
    ];
    let bytes = Docx::new(paragraphs.concat())
        .numbering(abstracts + &numbers)
        .styles(styles)
        .bytes();
    assert_eq!(
        read_lines(&bytes),
        ["一、x", "（一）x", "（二）x", "x", "二、x", "x", "x"]
    );
}

#[test]
fn a_level_may_name_the_style_it_belongs_to_and_a_list_the_style_it_follows() {
    let numbering = r#"<w:abstractNum w:abstractNumId="1">
        <w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl>
        <w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:pStyle w:val="second"/><w:lvlText w:val="（%2）"/></w:lvl></w:abstractNum>
        <w:abstractNum w:abstractNumId="2"><w:numStyleLink w:val="followed"/></w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>"#;
    let styles = r#"<w:style w:type="paragraph" w:styleId="second"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        <w:style w:type="numbering" w:styleId="followed"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>"#;
    let body = r#"<w:p><w:pPr><w:pStyle w:val="second"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>"#.to_owned()
        + &numbered(2, 0, "y");
    assert_eq!(
        read_lines(&Docx::new(body).numbering(numbering).styles(styles).bytes()),
        ["（1）x", "1、y"]
    );
}

#[test]
fn numbers_alone_in_a_column_of_a_table_are_printed() {
    let (abstracts, numbers) = list(1, &[("decimal", "%1")]);
    let row = |text: &str| vec![cell("", &numbered(1, 0, "")), cell("", &p(text))];
    let (first, second) = (row("甲"), row("乙"));
    let bytes = Docx::new(table(&[&first, &second]))
        .numbering(abstracts + &numbers)
        .bytes();
    assert_eq!(read_lines(&bytes), ["| 1 | 甲 |", "| 2 | 乙 |"]);
}

#[test]
fn accepted_changes_are_kept_and_deleted_ones_dropped() {
    let xml = "<w:p><w:r><w:t>甲</w:t></w:r><w:ins><w:r><w:t>乙</w:t></w:r></w:ins><w:del><w:r><w:delText>丙</w:delText><w:t>丙</w:t></w:r></w:del><w:moveFrom><w:r><w:t>丁</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>戊</w:t></w:r></w:moveTo></w:p>";
    assert_eq!(body(xml), ["甲乙戊"]);
    let joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>".to_owned() + &p("乙");
    assert_eq!(body(&joined), ["甲乙"]);
    let rows = format!(
        "<w:tbl><w:tr>{a}{a}</w:tr><w:tr><w:trPr><w:del/></w:trPr>{b}{b}</w:tr></w:tbl>",
        a = cell("", &p("留")),
        b = cell("", &p("删"))
    );
    assert_eq!(body(&rows), ["| 留 | 留 |"]);
    let former = r#"<w:p><w:pPr><w:pPrChange><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:pPrChange></w:pPr><w:r><w:t>甲</w:t></w:r></w:p>"#;
    let (abstracts, numbers) = list(1, &[("decimal", "%1、")]);
    assert_eq!(
        read_lines(&Docx::new(former).numbering(abstracts + &numbers).bytes()),
        ["甲"]
    );
}

#[test]
fn a_text_box_comes_once_after_the_paragraph_it_hangs_on() {
    let text_box = format!("<w:txbxContent>{}</w:txbxContent>", p("框"));
    let xml = format!(
        "<w:p><w:r><w:t>甲</w:t></w:r><w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing>{text_box}</w:drawing></mc:Choice><mc:Fallback><w:pict>{text_box}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>乙</w:t></w:r></w:p>"
    );
    assert_eq!(body(&xml), ["甲乙", "框"]);
    let only = format!(
        "<w:p><w:r><mc:AlternateContent><mc:Choice Requires=\"x\"/><mc:Fallback><w:pict>{text_box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    );
    assert_eq!(body(&only), ["框"]);
}

#[test]
fn fields_print_their_results_only() {
    let xml = r#"<w:p><w:r><w:t>共</w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>NUMPAGES</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>5</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>页</w:t></w:r><w:fldSimple w:instr="DATE"><w:r><w:t>今</w:t></w:r></w:fldSimple></w:p>"#;
    assert_eq!(body(xml), ["共5页今"]);
    let unfinished =
        r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:t>PAGE</w:t></w:r></w:p>"#.to_owned() + &p("甲");
    assert_eq!(body(&unfinished), ["甲"]);
}

#[test]
fn marks_within_runs_become_characters() {
    let xml = r#"<w:p><w:pPr><w:tabs><w:tab w:val="left"/></w:tabs></w:pPr><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:softHyphen/><w:noBreakHyphen/><w:sym w:font="Wingdings" w:char="F0AB"/><w:sym w:font="Symbol" w:char="F0B3"/><w:sym w:font="宋体" w:char="2460"/><w:footnoteReference w:id="1"/></w:r></w:p>"#;
    assert_eq!(body(xml), ["甲 乙-★≥①"]);
}

#[test]
fn hidden_text_prompts_and_tables_of_contents_are_left_out() {
    assert_eq!(
        body(
            "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:r><w:rPr><w:vanish w:val=\"0\"/></w:rPr><w:t>显</w:t></w:r></w:p>"
        ),
        ["显"]
    );
    let control = |properties: &str| {
        format!(
            "<w:sdt><w:sdtPr>{properties}</w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
            p("文")
        )
    };
    assert_eq!(body(&(control("") + &control("<w:showingPlcHdr/>"))), ["文"]);
    let contents = r#"<w:p><w:pPr><w:pStyle w:val="10"/></w:pPr><w:r><w:t>一、总则……1</w:t></w:r></w:p>"#.to_owned()
        + &p("一、总则");
    let styles = r#"<w:style w:type="paragraph" w:styleId="10"><w:name w:val="toc 1"/></w:style>"#;
    assert_eq!(read_lines(&Docx::new(contents).styles(styles).bytes()), ["一、总则"]);
}

#[test]
fn links_controls_and_tags_are_transparent_even_around_rows_and_cells() {
    let xml = format!(
        "<w:p><w:hyperlink><w:r><w:t>甲</w:t></w:r></w:hyperlink><w:smartTag><w:r><w:t>乙</w:t></w:r></w:smartTag><w:ruby><w:rt><w:r><w:t>bing</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>丙</w:t></w:r></w:rubyBase></w:ruby></w:p><w:tbl><w:sdt><w:sdtContent><w:tr>{}<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt></w:tr></w:sdtContent></w:sdt></w:tbl>",
        cell("", &p("a")),
        cell("", &p("b"))
    );
    assert_eq!(body(&xml), ["甲乙丙", "| a | b |"]);
}

#[test]
fn breaks_by_hand_part_items_and_not_the_lines_of_a_title() {
    let line = |lines: &[&str]| {
        let runs: Vec<String> = lines
            .iter()
            .map(|t| format!("<w:r><w:t xml:space=\"preserve\">{t}</w:t></w:r>"))
            .collect();
        format!("<w:p>{}</w:p>", runs.join("<w:r><w:br/></w:r>"))
    };
    assert_eq!(
        body(&line(&["某市人民政府办公室", "关于印发方案的通知"])),
        ["某市人民政府办公室关于印发方案的通知"]
    );
    assert_eq!(
        body(&line(&["第一段。", "第二段", "　　第三段", "1．第四段"])),
        ["第一段。", "第二段", "　　第三段", "1．第四段"]
    );
    assert_eq!(
        body(&line(&["某市人民政府", "2020年3月1日"])),
        ["某市人民政府", "2020年3月1日"]
    );
    assert_eq!(
        body(&table(&[&[cell("", &line(&["A局", "B局"])), cell("", &p("x"))]])),
        ["| A局⏎B局 | x |"]
    );
    let page = "<w:p><w:r><w:t>A局、</w:t></w:r><w:r><w:br w:type=\"page\"/></w:r><w:r><w:t>B局</w:t></w:r></w:p>";
    assert_eq!(body(page), ["A局、B局"]);
}

#[test]
fn pictures_and_objects_are_reported_and_a_scan_refused() {
    let picture = "<w:p><w:r><w:drawing><a:blip xmlns:a=\"urn:a\"/></w:drawing></w:r></w:p>";
    let source = read(
        &Docx::new(p("甲") + picture + "<w:p><w:r><w:object><o:OLEObject xmlns:o=\"urn:o\"/></w:object></w:r></w:p>")
            .bytes(),
    );
    let messages: Vec<&str> = source.diagnostics.iter().map(|d| d.message.as_str()).collect();
    assert_eq!(
        messages,
        [
            "文中有 1 幅图片或图形，图中的文字未读取",
            "文中嵌入了 1 个对象（如 Excel 表格），其中的内容未读取"
        ]
    );
    assert_eq!(
        refusal(&Docx::new(picture).bytes()),
        "无法读取：文件中只有图片，没有文字。请用 WPS 另存为 docx 或带文字的 PDF"
    );
}

#[test]
fn a_document_in_utf_16_reads_the_same() {
    let xml = r#"<?xml version="1.0" encoding="UTF-16"?><w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>"#;
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(xml.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(
        read_lines(&crate::packed::zip(&[("word/document.xml", &bytes)])),
        ["甲"]
    );
}
