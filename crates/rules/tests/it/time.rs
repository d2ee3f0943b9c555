//! Coverage in time: on every day from 2019 to 2022 exactly one version of a benefit inside its window, none outside.

use arrow_buffer::{NullBuffer, ScalarBuffer};
use civil::{Day, Month};
use policy::file::Tree;
use rules::benefit::Origin;
use rules::catalogue::Catalogue;
use rules::engine::Engine;
use rules::kernel::{BLOCK, Column, Columns, Data, Workspace};
use rules::program::Register;
use rules::typed::Kind;

use crate::support::day;

/// A column of one day a row for the facts that decide the window; nothing known of anything else.
fn column(kind: Kind, dates: bool, days: &[Day]) -> Column {
    let values = |of: &dyn Fn(&Day) -> i32| days.iter().map(of).collect::<ScalarBuffer<i32>>();
    let unknown = || Some(NullBuffer::new_null(days.len()));
    match kind {
        Kind::Date => Column::new(
            Data::Medium(values(&|day| day.days_since_epoch())),
            if dates { None } else { unknown() },
        ),
        Kind::Month => Column::new(
            Data::Medium(values(&|day| Month::of(*day).first_day().days_since_epoch())),
            if dates { None } else { unknown() },
        ),
        Kind::Bool => Column::new(Data::Flags(days.iter().map(|_| false).collect()), unknown()),
        Kind::Code(_) => Column::new(Data::Small(days.iter().map(|_| 0).collect()), unknown()),
        kind if kind.is_narrow() => Column::new(Data::Long(days.iter().map(|_| 0).collect()), unknown()),
        _ => Column::new(Data::Huge(days.iter().map(|_| 0).collect()), unknown()),
    }
}

#[test]
fn each_day_has_exactly_one_version_inside_a_window_and_none_outside() {
    let catalogue = Catalogue::load(&Tree::built_in());
    let last = day("2022-12-31");
    let mut next = Some(day("2019-01-01"));
    let days: Vec<Day> = std::iter::from_fn(|| {
        let today = next.filter(|today| *today <= last)?;
        next = today.add_days(1);
        Some(today)
    })
    .collect();
    assert_eq!(days.len(), 1_461);
    let mut windows = 0;
    for id in catalogue.benefits.by_id.keys() {
        let (engine, findings) = Engine::compile_only(&catalogue, catalogue.latest_known(), None, [id.as_str()]);
        assert!(findings.is_empty(), "{findings:?}");
        let versions = &engine.benefits[id];
        windows += versions.iter().filter(|version| version.window.is_some()).count();
        let dating: Vec<u32> = versions
            .iter()
            .flat_map(|version| &version.conditions)
            .filter(|condition| condition.origin == Origin::Window)
            .flat_map(|condition| condition.facts.clone())
            .collect();
        let columns = engine.program.inputs.iter().map(|input| {
            let dates = input.fact.is_none_or(|fact| dating.contains(&fact));
            column(input.kind, dates, &days)
        });
        let columns = Columns::new(&engine.program, columns.collect()).expect("columns");
        let mut workspace = Workspace::new(&engine.program);
        for (start, block) in (0..).step_by(BLOCK).zip(days.chunks(BLOCK)) {
            workspace.begin(&columns, start);
            for version in versions {
                let window = version.window.map(Register::Mask);
                workspace.run(
                    &engine.program,
                    &columns,
                    &engine.program.needed(&window.into_iter().collect::<Vec<_>>()),
                );
            }
            for (row, today) in block.iter().enumerate() {
                let inside = |version: &&rules::benefit::Version| {
                    version
                        .window
                        .is_none_or(|window| workspace.truth(window, row) == Some(true))
                };
                let holding = versions.iter().filter(inside).count();
                let written = versions.iter().any(|version| {
                    let window = version.benefit.effective.as_ref();
                    window.is_none_or(|window| {
                        let by_month = catalogue
                            .vocabulary
                            .dictionary
                            .fact(&window.on)
                            .is_some_and(|fact| fact.kind == policy::fact::FactType::Month);
                        let date = if by_month {
                            Month::of(*today).first_day()
                        } else {
                            *today
                        };
                        window.from.is_none_or(|from| from <= date) && window.to.is_none_or(|to| date <= to)
                    })
                });
                assert_eq!(holding, usize::from(written), "{id} on {today}");
            }
        }
    }
    assert!(windows >= 20, "only {windows} windows");
}
