//! Any text as an expression over the built-in dictionary: parsed, checked, compiled and run on one empty row; errors point
//! into the text.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use policy::file::Tree;
use rules::catalogue::Catalogue;
use rules::kernel::{Columns, Workspace};
use rules::language::parse;
use rules::program::Builder;
use rules::typed::check;

static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();

fuzz_target!(|text: &str| {
    let catalogue = CATALOGUE.get_or_init(|| Catalogue::load(&Tree::built_in()));
    match parse(text).and_then(|syntax| check(&catalogue.vocabulary, &syntax)) {
        Err(error) => assert!(error.offset <= text.len() && text.is_char_boundary(error.offset)),
        Ok(typed) => {
            let mut builder = Builder::new(
                &catalogue.vocabulary,
                catalogue.latest_known(),
                Some(catalogue.latest_known()),
            );
            let register = builder.value(&typed);
            let (program, _) = builder.finish();
            if program.inputs.is_empty() {
                let mut workspace = Workspace::new(&program);
                let columns = Columns::without(1);
                workspace.begin(&columns, 0);
                workspace.run(&program, &columns, &program.needed(&[register]));
            }
        }
    }
});
