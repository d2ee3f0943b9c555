//! The SQL files: one a group of facts, run in this order; a later one may read what an earlier one gave.

/// One SQL file.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// The name of the file, and of the table it gives.
    pub name: &'static str,
    /// The entity its facts are of; nothing for a step that gives no facts.
    pub entity: Option<&'static str>,
    /// The columns that tell its rows apart; all others are facts of the entity.
    pub key: &'static [&'static str],
    /// The text.
    pub sql: &'static str,
    /// Whether each person's rows come of that person's rows alone, wherever a table kept by person is read: such a group
    /// can be worked out for some people at a time.
    pub by_person: bool,
    /// A column of a register without which the group is left out: its fact is of a dictionary that may not be loaded.
    pub needs: Option<(&'static str, &'static str)>,
}

const PAIR: &[&str] = &["person_key", "employer_key"];
const CONTRACT: &[&str] = &["person_key", "employer_key", "contract_date"];

macro_rules! group {
    ($name:literal, $entity:expr, $key:expr, $by_person:expr) => {
        Group {
            name: $name,
            entity: $entity,
            key: $key,
            sql: include_str!(concat!("../../sql/", $name, ".sql")),
            by_person: $by_person,
            needs: None,
        }
    };
}

impl Group {
    const fn needing(mut self, register: &'static str, column: &'static str) -> Self {
        self.needs = Some((register, column));
        self
    }
}

/// All groups.
pub const GROUPS: &[Group] = &[
    group!("insured", None, PAIR, true),
    group!("grants", None, &[], false),
    group!("person_dates", Some("person"), &["person_key"], true),
    group!("person_contributions", Some("person"), &["person_key"], true),
    group!("person_loans", Some("person"), &["person_key"], false),
    group!("employer_contributions", Some("employer"), &["employer_key"], false),
    group!("employer_loans", Some("employer"), &["employer_key"], false),
    group!("employment_contributions", Some("employment"), PAIR, true),
    group!("employment_stability", Some("employment"), CONTRACT, true),
    group!("employment_reduction", Some("employment"), CONTRACT, true).needing("employment", "si_subsidy_start_date"),
    group!("startup_order", Some("startup"), &["founder_key", "employer_key"], true),
];

/// The facts that a file's comment defines, in its order: a line that begins `-- entity.name (`.
pub fn defined(group: &Group) -> Vec<String> {
    let Some(entity) = group.entity else {
        return Vec::new();
    };
    let lines = group.sql.lines().filter_map(|line| line.strip_prefix("-- "));
    lines
        .filter_map(|line| line.split_once(" ("))
        .map(|(name, _)| name)
        .filter(|name| {
            name.strip_prefix(entity)
                .is_some_and(|rest| rest.starts_with('.') && !rest.contains(' '))
        })
        .map(str::to_owned)
        .collect()
}
