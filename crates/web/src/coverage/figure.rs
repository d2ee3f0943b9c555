//! Figures of a document against the figures of its pack, by item, value and what they measure.

use civil::{Day, Month};
use document::{Extraction, Quantity, QuantityKind, Span, quantities};
use policy::Pack;
use policy::benefit::Benefit;
use policy::matching::Matching;
use rules::catalogue::Catalogue;
use rules::figures::{Cited, Figure, of_pack};

use super::item::{Key, Points, part_name};

/// A figure of the text that nothing cites.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    /// The item it stands in.
    pub label: String,
    /// As printed.
    pub raw: String,
    /// The line of the copy, from 1.
    pub line: usize,
    /// Where it stands in the copy's text.
    pub span: Span,
}

/// How many figures the copy has in this pack's parts, and those that nothing cites.
pub(super) fn loose_figures(
    catalogue: &Catalogue,
    pack: &Pack,
    extraction: &Extraction,
    text: &str,
) -> (usize, Vec<Loose>) {
    let known = Known::of(catalogue, pack);
    let matching = Matching::of(pack, extraction);
    let (mut count, mut loose) = (0, Vec::new());
    let mut look = |label: &str, key: &Key, figures: Vec<Quantity>| {
        for figure in figures {
            count += 1;
            if !known.has(key, &figure) {
                let (line, _) = document::source::position(text, figure.span.start);
                loose.push(Loose {
                    label: label.to_owned(),
                    raw: figure.raw,
                    line,
                    span: figure.span,
                });
            }
        }
    };
    for item in &matching.items {
        let (Some(ours), Some(theirs)) = (
            pack.tasks.get(item.task),
            item.found.and_then(|found| extraction.tasks.get(found)),
        ) else {
            continue;
        };
        let key = Key {
            part: Some(*ours.part),
            item: ours.id.to_string(),
        };
        look(&policy::item::words(&ours.id), &key, theirs.quantities.clone());
    }
    for (at, part) in extraction.parts.iter().enumerate() {
        if !pack.parts.iter().any(|own| *own.role == part.role) || extraction.tasks.iter().any(|task| task.part == at) {
            continue;
        }
        let mut key = Key {
            part: Some(part.role),
            item: String::new(),
        };
        let (mut points, mut from) = (Points::default(), part.span.start);
        let body = text.get(part.span.start..part.span.end).unwrap_or_default();
        for line in body.split_inclusive('\n') {
            if let Some(point) = points.at(line) {
                key.item = point;
            }
            let label = format!("{}{}", part_name(part.role), key.item);
            look(&label, &key, quantities(line, from));
            from += line.len();
        }
    }
    (count, loose)
}

/// What a pack says in figures and in words, by place.
struct Known<'c> {
    pack: &'c Pack,
    rules: Vec<Cited>,
    words: Vec<(Key, Vec<Quantity>)>,
    plain: Vec<(Key, String)>,
}

impl<'c> Known<'c> {
    fn of(catalogue: &Catalogue, pack: &'c Pack) -> Self {
        let mut words: Vec<(Key, String)> = Vec::new();
        for task in &pack.tasks {
            let key = Key {
                part: Some(*task.part),
                item: task.id.to_string(),
            };
            words.push((key.clone(), task.title.clone()));
            words.push((key.clone(), task.deadline.raw.clone().unwrap_or_default()));
            let due = task.deadline.due.map(|day| day.chinese());
            words.push((key, due.unwrap_or_default()));
        }
        for target in &pack.targets {
            let key = target.cite.as_ref().map(Key::of);
            let period = target.period.replace('/', "年至");
            let value = format!("{}{}；{period}年；{}", target.value, target.unit, target.text);
            words.extend(key.map(|key| (key, value)));
        }
        for duty in &pack.duties {
            let said = format!("{}；{}", duty.text, duty.when.as_deref().unwrap_or_default());
            words.extend(duty.cite.as_ref().map(|cite| (Key::of(cite), said)));
        }
        for window in &pack.windows {
            let said = format!("{}；{}；{}", window.name, window.due, window.covers);
            words.extend(window.cite.as_ref().map(|cite| (Key::of(cite), said)));
        }
        for clause in &pack.untranslated {
            let said = format!("{}；{}", clause.clause, clause.why);
            words.extend(clause.cite.as_ref().map(|cite| (Key::of(cite), said)));
        }
        for clause in &pack.no_duty {
            words.push((Key::of(&clause.cite), clause.clause.clone()));
        }
        for benefit in catalogue.benefits.all().filter(|benefit| benefit.pack == pack.id()) {
            words.extend(of_benefit(catalogue, benefit));
        }
        let plain = pack.plain.iter().flat_map(|plain| {
            let key = Key::of(&plain.cite);
            plain.figures.iter().map(move |figure| (key.clone(), figure.clone()))
        });
        Self {
            pack,
            rules: of_pack(catalogue, pack.id()),
            words: words
                .into_iter()
                .map(|(key, text)| (key, quantities(&text, 0)))
                .collect(),
            plain: plain.collect(),
        }
    }

    fn has(&self, key: &Key, quantity: &Quantity) -> bool {
        // What cites a part as a whole speaks of all its points.
        let here = |place: &Key| {
            let whole = place.item.is_empty() && place.part.is_some();
            (whole || place.item == key.item) && (place.part.is_none() || key.part.is_none() || place.part == key.part)
        };
        let printed: String = quantity.raw.chars().filter(|c| !c.is_whitespace()).collect();
        if self
            .plain
            .iter()
            .any(|(place, figure)| here(place) && *figure == printed)
        {
            return true;
        }
        if self.is_of_the_document(quantity) {
            return true;
        }
        let in_rules = |wanted: &[Figure]| {
            self.rules
                .iter()
                .any(|cited| cited.item == key.item && wanted.contains(&cited.figure))
        };
        let in_words = |wanted: &[Figure]| {
            self.words.iter().filter(|(place, _)| here(place)).any(|(_, said)| {
                said.iter()
                    .flat_map(wanted_figures)
                    .flatten()
                    .any(|figure| wanted.contains(&figure))
            })
        };
        // 7月上旬 is no figure of any rule: words must say it as printed.
        let as_printed = || {
            self.words
                .iter()
                .filter(|(place, _)| here(place))
                .any(|(_, said)| said.iter().any(|known| known.raw == quantity.raw))
        };
        let wanted = wanted_figures(quantity);
        wanted.is_empty() && as_printed()
            || !wanted.is_empty() && wanted.iter().all(|wanted| in_rules(wanted) || in_words(wanted))
    }

    /// The document's own date.
    fn is_of_the_document(&self, quantity: &Quantity) -> bool {
        let dates = self
            .pack
            .parts
            .iter()
            .map(|part| part.date)
            .chain([self.pack.policy.date]);
        let known: Vec<String> = dates.flatten().map(|day| day.to_string()).collect();
        quantity.kind == QuantityKind::Date && known.contains(&quantity.value)
    }
}

/// What a benefit says in words beside its rules: readings, what an officer must judge, what is open, the names of the
/// parameters it rests on.
fn of_benefit(catalogue: &Catalogue, benefit: &Benefit) -> Vec<(Key, String)> {
    let key = Key {
        part: None,
        item: benefit.cite.item.to_string(),
    };
    let mut said: Vec<String> = vec![benefit.name.clone()];
    said.extend(
        benefit
            .readings
            .iter()
            .map(|reading| format!("{}；{}", reading.text, reading.alternatives.join("；"))),
    );
    said.extend(
        benefit
            .untranslated
            .iter()
            .map(|judged| format!("{}；{}", judged.clause, judged.why)),
    );
    said.extend(benefit.open.iter().map(|open| open.what.clone()));
    let names = |id: &str| {
        benefit
            .expressions()
            .iter()
            .any(|(_, text, _)| text.contains(&format!("${id}")))
    };
    let parameters = catalogue.vocabulary.parameters.0.values();
    said.extend(
        parameters
            .filter(|parameter| names(&parameter.id))
            .map(|parameter| parameter.name.clone()),
    );
    said.into_iter().map(|said| (key.clone(), said)).collect()
}

/// A figure of a text as what it may be in a rule: each inner list are the ways to say one number; a range and a window
/// are two numbers.
fn wanted_figures(quantity: &Quantity) -> Vec<Vec<Figure>> {
    let values: Vec<&str> = match quantity.kind {
        QuantityKind::Window => quantity.value.split('/').filter(|end| !end.is_empty()).collect(),
        _ => quantity.value.split("..").collect(),
    };
    let figures = values.into_iter().map(|value| one(quantity, value));
    figures.filter(|ways| !ways.is_empty()).collect()
}

fn one(quantity: &Quantity, value: &str) -> Vec<Figure> {
    let millionths = |parts: i128| policy::parameter::millionths(value).map(|millionths| millionths / parts);
    let whole = || value.parse::<i128>().ok();
    let measure = quantity.measure.as_str();
    let ways: Vec<Option<Figure>> = match quantity.kind {
        QuantityKind::Money => vec![whole().map(Figure::Fen)],
        QuantityKind::Rate => match measure {
            "‰" => vec![millionths(1_000).map(Figure::Share)],
            "bp" => vec![millionths(10_000).map(Figure::Share)],
            "ratio" => vec![millionths(1).map(Figure::Share), whole().map(Figure::Count)],
            _ => vec![millionths(100).map(Figure::Share)],
        },
        QuantityKind::Count => vec![whole().map(Figure::Count)],
        QuantityKind::Age => vec![whole().map(Figure::Age)],
        QuantityKind::Duration => match measure {
            "months" => vec![whole().map(Figure::Months)],
            // 半年 is half a year.
            "years" => vec![millionths(1).map(|years| Figure::Months(years * 12 / 1_000_000))],
            "days" => vec![whole().map(Figure::Days)],
            "working-days" => vec![whole().map(Figure::WorkingDays)],
            _ => vec![whole().map(Figure::Count)],
        },
        QuantityKind::Date | QuantityKind::Window => return dates(value),
    };
    ways.into_iter().flatten().collect()
}

/// A day; the first or last day of a month; a year, or its first or last day.
fn dates(value: &str) -> Vec<Figure> {
    if let Ok(day) = Day::parse(value) {
        return vec![Figure::Day(day)];
    }
    if let Ok(month) = Month::parse(value) {
        return vec![Figure::Day(month.first_day()), Figure::Day(month.last_day())];
    }
    let Ok(year) = value.parse::<i16>() else {
        return Vec::new();
    };
    let ends = [Day::new(year, 1, 1), Day::new(year, 12, 31)];
    let days = ends.into_iter().flatten().map(Figure::Day);
    days.chain([Figure::Year(i128::from(year))]).collect()
}
