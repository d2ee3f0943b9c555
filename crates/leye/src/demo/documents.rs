//! The first half of the demo: sample documents become a ledger of duties.

use std::path::Path;

use document::{Deadline, Extraction, Role};
use policy::reading::{Understood, understand};
use report::ledger::Sheets;

use crate::extract::{print_ledger, write_ledger};
use crate::failure::{DONE, Failure, SOME_UNREADABLE};
use crate::packs;
use crate::reading::Reading;
use crate::samples::DOCUMENTS;
use crate::screen::Screen;

/// Tasks of each document that are printed; the workbook has them all.
const SHOWN_TASKS: usize = 5;

/// Extracts every sample, prints its ledger in short, and writes the workbook of all of them. A sample that is there in
/// several formats is printed once; of the others it is said whether the tasks are the same.
pub(super) fn show(screen: &mut Screen, to: &Path) -> Result<u8, Failure> {
    let units = packs::units(None)?;
    let samples: Vec<&[Sample]> = DOCUMENTS
        .chunk_by(|(one, _), (next, _)| stem(one) == stem(next))
        .collect();
    screen.line(&format!(
        "演示一：识别随程序附带的 {} 份样例文件，生成责任台账。样例均为自拟，不是真实文件。",
        samples.len()
    ))?;
    let mut code = DONE;
    let mut shown: Vec<Reading> = Vec::new();
    for formats in samples {
        let readings: Vec<Reading> = formats
            .iter()
            .map(|(name, bytes)| Reading {
                file: (*name).to_owned(),
                outcome: understand(bytes, &units),
            })
            .collect();
        screen.line("")?;
        for reading in &readings {
            if let Err(error) = &reading.outcome {
                code = SOME_UNREADABLE;
                screen.remark(&format!("读不出样例 {}：{error}", reading.file))?;
            }
        }
        let mut readable = readings.into_iter().filter(|reading| reading.outcome.is_ok());
        if let Some(first) = readable.next() {
            print_sample(screen, &first, &readable.collect::<Vec<_>>())?;
            shown.push(first);
        }
    }
    screen.line("")?;
    screen.line(&write_ledger(&to.join("责任台账.xlsx"), &shown, Sheets::Whole)?)?;
    Ok(code)
}

/// Name and bytes of a sample.
type Sample = (&'static str, &'static [u8]);

/// A sample's name without its format: what is the same document.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn print_sample(screen: &mut Screen, first: &Reading, others: &[Reading]) -> Result<(), Failure> {
    let Ok(understood) = &first.outcome else {
        return Ok(());
    };
    print_ledger(screen, &first.file, understood, SHOWN_TASKS)?;
    for other in others {
        let Ok(Understood { extraction, .. }) = &other.outcome else {
            continue;
        };
        let verdict = if duties(extraction).eq(duties(&understood.extraction)) {
            "任务一致"
        } else {
            "任务不一致"
        };
        screen.line(&format!("同一文件的另一格式 {}：{verdict}", other.file))?;
    }
    Ok(())
}

/// Who must do what by when, without where in the file it stands.
fn duties(extraction: &Extraction) -> impl Iterator<Item = (&str, Vec<(&str, Role)>, &Deadline)> {
    extraction.tasks.iter().map(|task| {
        let units = task
            .assignments
            .iter()
            .map(|assignment| (assignment.unit.as_str(), assignment.role));
        (task.no.as_str(), units.collect(), &task.deadline)
    })
}
