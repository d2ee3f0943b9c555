//! Writes small zip-based files, so that every test shows what its file holds.
#![expect(clippy::unwrap_used, reason = "a test file that cannot be written is a broken test")]

use std::io::{Cursor, Write};

use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, ZipWriter};

/// A zip of these parts.
pub(crate) fn zip(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const RELATIONSHIPS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A docx under construction: its body, and the parts it may have besides.
pub(crate) struct Docx {
    body: String,
    numbering: Option<String>,
    styles: Option<String>,
    namespace: &'static str,
}

impl Docx {
    /// A docx whose `w:body` holds this XML.
    pub(crate) fn new(body: impl Into<String>) -> Self {
        Self {
            body: body.into(),
            numbering: None,
            styles: None,
            namespace: WORD,
        }
    }

    /// With this content of `w:numbering`.
    pub(crate) fn numbering(mut self, xml: impl Into<String>) -> Self {
        self.numbering = Some(xml.into());
        self
    }

    /// With this content of `w:styles`.
    pub(crate) fn styles(mut self, xml: impl Into<String>) -> Self {
        self.styles = Some(xml.into());
        self
    }

    /// In the namespace of strict OOXML.
    pub(crate) fn strict(mut self) -> Self {
        self.namespace = "http://purl.oclc.org/ooxml/wordprocessingml/main";
        self
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let relationships = if self.namespace == WORD {
            RELATIONSHIPS
        } else {
            "http://purl.oclc.org/ooxml/officeDocument/relationships"
        };
        let root = format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relationships}/officeDocument" Target="word/document.xml"/></Relationships>"#
        );
        let own = format!(
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="{relationships}/styles" Target="styles.xml"/><Relationship Id="rId2" Type="{relationships}/numbering" Target="/word/numbering.xml"/></Relationships>"#
        );
        let wrap = |name: &str, content: &str| {
            format!(
                r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:{name} xmlns:w="{}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">{content}</w:{name}>"#,
                self.namespace
            )
        };
        let document = wrap("document", &format!("<w:body>{}<w:sectPr/></w:body>", self.body));
        let numbering = self.numbering.as_ref().map(|xml| wrap("numbering", xml));
        let styles = self.styles.as_ref().map(|xml| wrap("styles", xml));
        let mut parts: Vec<(&str, &[u8])> = vec![
            (
                "[Content_Types].xml",
                br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#,
            ),
            ("_rels/.rels", root.as_bytes()),
            ("word/_rels/document.xml.rels", own.as_bytes()),
            ("word/document.xml", document.as_bytes()),
        ];
        parts.extend(numbering.iter().map(|xml| ("word/numbering.xml", xml.as_bytes())));
        parts.extend(styles.iter().map(|xml| ("word/styles.xml", xml.as_bytes())));
        zip(&parts)
    }
}

/// A paragraph of plain text.
pub(crate) fn p(text: &str) -> String {
    format!(r#"<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>"#)
}

/// A paragraph with an automatic number.
pub(crate) fn numbered(number: usize, level: usize, text: &str) -> String {
    format!(
        r#"<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"#
    )
}

/// A list of this id whose levels have these formats and texts, and a number of the same id for it.
pub(crate) fn list(id: usize, levels: &[(&str, &str)]) -> (String, String) {
    let levels: String = levels
        .iter()
        .enumerate()
        .map(|(at, (format, text))| {
            format!(
                r#"<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{format}"/><w:lvlText w:val="{text}"/></w:lvl>"#
            )
        })
        .collect();
    (
        format!(r#"<w:abstractNum w:abstractNumId="{id}">{levels}</w:abstractNum>"#),
        format!(r#"<w:num w:numId="{id}"><w:abstractNumId w:val="{id}"/></w:num>"#),
    )
}

/// A table cell with these properties and paragraphs.
pub(crate) fn cell(properties: &str, content: &str) -> String {
    format!("<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>")
}

/// A table of these rows of cells.
pub(crate) fn table(rows: &[&[String]]) -> String {
    let rows: String = rows
        .iter()
        .map(|cells| format!("<w:tr>{}</w:tr>", cells.concat()))
        .collect();
    format!("<w:tbl><w:tblPr/>{rows}</w:tbl>")
}

/// A workbook under construction: its sheets in order, and what they share.
#[derive(Default)]
pub(crate) struct Xlsx {
    sheets: Vec<(String, String)>,
    strings: Vec<String>,
    formats: Vec<String>,
}

impl Xlsx {
    /// With one more sheet, whose `worksheet` holds this XML.
    pub(crate) fn sheet(mut self, name: &str, xml: impl Into<String>) -> Self {
        self.sheets.push((name.to_owned(), xml.into()));
        self
    }

    /// With one more shared string (the content of `si`).
    pub(crate) fn string(mut self, xml: &str) -> Self {
        self.strings.push(xml.to_owned());
        self
    }

    /// With one more cell format: a code, or the number of a built-in one. The first is style 0.
    pub(crate) fn format(mut self, code: &str) -> Self {
        self.formats.push(code.to_owned());
        self
    }

    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
        let package = "http://schemas.openxmlformats.org/package/2006/relationships";
        let relationship = |id: usize, kind: &str, target: &str| {
            format!(r#"<Relationship Id="rId{id}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>"#)
        };
        let mut listed = String::new();
        let mut related =
            relationship(900, "sharedStrings", "sharedStrings.xml") + &relationship(901, "styles", "styles.xml");
        let mut parts: Vec<(String, String)> = Vec::new();
        for (at, (name, xml)) in self.sheets.iter().enumerate() {
            let (name, state) = name
                .strip_prefix('!')
                .map_or((name.as_str(), ""), |name| (name, r#" state="hidden""#));
            listed += &format!(r#"<sheet name="{name}" sheetId="{at}"{state} r:id="rId{at}"/>"#);
            related += &relationship(at, "worksheet", &format!("worksheets/sheet{at}.xml"));
            parts.push((
                format!("xl/worksheets/sheet{at}.xml"),
                format!(r#"<worksheet xmlns="{main}">{xml}</worksheet>"#),
            ));
        }
        let strings: String = self.strings.iter().map(|xml| format!("<si>{xml}</si>")).collect();
        let own: String = self
            .formats
            .iter()
            .enumerate()
            .map(|(at, code)| {
                format!(
                    r#"<numFmt numFmtId="{}" formatCode="{}"/>"#,
                    200 + at,
                    code.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
                )
            })
            .collect();
        let used: String = self
            .formats
            .iter()
            .enumerate()
            .map(|(at, code)| {
                let built_in = code.parse::<usize>().ok().filter(|id| id.to_string() == *code);
                format!(r#"<xf numFmtId="{}"/>"#, built_in.unwrap_or(200 + at))
            })
            .collect();
        parts.push((
            "_rels/.rels".into(),
            format!(
                r#"<Relationships xmlns="{package}">{}</Relationships>"#,
                relationship(1, "officeDocument", "xl/workbook.xml")
            ),
        ));
        parts.push((
            "xl/workbook.xml".into(),
            format!(r#"<workbook xmlns="{main}" xmlns:r="{RELATIONSHIPS}"><sheets>{listed}</sheets></workbook>"#),
        ));
        parts.push((
            "xl/_rels/workbook.xml.rels".into(),
            format!(r#"<Relationships xmlns="{package}">{related}</Relationships>"#),
        ));
        parts.push((
            "xl/sharedStrings.xml".into(),
            format!(r#"<sst xmlns="{main}">{strings}</sst>"#),
        ));
        parts.push(("xl/styles.xml".into(), format!(r#"<styleSheet xmlns="{main}"><numFmts>{own}</numFmts><cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{used}</cellXfs></styleSheet>"#)));
        let parts: Vec<(&str, &[u8])> = parts
            .iter()
            .map(|(name, xml)| (name.as_str(), xml.as_bytes()))
            .collect();
        zip(&parts)
    }
}

/// The cells of a sheet as `row` elements: numbers as numbers, the rest as inline text, empty ones left out.
pub(crate) fn rows(rows: &[&[&str]]) -> String {
    let mut xml = String::from("<sheetData>");
    for (row, cells) in rows.iter().enumerate() {
        xml += &format!(r#"<row r="{}">"#, row + 1);
        for (column, text) in cells.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
            let at = format!("{}{}", char::from(b'A' + column as u8), row + 1);
            xml += &match text.parse::<f64>() {
                Ok(_) => format!(r#"<c r="{at}"><v>{text}</v></c>"#),
                Err(_) => format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#),
            };
        }
        xml += "</row>";
    }
    xml + "</sheetData>"
}
