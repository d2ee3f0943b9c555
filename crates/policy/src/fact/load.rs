//! `shared/facts.toml`.

use std::collections::BTreeMap;

use super::{Code, CodeList, Dictionary, Fact, FactType, Sensitivity, WhenAbsent};
use crate::file::{Diagnostics, Located, Table, Tree, Value, meant};

/// Where the dictionary stands.
const PATH: &str = "shared/facts.toml";

/// Reads the dictionary; without the file it is empty, and that is reported.
pub fn load(tree: &Tree, diagnostics: &Diagnostics) -> Dictionary {
    let Some(file) = tree.open(PATH, diagnostics) else {
        return Dictionary::default();
    };
    let Some(mut table) = Table::of_file(&file, diagnostics) else {
        return Dictionary::default();
    };
    let lists: BTreeMap<String, CodeList> = table
        .table("codes")
        .map(code_lists)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, list)| (name.into_value(), list))
        .collect();
    let concerns = table.table("concerns").map(concerns).unwrap_or_default();
    let mut facts: BTreeMap<String, Fact> = BTreeMap::new();
    for entry in table.tables("fact") {
        if let Some(fact) = fact(entry, &lists) {
            if facts.contains_key(&fact.name) {
                fact.report(diagnostics, format!("信息项“{}”写了两次", fact.name), "请删去一处");
            }
            facts.insert(fact.name.clone(), fact.into_value());
        }
    }
    table.finish();
    Dictionary::new(facts.into_values(), lists).with_concerns(concerns)
}

/// `[concerns]`: an entity and the words by which a citizen says that it concerns them.
fn concerns(table: Table<'_>) -> Vec<(String, String)> {
    let diagnostics = table.diagnostics();
    let mut found = Vec::new();
    for (entity, value) in table.into_entries() {
        let Value::Text(words) = value else {
            entity.report(
                diagnostics,
                format!("“{}”应写一句话", *entity),
                "如 loan = \"办了或想办创业贷款\"",
            );
            continue;
        };
        if !ENTITIES.contains(&entity.as_str()) {
            let hint = meant(&entity, ENTITIES.iter().copied());
            entity.report(diagnostics, format!("没有“{}”这类对象", *entity), hint);
        }
        check_words(&words, diagnostics);
        let place = entity.place();
        found.push(((place.line, place.column), entity.into_value(), words.into_value()));
    }
    found.sort_by_key(|(place, ..)| *place);
    found.into_iter().map(|(_, entity, words)| (entity, words)).collect()
}

/// Longest text that is shown to a citizen as a question or beneath one.
const MOST_WORDS: usize = 60;

/// Words for a citizen: there are some, they fit a phone, and they name no identifier.
fn check_words(words: &Located<String>, diagnostics: &Diagnostics) {
    if words.trim().is_empty() || words.chars().count() > MOST_WORDS {
        let message = format!("写给群众看的话应为 1 至 {MOST_WORDS} 字");
        words.report(diagnostics, message, "请用一句平常的话写清楚");
    } else if words.contains('_') {
        words.report(diagnostics, "写给群众看的话里有代号", "请改用平常的话");
    }
}

/// `[codes]`: closed lists of words by name.
pub(crate) fn code_lists(codes: Table<'_>) -> Vec<(Located<String>, CodeList)> {
    let diagnostics = codes.diagnostics();
    let mut lists = Vec::new();
    for (name, value) in codes.into_entries() {
        if let Value::Table(words) = value {
            lists.push((name, list(words)));
        } else {
            name.report(
                diagnostics,
                "选项表应逐项写明",
                "如 small = { no = 2, label = \"小型\" }",
            );
        }
    }
    lists
}

fn list(words: Table<'_>) -> CodeList {
    let diagnostics = words.diagnostics();
    let mut list = CodeList::default();
    for (code, value) in words.into_entries() {
        let Value::Table(mut word) = value else {
            code.report(
                diagnostics,
                format!("“{}”应写明编号和名称", *code),
                "如 { no = 2, label = \"小型\" }",
            );
            continue;
        };
        word.require(&["no", "label"]);
        let (number, label) = (word.integer("no"), word.text("label"));
        let also = word.texts("also");
        word.finish();
        for word in &also {
            let same = |known: &Code| known.label == **word || known.also.contains(&**word);
            if list.codes.iter().any(same) {
                word.report(diagnostics, format!("“{}”是两个选项的写法", **word), "请只归入一个选项");
            }
        }
        let (Some(number), Some(label)) = (number, label) else {
            continue;
        };
        let Some(small) = i16::try_from(*number).ok().filter(|no| *no > 0) else {
            number.report(diagnostics, "选项编号应在 1 至 32767 之间", "");
            continue;
        };
        if list.numbered(small).is_some() {
            number.report(
                diagnostics,
                format!("编号 {small} 用了两次"),
                "编号一经使用不得改变或重用",
            );
        }
        list.codes.push(Code {
            code: code.into_value(),
            number: small,
            label: label.into_value(),
            also: also.into_iter().map(Located::into_value).collect(),
        });
    }
    list.codes.sort_by_key(|code| code.number);
    list
}

fn fact(mut table: Table<'_>, lists: &BTreeMap<String, CodeList>) -> Option<Located<Fact>> {
    let diagnostics = table.diagnostics();
    table.require(&["name", "type", "label", "register", "sensitivity"]);
    let name = table.text("name");
    let kind = fact_type(&mut table, lists);
    let label = table.text("label");
    let question = table.text("question");
    let hint = table.text("hint");
    let unit = table.text("unit").map(Located::into_value);
    let register = table.text("register");
    let sensitivity = table.word(
        "sensitivity",
        &[
            ("open", Sensitivity::Open),
            ("personal", Sensitivity::Personal),
            ("sensitive", Sensitivity::Sensitive),
        ],
    );
    let when_absent = table.word(
        "when_absent",
        &[
            ("unknown", WhenAbsent::Unknown),
            ("no", WhenAbsent::No),
            ("zero", WhenAbsent::Zero),
            ("none", WhenAbsent::None),
        ],
    );
    let min = table.integer("min");
    let derived = table.flag("derived").is_some_and(|flag| *flag);
    let advances = table.flag("advances").is_some_and(|flag| *flag);
    table.finish();
    question
        .iter()
        .chain(&hint)
        .for_each(|words| check_words(words, diagnostics));
    if let (None, Some(hint)) = (&question, &hint) {
        hint.report(diagnostics, "有 hint 而没有 question", "请写明 question，或删去 hint");
    }
    let (name, kind) = (name?, kind?);
    if let Some(question) = &question
        && !question.ends_with('？')
    {
        question.report(diagnostics, format!("“{}”的 question 不是问句", *name), "请以“？”结尾");
    }
    check_name(&name, &kind, diagnostics);
    if let Some(absent) = &when_absent {
        let fits = match **absent {
            WhenAbsent::Unknown | WhenAbsent::None => true,
            WhenAbsent::No => kind == FactType::Bool,
            WhenAbsent::Zero => matches!(kind, FactType::Int | FactType::Fen | FactType::Decimal),
        };
        if !fits {
            absent.report(
                diagnostics,
                format!("“{}”的类型是{}，when_absent 不能这样写", *name, kind.label()),
                "no 只用于是否，zero 只用于数和金额",
            );
        }
    }
    if let Some(min) = &min
        && !matches!(kind, FactType::Int | FactType::Fen | FactType::Decimal)
    {
        min.report(
            diagnostics,
            format!("“{}”不是数，不能写 min", *name),
            "min 只用于整数、小数和金额",
        );
    }
    if advances && kind != FactType::Int {
        name.report(
            diagnostics,
            format!("“{}”不是整数，不能写 advances", *name),
            "advances 只用于按月累计的月数",
        );
    }
    Some(name.clone().map(|name| Fact {
        name,
        kind,
        label: label.map_or_else(String::new, Located::into_value),
        question: question.map(Located::into_value),
        hint: hint.map(Located::into_value),
        unit,
        min: min.map_or(0, |min| *min),
        register: register.map_or_else(String::new, Located::into_value),
        sensitivity: sensitivity.map_or(Sensitivity::Sensitive, Located::into_value),
        when_absent: when_absent.map_or(WhenAbsent::Unknown, Located::into_value),
        derived,
        advances,
    }))
}

/// `type`, and for a code its `codes`.
pub(crate) fn fact_type(table: &mut Table<'_>, lists: &BTreeMap<String, CodeList>) -> Option<FactType> {
    let diagnostics = table.diagnostics();
    let word = table.word(
        "type",
        &[
            ("int", 0_u8),
            ("fen", 1),
            ("decimal", 2),
            ("bool", 3),
            ("date", 4),
            ("month", 5),
            ("code", 6),
            ("region", 7),
        ],
    )?;
    let list = table.text("codes");
    if *word == 6 {
        let Some(list) = list else {
            word.report(diagnostics, "选项类信息项缺少 codes", "请写明用哪一张选项表");
            return None;
        };
        if !lists.contains_key(&*list) {
            list.report(
                diagnostics,
                format!("没有选项表“{}”", *list),
                meant(&list, lists.keys().map(String::as_str)),
            );
            return None;
        }
        return Some(FactType::Code(list.into_value()));
    }
    if let Some(list) = list {
        list.report(diagnostics, "只有 type = \"code\" 才写 codes", "请删去");
    }
    Some(match *word {
        0 => FactType::Int,
        1 => FactType::Fen,
        2 => FactType::Decimal,
        3 => FactType::Bool,
        4 => FactType::Date,
        5 => FactType::Month,
        _ => FactType::Region,
    })
}

/// Entities that facts may be about, in the design's closed list.
pub(crate) const ENTITIES: &[&str] = &[
    "person", "household", "employer", "employment", "contribution", "unemployment", "training", "internship",
    "startup", "loan", "post", "placement", "institution", "region", "claim",
];

fn check_name(name: &Located<String>, kind: &FactType, diagnostics: &Diagnostics) {
    let plain = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    match name.split_once('.') {
        Some((entity, rest)) if plain(entity) && plain(rest) => {
            if !ENTITIES.contains(&entity) {
                name.report(
                    diagnostics,
                    format!("没有“{entity}”这类对象"),
                    meant(entity, ENTITIES.iter().copied()),
                );
            }
        }
        _ => name.report(
            diagnostics,
            format!("信息项名称“{}”不合规", **name),
            "写作 对象.名称，用小写英文、数字和下划线，如 employer.size",
        ),
    }
    if name.ends_with("_fen") != (*kind == FactType::Fen) {
        name.report(
            diagnostics,
            format!("“{}”与类型不符", **name),
            "金额信息项的名称以 _fen 结尾，其他信息项不以 _fen 结尾",
        );
    }
}
