//! Which entities' facts a flat table has: each `per` reaches a fixed set.

/// What a flat table is about and what it reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// The word of `per` in benefit files.
    pub per: &'static str,
    /// The entity of its own facts.
    pub entity: &'static str,
    /// The register whose rows it has.
    pub register: &'static str,
    /// Columns of that register that tell rows apart, in the order of sorting.
    pub key: &'static [&'static str],
    /// The column with the person, where it reaches one; with it comes the household.
    pub person: Option<&'static str>,
    /// The column with the employer.
    pub employer: Option<&'static str>,
    /// The column with the institution.
    pub institution: Option<&'static str>,
    /// Other things that rows lead to, each by a query of its own.
    pub links: &'static [Link],
}

/// How the rows of one `per` lead to at most one row each of another entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The entity that is led to.
    pub entity: &'static str,
    /// The name of the file with the query, and of the table it gives.
    pub name: &'static str,
    /// The query: the key of the row that leads, in its own names, and the other's key as `to_…`.
    pub sql: &'static str,
    /// The columns of the key of the other's table.
    pub key: &'static [&'static str],
    /// Whether no row there means that there is none. Else it may be that one could not tell which, and nothing is said.
    pub is_complete: bool,
}

macro_rules! link {
    ($entity:literal, $name:literal, $key:expr, $is_complete:expr) => {
        Link {
            entity: $entity,
            name: $name,
            sql: include_str!(concat!("../../sql/links/", $name, ".sql")),
            key: $key,
            is_complete: $is_complete,
        }
    };
}

const fn reach(
    (per, entity, register): (&'static str, &'static str, &'static str),
    key: &'static [&'static str],
    [person, employer, institution]: [Option<&'static str>; 3],
) -> Reach {
    Reach {
        per,
        entity,
        register,
        key,
        person,
        employer,
        institution,
        links: &[],
    }
}

impl Reach {
    const fn leads_to(mut self, links: &'static [Link]) -> Self {
        self.links = links;
        self
    }
}

const PERSON: Option<&str> = Some("person_key");
const EMPLOYER: Option<&str> = Some("employer_key");
const INSTITUTION: Option<&str> = Some("institution_key");

/// All of them, by `per`.
pub const REACHES: &[Reach] = &[
    reach(("person", "person", "person"), &["person_key"], [PERSON, None, None]),
    reach(
        ("household", "household", "household-member"),
        &["household_no"],
        [None, None, None],
    ),
    reach(
        ("employer", "employer", "employer"),
        &["employer_key"],
        [None, EMPLOYER, None],
    ),
    reach(
        ("employment", "employment", "employment"),
        &["person_key", "employer_key", "contract_date"],
        [PERSON, EMPLOYER, None],
    )
    .leads_to(&[link!(
        "unemployment",
        "employment_unemployment",
        &["person_key", "registered_date"],
        true
    )]),
    reach(
        ("contribution-month", "contribution", "contribution"),
        &["person_key", "employer_key", "month"],
        [PERSON, EMPLOYER, None],
    ),
    reach(
        ("unemployment", "unemployment", "unemployment"),
        &["person_key", "registered_date"],
        [PERSON, None, None],
    ),
    reach(
        ("training", "training", "training"),
        &["person_key", "class_no"],
        [PERSON, None, INSTITUTION],
    ),
    reach(
        ("internship", "internship", "internship"),
        &["person_key", "employer_key", "start_date"],
        [PERSON, EMPLOYER, None],
    ),
    reach(
        ("startup", "startup", "startup"),
        &["founder_key", "employer_key"],
        [Some("founder_key"), EMPLOYER, None],
    ),
    reach(
        ("loan", "loan", "loan"),
        &["loan_no"],
        [Some("borrower_key"), EMPLOYER, Some("lender_key")],
    )
    .leads_to(&[link!(
        "startup",
        "loan_startup",
        &["founder_key", "employer_key"],
        false
    )]),
    reach(
        ("post", "post", "post"),
        &["person_key", "employer_key", "start_date"],
        [PERSON, EMPLOYER, None],
    ),
    reach(
        ("placement", "placement", "placement"),
        &["person_key", "employer_key", "placed_on"],
        [PERSON, EMPLOYER, INSTITUTION],
    )
    .leads_to(&[link!(
        "employment",
        "placement_employment",
        &["person_key", "employer_key", "contract_date"],
        false
    )]),
    reach(
        ("institution", "institution", "institution"),
        &["institution_key"],
        [None, None, INSTITUTION],
    ),
    reach(("region", "region", "region-result"), &["region"], [None, None, None]),
];

impl Reach {
    /// The one of a `per`.
    pub fn of(per: &str) -> Option<&'static Self> {
        REACHES.iter().find(|reach| reach.per == per)
    }

    /// The column of the key with the person, where its rows are kept by person first of all.
    pub(super) fn kept_by(&self) -> Option<&'static str> {
        self.key.first().copied().filter(|first| self.person == Some(*first))
    }

    /// Entities whose facts the table has.
    pub fn entities(&self) -> Vec<&'static str> {
        let mut entities = vec![self.entity];
        let others = [
            ("person", self.person),
            ("household", self.person),
            ("employer", self.employer),
            ("institution", self.institution),
        ];
        for (entity, column) in others {
            if column.is_some() && entity != self.entity {
                entities.push(entity);
            }
        }
        entities.extend(self.links.iter().map(|link| link.entity));
        entities
    }
}
