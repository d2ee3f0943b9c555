//! The packs compiled into the program.

use std::collections::BTreeSet;

use document::DeadlineClass;
use policy::Library;

use crate::shared::{built_in, founding_text};

/// Longest run of characters a pack may share with a founding document in what it says in its own words.
const MAX_COPIED_CHARACTERS: usize = 11;

fn library() -> &'static Library {
    built_in()
}

#[test]
fn load_without_a_finding() {
    let findings: Vec<String> = library().diagnostics.iter().map(ToString::to_string).collect();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}

#[test]
fn hold_all_157_duties() {
    let library = library();
    let counts: Vec<(&str, usize)> = library
        .packs
        .values()
        .map(|pack| (pack.id(), pack.tasks.len()))
        .collect();
    assert_eq!(
        counts,
        [
            ("anshan-2020", 4),
            ("cixi-2020", 47),
            ("dazu-2020", 63),
            ("liaoning-2020", 22),
            ("ziyang-2019", 21)
        ]
    );
}

#[test]
fn have_a_due_day_only_where_the_document_states_one() {
    for pack in library().packs.values() {
        for task in &pack.tasks {
            assert_eq!(
                task.deadline.due.is_some(),
                task.deadline.class == DeadlineClass::Date,
                "{} {}",
                pack.id(),
                *task.id
            );
        }
    }
}

#[test]
fn mark_the_soft_targets() {
    let library = library();
    let soft: BTreeSet<&str> = library
        .packs
        .values()
        .flat_map(|pack| &pack.targets)
        .filter(|target| target.soft.is_some())
        .map(|target| target.unit.as_str())
        .collect();
    assert!(!soft.is_empty());
    let hard = library
        .packs
        .values()
        .flat_map(|pack| &pack.targets)
        .filter(|target| target.soft.is_none())
        .count();
    assert!(hard > 0);
}

#[test]
fn say_nothing_in_the_words_of_the_documents() {
    let documents = [
        ("anshan-2020", "anshan-liaoning-2020-measures.txt"),
        ("liaoning-2020", "anshan-liaoning-2020-measures.txt"),
        ("cixi-2020", "cixi-2020-division.txt"),
        ("dazu-2020", "dazu-2020-division.txt"),
        ("ziyang-2019", "ziyang-2019-division.txt"),
    ];
    let library = library();
    let mut copied = Vec::new();
    for (id, document) in documents {
        let Some(text) = founding_text(document) else {
            return;
        };
        let text: Vec<char> = without_titles(&text).filter(|c| c.is_alphanumeric()).collect();
        let runs: BTreeSet<&[char]> = text.windows(MAX_COPIED_CHARACTERS + 1).collect();
        let pack = &library.packs[id];
        let own_words = pack
            .tasks
            .iter()
            .map(|task| task.title.as_str())
            .chain(pack.targets.iter().map(|target| target.text.as_str()))
            .chain(pack.duties.iter().map(|duty| duty.text.as_str()))
            .chain(
                pack.untranslated
                    .iter()
                    .flat_map(|clause| [clause.clause.as_str(), clause.why.as_str()]),
            );
        for words in own_words {
            let letters: Vec<char> = words.chars().filter(|c| c.is_alphanumeric()).collect();
            if letters.windows(MAX_COPIED_CHARACTERS + 1).any(|run| runs.contains(run)) {
                copied.push(format!("{id}: {words}"));
            }
        }
    }
    assert!(copied.is_empty(), "{}", copied.join("\n"));
}

/// The text without what stands in 《》: the title of a document is a name, and names may be used.
fn without_titles(text: &str) -> impl Iterator<Item = char> {
    let mut depth = 0_usize;
    text.chars().filter(move |c| {
        depth += usize::from(*c == '《');
        let inside = depth > 0;
        depth = depth.saturating_sub(usize::from(*c == '》'));
        !inside
    })
}
