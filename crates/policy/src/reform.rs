//! A reform (测算方案): what a proposal would change in the packs, as an overlay in memory.
//!
//! ```toml
//! format = 1
//! name = "提高一次性吸纳就业补贴标准"
//! by = "就业科"
//!
//! [[parameter]]
//! id = "cx_internship_monthly"
//! from = 2020-01-01
//! is = "1200"
//!
//! [[benefit]]
//! id = "cx-sme-graduate-bonus"
//! remove_conditions = ["contract-one-year"]
//! effective = { to = 2021-12-31 }
//! amount = { is = "yuan(5000)" }
//! ```
//!
//! The file is read as strictly as a pack, and everything in it keeps its place: what the compiler finds wrong with an
//! expression of a reform is told with the reform's own line and column. What a form would refuse a file may not set
//! either ([`limits`]).

pub mod limits;

use std::sync::Arc;

use crate::Library;
use crate::benefit::{self, Benefits};
use crate::fact::Dictionary;
use crate::file::{Diagnostics, Located, SourceFile, Table};
use crate::parameter::{self, Parameters};

/// What a reform says of itself, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reform {
    /// Its name.
    pub name: String,
    /// Who proposes it.
    pub by: Option<String>,
    /// What else should be known of it.
    pub note: Option<String>,
    /// The benefits it changes, in the order of the file.
    pub benefits: Vec<String>,
    /// The parameters it sets.
    pub parameters: Vec<String>,
}

/// Reads a reform and lays it over parameters and benefits; what is wrong is reported. Nothing where the file is none.
pub fn apply(
    file: &Arc<SourceFile>,
    library: &Library,
    dictionary: &Dictionary,
    parameters: &mut Parameters,
    benefits: &mut Benefits,
    diagnostics: &Diagnostics,
) -> Option<Reform> {
    let mut table = Table::of_file(file, diagnostics)?;
    table.require(&["name"]);
    let here = table.here();
    let name = table.text("name");
    let by = table.text("by").map(Located::into_value);
    let note = table.text("note").map(Located::into_value);
    let (settings, changes) = (table.tables("parameter"), table.tables("benefit"));
    table.finish();
    if settings.is_empty() && changes.is_empty() {
        here.report(diagnostics, "方案没有改动任何内容", "请写 [[benefit]] 或 [[parameter]]");
    }
    let mut reform = Reform {
        name: name.map_or_else(String::new, Located::into_value),
        by,
        note,
        benefits: Vec::new(),
        parameters: Vec::new(),
    };
    for setting in settings {
        let id = parameter::suppose(parameters, dictionary, library, setting);
        reform.parameters.extend(id);
    }
    for change in changes {
        // A benefit that stands twice is changed twice, the second time as the first left it.
        let id = benefit::reform(benefits, library, change);
        reform.benefits.extend(id);
    }
    for ids in [&mut reform.parameters, &mut reform.benefits] {
        let mut seen = std::collections::BTreeSet::new();
        ids.retain(|id| seen.insert(id.clone()));
    }
    Some(reform)
}
