//! What another version of the packs changes: data first, words printed from it.

use std::sync::LazyLock;

use policy::file::{SourceFile, Tree};
use rules::catalogue::Catalogue;
use rules::difference::{Change, Direction, Owner, Part, Value, What, changes};
use rules::formula::in_words;

const BENEFIT: &str = "cx-sme-graduate-bonus";

fn built_in() -> &'static Catalogue {
    static BUILT_IN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::load(&Tree::built_in()));
    &BUILT_IN
}

/// What a reform of the benefit changes.
fn changed(text: &str) -> Vec<Change> {
    let text = format!("format = 1\nname = \"甲\"\n[[benefit]]\nid = \"{BENEFIT}\"\n{text}");
    let file = SourceFile::new("reform.toml", "reform.toml", text);
    let (reformed, _) = Catalogue::load_reformed(&Tree::built_in(), &file);
    let errors: Vec<String> = reformed.errors().map(ToString::to_string).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    changes(built_in(), &reformed)
}

#[test]
fn a_change_names_its_part_and_which_way_it_goes() {
    use Direction::{Lowered, Narrowed, Raised, Widened};

    let condition = |id: &str| Part::Condition(id.to_owned());
    let cases = [
        ("amount = { is = \"yuan(3500)\" }\n", Part::Amount, Some(Raised)),
        ("amount = { is = \"yuan(2999.5)\" }\n", Part::Amount, Some(Lowered)),
        (
            "amount = { is = \"employment.contract_months * yuan(100)\" }\n",
            Part::Amount,
            None,
        ),
        ("effective = { to = 2021-12-31 }\n", Part::Effective, Some(Widened)),
        ("effective = { from = 2020-04-01 }\n", Part::Effective, Some(Narrowed)),
        (
            "effective = { from = 2020-04-01, to = 2021-12-31 }\n",
            Part::Effective,
            None,
        ),
        ("remove = [\"effective\"]\n", Part::Effective, Some(Widened)),
        ("remove = [\"once\"]\n", Part::Once, Some(Widened)),
        ("priority = 3\n", Part::Priority, None),
        (
            "remove_conditions = [\"insured\"]\n",
            condition("insured"),
            Some(Widened),
        ),
        (
            "[[benefit.condition]]\nid = \"new\"\ntext = \"企业\"\nwhen = \"employer.kind = 'enterprise'\"\n",
            condition("new"),
            Some(Narrowed),
        ),
        (
            "[[benefit.condition]]\nid = \"sme\"\ntext = \"小微企业\"\nwhen = \"employer.size = 'micro'\"\n",
            condition("sme"),
            None,
        ),
    ];
    for (text, expected, direction) in cases {
        let changes = changed(text);
        let [change] = changes.as_slice() else {
            panic!("{text}: {changes:#?}");
        };
        let owner = Owner::Benefit {
            pack: "cixi-2020".to_owned(),
            id: BENEFIT.to_owned(),
        };
        assert_eq!(change.of, owner);
        let What::Altered(altered) = &change.what else {
            panic!("{text}: {change:#?}");
        };
        assert_eq!((&altered.part, altered.direction()), (&expected, direction), "{text}");
    }
}

#[test]
fn expressions_are_printed_as_whoever_asks_would_have_them() {
    let changes = changed("amount = { is = \"yuan(3500)\" }\n");
    let What::Altered(altered) = &changes[0].what else {
        panic!("{changes:#?}");
    };
    let (was, now) = (&altered.was, &altered.now);
    assert_eq!(altered.part.label(), "金额");
    assert_eq!(was.as_ref().map(ToString::to_string).as_deref(), Some("yuan(3000)"));
    assert_eq!(now, &Some(Value::Formula("yuan(3500)".to_owned())));
    let words = |value: &Value| value.words(&|expression| in_words(built_in(), expression));
    assert_eq!(now.as_ref().map(words).as_deref(), Some("3500元"));
    assert!(changes[0].heading().ends_with("（cixi-2020/cx-sme-graduate-bonus）"));
}

#[test]
fn a_benefit_that_is_renamed_is_the_same_benefit() {
    let tree = Tree::built_in();
    let path = "cixi-2020/benefits/cx-enlist.toml";
    let text = str::from_utf8(tree.bytes(path).expect("a file")).expect("a text");
    let text = text.replace("\nname = \"", "\nname = \"新");
    let renamed = Catalogue::load(&tree.with(path, &text, |_| true));
    let changes = changes(built_in(), &renamed);
    let [change] = changes.as_slice() else {
        panic!("{changes:#?}");
    };
    assert!(change.name.starts_with('新'));
    let What::Altered(altered) = &change.what else {
        panic!("{change:#?}");
    };
    assert_eq!(altered.part, Part::Name);
}
