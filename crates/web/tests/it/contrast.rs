//! Every pair of text and ground of the style sheet against WCAG 2.1 AA, in both schemes.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../assets/tokens.css");

/// Text at least 4.5 : 1.
const TEXT: [(&str, &str); 34] = [
    ("text", "ground"),
    ("text", "ground-soft"),
    ("text", "ground-strong"),
    ("text-soft", "ground"),
    ("text-soft", "ground-soft"),
    ("text-soft", "ground-strong"),
    ("link", "ground"),
    ("link", "ground-soft"),
    ("link", "ground-strong"),
    ("link-strong", "ground"),
    ("link-strong", "ground-soft"),
    ("on-act", "act"),
    ("act", "ground"),
    ("on-head", "head"),
    ("bad", "ground"),
    ("bad", "ground-soft"),
    ("bad", "bad-ground"),
    ("warn", "ground"),
    ("warn", "ground-soft"),
    ("warn", "warn-ground"),
    ("good", "ground"),
    ("good", "ground-soft"),
    ("good", "good-ground"),
    ("plain", "ground"),
    ("plain", "plain-ground"),
    ("mute", "ground"),
    ("mute", "mute-ground"),
    ("text", "bad-ground"),
    ("text", "warn-ground"),
    ("text", "good-ground"),
    ("text", "plain-ground"),
    ("text", "mute-ground"),
    ("text-soft", "warn-ground"),
    ("link", "warn-ground"),
];

/// Edges of controls, focus and marks of charts at least 3 : 1.
const EDGES: [(&str, &str); 7] = [
    ("line-strong", "ground"),
    ("line-strong", "ground-soft"),
    ("focus", "ground"),
    ("focus", "ground-soft"),
    ("on-head", "head"),
    ("plain", "ground"),
    ("mute", "ground"),
];

/// Names and colours of a block of the style sheet.
fn tokens(block: &str) -> BTreeMap<String, [u8; 3]> {
    let lines = block
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';'));
    lines
        .map(|line| {
            let (name, colour) = line.split_once(": #").unwrap();
            let part = |at: usize| u8::from_str_radix(&colour[at..at + 2], 16).unwrap();
            (name.to_owned(), [part(0), part(2), part(4)])
        })
        .collect()
}

#[expect(
    clippy::float_arithmetic,
    reason = "the formula of the guideline; nothing is decided by it but a test"
)]
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = colour.map(|part| {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

#[expect(
    clippy::float_arithmetic,
    reason = "the formula of the guideline; nothing is decided by it but a test"
)]
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_pair_is_legible_in_both_schemes() {
    let (light, dark) = TOKENS.split_once("@media").unwrap();
    for (scheme, block) in [("light", light), ("dark", dark)] {
        let tokens = tokens(block);
        for (least, pairs) in [(4.5, &TEXT[..]), (3.0, &EDGES[..])] {
            for (text, ground) in pairs {
                let found = contrast(tokens[*text], tokens[*ground]);
                assert!(
                    found >= least,
                    "{scheme}: {text} on {ground} is {found:.2}, less than {least}"
                );
            }
        }
    }
}

#[test]
fn black_on_white_is_twenty_one_to_one() {
    assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
}

#[test]
fn both_schemes_have_the_same_colours() {
    let (light, dark) = TOKENS.split_once("@media").unwrap();
    assert!(tokens(light).keys().eq(tokens(dark).keys()));
}
