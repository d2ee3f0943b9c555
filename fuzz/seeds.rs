//! Writes first inputs for the targets from the samples: `cargo run --bin seeds`, in this folder.

use std::error::Error;
use std::fs;
use std::io::{Cursor, Read};
use std::path::Path;

#[path = "../crates/document/tests/it/compound.rs"]
mod compound;

fn main() -> Result<(), Box<dyn Error>> {
    let samples = Path::new("../samples");
    for entry in fs::read_dir(samples)? {
        let path = entry?.path();
        let (Some(name), Some(kind)) = (
            path.file_name().and_then(|n| n.to_str()),
            path.extension().and_then(|e| e.to_str()),
        ) else {
            continue;
        };
        let bytes = fs::read(&path)?;
        match kind {
            "txt" => {
                seed("read_txt", name, &bytes)?;
                seed("extract", name, &bytes)?;
            }
            "html" => seed("read_html", name, &bytes)?,
            "pdf" => seed("read_pdf", name, bytes.get(9..).unwrap_or_default())?,
            "docx" => {
                seed("read_docx", name, &bytes)?;
                seed(
                    "read_docx",
                    &format!("{name}.xml"),
                    &join(&bytes, &["word/document.xml", "word/numbering.xml", "word/styles.xml"])?,
                )?;
            }
            "xlsx" => seed(
                "read_xlsx",
                name,
                &join(
                    &bytes,
                    &["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml"],
                )?,
            )?,
            "ofd" => seed(
                "read_ofd",
                name,
                &join(
                    &bytes,
                    &["Doc_0/Pages/Page_0/Content.xml", "", "Doc_0/Document.xml", "OFD.xml"],
                )?,
            )?,
            _ => {}
        }
    }
    seed("read_xls", "book", &book())?;
    for (name, text) in SMALL {
        let (target, number) = name.split_once('/').unwrap_or((name, "0"));
        seed(target, number, text.as_bytes())?;
    }
    Ok(())
}

fn seed(target: &str, name: &str, bytes: &[u8]) -> Result<(), Box<dyn Error>> {
    let folder = Path::new("corpus").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)?;
    Ok(())
}

/// The stream of a workbook with a record of every kind that is read.
fn book() -> Vec<u8> {
    use compound::{record, wide, words, workbook};
    let strings = [
        &[2, 0, 0, 0, 2, 0, 0, 0][..],
        &words(&[2]),
        &wide("一二"),
        &words(&[3]),
        &[8, 1, 0, b'a', b'b', b'c', 0, 0, 0, 0],
    ]
    .concat();
    let globals = [
        record(0x00FC, &strings),
        record(0x003C, &[1, 0x42, 0x43]),
        record(0x041E, &[&words(&[164, 4])[..], &[0], b"0.0%"].concat()),
        record(0x00E0, &words(&[0, 164, 0, 0])),
        record(0x0022, &words(&[1])),
    ];
    let cells = vec![
        record(0x00FD, &words(&[0, 0, 0, 0, 0])),
        record(0x0203, &[&words(&[0, 1, 0])[..], &0.125_f64.to_le_bytes()].concat()),
        record(0x027E, &words(&[1, 0, 0, 0x1003, 0])),
        record(0x00BD, &words(&[1, 1, 0, 0x1003, 0, 0, 0x2002, 0, 2])),
        record(
            0x0006,
            &[&words(&[2, 0, 0])[..], &[0, 0, 0, 0, 0, 0, 0xFF, 0xFF]].concat(),
        ),
        record(0x0207, &[&words(&[1])[..], &wide("式")].concat()),
        record(0x0205, &words(&[2, 1, 0, 0x012A])),
        record(0x0204, &[&words(&[3, 0, 0, 2])[..], &wide("文字")].concat()),
        record(0x00E5, &words(&[1, 0, 1, 0, 0])),
        record(0x0014, &[&words(&[1])[..], &wide("x")].concat()),
    ];
    workbook(&globals, &[("甲", 0, cells), ("乙", 1, Vec::new())])
}

/// Parts of an archive, put together as the targets take them apart.
fn join(bytes: &[u8], names: &[&str]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes))?;
    let mut out = Vec::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            out.push(1);
        }
        if let Ok(mut part) = archive.by_name(name) {
            part.read_to_end(&mut out)?;
        }
    }
    Ok(out)
}

/// Inputs that show each target what its parts look like.
const SMALL: [(&str, &str); 12] = [
    (
        "read_docx/a",
        "<d><tbl><tr><tc><tcPr><gridSpan val=\"2\"/><vMerge val=\"restart\"/></tcPr><p><pPr><numPr><ilvl val=\"0\"/><numId val=\"1\"/></numPr></pPr><r><t>一</t></r></p></tc></tr></tbl></d>\u{1}<n><abstractNum abstractNumId=\"1\"><lvl ilvl=\"0\"><numFmt val=\"chineseCounting\"/><lvlText val=\"%1、\"/></lvl></abstractNum><num numId=\"1\"><abstractNumId val=\"1\"/></num></n>\u{1}<s><style type=\"paragraph\" styleId=\"a\"><basedOn val=\"b\"/></style></s>",
    ),
    (
        "read_docx/b",
        "<d><p><r><AlternateContent><Choice><txbxContent><p><r><t>框</t></r></p></txbxContent></Choice><Fallback/></AlternateContent><fldChar fldCharType=\"begin\"/><instrText>x</instrText><fldChar fldCharType=\"separate\"/><t>果</t><fldChar fldCharType=\"end\"/><sym font=\"Symbol\" char=\"F0B3\"/></r><del><r><t>x</t></r></del></p></d>",
    ),
    (
        "read_html/a",
        "<table><tr><td rowspan=3 colspan=2>一<td>二<tr><td>三<table><tr><td>四</table></table><ol type=A><li>五<pre>六\n七</pre><div class=content><h1>八</h1>九&nbsp;&#20013;",
    ),
    (
        "read_pdf/a",
        "BT /F 12 Tf 10 TL 1 0 0 1 99 700 Tm (abc) Tj [(d) -50 (e)] TJ T* <4142> ' ET q 1 0 0 1 5 5 cm 10 10 m 90 10 l S 10 10 50 50 re f Q /X Do\u{1}/Subtype /TrueType /Encoding << /Differences [65 /one /uni4E00] >> /FirstChar 60 /Widths [500 600]\u{1}1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <41> <4E00> endbfchar 1 beginbfrange <42> <44> <4E01> endbfrange",
    ),
    (
        "read_pdf/b",
        "BT /G 12 Tf 99 700 Td <D2BBB6FE> Tj /H 12 Tf <0041> Tj ET\u{1}/Subtype /Type0 /Encoding /Identity-H /DW 500 /W [1 [500 600] 5 9 700]\u{1}1 begincidrange <0000> <FFFF> 0 endcidrange",
    ),
    (
        "read_pdf/c",
        "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj 2 0 obj << /Kids [3 0 R] >> endobj 3 0 obj << /Type /Page /Rotate 90 /Contents 4 0 R >> endobj 4 0 obj << /Length 9 /Filter [/ASCII85Decode /LZWDecode] >> stream\nabcdefghi\nendstream endobj xref\n0 1\n0000000000 65535 f \ntrailer << /Root 1 0 R /Prev 5 >> startxref 0",
    ),
    (
        "read_ofd/a",
        "<Page><Area><PhysicalBox>0 0 210 297</PhysicalBox></Area><Template TemplateID=\"1\"/><Content><Layer><TextObject Boundary=\"20 20 90 9\" CTM=\"1 0 0 1 0 0\" Size=\"5\"><TextCode X=\"0\" Y=\"5\" DeltaX=\"g 2 5 6\">一二三四</TextCode></TextObject><PathObject Boundary=\"1 1 9 9\"><AbbreviatedData>M 0 0 L 9 0 Q 1 1 2 2 B 1 1 2 2 3 3 A 1 1 0 0 1 5 5 C</AbbreviatedData></PathObject></Layer></Content></Page>\u{1}<Page/>",
    ),
    (
        "read_xlsx/a",
        "<w><sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"C1\" s=\"1\"><v>44196.5</v></c></row><row r=\"9\"><c t=\"inlineStr\"><is><t>一</t></is></c><c t=\"b\"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B3\"/></mergeCells><headerFooter><oddHeader>x</oddHeader></headerFooter></w>\u{1}<sst><si><t>一</t></si><si><r><t>二</t></r></si></sst>\u{1}<s><numFmts><numFmt numFmtId=\"200\" formatCode=\"[DBNum1]yyyy&quot;年&quot;m;[&gt;5]0.0,;@\"/></numFmts><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"200\"/></cellXfs></s>",
    ),
    (
        "read_xlsx/b",
        "<w><sheetData><row><c s=\"0\"><v>-1234.5678</v></c><c s=\"1\"><v>1e-7</v></c></row></sheetData></w>\u{1}\u{1}<s><numFmts><numFmt numFmtId=\"200\" formatCode=\"#,##0.00_);(#,##0.00)\"/><numFmt numFmtId=\"201\" formatCode=\"0.00E+00\"/></numFmts><cellXfs><xf numFmtId=\"200\"/><xf numFmtId=\"201\"/></cellXfs></s>",
    ),
    (
        "read_xls/a",
        "\u{9}\u{8}\u{10}\0\0\u{6}\u{5}\0\0\0\0\0\0\0\0\0\0\0\0\0\u{a}\0\0\0",
    ),
    (
        "read_txt/a",
        "一、任务\n序号\t任务\t单位\n1\t甲\tA局\n（责任单位：A局、B局）",
    ),
    (
        "extract/a",
        "一、任务\n序号\t任务\t单位\n1\t甲\tA局\u{b}B局\n^\t乙\t^\n（责任单位：A局、B局）",
    ),
];
