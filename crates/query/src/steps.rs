//! A query in steps: what it names `AS MATERIALIZED` is worked out once.
//!
//! The engine puts a common table expression in wherever it is named, and works it out each time: a query that counts a
//! hundred million rows into a few and joins these with themselves would count twice. PostgreSQL has the words for it,
//! which the engine does not know.

use datafusion::sql::sqlparser::ast::{Cte, CteAsMaterialized, Query, Statement};
use datafusion::sql::sqlparser::dialect::PostgreSqlDialect;
use datafusion::sql::sqlparser::parser::Parser;

/// One expression to be worked out before what follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The table that its rows are to be kept as.
    pub table: String,
    /// The query, which reads the tables of steps before.
    pub sql: String,
}

/// A query in steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// What is kept, in order.
    pub kept: Vec<Step>,
    /// The query itself, which reads what was kept.
    pub last: String,
}

/// The steps of a query. One that cannot be read is one step as it stands: whoever runs it will say what is wrong.
pub fn steps(sql: &str) -> Steps {
    let (mut kept, mut before) = (Vec::new(), Vec::new());
    let Some((tables, rest)) = materialized(sql) else {
        return Steps {
            kept,
            last: sql.to_owned(),
        };
    };
    for (table, is_kept) in tables {
        let name = table.alias.name.clone();
        before.push(table.to_string());
        if is_kept {
            let table = format!("{}_kept", name.value);
            kept.push(Step {
                sql: format!("WITH {} SELECT * FROM {name}", before.join(", ")),
                table: table.clone(),
            });
            before.pop();
            before.push(format!("{name} AS (SELECT * FROM \"{table}\")"));
        }
    }
    Steps {
        kept,
        last: format!("WITH {} {rest}", before.join(", ")),
    }
}

/// The query as one statement that the engine knows, to be planned only.
pub fn plain(sql: &str) -> String {
    let Some((tables, rest)) = materialized(sql) else {
        return sql.to_owned();
    };
    let tables: Vec<String> = tables.into_iter().map(|(table, _)| table.to_string()).collect();
    format!("WITH {} {rest}", tables.join(", "))
}

/// The common table expressions of a query, each with whether it is to be kept, and what follows them; nothing where none
/// is. Those of inner queries are left as they are.
fn materialized(sql: &str) -> Option<(Vec<(Cte, bool)>, Query)> {
    // Nearly all say nothing of it.
    if !sql.to_ascii_uppercase().contains("MATERIALIZED") {
        return None;
    }
    let mut statements = Parser::parse_sql(&PostgreSqlDialect {}, sql).ok()?;
    let (Some(Statement::Query(mut query)), None) = (statements.pop(), statements.pop()) else {
        return None;
    };
    let tables = query.with.take().filter(|with| !with.recursive)?.cte_tables;
    let tables = tables.into_iter().map(|mut table| {
        let is_kept = table.materialized.take() == Some(CteAsMaterialized::Materialized);
        (table, is_kept)
    });
    Some((tables.collect(), *query))
}

#[cfg(test)]
mod tests {
    use super::{Step, plain, steps};

    #[test]
    fn what_is_materialized_is_kept_and_what_follows_reads_it() {
        let sql = "WITH a AS (SELECT k FROM t), b AS MATERIALIZED (SELECT k FROM a WHERE d <= $as_of), \
                   c AS NOT MATERIALIZED (SELECT k FROM b) SELECT x.k FROM b x JOIN c ON c.k = x.k ORDER BY x.k";
        let steps = steps(sql);
        assert_eq!(
            steps.kept,
            [Step {
                table: "b_kept".to_owned(),
                sql: "WITH a AS (SELECT k FROM t), b AS (SELECT k FROM a WHERE d <= $as_of) SELECT * FROM b".to_owned(),
            }]
        );
        assert_eq!(
            steps.last,
            "WITH a AS (SELECT k FROM t), b AS (SELECT * FROM \"b_kept\"), c AS (SELECT k FROM b) \
             SELECT x.k FROM b x JOIN c ON c.k = x.k ORDER BY x.k"
        );
        assert_eq!(
            plain(sql),
            "WITH a AS (SELECT k FROM t), b AS (SELECT k FROM a WHERE d <= $as_of), c AS (SELECT k FROM b) \
             SELECT x.k FROM b x JOIN c ON c.k = x.k ORDER BY x.k"
        );
    }

    #[test]
    fn whatever_else_stays_as_it_stands() {
        for sql in [
            "SELECT 1", "WITH a AS (SELECT 1) SELECT * FROM a", "WITH a AS MATERIALIZED (SELECT 1",
            "DROP TABLE materialized", "SELECT 1; SELECT 'materialized'",
        ] {
            assert_eq!(steps(sql).last, sql);
            assert!(steps(sql).kept.is_empty());
            assert_eq!(plain(sql), sql);
        }
    }
}
