//! The laid-out pages as PDF 1.4 with a Chinese font that is named, not embedded, and has no ToUnicode map: what the
//! bytes of a string mean is known only from the font's predefined CMap.

use std::error::Error;

use encoding_rs::GBK;
use zip::result::ZipResult;

use super::layout::{Layout, Line, Page, Rule};
use super::package;

/// How the strings of a file are encoded, and how its pages are drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    /// `GBK-EUC-H`; one string a line; page contents in clear; ruled lines as thin filled boxes.
    Gbk,
    /// `UniGB-UCS2-H`; strings cut where the script changes; page contents deflated; ruled lines stroked.
    Ucs2,
}

impl Flavour {
    /// Font, kind of font, CMap, supplement of Adobe-GB1 it needs, and the character ids that are half as wide.
    const fn font(self) -> (&'static str, &'static str, &'static str, usize, &'static str) {
        match self {
            Self::Gbk => ("SimSun", "CIDFontType2", "GBK-EUC-H", 2, "7716 7716 500 814 907"),
            Self::Ucs2 => ("STSong-Light", "CIDFontType0", "UniGB-UCS2-H", 4, "1 95"),
        }
    }
}

/// The whole file.
///
/// # Errors
/// A character the encoding does not have.
pub(super) fn write(layout: &Layout, title: &str, flavour: Flavour) -> Result<Vec<u8>, Box<dyn Error>> {
    const FIRST_PAGE: usize = 7;
    let (font, kind, cmap, supplement, half) = flavour.font();
    let kids: Vec<String> = (0..layout.pages.len())
        .map(|page| format!("{} 0 R", FIRST_PAGE + 2 * page))
        .collect();
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), kids.len()).into_bytes(),
        format!("<< /Type /Font /Subtype /Type0 /BaseFont /{font} /Encoding /{cmap} /DescendantFonts [4 0 R] >>").into_bytes(),
        format!("<< /Type /Font /Subtype /{kind} /BaseFont /{font} /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement {supplement} >> /FontDescriptor 5 0 R /DW 1000 /W [{half} 500] >>").into_bytes(),
        format!("<< /Type /FontDescriptor /FontName /{font} /Flags 6 /FontBBox [-8 -145 1000 859] /ItalicAngle 0 /Ascent 859 /Descent -141 /CapHeight 683 /StemV 80 >>").into_bytes(),
        format!("<< /Title <FEFF{}> >>", hex(&utf16(title))).into_bytes(),
    ];
    for (index, page) in layout.pages.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Resources << /Font << /F1 3 0 R >> >> /Contents {} 0 R >>",
                points(layout.width),
                points(layout.height),
                FIRST_PAGE + 2 * index + 1
            )
            .into_bytes(),
        );
        objects.push(stream(&content(page, layout.height, flavour)?, flavour)?);
    }
    Ok(assemble(&objects))
}

/// The drawing of one page.
fn content(page: &Page, height: usize, flavour: Flavour) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut out = String::new();
    for rule in &page.rules {
        out += &ruled(rule, height, flavour);
    }
    for line in &page.lines {
        let (x, y) = (points(line.x), points(height - line.y));
        out += &format!(
            "BT /F1 {} Tf 1 0 0 1 {x} {y} Tm {} ET\n",
            points(line.size),
            shown(line, flavour)?
        );
    }
    Ok(out.into_bytes())
}

fn ruled(rule: &Rule, height: usize, flavour: Flavour) -> String {
    const THICKNESS: usize = 5;
    let (x, y) = rule.from;
    let (wide, high) = (rule.to.0 - x, rule.to.1 - y);
    match flavour {
        Flavour::Gbk => format!(
            "{} {} {} {} re f\n",
            points(x),
            points(height - rule.to.1),
            points(wide.max(THICKNESS)),
            points(high.max(THICKNESS))
        ),
        Flavour::Ucs2 => format!(
            "0.5 w {} {} m {} {} l S\n",
            points(x),
            points(height - y),
            points(rule.to.0),
            points(height - rule.to.1)
        ),
    }
}

/// The operator that shows a line.
fn shown(line: &Line, flavour: Flavour) -> Result<String, Box<dyn Error>> {
    match flavour {
        Flavour::Gbk => {
            let (bytes, _, lost) = GBK.encode(&line.text);
            if lost {
                return Err(format!("GBK lacks a character of “{}”", line.text).into());
            }
            Ok(format!("<{}> Tj", hex(&bytes)))
        }
        Flavour::Ucs2 => {
            let mut strings = String::new();
            let mut rest = line.text.as_str();
            while let Some(first) = rest.chars().next() {
                let cut = rest
                    .find(|c: char| c.is_ascii() != first.is_ascii())
                    .unwrap_or(rest.len());
                // A hair of space between Chinese and figures, as word processors leave it.
                let space = if strings.is_empty() { "" } else { " -40 " };
                strings += &format!("{space}<{}>", hex(&utf16(&rest[..cut])));
                rest = &rest[cut..];
            }
            Ok(format!("[{strings}] TJ"))
        }
    }
}

/// A stream object.
fn stream(content: &[u8], flavour: Flavour) -> ZipResult<Vec<u8>> {
    let (body, filter) = match flavour {
        Flavour::Gbk => (content.to_vec(), ""),
        Flavour::Ucs2 => (package::zlib(content)?, " /Filter /FlateDecode"),
    };
    let mut object = format!("<< /Length {}{filter} >>\nstream\n", body.len()).into_bytes();
    object.extend(body);
    object.extend(b"\nendstream");
    Ok(object)
}

/// Objects numbered from 1, then the table of where they begin.
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    const INFO: usize = 6;
    let mut file = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut table = "0000000000 65535 f \n".to_owned();
    for (index, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", file.len());
        file.extend(format!("{} 0 obj\n", index + 1).into_bytes());
        file.extend(object);
        file.extend(b"\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    file.extend(
        format!("xref\n0 {size}\n{table}trailer\n<< /Size {size} /Root 1 0 R /Info {INFO} 0 R >>\nstartxref\n{start}\n%%EOF\n")
            .into_bytes(),
    );
    file
}

/// Tenths of a point as PDF writes them.
fn points(tenths: usize) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_be_bytes).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}
