//! The facts of one case, out of a JSON file.

mod once_only;

use std::fs;
use std::path::Path;

use crate::failure::{Failure, reason};

/// Largest file of facts that is read.
const MAX_FACTS_BYTES: u64 = 4 << 20;

/// Reads a file of facts.
///
/// # Errors
/// [`Failure`] where it cannot be read, is no JSON, or says something twice.
pub(crate) fn read(path: &Path) -> Result<serde_json::Value, Failure> {
    let shown = path.display();
    let size = fs::metadata(path).map(|metadata| metadata.len());
    let unreadable =
        |error: &std::io::Error| Failure::new(format!("不能读取 {shown}：{}", reason(error)), "请确认路径和读取权限");
    match size {
        Ok(size) if size > MAX_FACTS_BYTES => {
            let message = format!("{shown} 有 {size} 字节，超过上限 {MAX_FACTS_BYTES} 字节");
            return Err(Failure::new(message, "一个文件只写一个对象的信息"));
        }
        Ok(_) => {}
        Err(error) => return Err(unreadable(&error)),
    }
    let text = fs::read_to_string(path).map_err(|error| unreadable(&error))?;
    let (facts, twice) = once_only::read(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let message = format!("{shown}:{}:{} 不是合格的 JSON", error.line(), error.column());
        Failure::new(message, "请检查引号、逗号和括号；小数和日期要加英文双引号")
    })?;
    match twice {
        Some(path) => Err(Failure::new(
            format!("{shown} 中“{path}”写了不止一次"),
            "每项只写一次，请删去多余的",
        )),
        None => Ok(facts),
    }
}
