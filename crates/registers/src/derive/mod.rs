//! Derived facts: what follows from registers and stands in none of them.
//!
//! Each file of `sql/` is a group of facts ([`GROUPS`]); its comment is their definition. They run one after the other on
//! DataFusion over the registers' Parquet files, each result kept in a scratch folder. Then each `per` gets a flat table
//! ([`REACHES`]): its key, every fact of the dictionary it reaches, what was received before; sorted by key. A fact that
//! no register gives is a column of nulls: unknown.
//!
//! No type of DataFusion or Arrow is in what this module shows.

mod basis;
mod flat;
mod functions;
mod groups;
mod history;
mod out;
mod reach;
mod row_groups;
pub(crate) mod session;
mod slices;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use civil::{Day, MonthWindow};
use datafusion::common::ScalarValue;
use policy::fact::Dictionary;
use policy::register::{Register, Registers};

pub use basis::{Basis, Origin, Part};
pub use flat::{EMPLOYER, HOUSEHOLD, INSTITUTION, PERSON};
pub use groups::{GROUPS, Group, defined};
pub use history::{Date, HistoryColumn, Measure, Subject, Window};
pub use out::MARKER;
pub use reach::{Link, REACHES, Reach};
pub use session::{ARRIVED, arrived};
pub use slices::rows_within;

use flat::{Facts, facts_table, shaped};
use out::{Marker, Out};
use session::Session;
use slices::Slices;

use crate::verify::Damage;

/// The register of earlier and present ID numbers.
pub(crate) const LINKS: &str = "id-change";

/// Why facts could not be derived; printed in Chinese. Nothing has been written then.
#[derive(Debug, thiserror::Error)]
pub enum DeriveError {
    /// The engine's own words: for whoever mends the program.
    #[error("推算信息项时出错（{0}）。没有写入任何结果，请将该情况告知维护人员")]
    Engine(#[source] Box<dyn Error + Send + Sync>),
    /// The engine may not hold what it needs.
    #[error("推算信息项时内存不足（{0}）。没有写入任何结果，请用 --memory 放宽内存上限后重试")]
    Memory(String),
    /// A file could not be read or written.
    #[error("推算信息项时读写文件失败：{}。没有写入任何结果，请检查磁盘空间和权限后重试", crate::source::reason(.0))]
    File(#[from] io::Error),
    /// A file of the home is not what the manifest says.
    #[error("数据文件 {path} 已损坏（{damage}）。没有写入任何结果，请从备份恢复该文件，或重新导入该数据表后重试")]
    Damaged {
        /// The file.
        path: String,
        /// What is wrong with it.
        damage: Damage,
    },
    /// Another derivation writes to this place.
    #[error("{} 正由另一个推算写入。请等它结束后再试", .0.display())]
    Busy(PathBuf),
    /// It was told to stop.
    #[error("推算已停止。没有写入任何结果")]
    Stopped,
    /// Something else stands there.
    #[error("{} 已有其他内容。请另写一个空文件夹", .0.display())]
    Occupied(PathBuf),
    /// The schema has no such register.
    #[error("数据表登记中没有“{0}”。请核对政策文件库")]
    Register(&'static str),
    /// A flat table that no `per` has.
    #[error("没有“{0}”这种明细。请核对名称")]
    Per(String),
}

impl From<datafusion::error::DataFusionError> for DeriveError {
    fn from(error: datafusion::error::DataFusionError) -> Self {
        if let datafusion::error::DataFusionError::ResourcesExhausted(words) = error.find_root() {
            return Self::Memory(words.clone());
        }
        of_the_system(&error).unwrap_or_else(|| Self::Engine(Box::new(error)))
    }
}

impl From<parquet::errors::ParquetError> for DeriveError {
    fn from(error: parquet::errors::ParquetError) -> Self {
        of_the_system(&error).unwrap_or_else(|| Self::Engine(Box::new(error)))
    }
}

/// What the system refused, however deep the engine wrapped it.
fn of_the_system(error: &(dyn Error + 'static)) -> Option<DeriveError> {
    let mut at = Some(error);
    while let Some(error) = at {
        if let Some(refused) = error.downcast_ref::<io::Error>()
            && let Some(code) = refused.raw_os_error()
        {
            return Some(DeriveError::File(io::Error::from_raw_os_error(code)));
        }
        at = error.source();
    }
    None
}

/// What is derived, from what, for which day, to where.
pub struct Derivation<'a> {
    /// The facts there are.
    pub dictionary: &'a Dictionary,
    /// What registers hold.
    pub registers: &'a Registers,
    /// The files that stand for each register.
    pub basis: &'a Basis,
    /// The day the facts are about.
    pub as_of: Day,
    /// The day whose law may be used.
    pub known_on: Day,
    /// The months in which premiums were reduced for everybody, where somebody said so.
    pub reduction: Option<MonthWindow>,
    /// The months of contributions whose rows the flat table of contribution months has; without it, all. Counts of
    /// months always see all.
    pub months: Option<MonthWindow>,
    /// What programs ask of the benefit history.
    pub history: Vec<HistoryColumn>,
    /// Words of `per` whose flat tables are wanted.
    pub per: Vec<&'static str>,
    /// The folder of the flat tables, `<per>.parquet` and [`MARKER`]; it is there when all of them are. One that holds an
    /// earlier derivation is replaced.
    pub out: PathBuf,
    /// Memory that the engine may hold before it spills.
    pub memory_bytes: usize,
    /// Rows of registers kept by person that are worked on at once ([`rows_within`]): of more people it is some after the
    /// others. What comes out is the same.
    pub rows_at_once: u64,
    /// Threads.
    pub threads: usize,
    /// Told of each step that is done.
    pub told: &'a (dyn Fn(&Step<'_>) + Sync),
    /// Set from outside, ends it before the next step.
    pub stop: &'a AtomicBool,
}

/// A step that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'s> {
    /// The table it gave.
    pub name: &'s str,
    /// The `per`, where it is a flat table and no result in between.
    pub per: Option<&'static str>,
    /// How many rows.
    pub rows: u64,
    /// How many steps are done.
    pub done: usize,
    /// How many there are.
    pub of: usize,
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
    /// Where each person's rows come of that person's alone: the column of the result with the person's key.
    person: Option<&'static str>,
}

impl Derivation<'_> {
    /// Derives the facts and writes the flat tables: all of them or none.
    ///
    /// # Errors
    /// [`DeriveError`].
    pub fn run(&self) -> Result<Vec<Flat>, DeriveError> {
        self.basis.check()?;
        let out = Out::begin(&self.out)?;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(self.threads.max(1))
            .thread_stack_size(STACK_BYTES)
            .build()?;
        let mut flats = match runtime.block_on(self.derive(&out)) {
            // The engine does not say which file it stumbled over.
            Err(error @ DeriveError::Engine(_)) => return Err(self.basis.check_thoroughly().err().unwrap_or(error)),
            flats => flats?,
        };
        let place = out.finish(&Marker::of(self, &flats))?;
        for flat in &mut flats {
            flat.path = place.join(file_name(flat.per));
        }
        Ok(flats)
    }

    /// The queries in the order in which they run, each with the name of the table or file it gives: what goes into the
    /// scratch folder, then the flat tables. For whoever wants to see or compare them.
    ///
    /// # Errors
    /// [`DeriveError`] where a `per` or a register is unknown.
    pub fn statements(&self) -> Result<Vec<Statement>, DeriveError> {
        let kept = |name: &str, sql: String, person| Statement {
            name: name.to_owned(),
            sql,
            flat: None,
            person,
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
        let person_of = |group: &Group| group.key.first().copied().filter(|_| group.by_person);
        let mut statements: Vec<Statement> = groups
            .map(|group| kept(group.name, group.sql.to_owned(), person_of(group)))
            .collect();
        let facts = self.facts();
        // The tables that others join come first; each is made once.
        let led_to = reaches.iter().flat_map(|reach| reach.links).map(|link| link.entity);
        let first: Vec<&Reach> = SHARED
            .into_iter()
            .filter(|per| reached(per))
            .chain(led_to)
            .filter_map(Reach::of)
            .collect();
        let mut made = BTreeSet::new();
        for reach in first.into_iter().chain(reaches.iter().copied()) {
            if made.insert(reach.per) {
                statements.push(kept(&facts_table(reach), facts.of_entity(reach)?, reach.kept_by()));
            }
        }
        statements.push(kept("household_of", HOUSEHOLD_OF.to_owned(), Some("person_key")));
        for reach in &reaches {
            let links = reach.links.iter();
            statements.extend(links.map(|link| kept(link.name, link.sql.to_owned(), reach.kept_by())));
        }
        statements.extend(reaches.into_iter().map(|reach| Statement {
            name: reach.per.to_owned(),
            sql: facts.flat(reach, &self.history),
            flat: Some(reach),
            person: reach.kept_by(),
        }));
        Ok(statements)
    }

    fn facts(&self) -> Facts<'_> {
        Facts {
            dictionary: self.dictionary,
            registers: self.registers,
        }
    }

    async fn derive(&self, out: &Out) -> Result<Vec<Flat>, DeriveError> {
        let session = self.session(out.scratch()?).await?;
        let slices = Slices::of(self.rows_by_person()?, self.rows_at_once);
        let (mut written, mut rows_of) = (Vec::new(), BTreeMap::new());
        let mut by_person = self.by_person();
        let statements = self.statements()?;
        for (place, statement) in statements.iter().enumerate() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(DeriveError::Stopped);
            }
            let few = |reach: &Reach| rows_of.get(&facts_table(reach)).is_some_and(|rows| *rows <= FEW_ROWS);
            let pieces = match statement.person {
                Some(_) if !statement.flat.is_some_and(few) => slices.cut(&statement.sql, &by_person),
                _ => vec![statement.sql.clone()],
            };
            let rows = match statement.flat {
                None => {
                    let rows = session.keep(&statement.name, &pieces, statement.person).await?;
                    rows_of.insert(statement.name.clone(), rows);
                    if let Some(person) = statement.person {
                        by_person.insert(statement.name.clone(), person.to_owned());
                    }
                    if statement.name == GRANTS {
                        // Whoever explains a row wants to see the grants that were counted.
                        std::fs::copy(session.kept(GRANTS), out.folder().join(GRANTS_FILE))?;
                    }
                    rows
                }
                Some(reach) => {
                    let path = out.folder().join(file_name(reach.per));
                    let schema = self.facts().schema(reach, &self.history);
                    let shape = |batch| shaped(&batch, &schema);
                    let rows = session.write(&pieces, &path, shape).await?;
                    written.push(Flat {
                        per: reach.per,
                        path,
                        rows,
                    });
                    rows
                }
            };
            (self.told)(&Step {
                name: &statement.name,
                per: statement.flat.map(|reach| reach.per),
                rows,
                done: place + 1,
                of: statements.len(),
            });
        }
        Ok(written)
    }

    /// Tables of registers kept by person, with the column of the person's key.
    fn by_person(&self) -> BTreeMap<String, String> {
        let of = |register: &Register| Some((session::table_name(&register.id), session::person(register)?));
        let mut tables: BTreeMap<String, String> = self.registers.all().filter_map(of).collect();
        if let Some(person) = tables.get("contribution").cloned() {
            tables.insert(ARRIVED.to_owned(), person);
        }
        tables
    }

    /// Rows of the registers that are kept by person.
    fn rows_by_person(&self) -> Result<u64, DeriveError> {
        let mut rows = 0;
        for register in self
            .registers
            .all()
            .filter(|register| session::person(register).is_some())
        {
            rows += self.basis.rows(&register.id)?;
        }
        Ok(rows)
    }

    /// The registers as tables, and the parameters.
    async fn session(&self, scratch: PathBuf) -> Result<Session, DeriveError> {
        let mut session = Session::new(self.memory_bytes, self.threads, scratch)?;
        let links = self.registers.get(LINKS).ok_or(DeriveError::Register(LINKS))?;
        session.register(links, &self.basis.by_region(LINKS), false).await?;
        let changes = session
            .pairs("SELECT old_person_key, person_key FROM id_change")
            .await?;
        session.links(&changes).await?;
        for register in self.registers.all().filter(|register| register.id != LINKS) {
            let files = self.basis.by_region(&register.id);
            session.register(register, &files, !changes.is_empty()).await?;
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
        session.set(
            "months_from",
            date(Some(self.months.map_or(Day::MIN, |window| window.from().first_day()))),
        );
        session.set(
            "months_to",
            date(Some(self.months.map_or(Day::MAX, |window| window.to().first_day()))),
        );
        session.define_arrived(self.as_of).await?;
        session.set_until(self.as_of).await?;
        Ok(session)
    }
}

/// The file of a flat table.
fn file_name(per: &str) -> String {
    format!("{per}.parquet")
}

/// The file beside the flat tables with the grants that were counted, where anything was asked of the history.
pub const GRANTS_FILE: &str = "grants.parquet";
/// The group that only questions about the history need.
const GRANTS: &str = "grants";
/// A flat table of no more rows is joined whole: they are the side that is held, and whatever they meet passes by once.
const FEW_ROWS: u64 = 500_000;
/// Words of `per` whose facts others reach.
const SHARED: [&str; 4] = ["person", "household", "employer", "institution"];
/// Plans of many joins are deep trees that optimisers walk recursively.
pub(crate) const STACK_BYTES: usize = 8 << 20;
/// The household of a person; of several the one with the smallest number.
const HOUSEHOLD_OF: &str =
    "SELECT person_key, min(household_no) AS household_no FROM household_member GROUP BY person_key";
