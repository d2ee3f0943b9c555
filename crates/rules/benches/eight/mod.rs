//! Eight benefits over fourteen facts: as a pack, as random rows, and as what a programmer would write for exactly these
//! eight: one pass over the rows, every comparison in place, nulls honoured, counts and sums.

use arrow_buffer::{BooleanBuffer, NullBuffer};
use policy::file::Tree;
use rules::kernel::{Data, Tally};

/// The fourteen facts: name, type, and the values drawn from 0 up to (not including) the third.
pub(crate) const FACTS: [(&str, &str, u64); 14] = [
    ("employer.size", "code", 4),
    ("employer.kind", "code", 5),
    ("employer.staff", "int", 300),
    ("employer.hires", "int", 60),
    ("employer.paid_fen", "fen", 5_000_000),
    ("person.graduate", "bool", 2),
    ("person.hard", "bool", 2),
    ("person.birth", "date", 20_000),
    ("person.level", "code", 5),
    ("employment.contract", "date", 900),
    ("employment.months", "int", 60),
    ("employment.insured", "int", 12),
    ("training.days", "int", 40),
    ("loan.asked_fen", "fen", 60_000_000),
];

pub(crate) const BENEFITS: [(&str, &[&str], &str); 8] = [
    (
        "a",
        &[
            "employer.size IN ('b', 'c', 'd')",
            "person.graduate",
            "employment.months >= 12",
            "employment.insured >= 3",
            "employment.contract BETWEEN '2020-01-01' AND '2020-12-31'",
        ],
        "yuan(3000)",
    ),
    (
        "b",
        &["employer.kind = 'a'", "person.hard", "employment.insured >= 1"],
        "yuan(905)",
    ),
    (
        "c",
        &[
            "employer.size IN ('b', 'c', 'd')",
            "employer.staff > 0",
            "employer.hires * 100 >= employer.staff * 25",
        ],
        "least(employer.paid_fen, yuan(30000))",
    ),
    (
        "d",
        &["age(person.birth, '2020-12-31') BETWEEN 16 AND 24", "NOT person.hard"],
        "yuan(1500)",
    ),
    (
        "e",
        &[
            "person.level IN ('a', 'b')", "employment.months >= 36", "employment.insured >= 6",
        ],
        "CASE WHEN person.level = 'a' THEN yuan(30000) ELSE yuan(10000) END",
    ),
    (
        "f",
        &["person.hard OR person.graduate", "training.days > 0"],
        "training.days * yuan(50)",
    ),
    (
        "g",
        &["employer.kind IN ('a', 'b')", "employer.staff <= 30"],
        "employer.paid_fen",
    ),
    (
        "h",
        &[
            "loan.asked_fen <= yuan(500000)", "employment.contract >= '2019-06-01'", "person.graduate OR person.hard",
            "employer.hires >= 3",
        ],
        "yuan(0)",
    ),
];

/// A dictionary and a pack of the eight.
pub(crate) fn tree() -> Tree {
    let mut facts = "format = 1\n[codes]\nletter = { a = { no = 1, label = \"a\" }, b = { no = 2, label = \"b\" }, c = { no = 3, label = \"c\" }, d = { no = 4, label = \"d\" }, e = { no = 5, label = \"e\" } }\n".to_owned();
    for (name, kind, _) in FACTS {
        let codes = if kind == "code" { "codes = \"letter\"\n" } else { "" };
        facts.push_str(&format!("[[fact]]\nname = \"{name}\"\ntype = \"{kind}\"\n{codes}label = \"{name}\"\nregister = \"r\"\nsensitivity = \"open\"\n"));
    }
    let mut files = vec![("shared/facts.toml".to_owned(), facts)];
    files.push(("p/policy.toml".to_owned(), "format = 1\nid = \"p\"\ntitle = \"t\"\nknown_from = { date = 2020-01-01, basis = \"b\" }\nlead_rule = \"none\"\n[[part]]\nrole = \"body\"\ntitle = \"t\"\n".to_owned()));
    for (id, conditions, amount) in BENEFITS {
        let mut text = format!(
            "format = 1\nid = \"{id}\"\nname = \"{id}\"\nkind = \"subsidy\"\nright = \"entitlement\"\nstatus = \"computable\"\npayee = \"employer\"\nchannel = \"hr-budget\"\nper = \"employment\"\ncite = {{ item = \"1\" }}\nfunding = {{ fund = \"n/s\" }}\namount = {{ is = \"{amount}\" }}\n"
        );
        for (number, condition) in conditions.iter().enumerate() {
            text.push_str(&format!(
                "[[condition]]\nid = \"c{number}\"\ntext = \"t\"\nwhen = \"{condition}\"\n"
            ));
        }
        files.push((format!("p/benefits/{id}.toml"), text));
    }
    Tree::from_files(files.iter().map(|(path, text)| (path.as_str(), text.as_str())))
}

/// The raw columns, as the fused loop reads them: values and validity bits.
pub(crate) struct Raw {
    pub(crate) values: Vec<Data>,
    pub(crate) valid: Vec<NullBuffer>,
}

/// Rows by a fixed seed.
pub(crate) fn raw(rows: usize) -> Raw {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state >> 11
    };
    let (mut values, mut valid) = (Vec::new(), Vec::new());
    for (_, kind, limit) in FACTS {
        let drawn: Vec<u64> = (0..rows).map(|_| next() % limit).collect();
        let small = |offset: i64| {
            drawn
                .iter()
                .map(move |value| i64::try_from(*value).expect("small") + offset)
        };
        values.push(match kind {
            "code" => Data::Small(small(1).map(|value| i16::try_from(value).expect("code")).collect()),
            "date" if limit > 1_000 => Data::Medium(small(0).map(|value| i32::try_from(value).expect("day")).collect()),
            "date" => Data::Medium(small(17_900).map(|value| i32::try_from(value).expect("day")).collect()),
            "bool" => Data::Flags(BooleanBuffer::from_iter(drawn.iter().map(|value| *value == 1))),
            _ => Data::Long(small(0).collect()),
        });
        valid.push((0..rows).map(|_| next() % 20 != 0).collect());
    }
    Raw { values, valid }
}

/// A truth value as two bits, the way a careful programmer would keep it: no branch anywhere.
#[derive(Clone, Copy)]
struct Answer {
    yes: bool,
    known: bool,
}

#[inline(always)]
fn answer(known: bool, yes: bool) -> Answer {
    Answer {
        yes: yes & known,
        known,
    }
}

#[inline(always)]
fn both(a: Answer, b: Answer) -> Answer {
    Answer {
        yes: a.yes & b.yes,
        known: (a.known & b.known) | (a.known & !a.yes) | (b.known & !b.yes),
    }
}

#[inline(always)]
fn either(a: Answer, b: Answer) -> Answer {
    Answer {
        yes: a.yes | b.yes,
        known: (a.known & b.known) | a.yes | b.yes,
    }
}

#[inline(always)]
fn not(a: Answer) -> Answer {
    Answer {
        yes: a.known & !a.yes,
        known: a.known,
    }
}

/// Counts and sums of one rule in 64 bits: the drawn amounts cannot overflow.
#[derive(Clone, Copy, Default)]
struct Sums {
    eligible: u64,
    undetermined: u64,
    fen: i64,
}

#[inline(always)]
fn record(sums: &mut Sums, conditions: Answer, amount_known: bool, amount: i64) {
    let eligible = conditions.yes & amount_known;
    sums.eligible += u64::from(eligible);
    sums.undetermined += u64::from(!conditions.known | (conditions.yes & !amount_known));
    sums.fen += amount & -i64::from(eligible);
}

/// The eight rules by hand, one pass over the rows of these words of validity: 64 each.
pub(crate) fn fused(raw: &Raw, words_of: std::ops::Range<usize>) -> [Tally; 8] {
    let [
        Data::Small(size),
        Data::Small(kind),
        Data::Long(staff),
        Data::Long(hires),
        Data::Long(paid),
        Data::Flags(graduate),
        Data::Flags(hard),
        Data::Medium(birth),
        Data::Small(level),
        Data::Medium(contract),
        Data::Long(months),
        Data::Long(insured),
        Data::Long(days),
        Data::Long(asked),
    ] = raw.values.as_slice()
    else {
        panic!("fourteen columns")
    };
    let valid: &[NullBuffer; 14] = raw.valid.as_slice().try_into().expect("fourteen");
    // age 16 to 24 on 2020-12-31: born 1996-01-01 to 2004-12-31.
    let (born_from, born_to) = (9_496, 12_783);
    // Validity as plain words: no offset, no call.
    let words: Vec<Vec<u64>> = valid
        .iter()
        .map(|nulls| nulls.inner().bit_chunks().iter().collect())
        .collect();
    let flags = |buffer: &BooleanBuffer| -> Vec<u64> { buffer.bit_chunks().iter().collect() };
    let (graduate, hard) = (flags(graduate), flags(hard));
    let mut t = [Sums::default(); 8];
    for word in words_of.clone() {
        let v: [u64; 14] = std::array::from_fn(|column| words[column][word]);
        let (graduates, hards) = (graduate[word], hard[word]);
        for lane in 0..64 {
            let i = word * 64 + lane;
            let is = |column: usize| v[column] >> lane & 1 == 1;
            let sme = answer(is(0), (2..=4).contains(&size[i]));
            let graduate = answer(is(5), graduates >> lane & 1 == 1);
            let hard = answer(is(6), hards >> lane & 1 == 1);
            let needy = either(hard, graduate);
            let (months, insured) = (months[i], insured[i]);
            let a = both(
                both(sme, graduate),
                both(answer(is(10), months >= 12), answer(is(11), insured >= 3)),
            );
            let a = both(a, answer(is(9), (18_262..=18_627).contains(&contract[i])));
            record(&mut t[0], a, true, 300_000);
            record(
                &mut t[1],
                both(both(answer(is(1), kind[i] == 1), hard), answer(is(11), insured >= 1)),
                true,
                90_500,
            );
            let ratio = answer(is(3) & is(2), hires[i] * 100 >= staff[i] * 25);
            record(
                &mut t[2],
                both(both(sme, answer(is(2), staff[i] > 0)), ratio),
                is(4),
                paid[i].min(3_000_000),
            );
            record(
                &mut t[3],
                both(answer(is(7), (born_from..=born_to).contains(&birth[i])), not(hard)),
                true,
                150_000,
            );
            let e = both(
                both(answer(is(8), level[i] <= 2), answer(is(10), months >= 36)),
                answer(is(11), insured >= 6),
            );
            record(&mut t[4], e, is(8), if level[i] == 1 { 3_000_000 } else { 1_000_000 });
            record(
                &mut t[5],
                both(needy, answer(is(12), days[i] > 0)),
                is(12),
                days[i] * 5_000,
            );
            record(
                &mut t[6],
                both(answer(is(1), kind[i] <= 2), answer(is(2), staff[i] <= 30)),
                is(4),
                paid[i],
            );
            let h = both(
                answer(is(13), asked[i] <= 50_000_000),
                answer(is(9), contract[i] >= 18_048),
            );
            record(&mut t[7], both(h, both(needy, answer(is(3), hires[i] >= 3))), true, 0);
        }
    }
    let rows = u64::try_from(words_of.len() * 64).expect("rows");
    t.map(|sums| Tally {
        eligible: sums.eligible,
        undetermined: sums.undetermined,
        ineligible: rows - sums.eligible - sums.undetermined,
        amount_fen: i128::from(sums.fen),
    })
}
