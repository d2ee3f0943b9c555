//! The description as a workbook: a table cell by cell with its merged ranges, prose one paragraph a row.

use zip::result::ZipResult;

use super::description::{Block, Document, Numbering, Table, escaped};
use super::package;

const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>"#;

const RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

/// The second sheet is the empty one that office programs leave behind.
const WORKBOOK: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/><sheet name="Sheet2" sheetId="2" r:id="rId2"/></sheets></workbook>"#;

const WORKBOOK_RELATIONSHIPS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId4" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;

/// Style 1 wraps and has borders.
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="1"><font><sz val="11"/><name val="宋体"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf><xf numFmtId="0" fontId="0" fillId="0" borderId="1" xfId="0" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#;

const EMPTY_SHEET: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData/></worksheet>"#;

/// A sheet as it is filled.
#[derive(Default)]
struct Sheet {
    rows: Vec<String>,
    merged: Vec<String>,
    strings: Vec<String>,
    references: usize,
}

/// The whole package.
///
/// # Errors
/// As [`package::zip`].
pub(super) fn write(document: &Document) -> ZipResult<Vec<u8>> {
    let widest = |block: &Block| {
        if let Block::Table(table) = block {
            table.columns.len()
        } else {
            1
        }
    };
    let columns = document.blocks.iter().map(widest).max().unwrap_or(1);
    let mut sheet = Sheet::default();
    let mut numbering = Numbering::default();
    for block in document.blocks {
        match block {
            Block::Table(table) => sheet.table(table),
            Block::Item(level, text) => sheet.line(&(numbering.next(*level) + text), columns),
            Block::Label(label, text) => sheet.line(&[*label, *text].concat(), columns),
            Block::Title(text) | Block::Number(text) | Block::Flush(text) | Block::Text(text) | Block::Signed(text) => {
                sheet.line(text, columns);
            }
        }
    }
    package::zip(&[
        ("[Content_Types].xml", CONTENT_TYPES.into()),
        ("_rels/.rels", RELATIONSHIPS.into()),
        ("xl/workbook.xml", WORKBOOK.into()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONSHIPS.into()),
        ("xl/worksheets/sheet1.xml", sheet.xml(document).into_bytes()),
        ("xl/worksheets/sheet2.xml", EMPTY_SHEET.into()),
        ("xl/styles.xml", STYLES.into()),
        ("xl/sharedStrings.xml", sheet.strings_xml().into_bytes()),
    ])
}

impl Sheet {
    /// One text across all columns.
    fn line(&mut self, text: &str, columns: usize) {
        let row = self.rows.len() + 1;
        if columns > 1 {
            self.merged.push(format!("A{row}:{}{row}", letter(columns - 1)));
        }
        let cell = self.cell(text, 0, 0);
        self.rows.push(format!(r#"<row r="{row}">{cell}</row>"#));
    }

    fn table(&mut self, table: &Table) {
        for cells in table.grid() {
            let row = self.rows.len() + 1;
            let mut xml = format!(r#"<row r="{row}">"#);
            for column in 0..table.columns.len() {
                let begun = cells.iter().find(|cell| cell.column == column);
                if let Some(cell) = begun.filter(|cell| cell.columns * cell.rows > 1) {
                    let (right, bottom) = (letter(column + cell.columns - 1), row + cell.rows - 1);
                    self.merged.push(format!("{}{row}:{right}{bottom}", letter(column)));
                }
                xml += &self.cell(begun.map_or("", |cell| cell.text), column, 1);
            }
            self.rows.push(xml + "</row>");
        }
    }

    /// A cell of the row that comes next: a plain number as a number, anything else as a shared string.
    fn cell(&mut self, text: &str, column: usize, style: usize) -> String {
        let place = format!("{}{}", letter(column), self.rows.len() + 1);
        if text.is_empty() {
            return format!(r#"<c r="{place}" s="{style}"/>"#);
        }
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return format!(r#"<c r="{place}" s="{style}"><v>{text}</v></c>"#);
        }
        self.references += 1;
        let known = self.strings.iter().position(|string| string == text);
        let index = known.unwrap_or_else(|| {
            self.strings.push(text.to_owned());
            self.strings.len() - 1
        });
        format!(r#"<c r="{place}" s="{style}" t="s"><v>{index}</v></c>"#)
    }

    fn xml(&self, document: &Document) -> String {
        let mut columns = String::new();
        for block in document.blocks {
            if let Block::Table(table) = block {
                for (index, (_, share)) in table.columns.iter().enumerate() {
                    let number = index + 1;
                    columns += &format!(
                        r#"<col min="{number}" max="{number}" width="{}" customWidth="1"/>"#,
                        share / 7
                    );
                }
            }
        }
        if columns.is_empty() {
            columns = r#"<col min="1" max="1" width="90" customWidth="1"/>"#.to_owned();
        }
        let merged: String = self
            .merged
            .iter()
            .map(|range| format!(r#"<mergeCell ref="{range}"/>"#))
            .collect();
        let merged = match self.merged.len() {
            0 => String::new(),
            count => format!(r#"<mergeCells count="{count}">{merged}</mergeCells>"#),
        };
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cols>{columns}</cols><sheetData>{}</sheetData>{merged}</worksheet>"#,
            self.rows.concat()
        )
    }

    fn strings_xml(&self) -> String {
        let items: String = self
            .strings
            .iter()
            .map(|text| format!(r#"<si><t xml:space="preserve">{}</t></si>"#, escaped(text)))
            .collect();
        format!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="{}" uniqueCount="{}">{items}</sst>"#,
            self.references,
            self.strings.len()
        )
    }
}

/// The letter of a column; the samples stay within A to Z.
fn letter(column: usize) -> char {
    char::from(b'A' + u8::try_from(column % 26).unwrap_or(0))
}
