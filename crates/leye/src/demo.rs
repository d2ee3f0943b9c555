//! `leye demo`: what the program does, shown on the sample documents that are part of it.

use std::fs;
use std::path::Path;

use report::ledger::Sheets;

use crate::extract::{print_ledger, write_ledger};
use crate::failure::{DONE, Failure, SOME_UNREADABLE, reason};
use crate::reading::{Reading, understand};
use crate::samples::DOCUMENTS;
use crate::screen::Screen;

pub(crate) const USAGE: &str = "leye demo [选项]";

/// Where the demo writes.
const FOLDER: &str = "leye-demo";
/// Tasks of each document that are printed; the workbook has them all.
const SHOWN_TASKS: usize = 5;

/// Arguments of `leye demo`: none.
#[derive(Debug, clap::Args)]
pub(crate) struct Demo {}

impl Demo {
    /// Extracts every sample, prints its ledger in short, and writes the workbook of all of them.
    pub(crate) fn run(&self, screen: &mut Screen) -> Result<u8, Failure> {
        screen.line(&format!(
            "演示：识别随程序附带的 {} 份样例文件，生成责任台账。样例均为自拟，不是真实文件。",
            DOCUMENTS.len()
        ))?;
        let mut code = DONE;
        let mut readings = Vec::new();
        for (name, bytes) in DOCUMENTS {
            let reading = Reading {
                file: (*name).to_owned(),
                outcome: understand(bytes),
            };
            screen.line("")?;
            match &reading.outcome {
                Ok(understood) => print_ledger(screen, name, understood, SHOWN_TASKS)?,
                Err(error) => {
                    code = SOME_UNREADABLE;
                    screen.remark(&format!("读不出样例 {name}：{error}"))?;
                }
            }
            readings.push(reading);
        }
        screen.line("")?;
        fs::create_dir_all(FOLDER).map_err(|error| {
            Failure::new(
                format!("文件夹 ./{FOLDER} 建不了：{}", reason(&error)),
                "请换一个可以写入的文件夹再运行",
            )
        })?;
        let path = Path::new(".").join(FOLDER).join("责任台账.xlsx");
        screen.line(&write_ledger(&path, &readings, Sheets::Whole)?)?;
        Ok(code)
    }
}
