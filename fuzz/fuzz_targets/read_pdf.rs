//! Any bytes as a PDF, and as the content, the font and the map of a font of one that is sound otherwise.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    leye_fuzz::read(&[b"%PDF-1.4\n", bytes].concat());
    let [content, font, map] = leye_fuzz::parts(bytes);
    let stream = |bytes: &[u8]| {
        [
            format!("<< /Length {} >>\nstream\n", bytes.len()).as_bytes(),
            bytes,
            b"\nendstream",
        ]
        .concat()
    };
    let objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R 3 0 R] /Resources << /Font << /F 5 0 R /G 7 0 R /H 8 0 R >> /XObject << /X 4 0 R >> >> >>".to_vec(),
        b"<< /Type /Page /Contents [4 0 R 4 0 R] /MediaBox [0 0 595 842] >>".to_vec(),
        stream(content),
        [&b"<< /Type /Font /ToUnicode 6 0 R "[..], font, b" >>"].concat(),
        stream(map),
        b"<< /Type /Font /Subtype /Type0 /Encoding /GBK-EUC-H >>".to_vec(),
        b"<< /Type /Font /Subtype /Type0 /Encoding 6 0 R /DescendantFonts [5 0 R] >>".to_vec(),
    ];
    let mut file = b"%PDF-1.4\n".to_vec();
    for (at, object) in objects.iter().enumerate() {
        file.extend([format!("{} 0 obj\n", at + 1).as_bytes(), object, b"\nendobj\n"].concat());
    }
    file.extend(b"trailer << /Root 1 0 R >>");
    leye_fuzz::read(&file);
});
