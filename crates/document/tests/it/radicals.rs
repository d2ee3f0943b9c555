//! Texts in which radicals (U+2E80 to U+2FD5) stand in place of characters, as programs that save PDF write them.

use std::collections::BTreeMap;

use crate::figures::founding;

fn extracted(text: &str) -> document::Extraction {
    document::extract(&document::read(text.as_bytes()).unwrap())
}

#[test]
fn radicals_in_place_of_characters_give_the_same_ledger() {
    let plain = "某市就业任务分工\n序号\t任务\t牵头单位\t配合单位\t完成时限\n1\t为10户困难人员发放补贴3000元\t市人力社保局\t市民政局、市金融办、香山镇\t2020年12月底\n2\t举办招聘会10场\t市教育局\t市工商联\t长期\n";
    let radicals = "某市就业任务分⼯\n序号\t任务\t牵头单位\t配合单位\t完成时限\n1\t为10⼾困难⼈员发放补贴3000元\t市⼈⼒社保局\t市⺠政局、市⾦融办、⾹⼭镇\t2020年12⽉底\n2\t举办招聘会10场\t市教育局\t市⼯商联\t⻓期\n";
    assert_eq!(plain.len(), radicals.len());
    let found = extracted(radicals);
    assert_eq!(found, extracted(plain));
    assert_eq!(found.tasks.len(), 2);
    assert_eq!(found.tasks[0].assignments[0].unit, "市人力社保局");
    assert_eq!(found.tasks[0].text, "为10户困难人员发放补贴3000元");
}

#[test]
fn corrections_typed_with_radicals_are_read_as_characters() {
    let read = document::read_deadline("2020年6⽉底前", None);
    assert_eq!(read.due.map(|day| day.to_string()).as_deref(), Some("2020-06-30"));
}

#[test]
fn the_founding_documents_give_the_same_ledger_in_radicals() {
    // What each radical stands for, as the reader says; of several the first.
    let radicals: Vec<char> = ('\u{2E80}'..='\u{2FD5}').collect();
    let shown = document::read(radicals.iter().collect::<String>().as_bytes()).unwrap();
    let mut radical_of = BTreeMap::new();
    for (radical, character) in radicals.iter().zip(shown.text.chars()) {
        if *radical != character {
            radical_of.entry(character).or_insert(*radical);
        }
    }
    assert!(radical_of.len() > 250, "{}", radical_of.len());
    for name in [
        "cixi-2020-division.txt", "dazu-2020-division.txt", "ziyang-2019-division.txt",
        "anshan-liaoning-2020-measures.txt", "cixi-2023-reply.txt",
    ] {
        let Some(path) = founding(name) else { continue };
        let plain = std::fs::read_to_string(path).unwrap();
        let printed: String = plain.chars().map(|c| *radical_of.get(&c).unwrap_or(&c)).collect();
        assert_ne!(plain, printed, "{name}");
        assert_eq!(extracted(&printed), extracted(&plain), "{name}");
    }
}
