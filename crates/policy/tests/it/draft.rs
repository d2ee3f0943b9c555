//! Draft packs: what is written agrees with the document they were made of, and nobody's sentence is in them.

use std::path::Path;

use policy::Library;
use policy::draft::{DRAFT_TITLE, draft, is_pack_id};
use policy::file::{Severity, Tree};
use policy::matching::Matching;

use crate::shared::built_in;

/// The sample documents, which are part of the repository.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut samples: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "txt" || extension == "docx")
        })
        .map(|path| {
            (
                path.file_name().unwrap().to_string_lossy().into_owned(),
                std::fs::read(&path).unwrap(),
            )
        })
        .collect();
    samples.sort();
    assert!(samples.len() >= 6);
    samples
}

#[test]
fn a_draft_of_each_sample_loads_and_matches_its_document() {
    let built_in = built_in();
    for (name, bytes) in samples() {
        let extraction = document::extract(&document::read(&bytes).unwrap());
        let files = draft("draft-1", &extraction, &built_in.regions);
        let paths: Vec<(String, &str)> = files
            .iter()
            .map(|file| (format!("draft-1/{}", file.name), file.text.as_str()))
            .collect();
        let library = Library::load(&Tree::from_files(
            paths.iter().map(|(path, text)| (path.as_str(), *text)),
        ));
        // Sample cities are invented, so their codes and the unit table are missing, and only those.
        let unexpected: Vec<String> = library
            .diagnostics
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(ToString::to_string)
            .filter(|finding| {
                ![
                    "缺少 shared/", "缺少必填项“region”", "缺少必填项“known_from”", "缺少必填项“title”",
                ]
                .iter()
                .any(|known| finding.contains(known))
            })
            .collect();
        assert!(unexpected.is_empty(), "{name}\n{}", unexpected.join("\n"));
        let pack = &library.packs["draft-1"];
        assert_eq!(pack.tasks.len(), extraction.tasks.len(), "{name}");
        let matching = Matching::of(pack, &extraction);
        assert_eq!(matching.extra, Vec::<usize>::new(), "{name}");
        for (index, item) in matching.items.iter().enumerate() {
            // Items without a printed number cannot be found again by it.
            if !extraction.tasks[index].no.is_empty() {
                assert_eq!(
                    (item.found, item.differences.as_slice()),
                    (Some(index), [].as_slice()),
                    "{name}"
                );
            }
        }
    }
}

#[test]
fn no_task_of_a_draft_carries_the_documents_wording() {
    let regions = &built_in().regions;
    for (name, bytes) in samples() {
        let extraction = document::extract(&document::read(&bytes).unwrap());
        for file in draft("draft-1", &extraction, regions) {
            for task in &extraction.tasks {
                let letters: Vec<char> = task.text.chars().filter(|c| c.is_alphanumeric()).collect();
                for run in letters.windows(12) {
                    let run: String = run.iter().collect();
                    assert!(file.name != "tasks.toml" || !file.text.contains(&run), "{name}: {run}");
                }
            }
            let titles = file
                .text
                .lines()
                .filter(|line| line.starts_with("title") && file.name == "tasks.toml");
            assert!(
                titles
                    .into_iter()
                    .all(|line| line == format!("title = \"{DRAFT_TITLE}\"")),
                "{name}"
            );
        }
    }
}

#[test]
fn quotes_and_control_characters_of_a_document_stay_inside_their_strings() {
    let mut extraction = crate::shared::extract("甲市通知\n\n1．办事。（责任单位：市财政局）\n");
    extraction.document.title = Some("“甲\"乙\\丙\u{1}\n[[part]]".to_owned());
    extraction.document.region = Some("甲\nid = 'x'".to_owned());
    let files = draft("draft-1", &extraction, &built_in().regions);
    let paths: Vec<(String, &str)> = files
        .iter()
        .map(|file| (format!("draft-1/{}", file.name), file.text.as_str()))
        .collect();
    let library = Library::load(&Tree::from_files(
        paths.iter().map(|(path, text)| (path.as_str(), *text)),
    ));
    assert_eq!(library.packs["draft-1"].policy.title, "“甲\"乙\\丙\u{1}\n[[part]]");
}

#[test]
fn a_folder_name_must_do_as_an_id() {
    for good in ["dazu-2020", "a", "x1-y2"] {
        assert!(is_pack_id(good), "{good}");
    }
    for bad in ["", "shared", "Dazu", "大足", "a_b", "-a", "a-", "a--b", "..", "a/b"] {
        assert!(!is_pack_id(bad), "{bad}");
    }
}
