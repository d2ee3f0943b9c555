//! Writes small PDF and OFD files, so that every test shows what is in them.

#![expect(clippy::float_arithmetic, reason = "places on a page are measured")]

use crate::packed::zip;

/// A PDF of these objects, numbered from 1, the first being the catalogue.
pub(crate) fn pdf(objects: &[Vec<u8>], trailer: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n", at + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.extend(format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R {trailer} >>\n").into_bytes());
    file.extend(format!("startxref\n{start}\n%%EOF").into_bytes());
    file
}

/// A stream object with these further entries in its dictionary.
pub(crate) fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let mut object = format!("<< /Length {} {entries} >>\nstream\n", bytes.len()).into_bytes();
    object.extend(bytes);
    object.extend(b"\nendstream");
    object
}

/// A4 pages of these contents, each with the font `F` of this object (and those it refers to, numbered from 4).
pub(crate) fn pages(font: &[Vec<u8>], contents: &[Vec<u8>]) -> Vec<u8> {
    pdf(&page_objects(font, contents, ""), "")
}

/// The objects of [`pages`]; the page entries come into every page.
pub(crate) fn page_objects(font: &[Vec<u8>], contents: &[Vec<u8>], page_entries: &str) -> Vec<Vec<u8>> {
    let first = 3 + font.len();
    let kids: Vec<String> = (0..contents.len())
        .map(|at| format!("{} 0 R", first + at * 2))
        .collect();
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!(
            "<< /Type /Pages /Kids [{}] /Count {} /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> >>",
            kids.join(" "),
            kids.len()
        )
        .into_bytes(),
    ];
    objects.extend(font.iter().cloned());
    for (at, content) in contents.iter().enumerate() {
        let entries = format!(
            "<< /Type /Page /Parent 2 0 R /Contents {} 0 R {page_entries} >>",
            first + at * 2 + 1
        );
        objects.push(entries.into_bytes());
        objects.push(stream("", content));
    }
    objects
}

/// A Chinese font by the name of a predefined CMap.
pub(crate) fn chinese_font(cmap: &str) -> Vec<Vec<u8>> {
    vec![
        format!("<< /Type /Font /Subtype /Type0 /BaseFont /SimSun /Encoding /{cmap} /DescendantFonts [4 0 R] >>")
            .into_bytes(),
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /SimSun /DW 1000 /W [1 95 500 814 908 500] >>".to_vec(),
    ]
}

/// The operators for lines of text in UTF-16: x, y from the bottom, size.
pub(crate) fn texts(lines: &[(f64, f64, f64, &str)]) -> Vec<u8> {
    let show = |(x, y, size, text): &(f64, f64, f64, &str)| {
        let hex: String = text.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
        format!("BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{hex}> Tj ET\n")
    };
    lines.iter().map(show).collect::<String>().into_bytes()
}

/// The operators for the ruled lines of a grid of these column and row edges.
pub(crate) fn grid(xs: &[f64], ys: &[f64]) -> String {
    let (left, right) = (xs[0], xs[xs.len() - 1]);
    let (top, bottom) = (ys[0], ys[ys.len() - 1]);
    let level = ys.iter().map(|y| format!("{left} {y} m {right} {y} l S\n"));
    let upright = xs.iter().map(|x| format!("{x} {top} m {x} {bottom} l S\n"));
    level.chain(upright).collect()
}

const OFD: &str = r#"xmlns:ofd="http://www.ofdspec.org/2016""#;

/// An OFD of A4 pages with these contents, and further parts. A page whose content is empty has no part.
pub(crate) fn ofd(pages: &[String], common: &str, more: &[(&str, &str)]) -> Vec<u8> {
    let listed: String = (0..pages.len())
        .map(|at| format!(r#"<ofd:Page ID="{}" BaseLoc="Pages/Page_{at}/Content.xml"/>"#, at + 10))
        .collect();
    let mut parts = vec![
        (
            "OFD.xml".to_owned(),
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?><ofd:OFD {OFD}><ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#
            ),
        ),
        (
            "Doc_0/Document.xml".to_owned(),
            format!(
                r#"<ofd:Document {OFD}><ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>{common}</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>"#
            ),
        ),
    ];
    for (at, content) in pages.iter().enumerate().filter(|(_, content)| !content.is_empty()) {
        parts.push((format!("Doc_0/Pages/Page_{at}/Content.xml"), ofd_page(content)));
    }
    parts.extend(
        more.iter()
            .map(|(name, content)| ((*name).to_owned(), (*content).to_owned())),
    );
    let parts: Vec<(&str, &[u8])> = parts
        .iter()
        .map(|(name, xml)| (name.as_str(), xml.as_bytes()))
        .collect();
    zip(&parts)
}

/// A page or template part around objects.
pub(crate) fn ofd_page(objects: &str) -> String {
    format!(r#"<ofd:Page {OFD}><ofd:Content><ofd:Layer ID="1">{objects}</ofd:Layer></ofd:Content></ofd:Page>"#)
}

/// A text object at x, y (upper left, millimetres) of this size, its characters one size apart.
pub(crate) fn ofd_text(x: f64, y: f64, size: f64, text: &str) -> String {
    let count = text.chars().count().saturating_sub(1);
    format!(
        r#"<ofd:TextObject ID="2" Boundary="{x} {y} 100 {size}" Font="1" Size="{size}"><ofd:TextCode X="0" Y="{size}" DeltaX="g {count} {size}">{text}</ofd:TextCode></ofd:TextObject>"#
    )
}

/// A path object from one point to another (millimetres).
pub(crate) fn ofd_line(from: (f64, f64), to: (f64, f64)) -> String {
    let (x, y) = (to.0 - from.0, to.1 - from.1);
    format!(
        r#"<ofd:PathObject ID="3" Boundary="{} {} 1 1" LineWidth="0.2"><ofd:AbbreviatedData>M 0 0 L {x} {y}</ofd:AbbreviatedData></ofd:PathObject>"#,
        from.0, from.1
    )
}
