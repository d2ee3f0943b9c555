//! Mutants of the packs: every literal moved by one unit of its last printed digit, both ways. A mutant that no case
//! notices is a number that nobody has proved.
//!
//! A literal is a whole number, a decimal, a percentage, a sum of money, a date, a month or the digits of a region, in
//! any part of a benefit's file that decides something; and every value of a parameter that is in force within the window
//! of a computable benefit that names it. A mutant that the checker refuses counts as noticed.

use std::collections::BTreeMap;
use std::sync::Arc;

use civil::{Day, Month};
use policy::benefit::{Benefit, Status, lineage, load_one};
use policy::file::{Diagnostics, Place, Severity, SourceFile, Tree, leaves};
use policy::parameter;

use crate::catalogue::Catalogue;
use crate::engine::Engine;
use crate::trial::{self, Trial};

/// A literal moved by one step.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mutant {
    /// Where the literal stands.
    pub place: Place,
    /// The benefit, or the parameter with its `$`.
    pub of: String,
    /// As it is.
    pub was: String,
    /// As it was tried.
    pub now: String,
}

/// What came of the mutants.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many were tried.
    pub tried: usize,
    /// Those that no case noticed, by place.
    pub survivors: Vec<Mutant>,
}

/// Keys of a benefit's file whose values decide nothing: names, words, citations, places of other things.
const IDLE_KEYS: &[&str] = &[
    "format", "id", "name", "text", "kind", "right", "status", "payee", "channel", "per", "period", "cite", "amends",
    "subject", "benefit", "level", "fund", "event", "gates", "among", "open", "reading", "untranslated", "notice",
    "local_rule", "region_fact", "priority",
];

/// Tries every mutant of the benefits that `wanted` names and of the parameters they rest on. The catalogue comes back
/// as it was.
pub fn run(catalogue: &mut Catalogue, tree: &Tree, trials: &[Trial], wanted: impl Fn(&str) -> bool) -> Report {
    let mut report = Report::default();
    let paths: Vec<String> = tree
        .paths()
        .filter(|path| is_in(path, "benefits"))
        .map(str::to_owned)
        .collect();
    for path in &paths {
        let id = path
            .rsplit('/')
            .next()
            .and_then(|name| name.strip_suffix(".toml"))
            .unwrap_or_default();
        if wanted(id) {
            benefit(catalogue, tree, path, id, trials, &mut report);
        }
    }
    let paths: Vec<String> = tree
        .paths()
        .filter(|path| is_in(path, "parameters"))
        .map(str::to_owned)
        .collect();
    for path in &paths {
        parameters(catalogue, tree, path, trials, &wanted, &mut report);
    }
    report.survivors.sort();
    report
}

fn is_in(path: &str, folder: &str) -> bool {
    path.split('/').nth(1) == Some(folder)
}

/// Every mutant of one benefit's file.
fn benefit(catalogue: &mut Catalogue, tree: &Tree, path: &str, id: &str, trials: &[Trial], report: &mut Report) {
    let pack = path.split('/').next().unwrap_or_default();
    let Some(at) = catalogue
        .benefits
        .versions(id)
        .iter()
        .position(|version| version.pack == pack)
    else {
        return;
    };
    let diagnostics = Diagnostics::new();
    let Some(file) = tree.open(path, &diagnostics) else {
        return;
    };
    for (span, now) in mutations(file.text()) {
        report.tried += 1;
        let text = replaced(file.text(), &span, &now);
        let mutated = SourceFile::new(path, file.shown_path(), text);
        let original = catalogue
            .benefits
            .by_id
            .get_mut(id)
            .and_then(|versions| versions.get_mut(at));
        let Some(original) = original.map(|version| version.clone()) else {
            continue;
        };
        let noticed = match load_alone(catalogue, &mutated, pack) {
            None => true,
            Some(changed) => {
                put(catalogue, id, at, changed);
                let noticed = !compiles(catalogue, id) || fails(catalogue, trials, |benefit| benefit == id);
                put(catalogue, id, at, original);
                noticed
            }
        };
        if !noticed {
            report.survivors.push(Mutant {
                place: file.place(span.start),
                of: id.to_owned(),
                was: file.text().get(span).unwrap_or_default().to_owned(),
                now,
            });
        }
    }
}

fn load_alone(catalogue: &Catalogue, file: &Arc<SourceFile>, pack: &str) -> Option<Benefit> {
    let diagnostics = Diagnostics::new();
    let loaded = load_one(file, pack, &catalogue.benefits, &diagnostics);
    let refused = diagnostics
        .into_sorted()
        .iter()
        .any(|finding| finding.severity == Severity::Error);
    loaded.filter(|_| !refused)
}

fn put(catalogue: &mut Catalogue, id: &str, at: usize, benefit: Benefit) {
    let place = catalogue
        .benefits
        .by_id
        .get_mut(id)
        .and_then(|versions| versions.get_mut(at));
    if let Some(place) = place {
        *place = benefit;
    }
}

fn compiles(catalogue: &Catalogue, id: &str) -> bool {
    let (_, findings) = Engine::compile_only(catalogue, catalogue.latest_known(), None, [id]);
    findings.iter().all(|finding| finding.severity != Severity::Error)
}

/// True where a case of one of the benefits does not come out as expected.
fn fails(catalogue: &Catalogue, trials: &[Trial], of: impl Fn(&str) -> bool) -> bool {
    let mut failed = false;
    trial::run(catalogue, trials.iter().filter(|trial| of(&trial.benefit)), |verdict| {
        failed = !verdict.differences.is_empty();
        !failed
    });
    failed
}

/// Every value of a parameter's file that is in force within the window of a computable benefit that names it.
fn parameters(
    catalogue: &mut Catalogue,
    tree: &Tree,
    path: &str,
    trials: &[Trial],
    wanted: impl Fn(&str) -> bool,
    report: &mut Report,
) {
    let diagnostics = Diagnostics::new();
    let Some(file) = tree.open(path, &diagnostics) else {
        return;
    };
    let values = leaves(file.text())
        .into_iter()
        .filter(|leaf| leaf.path.last().is_some_and(|key| key == "is"));
    for leaf in values {
        let inner = if leaf.quoted {
            leaf.span.start + 1..leaf.span.end - 1
        } else {
            leaf.span.clone()
        };
        let Some((id, users)) = in_force(catalogue, tree, &file, leaf.span.start) else {
            continue;
        };
        let users: Vec<String> = users.into_iter().filter(|user| wanted(user)).collect();
        if users.is_empty() {
            continue;
        }
        for (span, now) in neighbours(file.text(), inner) {
            report.tried += 1;
            let text = replaced(file.text(), &span, &now);
            let diagnostics = Diagnostics::new();
            let only_parameters = tree.with(path, &text, |path| is_in(path, "parameters"));
            let changed = parameter::load(&only_parameters, &catalogue.vocabulary.dictionary, &diagnostics);
            let refused = !diagnostics.into_sorted().is_empty();
            let original = std::mem::replace(&mut catalogue.vocabulary.parameters, changed);
            let noticed = refused || fails(catalogue, trials, |benefit| users.iter().any(|user| user == benefit));
            catalogue.vocabulary.parameters = original;
            if !noticed {
                report.survivors.push(Mutant {
                    place: file.place(span.start),
                    of: format!("${id}"),
                    was: file.text().get(span).unwrap_or_default().to_owned(),
                    now,
                });
            }
        }
    }
}

/// The parameter whose value stands at a byte, and the computable benefits within whose window it is in force.
fn in_force(catalogue: &Catalogue, tree: &Tree, file: &SourceFile, at: usize) -> Option<(String, Vec<String>)> {
    let line = file.place(at).line;
    // A value is placed where its table begins: the nearest one above the byte.
    let (parameter, value) = catalogue
        .vocabulary
        .parameters
        .0
        .values()
        .flat_map(|parameter| parameter.values.iter().map(move |value| (parameter, value)))
        .filter(|(_, value)| value.place.file().path() == file.path() && value.place.place().line <= line)
        .max_by_key(|(_, value)| value.place.place().line)?;
    let known_on = catalogue.latest_known();
    let users = catalogue.benefits.all().filter(|benefit| {
        let line = lineage(&catalogue.library, &benefit.pack);
        let (from, to) = benefit
            .effective
            .as_ref()
            .map_or((None, None), |window| (window.from, window.to));
        let within = |day: &Day| from.is_none_or(|from| from <= *day) && to.is_none_or(|to| *day <= to);
        let days = parameter.turns(&line, known_on).into_iter().chain(from).filter(within);
        let text = format!("{}/benefits/{}.toml", benefit.pack, *benefit.id);
        benefit.status == Status::Computable
            && tree
                .bytes(&text)
                .is_some_and(|text| names(&String::from_utf8_lossy(text), &parameter.id))
            && days.into_iter().any(|day| {
                parameter
                    .on(day, &line, known_on)
                    .is_some_and(|found| std::ptr::eq(found, value))
            })
    });
    let users = users.map(|benefit| benefit.id.to_string()).collect();
    Some((parameter.id.clone(), users))
}

/// True where the text names the parameter.
fn names(text: &str, id: &str) -> bool {
    text.match_indices(&format!("${id}")).any(|(at, found)| {
        let next = text.get(at + found.len()..).and_then(|rest| rest.chars().next());
        !next.is_some_and(|next| next.is_ascii_alphanumeric() || next == '_')
    })
}

fn replaced(text: &str, span: &std::ops::Range<usize>, now: &str) -> String {
    let (before, after) = (text.get(..span.start), text.get(span.end..));
    [before.unwrap_or_default(), now, after.unwrap_or_default()].concat()
}

/// Every literal of a benefit's file with each of its neighbours.
fn mutations(text: &str) -> Vec<(std::ops::Range<usize>, String)> {
    leaves(text)
        .into_iter()
        .filter(|leaf| leaf.path.iter().all(|key| !IDLE_KEYS.contains(&key.as_str())))
        .flat_map(|leaf| {
            let inner = if leaf.quoted {
                leaf.span.start + 1..leaf.span.end - 1
            } else {
                leaf.span
            };
            neighbours(text, inner)
        })
        .collect()
}

/// The literals within some bytes, each with its value one step down and one step up.
fn neighbours(text: &str, within: std::ops::Range<usize>) -> Vec<(std::ops::Range<usize>, String)> {
    let bytes = text.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.' || byte == b'$';
    let mut found = Vec::new();
    let mut at = within.start;
    while at < within.end {
        let before = at
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .copied()
            .unwrap_or(b' ');
        let starts = bytes.get(at).is_some_and(u8::is_ascii_digit) && !is_word(before);
        if !starts {
            at += 1;
            continue;
        }
        // A date or a month goes on over its hyphens only where it has the shape of one.
        let rest = text.get(at..within.end).unwrap_or_default();
        let length = date_length(rest).unwrap_or_else(|| {
            let digits = rest
                .bytes()
                .take_while(|byte| byte.is_ascii_digit() || *byte == b'.')
                .count();
            rest.get(..digits).unwrap_or_default().trim_end_matches('.').len()
        });
        let literal = rest.get(..length).unwrap_or_default();
        let quoted = before == b'\'';
        found.extend(steps(literal, quoted).map(|now| (at..at + length, now)));
        at += length.max(1);
    }
    found
}

/// The length of a date (2020-12-31) or a month (2020-12) at the beginning.
fn date_length(text: &str) -> Option<usize> {
    let shape = |length: usize| {
        let part = text.as_bytes().get(..length)?;
        let fits = part.iter().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
        let ends = !text.as_bytes().get(length).is_some_and(|byte| byte.is_ascii_digit());
        (fits && ends).then_some(length)
    };
    shape(10).or_else(|| shape(7))
}

/// A literal one unit of its last printed digit lower and higher. In quotes, digits keep their count.
fn steps(literal: &str, quoted: bool) -> impl Iterator<Item = String> {
    let steps: Vec<String> = [-1_i32, 1]
        .into_iter()
        .filter_map(|by| match literal.len() {
            10 if literal.contains('-') => Day::parse(literal).ok()?.add_days(by).map(|day| day.to_string()),
            7 if literal.contains('-') => Month::parse(literal)
                .ok()?
                .add_months(by)
                .map(|month| month.to_string()),
            _ => step(literal, by, quoted),
        })
        .collect();
    steps.into_iter()
}

fn step(literal: &str, by: i32, keeps_width: bool) -> Option<String> {
    let (whole, fraction) = literal.split_once('.').unwrap_or((literal, ""));
    let digits = format!("{whole}{fraction}");
    let moved = digits.parse::<i128>().ok()? + i128::from(by);
    if moved < 0 || literal.bytes().any(|byte| !byte.is_ascii_digit() && byte != b'.') {
        return None;
    }
    let width = if keeps_width { digits.len() } else { fraction.len() + 1 };
    let digits = format!("{moved:0>width$}");
    let (whole, fraction) = digits.split_at_checked(digits.len() - fraction.len())?;
    Some(if fraction.is_empty() {
        whole.to_owned()
    } else {
        format!("{whole}.{fraction}")
    })
}

/// Survivors by the benefit or parameter they are of.
pub fn by_owner(survivors: &[Mutant]) -> BTreeMap<&str, Vec<&Mutant>> {
    let mut owners: BTreeMap<&str, Vec<&Mutant>> = BTreeMap::new();
    for survivor in survivors {
        owners.entry(&survivor.of).or_default().push(survivor);
    }
    owners
}

#[cfg(test)]
mod tests {
    use super::{mutations, neighbours};

    #[test]
    fn every_kind_of_literal_is_moved_by_its_last_printed_digit() {
        for (text, expected) in [
            ("employment.months >= 12", vec!["11", "13"]),
            ("yuan(3000.50)", vec!["3000.49", "3000.51"]),
            ("at($lpr_1y, x.y) + 0.010", vec!["0.009", "0.011"]),
            ("50%", vec!["49", "51"]),
            ("DATE '2020-12-31'", vec!["2020-12-30", "2021-01-01"]),
            ("claim.month <= '2020-12'", vec!["2020-11", "2021-01"]),
            ("in_region(a.b, '0302')", vec!["0301", "0303"]),
            ("person.a1 > b_2 AND 'x' = $p_3", vec![]),
            ("x > 0", vec!["1"]),
        ] {
            let found: Vec<String> = neighbours(text, 0..text.len())
                .into_iter()
                .map(|(_, now)| now)
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    #[test]
    fn words_names_and_citations_are_no_literals() {
        let text = "format = 1\nid = \"a-1\"\ncite = { item = \"24\" }\n[[condition]]\nid = \"c\"\ntext = \"满3个月\"\nwhen = \"x.y >= 3\"\n";
        let found: Vec<&str> = mutations(text).into_iter().map(|(span, _)| &text[span]).collect();
        assert_eq!(found, ["3", "3"]);
    }
}
