//! Packs damaged at random: findings, never a panic, and no pack lost that was not touched.

use policy::Library;
use policy::file::Tree;

/// Damaged trees that are loaded.
const ROUNDS: u64 = 400;
/// Lines of each file that are used: enough to hold every kind of table.
const LINES: usize = 120;

/// A generator with a fixed start: the same damage in every run.
struct Damage(u64);

impl Damage {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }

    /// Cuts, repeats, overwrites or inserts somewhere in the text.
    fn to(&mut self, text: &str) -> String {
        const INSERTED: [&str; 12] = [
            "\"", "[", "]", "{", "}", "=", "\n", "，", "\u{0}", "format = 9\n", "[[task]]\n", "9999999999999999999",
        ];
        let mut chars: Vec<char> = text.chars().collect();
        for _ in 0..=self.below(3) {
            let from = self.below(chars.len());
            let to = (from + self.below(40)).min(chars.len());
            match self.below(4) {
                0 => drop(chars.drain(from..to)),
                1 => {
                    let copy = chars[from..to].to_vec();
                    chars.splice(from..from, copy);
                }
                2 => chars.truncate(to),
                _ => {
                    let inserted = INSERTED[self.below(INSERTED.len())];
                    chars.splice(from..to.min(from + 1), inserted.chars());
                }
            }
        }
        chars.into_iter().collect()
    }
}

fn head(tree: &Tree, path: &str) -> String {
    let text = std::str::from_utf8(tree.bytes(path).unwrap()).unwrap();
    text.lines().take(LINES).map(|line| format!("{line}\n")).collect()
}

#[test]
fn damaged_files_give_findings_and_the_other_pack_stays_whole() {
    let built_in = Tree::built_in();
    let paths = [
        "shared/units.toml", "shared/regions.toml", "dazu-2020/policy.toml", "dazu-2020/tasks.toml",
        "dazu-2020/targets.toml", "ziyang-2019/policy.toml", "ziyang-2019/tasks.toml",
    ];
    let good: Vec<(&str, String)> = paths.iter().map(|path| (*path, head(&built_in, path))).collect();
    let whole = Library::load(&Tree::from_files(
        good.iter().map(|(path, text)| (*path, text.as_str())),
    ));
    let expected = whole.packs["ziyang-2019"].tasks.len();
    assert!(expected > 5);
    let mut damage = Damage(20_200_429);
    for _ in 0..ROUNDS {
        let mut files = good.clone();
        let victim = damage.below(5);
        files[victim].1 = damage.to(&good[victim].1);
        let library = Library::load(&Tree::from_files(
            files.iter().map(|(path, text)| (*path, text.as_str())),
        ));
        assert_eq!(library.packs["ziyang-2019"].tasks.len(), expected);
        for finding in &library.diagnostics {
            assert!(finding.place.line >= 1 && finding.place.column >= 1);
            assert!(!finding.message.is_empty());
        }
    }
}

#[test]
fn a_key_of_ten_thousand_parts_is_refused() {
    let text = format!("format = 1\n{}a = 1\n", "a.".repeat(10_000));
    let library = Library::load(&Tree::from_files([("x-1/policy.toml", text.as_str())]));
    assert!(
        library
            .diagnostics
            .iter()
            .any(|finding| finding.message.contains("层级过深"))
    );
}
