//! Funds (资金渠道): which purse pays, and that no purse is paid from another.

use std::collections::BTreeMap;

use crate::file::{Diagnostics, Located, Table, Tree};

/// Where the funds stand.
const PATH: &str = "shared/funds.toml";

/// The word for a fund that the document does not name.
pub const NOT_STATED: &str = "n/s";

/// One purse.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fund {
    /// Its id.
    pub id: String,
    /// Its name on screen.
    pub name: String,
    /// Names that documents use for it.
    pub aliases: Vec<String>,
    /// The rule it is kept under.
    pub basis: String,
}

/// All funds by id.
#[derive(Debug, Clone, Default)]
pub struct Funds(pub BTreeMap<String, Fund>);

/// Reads the funds; without the file there are none.
pub fn load(tree: &Tree, diagnostics: &Diagnostics) -> Funds {
    let Some(mut table) = tree
        .open(PATH, diagnostics)
        .and_then(|file| Table::of_file(&file, diagnostics))
    else {
        return Funds::default();
    };
    let mut funds = BTreeMap::new();
    for mut entry in table.tables("fund") {
        entry.require(&["id", "name", "basis"]);
        let (id, name, basis) = (entry.text("id"), entry.text("name"), entry.text("basis"));
        let aliases = entry.texts("aliases").into_iter().map(Located::into_value).collect();
        entry.finish();
        let (Some(id), Some(name), Some(basis)) = (id, name, basis) else {
            continue;
        };
        if funds.contains_key(&*id) {
            id.report(diagnostics, format!("资金渠道“{}”写了两次", *id), "请删去一处");
        }
        let fund = Fund {
            id: id.to_string(),
            name: name.into_value(),
            aliases,
            basis: basis.into_value(),
        };
        funds.insert(id.into_value(), fund);
    }
    table.finish();
    Funds(funds)
}
