//! Files that no office sends: every one gets an answer, in time, in bounded memory, without a panic.

use std::io::Write;

use document::read::limits::{MAX_COLUMNS, MAX_ENTRIES, MAX_PAGES};
use flate2::{Compress, Compression, FlushCompress};
use proptest::prelude::*;

use crate::compound::{compound, record, words, workbook};
use crate::packed::{Docx, Xlsx, cell, list, numbered, p, rows, table, zip};
use crate::paged::{chinese_font, ofd, ofd_line, ofd_text, page_objects, pages, pdf, stream, texts};
use crate::shown::{lines, read, read_lines, refusal};

/// One small file of every kind.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let (abstracts, numbers) = list(1, &[("chineseCounting", "%1、")]);
    let merged = table(&[
        &[cell(r#"<w:vMerge w:val="restart"/>"#, &p("甲")), cell("", &p("乙"))],
        &[cell("<w:vMerge/>", ""), cell("", &p("丙"))],
    ]);
    let sheet = rows(&[&["序号", "任务"], &["1", "甲"]]) + r#"<mergeCells><mergeCell ref="A1:B1"/></mergeCells>"#;
    let book = workbook(
        &[record(
            0x00FC,
            &[&[1, 0, 0, 0, 1, 0, 0, 0][..], &words(&[1]), &[0, b'A']].concat(),
        )],
        &[("a", 0, vec![record(0x00FD, &words(&[0, 0, 0, 0, 0]))])],
    );
    let page = texts(&[(100.0, 700.0, 16.0, "就业"), (100.0, 680.0, 16.0, "政策")]);
    vec![
        (
            "docx",
            Docx::new(numbered(1, 0, "甲") + &merged)
                .numbering(abstracts + &numbers)
                .bytes(),
        ),
        ("xlsx", Xlsx::default().format("yyyy/m/d").sheet("表", sheet).bytes()),
        ("xls", compound(&[("Workbook", book)])),
        (
            "ofd",
            ofd(
                &[ofd_text(20.0, 20.0, 5.0, "甲") + &ofd_line((1.0, 1.0), (9.0, 1.0))],
                "",
                &[],
            ),
        ),
        (
            "pdf",
            pages(
                &chinese_font("UniGB-UCS2-H"),
                &[[&page[..], b"10 10 99 99 re S"].concat()],
            ),
        ),
        (
            "html",
            "<html><body><table><tr><td rowspan=2>甲<td>乙<tr><td>丙</table><p>丁<ol><li>戊</html>".into(),
        ),
    ]
}

#[test]
fn a_file_cut_off_anywhere_is_answered() {
    for (_, bytes) in samples() {
        for end in (0..bytes.len()).step_by(7) {
            let _ = document::read(&bytes[..end]);
        }
    }
}

#[test]
fn a_file_with_any_byte_changed_is_answered() {
    for (_, bytes) in samples() {
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= [0xFF, 0x01, 0x20][at % 3];
            let _ = document::read(&changed);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes_behind_every_mark_are_answered(mark in 0..8_usize, bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let marks: [&[u8]; 8] = [b"", b"PK\x03\x04", b"%PDF-1.4\n", &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], b"<html>", b"\xFF\xFE", b"PK\x05\x06", b"<?xml version=\"1.0\"?>"];
        let _ = document::read(&[marks[mark], &bytes].concat());
    }
}

/// A zip with one part that is this block over and over, packed once and repeated: it unpacks to far more than it is.
fn bomb(name: &str, head: &[u8], block: &[u8], times: usize) -> Vec<u8> {
    let pack = |bytes: &[u8]| {
        let mut packer = Compress::new(Compression::best(), false);
        let mut out = Vec::with_capacity(bytes.len() + 100);
        packer.compress_vec(bytes, &mut out, FlushCompress::Full).unwrap();
        out
    };
    let packed = [pack(head), pack(block).repeat(times), vec![3, 0]].concat();
    let mut file = Vec::new();
    let entry = |signature: &[u8; 4], central: bool| {
        let mut entry = signature.to_vec();
        entry.extend(words(if central {
            &[20, 20, 0, 8, 0, 0]
        } else {
            &[20, 0, 8, 0, 0]
        }));
        entry.extend([0; 4]);
        entry.extend((packed.len() as u32).to_le_bytes());
        entry.extend(((head.len() + block.len() * times) as u32).to_le_bytes());
        entry.extend(words(&[name.len() as u16, 0]));
        entry
    };
    file.extend(entry(b"PK\x03\x04", false));
    file.extend(name.as_bytes());
    file.extend(&packed);
    let directory = file.len() as u32;
    file.extend(entry(b"PK\x01\x02", true));
    file.extend(words(&[0, 0, 0]));
    file.extend([0; 8]);
    file.extend(name.as_bytes());
    let length = file.len() as u32 - directory;
    file.extend(b"PK\x05\x06");
    file.extend(words(&[0, 0, 1, 1]));
    file.extend(length.to_le_bytes());
    file.extend(directory.to_le_bytes());
    file.extend([0, 0]);
    file
}

#[test]
fn a_zip_bomb_is_stopped_and_what_came_before_it_kept() {
    let head = format!(r#"<w:document xmlns:w="urn:w"><w:body>{}"#, p("甲"));
    let block = vec![b' '; 1 << 20];
    let bytes = bomb("word/document.xml", head.as_bytes(), &block, 100);
    assert!(bytes.len() < 300_000);
    let source = read(&bytes);
    assert_eq!(lines(&source), ["甲"]);
    assert_eq!(
        source.diagnostics[0].message,
        "正文部件 document.xml 解压后过大，其后的内容未读取"
    );
    assert!(refusal(&bomb("OFD.xml", b"<a>", &block, 100)).contains("解压后过大"));
}

#[test]
fn an_archive_of_very_many_entries_is_refused() {
    let names: Vec<String> = (0..=MAX_ENTRIES).map(|at| format!("{at}")).collect();
    let mut file = Vec::new();
    for name in &names {
        file.extend(
            [
                &b"PK\x01\x02"[..],
                &[0; 24],
                &words(&[name.len() as u16, 0, 0, 0, 0]),
                &[0; 8],
                name.as_bytes(),
            ]
            .concat(),
        );
    }
    assert!(refusal(&[&b"PK\x03\x04"[..], &file].concat()).contains("压缩包内的文件超过"));
}

#[test]
fn entities_are_not_expanded() {
    let bomb = r#"<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>"#;
    let xml = format!(
        r#"{bomb}<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>甲&c;&c;</w:t></w:r></w:p></w:body></w:document>"#
    );
    assert_eq!(read_lines(&zip(&[("word/document.xml", xml.as_bytes())])), ["甲&c;&c;"]);
}

#[test]
fn a_hundred_thousand_nested_elements_are_answered() {
    let deep = |open: &str, close: &str| open.repeat(100_000) + &p("底") + &close.repeat(100_000);
    for (open, close) in [
        ("<w:sdt>", "</w:sdt>"),
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:p>", "</w:p>"),
        ("<w:p><w:txbxContent>", "</w:txbxContent></w:p>"),
    ] {
        let found = document::read(&Docx::new(p("甲") + &deep(open, close)).bytes());
        let source = found.unwrap();
        assert_eq!(lines(&source), ["甲"]);
        assert!(source.diagnostics[0].message.contains("嵌套超过"), "{open}");
    }
    for open in [
        "<div>", "<b>", "<table><tr><td>", "<table>", "<ul><li>", "<p><b><i>", "<td>", "<div hidden>",
    ] {
        let depth = if open == "<div>" { 100_000 } else { 20_000 };
        let text = format!("<html><p>甲</p>{}<p>底</p>", open.repeat(depth));
        assert_eq!(read_lines(text.as_bytes())[0], "甲", "{open}");
    }
    for close in ["</div>", "</table>", "</td>", "</b>"] {
        let text = format!("<html>{}{}<p>甲", "<b><div>".repeat(5_000), close.repeat(20_000));
        assert_eq!(read_lines(text.as_bytes()), ["甲"]);
    }
    let nested = "<ofd:PageBlock>".repeat(100_000);
    assert!(refusal(&ofd(&[nested], "", &[])).contains("嵌套超过"));
}

#[test]
fn attributes_and_spans_without_end_are_answered() {
    let attributes: String = (0..100_000).map(|at| format!(" a{at}")).collect();
    assert!(refusal(format!("<html><p{attributes}>甲</p>").as_bytes()).contains("属性过多"));
    let script = format!("<html><script>{}</script><p>甲</p>", "if(a<b){x = 1 }".repeat(10_000));
    assert_eq!(read_lines(script.as_bytes()), ["甲"]);
    let spans = format!(
        "<table>{}</table>",
        "<tr><td colspan=99999 rowspan=99999>甲<td>乙".repeat(2_000)
    );
    let source = read(spans.as_bytes());
    assert!(source.blocks.len() == 1);
    let wide = format!(
        "<table><tr>{}</tr><tr><td>x<td>y</table>",
        "<td rowspan=9>甲".repeat(MAX_COLUMNS + 100)
    );
    assert_eq!(read_lines(wide.as_bytes()).len(), 2);
}

#[test]
fn a_sheet_that_claims_two_million_rows_costs_what_it_holds() {
    let xml = r#"<dimension ref="A1:XFD2000000"/><sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2000000"><c r="A2000000"><v>3</v></c><c r="XFD2000000"><v>4</v></c><c r="ZZZZ2000000"><v>5</v></c></row></sheetData><mergeCells><mergeCell ref="A1:A2000000"/><mergeCell ref="C1:XFD2000000"/></mergeCells>"#;
    let found = read_lines(&Xlsx::default().sheet("表", xml).bytes());
    assert_eq!(found[0], "| 1 | 2 |");
    assert_eq!(found.len(), 2);
}

#[test]
fn sheets_that_are_one_and_the_same_are_not_read_a_thousand_times() {
    let begin = record(0x0809, &words(&[0x0600, 5, 0, 0, 0, 0, 0, 0]));
    let listed = |at: u32| record(0x0085, &[&at.to_le_bytes()[..], &[0, 0, 1, 0, b'a']].concat());
    let cell = |row: u16| record(0x0204, &[&words(&[row, 0, 0, 1])[..], &[0, b'x']].concat());
    let count = 1_000;
    let at = (begin.len() + listed(0).len() * count + 4) as u32;
    let cells: Vec<u8> = (0..5_000).flat_map(cell).collect();
    let stream = [
        begin.clone(),
        listed(at).repeat(count),
        record(0x000A, &[]),
        begin,
        cells,
    ]
    .concat();
    let source = read(&compound(&[("Workbook", stream)]));
    assert!(source.text.len() < 100_000);
    assert!(source.diagnostics[0].message.contains("不完整"));
}

/// A file of one page whose page tree, resources or content are these objects from number 5 on.
fn with_objects(page: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let font = chinese_font("UniGB-UCS2-H");
    let mut objects = vec![b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(), page.as_bytes().to_vec()];
    objects.extend(font);
    objects.extend_from_slice(more);
    pdf(&objects, "")
}

#[test]
fn circles_in_a_pdf_end() {
    let leaf = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 6 0 R /Resources << /Font << /F 3 0 R >> /XObject << /X 7 0 R >> >> >>".to_vec();
    let content = stream("", &[&texts(&[(100.0, 700.0, 16.0, "就业")])[..], b"/X Do"].concat());
    let form = stream(
        "/Type /XObject /Subtype /Form /Resources << /XObject << /X 7 0 R >> >>",
        &b"/X Do ".repeat(100),
    );
    let file = with_objects(
        "<< /Type /Pages /Kids [2 0 R 5 0 R 2 0 R 5 0 R] /Parent 2 0 R >>",
        &[leaf, content, form],
    );
    assert_eq!(read_lines(&file), ["就业"]);
    let own = with_objects("<< /Type /Pages /Kids [2 0 R] >>", &[]);
    assert!(refusal(&own).contains("损坏"));
    let reference = with_objects("5 0 R", &[b"6 0 R".to_vec(), b"5 0 R".to_vec()]);
    assert!(refusal(&reference).contains("损坏"));
    let length = with_objects(
        "<< /Type /Pages /Kids [5 0 R] >>",
        &[
            b"<< /Type /Page /Contents 6 0 R >>".to_vec(),
            b"<< /Length 6 0 R >>\nstream\nq Q\nendstream".to_vec(),
        ],
    );
    assert!(document::read(&length).is_err());
    let own_stream = with_objects(
        "<< /Type /Pages /Kids [5 0 R] >>",
        &[stream("/Type /ObjStm /N 5 /First 4 /Extends 5 0 R", b"5 0 5 0 << >>")],
    );
    assert!(document::read(&own_stream).is_err());
    let mut previous = pdf(
        &page_objects(
            &chinese_font("UniGB-UCS2-H"),
            &[texts(&[(99.0, 700.0, 16.0, "就业")])],
            "",
        ),
        "",
    );
    let text = String::from_utf8_lossy(&previous).into_owned();
    let start = text.rfind("xref\n0").unwrap();
    previous = text
        .replace("/Root 1 0 R", &format!("/Root 1 0 R /Prev {start} /XRefStm {start}"))
        .into_bytes();
    assert_eq!(read_lines(&previous), ["就业"]);
}

#[test]
fn a_pdf_of_nothing_but_brackets_or_numbers_is_answered() {
    for filler in [
        "[", "<<", "(", "[ 1 ", "<< /A ", "q ", "1 0 obj ", "endstream ", "/", "<",
    ] {
        let content = filler.repeat(300_000 / filler.len());
        let file = pages(&chinese_font("UniGB-UCS2-H"), &[content.clone().into_bytes()]);
        let _ = document::read(&file);
        let _ = document::read(format!("%PDF-1.4\n1 0 obj\n{content}").as_bytes());
    }
}

#[test]
fn packed_streams_within_streams_are_bounded() {
    let zlib = |bytes: &[u8]| {
        let mut writer = flate2::write::ZlibEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    };
    let inner = zlib(&zlib(&vec![b' '; 4 << 20]));
    let filters = "/Filter [/FlateDecode /FlateDecode]";
    let streams = vec![stream(filters, &inner); 8];
    let contents: String = (0..2_000).map(|at| format!("{} 0 R ", 6 + at % 8)).collect();
    let mut more = vec![format!("<< /Type /Page /Contents [{contents}] >>").into_bytes()];
    more.extend(streams);
    let source = document::read(&with_objects("<< /Type /Pages /Kids [5 0 R] >>", &more));
    assert!(
        source.is_err(),
        "a page of eight thousand megabytes of spaces has no text"
    );
}

#[test]
fn a_pdf_of_ten_thousand_pages_is_read() {
    let content: Vec<Vec<u8>> = (0..10_000)
        .map(|at| texts(&[(100.0, 700.0, 16.0, &format!("第{at}项。"))]))
        .collect();
    let found = read_lines(&pages(&chinese_font("UniGB-UCS2-H"), &content));
    assert_eq!(found.len(), 10_000);
    assert_eq!(found[9_999], "第9999项。");
    let same = "5 0 R ".repeat(30_000);
    let leaf = b"<< /Type /Page /Contents 6 0 R /Resources << /Font << /F 3 0 R >> >> >>".to_vec();
    let file = with_objects(
        &format!("<< /Type /Pages /Kids [{same}] >>"),
        &[leaf, stream("", &texts(&[(100.0, 700.0, 16.0, "就业")]))],
    );
    assert_eq!(read_lines(&file), ["就业"], "a page counts once");
}

#[test]
fn more_pages_than_are_read_are_reported() {
    let leaf = b"<< /Type /Page >>".to_vec();
    let kids: String = (0..MAX_PAGES + 5).map(|at| format!("{} 0 R ", at + 6)).collect();
    let text = b"<< /Type /Page /Contents 7 0 R /Resources << /Font << /F 3 0 R >> >> >>".to_vec();
    let mut more = vec![Vec::new(), text, stream("", &texts(&[(100.0, 700.0, 16.0, "就业")]))];
    more.extend(vec![leaf; MAX_PAGES + 5]);
    let source = read(&with_objects(&format!("<< /Type /Pages /Kids [{kids}] >>"), &more));
    assert_eq!(lines(&source), ["就业"]);
    assert!(
        source.diagnostics.iter().any(|d| d.message.contains("其后的页未读取")),
        "{:?}",
        source.diagnostics
    );
}

#[test]
fn glyphs_and_rules_without_end_are_answered() {
    let lines_of = |count: usize| {
        (0..count)
            .map(|at| {
                format!(
                    "{} 0 m {} 800 l S 0 {} m 500 {} l S ",
                    at % 499,
                    at % 499,
                    at % 799,
                    at % 799
                )
            })
            .collect::<String>()
    };
    for content in [
        lines_of(2_000),
        lines_of(30_000),
        "BT /F 5 Tf 9 9 Td <4E004E00> Tj ET ".repeat(20_000),
        format!("BT /F 5 Tf 9 9 Td <{}> Tj ET", "4E00".repeat(250_000)),
    ] {
        let _ = document::read(&pages(&chinese_font("UniGB-UCS2-H"), &[content.into_bytes()]));
    }
    let huge =
        "BT /F 1e30 Tf 1e300 0 0 1e300 1e300 1e300 Tm <4E00> Tj ET 1e308 1e308 m -1e308 nan l S 0 0 1e400 1e400 re f";
    let _ = document::read(&pages(&chinese_font("UniGB-UCS2-H"), &[huge.as_bytes().to_vec()]));
    let wild = ofd_text(20.0, 20.0, 5.0, "甲")
        + r#"<ofd:TextObject Boundary="1e308 -1e308 NaN inf" CTM="1e308 0 0 1e308 0 0" Size="1e308"><ofd:TextCode X="nan" Y="1e400" DeltaX="g 99999999999 1">乙</ofd:TextCode></ofd:TextObject>"#;
    assert_eq!(read_lines(&ofd(&[wild], "", &[])), ["甲"]);
}

#[test]
fn a_compound_file_whose_sectors_run_in_a_circle_ends() {
    let mut file = compound(&[("Workbook", vec![9; 5_000])]);
    let table = file.len() - 512;
    for entry in file[table..].chunks_exact_mut(4) {
        entry.copy_from_slice(&0_u32.to_le_bytes());
    }
    let _ = document::read(&file);
    for at in (0..512).step_by(4) {
        let mut changed = compound(&[("Workbook", vec![9; 5_000])]);
        changed[at..at + 4].fill(0);
        let _ = document::read(&changed);
    }
}
