//! Any bytes as a sheet of an xlsx, its strings, its formats and its list of sheets.
#![no_main]

use libfuzzer_sys::fuzz_target;

const RELATIONSHIPS: &[u8] = br#"<Relationships><Relationship Id="r" Type="x/worksheet" Target="s.xml"/><Relationship Id="a" Type="x/sharedStrings" Target="t.xml"/><Relationship Id="b" Type="x/styles" Target="f.xml"/></Relationships>"#;
const BOOK: &[u8] = br#"<workbook><sheets><sheet name="a" r:id="r"/><sheet name="b" r:id="r"/></sheets></workbook>"#;

fuzz_target!(|bytes: &[u8]| {
    let [sheet, strings, formats, book] = leye_fuzz::parts(bytes);
    leye_fuzz::read(&leye_fuzz::stored_zip(&[
        ("xl/workbook.xml", if book.is_empty() { BOOK } else { book }),
        ("xl/_rels/workbook.xml.rels", RELATIONSHIPS),
        ("xl/s.xml", sheet),
        ("xl/t.xml", strings),
        ("xl/f.xml", formats),
    ]));
});
