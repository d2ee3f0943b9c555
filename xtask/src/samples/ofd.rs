//! The laid-out pages as OFD (GB/T 33190): a zip of XML, each line of text a text object, measures in millimetres.

use zip::result::ZipResult;

use super::description::escaped;
use super::layout::{Layout, Line, Page, Rule, advance, width};
use super::package;

const HEAD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
const NAMESPACE: &str = r#"xmlns:ofd="http://www.ofdspec.org/2016""#;
/// The font all text objects name; it is not embedded.
const FONT: usize = 1;

/// Gives out the identifiers that are unique in the document.
struct Identifiers(usize);

impl Identifiers {
    fn next(&mut self) -> usize {
        self.0 += 1;
        self.0
    }
}

/// The whole package.
///
/// # Errors
/// As [`package::zip`].
pub(super) fn write(layout: &Layout, title: &str) -> ZipResult<Vec<u8>> {
    let mut identifiers = Identifiers(FONT);
    let (wide, high) = (millimetres(layout.width), millimetres(layout.height));
    let mut pages = String::new();
    let mut contents = Vec::new();
    for (index, page) in layout.pages.iter().enumerate() {
        pages += &format!(
            r#"<ofd:Page ID="{}" BaseLoc="Pages/Page_{index}/Content.xml"/>"#,
            identifiers.next()
        );
        contents.push((
            format!("Doc_0/Pages/Page_{index}/Content.xml"),
            content(page, &mut identifiers),
        ));
    }
    let root = format!(
        r#"{HEAD}
<ofd:OFD {NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>00000000000000000000000000000001</ofd:DocID><ofd:Title>{}</ofd:Title></ofd:DocInfo><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"#,
        escaped(title)
    );
    let document = format!(
        r#"{HEAD}
<ofd:Document {NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>{}</ofd:MaxUnitID><ofd:PageArea><ofd:PhysicalBox>0 0 {wide} {high}</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes></ofd:CommonData><ofd:Pages>{pages}</ofd:Pages></ofd:Document>"#,
        identifiers.0
    );
    let resources = format!(
        r#"{HEAD}
<ofd:Res {NAMESPACE} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="{FONT}" FontName="宋体" FamilyName="宋体"/></ofd:Fonts></ofd:Res>"#
    );
    let mut members = vec![
        ("OFD.xml", root.into_bytes()),
        ("Doc_0/Document.xml", document.into_bytes()),
        ("Doc_0/PublicRes.xml", resources.into_bytes()),
    ];
    members.extend(
        contents
            .iter()
            .map(|(name, xml)| (name.as_str(), xml.clone().into_bytes())),
    );
    package::zip(&members)
}

fn content(page: &Page, identifiers: &mut Identifiers) -> String {
    let layer = identifiers.next();
    let rules: String = page
        .rules
        .iter()
        .map(|rule| path_object(rule, identifiers.next()))
        .collect();
    let lines: String = page
        .lines
        .iter()
        .map(|line| text_object(line, identifiers.next()))
        .collect();
    format!(
        r#"{HEAD}
<ofd:Page {NAMESPACE}><ofd:Content><ofd:Layer ID="{layer}" Type="Body">{rules}{lines}</ofd:Layer></ofd:Content></ofd:Page>"#
    )
}

fn path_object(rule: &Rule, identifier: usize) -> String {
    const ROOM: usize = 5;
    let (wide, high) = (rule.to.0 - rule.from.0, rule.to.1 - rule.from.1);
    format!(
        r#"<ofd:PathObject ID="{identifier}" Boundary="{} {} {} {}" LineWidth="0.18"><ofd:AbbreviatedData>M 0 0 L {} {}</ofd:AbbreviatedData></ofd:PathObject>"#,
        millimetres(rule.from.0),
        millimetres(rule.from.1),
        millimetres(wide.max(ROOM)),
        millimetres(high.max(ROOM)),
        millimetres(wide),
        millimetres(high)
    )
}

fn text_object(line: &Line, identifier: usize) -> String {
    let ascent = line.size * 86 / 100;
    format!(
        r#"<ofd:TextObject ID="{identifier}" Boundary="{} {} {} {}" Font="{FONT}" Size="{}"><ofd:TextCode X="0" Y="{}" DeltaX="{}">{}</ofd:TextCode></ofd:TextObject>"#,
        millimetres(line.x),
        millimetres(line.y - ascent),
        millimetres(width(&line.text, line.size)),
        millimetres(line.size * 6 / 5),
        millimetres(line.size),
        millimetres(ascent),
        advances(line),
        escaped(&line.text)
    )
}

/// How far each character but the last moves the next one; `g n d` stands for n times d.
fn advances(line: &Line) -> String {
    let mut moves: Vec<(usize, usize)> = Vec::new();
    for c in line.text.chars() {
        let wide = advance(c, line.size);
        match moves.last_mut() {
            Some((times, last)) if *last == wide => *times += 1,
            _ => moves.push((1, wide)),
        }
    }
    if let Some((times, _)) = moves.last_mut() {
        *times -= 1;
    }
    let moves = moves
        .iter()
        .filter(|(times, _)| *times > 0)
        .map(|&(times, wide)| match times {
            1 => millimetres(wide),
            _ => format!("g {times} {}", millimetres(wide)),
        });
    moves.collect::<Vec<_>>().join(" ")
}

/// Tenths of a point in millimetres, to a thousandth.
fn millimetres(tenths: usize) -> String {
    let micrometres = (tenths * 254_000 + 3_600) / 7_200;
    format!("{}.{:03}", micrometres / 1000, micrometres % 1000)
}
