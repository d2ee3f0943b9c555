//! The text of an SVG: elements with escaped text.

use std::fmt::Write as _;

use super::{FONT, HALF_CHARACTER, WIDTH};
use crate::wrap::{self, Ambiguous};

/// An SVG being written.
pub(super) struct Svg {
    body: String,
}

/// Which point of a text stands at its place.
#[derive(Clone, Copy)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Svg {
    pub(super) const fn new() -> Self {
        Self { body: String::new() }
    }

    /// A bar that says `title` when pointed at.
    pub(super) fn bar(
        &mut self,
        (x, y, width, height): (i64, i64, i64, i64),
        (class, fill): (&str, &str),
        title: &str,
    ) {
        let _ = write!(
            self.body,
            r#"<rect class="{class}" x="{x}" y="{y}" width="{width}" height="{height}" rx="2" fill="{fill}"><title>{}</title></rect>"#,
            escape(title)
        );
    }

    pub(super) fn line(&mut self, (x1, y1): (i64, i64), (x2, y2): (i64, i64), class: &str) {
        let _ = write!(
            self.body,
            r##"<line class="{class}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#8a929c"/>"##
        );
    }

    /// An open line through the points; `dashes` tells series apart without colour.
    pub(super) fn path(&mut self, points: &[(i64, i64)], (class, stroke): (&str, &str), dashes: &str) {
        let mut d = String::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let _ = write!(d, "{}{x} {y}", if index == 0 { "M" } else { "L" });
        }
        let dashes = if dashes.is_empty() {
            String::new()
        } else {
            format!(r#" stroke-dasharray="{dashes}""#)
        };
        let _ = write!(
            self.body,
            r#"<path class="{class}" d="{d}" fill="none" stroke="{stroke}" stroke-width="2"{dashes}/>"#
        );
    }

    pub(super) fn dot(&mut self, (x, y): (i64, i64), (class, fill): (&str, &str), title: &str) {
        let _ = write!(
            self.body,
            r#"<circle class="{class}" cx="{x}" cy="{y}" r="4" fill="{fill}"><title>{}</title></circle>"#,
            escape(title)
        );
    }

    pub(super) fn text(&mut self, (x, y): (i64, i64), anchor: Anchor, class: &str, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let _ = write!(
            self.body,
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}" font-size="{FONT}">{}</text>"#,
            escape(text)
        );
    }

    /// The whole picture. `id` tells the title of this chart from that of another on the same page.
    pub(super) fn finish(self, id: &str, title: &str, description: &str, height: i64) -> String {
        let (id, title, description) = (escape(id), escape(title), escape(description));
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"><title id="{id}-title">{title}</title><desc id="{id}-desc">{description}</desc>{}</svg>"#,
            self.body
        )
    }
}

/// Pixels that a text takes.
pub(super) fn text_width(text: &str) -> i64 {
    i64::try_from(wrap::width(text, Ambiguous::Wide)).unwrap_or(i64::MAX / HALF_CHARACTER) * HALF_CHARACTER
}

/// The text shortened to so many pixels.
pub(super) fn shortened(text: &str, pixels: i64) -> String {
    let columns = usize::try_from(pixels / HALF_CHARACTER).unwrap_or_default();
    wrap::shorten(text, columns, Ambiguous::Wide)
}

/// Text that is no markup; characters that XML cannot hold are left out.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}
