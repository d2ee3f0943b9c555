//! Any bytes as the content of a page of an OFD, its template, its document and its root.
#![no_main]

use libfuzzer_sys::fuzz_target;

const ROOT: &[u8] = b"<OFD><DocBody><DocRoot>D/Document.xml</DocRoot></DocBody></OFD>";
const DOCUMENT: &[u8] = br#"<Document><CommonData><TemplatePage ID="1" BaseLoc="T.xml"/></CommonData><Pages><Page BaseLoc="P.xml"/><Page BaseLoc="Q.xml"/></Pages></Document>"#;

fuzz_target!(|bytes: &[u8]| {
    let [content, template, document, root] = leye_fuzz::parts(bytes);
    let or = |bytes: &'static [u8], own| if <[u8]>::is_empty(own) { bytes } else { own };
    leye_fuzz::read(&leye_fuzz::stored_zip(&[
        ("OFD.xml", or(ROOT, root)),
        ("D/Document.xml", or(DOCUMENT, document)),
        ("D/P.xml", content),
        ("D/T.xml", template),
    ]));
});
