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
    ),
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
    ),
    reach(
        ("post", "post", "post"),
        &["person_key", "employer_key", "start_date"],
        [PERSON, EMPLOYER, None],
    ),
    reach(
        ("placement", "placement", "placement"),
        &["person_key", "employer_key", "placed_on"],
        [PERSON, EMPLOYER, INSTITUTION],
    ),
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
        entities
    }
}
