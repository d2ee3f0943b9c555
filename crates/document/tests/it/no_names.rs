//! This crate knows the forms of documents and no city, unit or item of any document by name.

use std::path::Path;

/// Places, brands and units of the founding documents and of the samples. Common words that are also part of such
/// names (市人社局 is a form, not a name) are not here.
const NAMES: &[&str] = &[
    "慈溪", "宁波", "浙江", "鞍山", "辽宁", "资阳", "四川", "大足", "重庆", "双桥", "邮亭", "经发局", "布拖", "微担通",
    "丰大足", "留足就业", "临空经济区", "青禾", "岚江", "砚湖", "芦汀", "云岫", "澄泽", "映川", "望榆", "嵐川", "岚川",
    "个转企", "夜经济", "专推新", "灵活宝",
];

fn check(folder: &Path, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            check(&path, found);
            continue;
        }
        let text = std::fs::read_to_string(&path).unwrap();
        // What a file says below its own tests' line is an example, not knowledge.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        for name in NAMES {
            if code.contains(name) {
                found.push(format!("{}: {name}", path.display()));
            }
        }
    }
}

#[test]
fn the_source_names_no_place_unit_or_item_of_any_document() {
    let mut found = Vec::new();
    check(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
