//! Sums of amounts that no row is asked for, and columns against each other, where values are ordinary and where they are
//! negative or so large that arithmetic fails: the same as row by row.

use arrow_buffer::NullBuffer;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Data};
use rules::typed::Kind;

use crate::support::{Dice, day};
use crate::whole::agree_on;

const FACTS: [(&str, &str); 8] = [
    ("x.paid", "fen"),
    ("x.more", "fen"),
    ("x.days", "int"),
    ("x.count", "int"),
    ("x.from", "date"),
    ("x.until", "date"),
    ("x.kind", "code"),
    ("x.good", "bool"),
];

/// Condition and amount of each benefit.
const BENEFITS: [(&str, &str); 18] = [
    ("x.good", "x.paid"),
    ("x.good", "yuan(300)"),
    ("x.good", "least(x.paid, yuan(30000))"),
    ("x.good", "greatest(x.paid, yuan(100))"),
    ("x.good", "least(greatest(yuan(1), x.paid), yuan(2))"),
    ("x.good", "greatest(least(yuan(2), x.paid), yuan(3))"),
    ("x.good", "x.days * yuan(50)"),
    ("x.good", "x.days * yuan(20000000)"),
    ("x.good", "least(x.days, 12) * yuan(50)"),
    ("x.good", "least(x.days * yuan(50), yuan(600))"),
    ("x.good", "x.paid * 3000000000"),
    (
        "x.good",
        "CASE WHEN x.kind = 'a' THEN yuan(3) WHEN x.kind = 'b' THEN least(x.paid, yuan(9)) ELSE x.days * yuan(5) END",
    ),
    (
        "x.good",
        "CASE WHEN x.from < x.until THEN CASE WHEN x.kind = 'a' THEN x.paid ELSE x.more END ELSE yuan(1) END",
    ),
    ("x.good", "x.paid + x.more"),
    ("x.good", "greatest(x.paid - x.more, yuan(0))"),
    ("x.from <= x.until", "x.paid"),
    ("x.paid * 3 >= x.more", "yuan(1)"),
    ("x.days * 2147483647 <> x.count * 2", "x.more"),
];

fn engine() -> Engine {
    let mut facts = "format = 1\n[codes]\nletter = { a = { no = 1, label = \"a\" }, b = { no = 2, label = \"b\" }, c = { no = 3, label = \"c\" } }\n".to_owned();
    for (name, kind) in FACTS {
        let codes = if kind == "code" { "codes = \"letter\"\n" } else { "" };
        facts.push_str(&format!("[[fact]]\nname = \"{name}\"\ntype = \"{kind}\"\n{codes}label = \"{name}\"\nregister = \"r\"\nsensitivity = \"open\"\n"));
    }
    let mut files = vec![("shared/facts.toml".to_owned(), facts)];
    files.push(("p/policy.toml".to_owned(), "format = 1\nid = \"p\"\ntitle = \"t\"\nknown_from = { date = 2020-01-01, basis = \"b\" }\nlead_rule = \"none\"\n[[part]]\nrole = \"body\"\ntitle = \"t\"\n".to_owned()));
    for (at, (condition, amount)) in BENEFITS.iter().enumerate() {
        files.push((
            format!("p/benefits/b{at:02}.toml"),
            format!("format = 1\nid = \"b{at:02}\"\nname = \"b\"\nkind = \"subsidy\"\nright = \"entitlement\"\nstatus = \"computable\"\npayee = \"employer\"\nchannel = \"hr-budget\"\nper = \"employment\"\ncite = {{ item = \"1\" }}\nfunding = {{ fund = \"n/s\" }}\namount = {{ is = \"{amount}\" }}\n[[condition]]\nid = \"c\"\ntext = \"t\"\nwhen = \"{condition}\"\n"),
        ));
    }
    let tree = Tree::from_files(files.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let catalogue = Catalogue::load(&tree);
    let (engine, findings) = Engine::compile(&catalogue, day("2020-12-31"), Some(day("2020-12-31")));
    assert!(findings.is_empty(), "{findings:?}");
    engine
}

/// What the whole numbers of a register are like: each block of rows is drawn from some of these.
const LIKE: [&[i64]; 7] = [
    &[0, 1, 11, 12, 13, 200, 900, 29_999],
    &[0, 32_767, 32_768, 100_000, 2_999_999, 3_000_001, 2_147_483_647],
    &[5, 2_147_483_647, 2_147_483_648, 4_294_967_296],
    &[(1 << 50) - 1],
    &[3, (1 << 50) - 1, 1 << 50, 1 << 62],
    &[-1, 0, 7, 500],
    &[i64::MIN, -9, 1, i64::MAX, i64::MAX / 2],
];

fn columns(engine: &Engine, dice: &mut Dice, blocks: &[&[i64]], nulls: u64) -> Columns {
    let rows = blocks.len() * BLOCK - 37;
    let list = engine.program.inputs.iter().map(|input| {
        let long = |dice: &mut Dice, row: usize| *dice.pick(blocks[row / BLOCK]);
        let data = match input.kind {
            Kind::Bool => Data::Flags((0..rows).map(|_| dice.below(4) != 0).collect()),
            Kind::Code(_) => Data::Small((0..rows).map(|_| *dice.pick(&[1, 2, 3])).collect()),
            Kind::Date => {
                let days = [18_000, 18_001, 18_400, 32_767, 32_768];
                let most = if blocks.len() == 1 { 3 } else { 5 };
                Data::Medium((0..rows).map(|_| *dice.pick(&days[..most])).collect())
            }
            _ => Data::Long((0..rows).map(|row| long(dice, row)).collect()),
        };
        let valid: NullBuffer = (0..rows).map(|_| nulls == 0 || dice.below(nulls) != 0).collect();
        Column::new(data, Some(valid))
    });
    let list = list.collect();
    Columns::new(&engine.program, list).expect("columns")
}

#[test]
fn a_sum_is_the_same_whether_rows_are_written_or_not_and_whatever_they_hold() {
    let (engine, mut dice) = (engine(), Dice(17));
    let (mut eligible, mut undetermined) = (vec![0; BENEFITS.len()], 0);
    let mut check = |blocks: &[&[i64]], nulls: u64| {
        let columns = columns(&engine, &mut dice, blocks, nulls);
        for (sum, tally) in eligible.iter_mut().zip(agree_on(&engine, &columns)) {
            *sum += tally.eligible;
            undetermined += tally.undetermined;
        }
    };
    for like in LIKE {
        // Alone, columns are stored in as few bits as such values need.
        check(&[like], 0);
        check(&[like], 6);
    }
    check(&LIKE, 9);
    assert!(
        eligible.iter().all(|rows| *rows > 500) && undetermined > 1_000,
        "{eligible:?}, {undetermined}"
    );
}
