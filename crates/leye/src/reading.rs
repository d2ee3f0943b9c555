//! Reading many documents: on all cores, handed on in their order, none lost because another one is broken.

use std::fs::File;
use std::io::{self, IsTerminal as _, Read as _};
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use document::read::MAX_FILE_BYTES;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use policy::Units;
use policy::reading::{Understood, understand};

use crate::failure::{Failure, reason};
use crate::inputs::Input;

/// What came of one file.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Its path, as the user wrote it.
    pub(crate) file: String,
    /// What was understood, or in Chinese why nothing was.
    pub(crate) outcome: Result<Understood, String>,
}

/// Reads the files, names the function of each unit that `units` knows, and hands each to `each`, in their order. On a terminal a bar on standard error shows how far it is.
///
/// # Errors
/// Only those of `each`; a file that cannot be read is an outcome.
pub(crate) fn read_all(
    inputs: &[Input],
    units: &Units,
    mut each: impl FnMut(Reading) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let bar = progress_bar(inputs.len());
    // A few files a thread at a time: slow ones even out, and only so many results wait to be handed on.
    for batch in inputs.chunks(threads * 4) {
        for reading in read_batch(batch, units, threads, &bar) {
            bar.suspend(|| each(reading))?;
        }
    }
    bar.finish_and_clear();
    Ok(())
}

fn read_batch(batch: &[Input], units: &Units, threads: usize, bar: &ProgressBar) -> Vec<Reading> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(input) = batch.get(index) else {
                return done;
            };
            done.push((index, read_one(input, units)));
            bar.inc(1);
        }
    };
    if batch.len() == 1 {
        return work().into_iter().map(|(_, reading)| reading).collect();
    }
    let mut done: Vec<(usize, Reading)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(batch.len())).map(|_| scope.spawn(work)).collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|panic| resume_unwind(panic)))
            .collect()
    });
    done.sort_by_key(|&(index, _)| index);
    done.into_iter().map(|(_, reading)| reading).collect()
}

fn read_one(input: &Input, units: &Units) -> Reading {
    let outcome = match &input.obstacle {
        Some(obstacle) => Err(obstacle.clone()),
        None => read_bytes(&input.path).and_then(|bytes| understand(&bytes, units)),
    };
    Reading {
        file: input.path.display().to_string(),
        outcome,
    }
}

/// A file's bytes, no more of them than a document may have (a device never ends).
///
/// # Errors
/// Why there are none, in Chinese.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let most = MAX_FILE_BYTES as u64;
    let open = || -> io::Result<Option<Vec<u8>>> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        if size > most {
            return Ok(None);
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
        file.take(most + 1).read_to_end(&mut bytes)?;
        Ok((bytes.len() <= MAX_FILE_BYTES).then_some(bytes))
    };
    open()
        .map_err(|error| format!("文件打不开：{}。请检查路径、文件名和权限", reason(&error)))?
        .ok_or_else(|| {
            format!(
                "文件超过可读取的 {} MB。请确认是否选错文件，或将文件拆分后再读取",
                MAX_FILE_BYTES >> 20
            )
        })
}

fn progress_bar(files: usize) -> ProgressBar {
    if files < 2 || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("识别文件 [{bar:40}] {pos}/{len}") {
        Ok(style) => bar.with_style(style.progress_chars("=> ")),
        Err(_) => bar,
    }
}
