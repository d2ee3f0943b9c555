//! The description as docx (ECMA-376), the way word processors write it: runs cut where the script changes, numbers
//! left to `numbering.xml`, merged cells as `gridSpan` and `vMerge`, page numbers in the footer.

use zip::result::ZipResult;

use super::description::{Block, Cell, Document, Table, escaped};
use super::package;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/numbering.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml"/><Override PartName="/word/footer1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/></Types>"#;

const RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;

const DOCUMENT_RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/numbering" Target="numbering.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/footer" Target="footer1.xml"/></Relationships>"#;

/// Level 0 is numbered by its style, the others by the paragraph: both ways are met.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:eastAsia="仿宋" w:hAnsi="Times New Roman"/><w:sz w:val="32"/></w:rPr></w:rPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/></w:style><w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/><w:basedOn w:val="a"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="0"/></w:pPr><w:rPr><w:rFonts w:eastAsia="黑体"/></w:rPr></w:style><w:style w:type="table" w:styleId="a3"><w:name w:val="Table Grid"/><w:tblPr><w:tblBorders><w:top w:val="single" w:sz="4"/><w:left w:val="single" w:sz="4"/><w:bottom w:val="single" w:sz="4"/><w:right w:val="single" w:sz="4"/><w:insideH w:val="single" w:sz="4"/><w:insideV w:val="single" w:sz="4"/></w:tblBorders></w:tblPr></w:style></w:styles>"#;

/// 一、 and （一） are levels of one list; 1. is a list of its own, so that it runs on through the document.
const NUMBERING: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:numbering xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:abstractNum w:abstractNumId="0"><w:multiLevelType w:val="multilevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:pStyle w:val="1"/><w:suff w:val="nothing"/><w:lvlText w:val="%1、"/><w:lvlJc w:val="left"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:suff w:val="nothing"/><w:lvlText w:val="（%2）"/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum><w:abstractNum w:abstractNumId="1"><w:multiLevelType w:val="singleLevel"/><w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:suff w:val="nothing"/><w:lvlText w:val="%1."/><w:lvlJc w:val="left"/></w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num></w:numbering>"#;

const FOOTER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:ftr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:t xml:space="preserve">— </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>"#;

/// Width between the margins of a portrait and of a landscape A4 page, in twentieths of a point.
const TEXT_WIDTH: [usize; 2] = [8844, 13_958];

/// The whole package.
///
/// # Errors
/// As [`package::zip`].
pub(super) fn write(document: &Document) -> ZipResult<Vec<u8>> {
    let mut body = String::new();
    for block in document.blocks {
        body += &block_xml(block, TEXT_WIDTH[usize::from(document.landscape)]);
    }
    let size = if document.landscape {
        r#"<w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/>"#
    } else {
        r#"<w:pgSz w:w="11906" w:h="16838"/>"#
    };
    let xml = format!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:body>{body}<w:sectPr><w:footerReference w:type="default" r:id="rId3"/>{size}<w:pgMar w:top="1440" w:right="1440" w:bottom="1440" w:left="1440" w:header="851" w:footer="992" w:gutter="0"/></w:sectPr></w:body></w:document>"#
    );
    package::zip(&[
        ("[Content_Types].xml", CONTENT_TYPES.into()),
        ("_rels/.rels", RELATIONSHIPS.into()),
        ("word/document.xml", xml.into_bytes()),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONSHIPS.into()),
        ("word/styles.xml", STYLES.into()),
        ("word/numbering.xml", NUMBERING.into()),
        ("word/footer1.xml", FOOTER.into()),
    ])
}

fn block_xml(block: &Block, width: usize) -> String {
    const CENTRED: &str = r#"<w:jc w:val="center"/>"#;
    const INDENTED: &str = r#"<w:ind w:firstLineChars="200" w:firstLine="640"/>"#;
    match block {
        Block::Title(text) => paragraph(
            CENTRED,
            &runs(text, r#"<w:rFonts w:eastAsia="方正小标宋简体"/><w:sz w:val="44"/>"#),
        ),
        Block::Number(text) => paragraph(CENTRED, &runs(text, "")),
        Block::Flush(text) => paragraph("", &runs(text, "")),
        Block::Text(text) => paragraph(INDENTED, &runs(text, "")),
        Block::Item(0, text) => paragraph(&format!(r#"<w:pStyle w:val="1"/>{INDENTED}"#), &runs(text, "")),
        Block::Item(level, text) => {
            let (level, list) = if *level == 1 { (1, 1) } else { (0, 2) };
            let number = format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#);
            paragraph(&(number + INDENTED), &runs(text, ""))
        }
        Block::Label(label, text) => paragraph(INDENTED, &(runs(label, "<w:b/>") + &runs(text, ""))),
        Block::Signed(text) => paragraph(r#"<w:jc w:val="right"/>"#, &runs(text, "")),
        Block::Table(table) => table_xml(table, width),
    }
}

fn paragraph(properties: &str, runs: &str) -> String {
    format!("<w:p><w:pPr>{properties}</w:pPr>{runs}</w:p>")
}

/// The runs of a text, cut wherever it goes from Chinese to digits or back; a line feed is a line break.
fn runs(text: &str, properties: &str) -> String {
    let mut xml = String::new();
    for (index, line) in text.split('\n').enumerate() {
        if index > 0 {
            xml += "<w:r><w:br/></w:r>";
        }
        let mut rest = line;
        while let Some(first) = rest.chars().next() {
            let cut = rest
                .find(|c: char| c.is_ascii() != first.is_ascii())
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(cut);
            let hint = if first.is_ascii() {
                ""
            } else {
                r#"<w:rFonts w:hint="eastAsia"/>"#
            };
            let hint = if properties.is_empty() { hint } else { properties };
            xml += &format!(
                r#"<w:r><w:rPr>{hint}</w:rPr><w:t xml:space="preserve">{}</w:t></w:r>"#,
                escaped(run)
            );
            rest = after;
        }
    }
    xml
}

/// A table: what a merged cell swallows stands in its row as an empty cell with `vMerge`.
fn table_xml(table: &Table, width: usize) -> String {
    let widths: Vec<usize> = table.columns.iter().map(|(_, share)| share * width / 1000).collect();
    let mut xml =
        r#"<w:tbl><w:tblPr><w:tblStyle w:val="a3"/><w:tblW w:w="0" w:type="auto"/></w:tblPr><w:tblGrid>"#.to_owned();
    for width in &widths {
        xml += &format!(r#"<w:gridCol w:w="{width}"/>"#);
    }
    xml += "</w:tblGrid>";
    let grid = table.grid();
    for (index, row) in grid.iter().enumerate() {
        let header = if index == 0 {
            "<w:trPr><w:tblHeader/></w:trPr>"
        } else {
            ""
        };
        xml += &format!("<w:tr>{header}");
        let mut column = 0;
        while column < widths.len() {
            let begun = row.iter().find(|cell| cell.column == column);
            xml += &cell_xml(begun, widths[column], index == 0);
            column += begun.map_or(1, |cell| cell.columns);
        }
        xml += "</w:tr>";
    }
    xml + "</w:tbl>"
}

/// A cell that begins in this row, or the lower part of a merged one.
fn cell_xml(begun: Option<&Cell>, width: usize, header: bool) -> String {
    let Some(cell) = begun else {
        return format!(r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vMerge/></w:tcPr><w:p/></w:tc>"#);
    };
    let mut properties = format!(r#"<w:tcW w:w="{width}" w:type="dxa"/>"#);
    if cell.columns > 1 {
        properties += &format!(r#"<w:gridSpan w:val="{}"/>"#, cell.columns);
    }
    if cell.rows > 1 {
        properties += r#"<w:vMerge w:val="restart"/>"#;
    }
    properties += r#"<w:vAlign w:val="center"/>"#;
    let run = if header {
        r#"<w:b/><w:sz w:val="21"/>"#
    } else {
        r#"<w:sz w:val="21"/>"#
    };
    let paragraphs: String = cell
        .text
        .split('\n')
        .map(|line| paragraph("", &runs(line, run)))
        .collect();
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{paragraphs}</w:tc>")
}
