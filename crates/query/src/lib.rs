//! DataFusion behind plain functions: statements over Parquet files, with exact numbers, plain strings and bounded memory.
//!
//! Nothing here is generic or an `async fn`, and that is what the crate is for: whoever awaits an `async fn` compiles all of
//! it again, and behind [`SessionContext::sql`] that is the whole parser and planner. Each such future is boxed here, so they
//! are compiled once, here; only [`next`], which asks a stream and plans nothing, is given as it is. Its build needs little optimising: what runs once a row lies in DataFusion's own crates.

mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::{DataType, SchemaRef};
use datafusion::common::tree_node::TreeNodeRecursion;
use datafusion::common::{ParamValues, ScalarValue};
use datafusion::datasource::MemTable;
use datafusion::datasource::file_format::parquet::ParquetFormat;
use datafusion::datasource::listing::{ListingOptions, ListingTable, ListingTableConfig, ListingTableUrl};
use datafusion::error::Result;
use datafusion::execution::context::SQLOptions;
use datafusion::execution::disk_manager::{DiskManagerBuilder, DiskManagerMode};
use datafusion::execution::memory_pool::{FairSpillPool, TrackConsumersPool};
use datafusion::execution::runtime_env::RuntimeEnvBuilder;
use datafusion::logical_expr::LogicalPlan;
use datafusion::physical_plan::{ExecutionPlan, SendableRecordBatchStream};
use datafusion::prelude::{DataFrame, SessionConfig, SessionContext};

pub use steps::{Step, Steps, plain, steps};

/// Rows of a batch.
const BATCH_ROWS: usize = 8_192;
/// Consumers of memory that an error names.
const NAMED_CONSUMERS: NonZeroUsize = NonZeroUsize::new(5).unwrap();

/// What will be there; compiled here and nowhere else.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;
/// Columns of a result with their types.
pub type Gives = Vec<(String, DataType)>;
/// Columns by table.
pub type Reads = BTreeMap<String, BTreeSet<String>>;

/// Whose words a statement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// Ours.
    Here,
    /// Somebody else's: what would change anything is refused.
    Elsewhere,
}

/// Tables, and parameters that statements may name.
pub struct Session {
    context: SessionContext,
    parameters: BTreeMap<&'static str, ScalarValue>,
}

impl Session {
    /// `memory_bytes` bounds what may be held before spilling to the folder `scratch`.
    ///
    /// # Errors
    /// What the engine says.
    pub fn new(memory_bytes: usize, threads: usize, scratch: &Path) -> Result<Self> {
        let mut config = SessionConfig::new()
            .with_target_partitions(threads.max(1))
            .with_batch_size(BATCH_ROWS)
            .with_information_schema(false);
        let options = config.options_mut();
        options.sql_parser.parse_float_as_decimal = true;
        options.sql_parser.map_string_types_to_utf8view = false;
        options.execution.parquet.schema_force_view_types = false;
        options.execution.parquet.pushdown_filters = true;
        let pool = TrackConsumersPool::new(FairSpillPool::new(memory_bytes), NAMED_CONSUMERS);
        let disk = DiskManagerBuilder::default().with_mode(DiskManagerMode::Directories(vec![scratch.to_owned()]));
        let runtime = RuntimeEnvBuilder::new()
            .with_memory_pool(Arc::new(pool))
            .with_disk_manager_builder(disk)
            .build_arc()?;
        Ok(Self {
            context: SessionContext::new_with_config_rt(config, runtime),
            parameters: BTreeMap::new(),
        })
    }

    /// For functions of one's own.
    pub const fn context(&self) -> &SessionContext {
        &self.context
    }

    /// Sets `$name`.
    pub fn set(&mut self, name: &'static str, value: ScalarValue) {
        self.parameters.insert(name, value);
    }

    /// Registers Parquet files as a table; without files an empty one of the schema.
    ///
    /// # Errors
    /// What the engine says.
    pub fn table(&self, name: &str, files: &[PathBuf], schema: SchemaRef) -> Result<()> {
        if files.is_empty() {
            return self.rows_as(name, RecordBatch::new_empty(schema));
        }
        let mut urls = Vec::new();
        for file in files {
            let path = std::path::absolute(file)?;
            urls.push(ListingTableUrl::parse(path.to_string_lossy())?);
        }
        let format = ParquetFormat::default().with_force_view_types(false);
        let options = ListingOptions::new(Arc::new(format)).with_file_extension(".parquet");
        let config = ListingTableConfig::new_with_multi_paths(urls)
            .with_listing_options(options)
            .with_schema(schema);
        let table = ListingTable::try_new(config)?;
        self.context.register_table(name, Arc::new(table))?;
        Ok(())
    }

    /// Registers rows as a table.
    ///
    /// # Errors
    /// What the engine says.
    pub fn rows_as(&self, name: &str, rows: RecordBatch) -> Result<()> {
        let table = MemTable::try_new(rows.schema(), vec![vec![rows]])?;
        self.context.register_table(name, Arc::new(table))?;
        Ok(())
    }

    /// Forgets a table.
    ///
    /// # Errors
    /// What the engine says.
    pub fn forget(&self, name: &str) -> Result<()> {
        self.context.deregister_table(name)?;
        Ok(())
    }

    /// Runs a statement: all its rows. None come of one that defines something.
    ///
    /// # Errors
    /// What the engine says.
    #[inline(never)]
    pub fn rows<'a>(&'a self, sql: &'a str) -> Later<'a, Vec<RecordBatch>> {
        Box::pin(async move { self.plan(sql, Written::Here).await?.collect().await })
    }

    /// Runs a statement: its rows as they come.
    ///
    /// # Errors
    /// What the engine says.
    #[inline(never)]
    pub fn stream<'a>(&'a self, sql: &'a str, written: Written) -> Later<'a, SendableRecordBatchStream> {
        Box::pin(async move { self.plan(sql, written).await?.execute_stream().await })
    }

    /// The columns that a query of somebody else's gives, and those of each table that it reads.
    ///
    /// # Errors
    /// What the engine says.
    #[inline(never)]
    pub fn outline<'a>(&'a self, sql: &'a str) -> Later<'a, (Gives, Reads)> {
        Box::pin(async move {
            let frame = self.plan(sql, Written::Elsewhere).await?;
            let fields = frame.schema().fields().iter();
            let gives = fields
                .map(|field| (field.name().clone(), field.data_type().clone()))
                .collect();
            let plan = frame.into_optimized_plan()?;
            let mut reads = Reads::new();
            plan.apply_with_subqueries(|node| {
                if let LogicalPlan::TableScan(scan) = node {
                    let columns = scan.projected_schema.fields().iter();
                    reads
                        .entry(scan.table_name.table().to_owned())
                        .or_default()
                        .extend(columns.map(|field| field.name().clone()));
                }
                Ok(TreeNodeRecursion::Continue)
            })?;
            Ok((gives, reads))
        })
    }

    /// A statement with the parameters that it names.
    async fn plan(&self, sql: &str, written: Written) -> Result<DataFrame> {
        let may = match written {
            Written::Here => SQLOptions::new(),
            Written::Elsewhere => SQLOptions::new()
                .with_allow_ddl(false)
                .with_allow_dml(false)
                .with_allow_statements(false),
        };
        let frame = self.context.sql_with_options(sql, may).await?;
        let named = self
            .parameters
            .iter()
            .filter(|(name, _)| sql.contains(&format!("${name}")));
        let values: Vec<(&str, ScalarValue)> = named.map(|(name, value)| (*name, value.clone())).collect();
        if values.is_empty() {
            return Ok(frame);
        }
        frame.with_param_values(ParamValues::from(values))
    }
}

/// The plan of a statement, for whoever runs it many times.
///
/// # Errors
/// What the engine says.
#[inline(never)]
pub fn planned<'a>(context: &'a SessionContext, sql: &'a str) -> Later<'a, Arc<dyn ExecutionPlan>> {
    Box::pin(async move { context.sql(sql).await?.create_physical_plan().await })
}

/// The next batch of a stream.
#[inline(never)]
pub fn next(stream: &mut SendableRecordBatchStream) -> impl Future<Output = Option<Result<RecordBatch>>> {
    std::future::poll_fn(|context| stream.as_mut().poll_next(context))
}
