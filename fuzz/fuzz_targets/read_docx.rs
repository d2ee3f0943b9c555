//! Any bytes as a whole docx, and as the body, numbering and styles of one.
#![no_main]

use libfuzzer_sys::fuzz_target;

const RELATIONSHIPS: &[u8] = br#"<Relationships><Relationship Id="a" Type="x/styles" Target="styles.xml"/><Relationship Id="b" Type="x/numbering" Target="numbering.xml"/><Relationship Id="c" Type="x/header" Target="styles.xml"/></Relationships>"#;

fuzz_target!(|bytes: &[u8]| {
    leye_fuzz::read(bytes);
    let [body, numbering, styles] = leye_fuzz::parts(bytes);
    leye_fuzz::read(&leye_fuzz::stored_zip(&[
        ("word/document.xml", body),
        ("word/_rels/document.xml.rels", RELATIONSHIPS),
        ("word/numbering.xml", numbering),
        ("word/styles.xml", styles),
    ]));
});
