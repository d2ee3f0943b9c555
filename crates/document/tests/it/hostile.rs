//! Input that no office sends: it gets an answer, in time, in bounded memory, without a panic.

use document::{Extraction, read};
use proptest::prelude::*;

fn extract(text: &str) -> Extraction {
    document::extract(&read(text.as_bytes()).unwrap())
}

#[test]
fn a_hundred_thousand_nested_brackets_are_answered() {
    for text in [
        "（".repeat(100_000),
        "(".repeat(50_000) + &")".repeat(50_000),
        "（责任单位：".repeat(5_000),
        "）".repeat(100_000),
    ] {
        let found = extract(&text);
        assert!(found.tasks.is_empty());
        assert!(!found.diagnostics.is_empty(), "says that there is no task");
    }
}

#[test]
fn a_line_of_two_hundred_megabytes_is_refused_by_size() {
    let error = read(&vec![b'a'; 200 << 20]).unwrap_err();
    assert!(error.to_string().contains("200 MB"), "{error}");
    assert!(!error.hint.is_empty());
}

#[test]
fn a_title_that_begins_a_year_and_does_not_end_it_is_answered() {
    // Found by the fuzzer: the four bytes behind 20 ended inside a character.
    for text in [
        "20年",
        "20二",
        "关于20年\n一、稳岗。（市人社局，6月底前）",
        "关于2\u{3000}024年工作的通知\n一、稳岗。（市人社局，6月底前）",
    ] {
        let _ = extract(text);
    }
}

#[test]
fn an_empty_file_and_a_file_of_line_feeds_are_told_apart_from_a_document() {
    for bytes in [&b""[..], b"\n\n\n", b" \t "] {
        assert!(read(bytes).unwrap_err().to_string().contains("空"), "{bytes:?}");
    }
}

#[test]
fn cost_grows_with_the_text_and_not_with_its_square() {
    // Counted in work, not in time: the text of every task together stays within the text of the document.
    for unit in [
        "一、（责任单位：市财政局。",
        "责任单位：市财政局（",
        "序号\n工作任务\n责任单位\n",
        "责任单位：\n",
        "1．加强就业工作。（市人社局负责）",
    ] {
        let text = unit.repeat(20_000 / unit.len() * 10);
        let found = extract(&text);
        let total: usize = found.tasks.iter().map(|t| t.text.len()).sum();
        assert!(total <= text.len() * 2, "{unit}: {total} of {}", text.len());
        assert!(found.diagnostics.len() <= 200, "{unit}");
    }
}

/// Fewer cases in every run, more in the long one.
fn cases() -> u32 {
    if std::env::var_os("LEYE_SCALE").is_some_and(|s| s == "long") {
        20_000
    } else {
        300
    }
}

/// Pieces of which documents are made, put together without sense.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("一、"),
        Just("（一）"),
        Just("1．"),
        Just("①"),
        Just("\n"),
        Just("\n\n"),
        Just("\t"),
        Just("（责任单位："),
        Just("）"),
        Just("（"),
        Just("牵头单位："),
        Just("市人社局"),
        Just("、"),
        Just("，"),
        Just("。"),
        Just("；"),
        Just("和"),
        Just("各县（市、区）"),
        Just("等"),
        Just("负责"),
        Just("牵头"),
        Just("会同"),
        Just("配合"),
        Just("序号"),
        Just("工作任务"),
        Just("完成时限"),
        Just("2020年12月底"),
        Just("下同"),
        Just("第一位"),
        Just("不再列出"),
        Just("以下均需"),
        Just("附件"),
        Just("关于印发"),
        Just("《"),
        Just("》"),
        Just("的通知"),
        Just("不超过"),
        Just("3.5"),
        Just("万元"),
        Just("%"),
        Just("2020年1月1日至"),
        Just("12"),
        Just("— 3 —"),
        Just("|"),
        Just(" "),
        Just("\u{3000}"),
        Just("財政廳"),
        Just("(fā)"),
        Just("★"),
        Just("半"),
        Just("百分之"),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|p| p.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn pieces_of_documents_in_any_order_are_answered(text in pieces()) {
        if let Ok(source) = read(text.as_bytes()) {
            let found = document::extract(&source);
            // A version compared with itself has nothing new.
            let same = document::comparison::Comparison::of(&found, &found);
            prop_assert!(same.pairs.iter().all(|pair| pair.changes.is_empty()));
            for task in &found.tasks {
                prop_assert!(source.text.is_char_boundary(task.span.start) && source.text.is_char_boundary(task.span.end));
                prop_assert!(task.part < found.parts.len());
                for quantity in &task.quantities {
                    prop_assert!(source.text.is_char_boundary(quantity.span.start) && source.text.is_char_boundary(quantity.span.end));
                }
                for assignment in &task.assignments {
                    prop_assert!(!assignment.unit.is_empty());
                }
                prop_assert_eq!(task.places.units.len(), task.assignments.len());
                for place in task.places.units.iter().flatten().chain(&task.places.deadline) {
                    prop_assert!(source.text.get(place.start..place.end).is_some());
                }
            }
        }
    }

    #[test]
    fn bytes_of_any_kind_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        if let Ok(source) = read(&bytes) {
            let _ = document::extract(&source);
        }
    }

    #[test]
    fn text_of_any_kind_is_answered(text in "\\PC{0,400}") {
        if let Ok(source) = read(text.as_bytes()) {
            let _ = document::extract(&source);
            let _ = document::quantities(&source.text, 0);
        }
    }
}
