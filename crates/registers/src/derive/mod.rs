//! Derived facts: what follows from registers and stands in none of them.
//!
//! Each file of `sql/` is a group of facts ([`GROUPS`]); its comment is their definition. They run one after the other on
//! DataFusion over the registers' Parquet files, each result kept in a scratch folder. Then each `per` gets a flat table
//! ([`REACHES`]): its key, every fact of the dictionary it reaches, what was received before; sorted by key. A fact that
//! no register gives is a column of nulls: unknown.
//!
//! No type of DataFusion or Arrow is in what this module shows.

mod flat;
mod functions;
mod groups;
mod history;
mod reach;
pub(crate) mod session;

use std::collections::BTreeMap;
use std::path::PathBuf;

use civil::{Day, MonthWindow};
use datafusion::common::ScalarValue;
use policy::fact::Dictionary;
use policy::register::Registers;

pub use groups::{GROUPS, Group, defined};
pub use history::{Date, HistoryColumn, Measure, Subject, Window};
pub use reach::{REACHES, Reach};

use flat::{Facts, facts_table, shaped};
use session::Session;

/// The register of earlier and present ID numbers.
pub(crate) const LINKS: &str = "id-change";

/// Why facts could not be derived.
#[derive(Debug, thiserror::Error)]
pub enum DeriveError {
    /// The engine's own words: for whoever mends the program.
    #[error("推算信息项时出错：{0}")]
    Engine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A file could not be read or written.
    #[error("推算信息项时读写文件失败：{0}")]
    File(#[from] std::io::Error),
    /// The schema has no such register.
    #[error("数据表登记中没有“{0}”")]
    Register(&'static str),
    /// A flat table that no `per` has.
    #[error("没有“{0}”这种明细")]
    Per(String),
}

impl From<datafusion::error::DataFusionError> for DeriveError {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        Self::Engine(Box::new(error))
    }
}

impl From<parquet::errors::ParquetError> for DeriveError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        Self::Engine(Box::new(error))
    }
}

/// What is derived, from what, for which day.
#[derive(Debug)]
pub struct Derivation<'a> {
    /// The facts there are.
    pub dictionary: &'a Dictionary,
    /// What registers hold.
    pub registers: &'a Registers,
    /// The Parquet files that stand for each register, by its id; a register without files is empty.
    pub files: BTreeMap<String, Vec<PathBuf>>,
    /// The day the facts are about.
    pub as_of: Day,
    /// The day whose law may be used.
    pub known_on: Day,
    /// The months in which premiums were reduced for everybody, where somebody said so.
    pub reduction: Option<MonthWindow>,
    /// What programs ask of the benefit history.
    pub history: Vec<HistoryColumn>,
    /// Words of `per` whose flat tables are wanted.
    pub per: Vec<&'static str>,
    /// Where the flat tables go: `<per>.parquet`.
    pub folder: PathBuf,
    /// Where results in between go, and what does not fit into memory.
    pub scratch: PathBuf,
    /// Memory that the engine may hold before it spills.
    pub memory_bytes: usize,
    /// Threads.
    pub threads: usize,
}

/// A flat table that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flat {
    /// Its word.
    pub per: &'static str,
    /// The file.
    pub path: PathBuf,
    /// How many rows it has.
    pub rows: u64,
}

/// A query of a derivation.
#[derive(Debug, Clone)]
pub struct Statement {
    /// The table or file it gives.
    pub name: String,
    /// The query; `$as_of` and the like are parameters.
    pub sql: String,
    flat: Option<&'static Reach>,
}

impl Derivation<'_> {
    /// Derives the facts and writes the flat tables.
    ///
    /// # Errors
    /// [`DeriveError`].
    pub fn run(&self) -> Result<Vec<Flat>, DeriveError> {
        std::fs::create_dir_all(&self.folder)?;
        std::fs::create_dir_all(&self.scratch)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(self.threads.max(1))
            .thread_stack_size(STACK_BYTES)
            .build()?;
        runtime.block_on(self.derive())
    }

    /// The queries in the order in which they run, each with the name of the table or file it gives: what goes into the
    /// scratch folder, then the flat tables. For whoever wants to see or compare them.
    ///
    /// # Errors
    /// [`DeriveError`] where a `per` or a register is unknown.
    pub fn statements(&self) -> Result<Vec<Statement>, DeriveError> {
        let kept = |name: &str, sql: String| Statement {
            name: name.to_owned(),
            sql,
            flat: None,
        };
        let mut reaches = Vec::new();
        for per in &self.per {
            reaches.push(Reach::of(per).ok_or_else(|| DeriveError::Per((*per).to_owned()))?);
        }
        let reached = |entity: &str| reaches.iter().any(|reach| reach.entities().contains(&entity));
        let wanted = |group: &&Group| match group.entity {
            Some(entity) => flat::usable(group, self.registers) && reached(entity),
            None => group.name != GRANTS || !self.history.is_empty(),
        };
        let groups = GROUPS.iter().filter(wanted);
        let mut statements: Vec<Statement> = groups.map(|group| kept(group.name, group.sql.to_owned())).collect();
        let facts = self.facts();
        // The tables that others join come first; each is made once.
        let shared = SHARED.into_iter().filter(|per| reached(per)).filter_map(Reach::of);
        for reach in shared.chain(reaches.iter().copied().filter(|reach| !SHARED.contains(&reach.per))) {
            statements.push(kept(&facts_table(reach), facts.of_entity(reach)?));
        }
        statements.push(kept("household_of", HOUSEHOLD_OF.to_owned()));
        statements.extend(reaches.into_iter().map(|reach| Statement {
            name: reach.per.to_owned(),
            sql: facts.flat(reach, &self.history),
            flat: Some(reach),
        }));
        Ok(statements)
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            dictionary: self.dictionary,
            registers: self.registers,
        }
    }

    async fn derive(&self) -> Result<Vec<Flat>, DeriveError> {
        let session = self.session().await?;
        let mut written = Vec::new();
        for statement in self.statements()? {
            let Some(reach) = statement.flat else {
                session.keep(&statement.name, &statement.sql).await?;
                continue;
            };
            let path = self.folder.join(format!("{}.parquet", reach.per));
            let schema = self.facts().schema(reach, &self.history);
            let rows = session
                .write(&statement.sql, &path, |batch| shaped(&batch, &schema))
                .await?;
            written.push(Flat {
                per: reach.per,
                path,
                rows,
            });
        }
        Ok(written)
    }

    /// The registers as tables, and the parameters.
    async fn session(&self) -> Result<Session, DeriveError> {
        let mut session = Session::new(self.memory_bytes, self.threads, &self.scratch)?;
        let files = |id: &str| self.files.get(id).map_or(&[][..], Vec::as_slice);
        let links = self.registers.get(LINKS).ok_or(DeriveError::Register(LINKS))?;
        session.register(links, files(LINKS), false).await?;
        let changes = session
            .pairs("SELECT old_person_key, person_key FROM id_change")
            .await?;
        session.links(&changes)?;
        for register in self.registers.all().filter(|register| register.id != LINKS) {
            session
                .register(register, files(&register.id), !changes.is_empty())
                .await?;
        }
        session.set_days(self.as_of, self.known_on);
        let date = |day: Option<Day>| ScalarValue::Date32(day.map(Day::days_since_epoch));
        session.set(
            "reduction_from",
            date(self.reduction.map(|window| window.from().first_day())),
        );
        session.set(
            "reduction_to",
            date(self.reduction.map(|window| window.to().first_day())),
        );
        session.set_until(self.as_of).await?;
        Ok(session)
    }
}

/// The group that only questions about the history need.
const GRANTS: &str = "grants";
/// Words of `per` whose facts others reach.
const SHARED: [&str; 4] = ["person", "household", "employer", "institution"];
/// Plans of many joins are deep trees that optimisers walk recursively.
pub(crate) const STACK_BYTES: usize = 8 << 20;
/// The household of a person; of several the one with the smallest number.
const HOUSEHOLD_OF: &str =
    "SELECT person_key, min(household_no) AS household_no FROM household_member GROUP BY person_key";
