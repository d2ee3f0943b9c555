//! `packs/<SM3>/pack.json` of the home: the canonical bytes of every pack that a decision used, for replay.

use std::collections::BTreeMap;

use policy::file::Tree;
use rules::decision::Decision;
use rules::{receipt, replay};

use crate::failure::Failure;
use crate::home::Home;

fn path(sm3: &str) -> String {
    format!("packs/{sm3}/pack.json")
}

/// Keeps the packs of a decision that are not there yet.
///
/// # Errors
/// [`Failure`] where the home cannot be written.
pub(crate) fn keep(home: &Home, tree: &Tree, decision: &Decision) -> Result<(), Failure> {
    let contents: BTreeMap<String, String> = replay::contents(tree);
    for pack in &decision.packs {
        if let Some(content) = contents.get(&pack.id)
            && home.read(&path(&pack.sm3))?.is_none()
        {
            home.write(&path(&pack.sm3), content.as_bytes())?;
        }
    }
    Ok(())
}

/// The canonical bytes of a pack, from the home; `None` where it is not kept.
///
/// # Errors
/// [`Failure`] where the kept bytes no longer have the hash they are kept under.
pub(crate) fn find(home: &Home, id: &str, sm3: &str) -> Result<Option<String>, Failure> {
    let hexadecimal = sm3.len() == 64 && sm3.bytes().all(|b| b.is_ascii_hexdigit());
    let Some(bytes) = home.read(&path(sm3))?.filter(|_| hexadecimal) else {
        return Ok(None);
    };
    match String::from_utf8(bytes) {
        Ok(content) if receipt::sm3(content.as_bytes()) == sm3 => Ok(Some(content)),
        _ => Err(Failure::new(
            format!("数据文件夹中留存的政策文件“{id}”与其校验值 {sm3} 不符，内容已被改动"),
            "请从备份恢复 packs 文件夹",
        )),
    }
}
