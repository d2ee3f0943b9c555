//! Tables and workbooks out of plain data. This crate knows no document, no policy and no register: whoever calls it
//! has already put everything into words.

pub mod chart;
pub mod form;
pub mod ledger;
pub mod roster;
mod sheet_name;
pub mod table;
pub mod wrap;
