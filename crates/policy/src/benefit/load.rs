//! `<pack>/benefits/*.toml`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::amend::Draft;
use super::{
    Benefit, CHANNELS, Citation, Condition, Exception, Implements, Judged, KINDS, Notice, Open, PAYEES, PER, Reading,
    Right, Status, Window, amount, history, parts,
};
use crate::Library;
use crate::file::{Diagnostics, Located, SourceFile, Table, Tree, meant};
use crate::reform::limits;

/// All benefits: each document's version of each id.
#[derive(Debug, Clone, Default)]
pub struct Benefits {
    /// Versions by benefit id, base first, then amendments by the day their document became known.
    pub by_id: BTreeMap<String, Vec<Benefit>>,
}

impl Benefits {
    /// All versions.
    pub fn all(&self) -> impl Iterator<Item = &Benefit> {
        self.by_id.values().flatten()
    }

    /// The versions of one benefit.
    pub fn versions(&self, id: &str) -> &[Benefit] {
        self.by_id.get(id).map_or(&[], Vec::as_slice)
    }
}

/// Reads every benefit of the tree. What is wrong is reported; a benefit that could be read is kept.
pub fn load(tree: &Tree, library: &Library, diagnostics: &Diagnostics) -> Benefits {
    let mut benefits = Benefits::default();
    let mut amendments = Vec::new();
    let paths: Vec<String> = tree
        .paths()
        .filter(|path| path.split('/').nth(1) == Some("benefits"))
        .map(str::to_owned)
        .collect();
    for path in &paths {
        let Some(pack) = path.split('/').next().filter(|pack| library.packs.contains_key(*pack)) else {
            continue;
        };
        let Some(mut table) = tree
            .open(path, diagnostics)
            .and_then(|file| Table::of_file(&file, diagnostics))
        else {
            continue;
        };
        let reader = Reader {
            pack: pack.to_owned(),
            diagnostics,
        };
        let draft = reader.draft(&mut table, true);
        reader.file_name(path, &draft);
        table.finish();
        match &draft.amends {
            Some(_) => amendments.push((reader, draft)),
            None => {
                if let Some(benefit) = draft.complete() {
                    add(&mut benefits, benefit, diagnostics);
                }
            }
        }
    }
    amendments.sort_by_key(|(reader, _)| known_from(library, &reader.pack));
    for (reader, draft) in amendments {
        let Some(amends) = draft.amends.clone() else {
            continue;
        };
        let target = amends.split_once('/');
        let base = target.and_then(|(pack, id)| benefits.versions(id).iter().find(|version| version.pack == pack));
        match base.cloned() {
            Some(base) => {
                let benefit = super::amended(&base, draft, &reader.pack);
                add(&mut benefits, benefit, diagnostics);
            }
            None => {
                let known: Vec<String> = benefits
                    .all()
                    .map(|benefit| format!("{}/{}", benefit.pack, *benefit.id))
                    .collect();
                let hint = meant(&amends, known.iter().map(String::as_str));
                amends.report(diagnostics, format!("没有可修改的补贴项目“{}”", *amends), hint);
            }
        }
    }
    check_references(&benefits, library, diagnostics);
    benefits
}

/// Reads one file of benefits as [`load`] does, beside those that are loaded: for trying a change of it out. `None` where
/// it is not complete.
pub fn load_one(file: &Arc<SourceFile>, pack: &str, benefits: &Benefits, diagnostics: &Diagnostics) -> Option<Benefit> {
    let mut table = Table::of_file(file, diagnostics)?;
    let reader = Reader {
        pack: pack.to_owned(),
        diagnostics,
    };
    let draft = reader.draft(&mut table, true);
    table.finish();
    let Some(amends) = &draft.amends else {
        return draft.complete();
    };
    let (pack, id) = amends.split_once('/')?;
    let base = benefits.versions(id).iter().find(|version| version.pack == pack)?;
    Some(super::amended(&base.clone(), draft, &reader.pack))
}

fn known_from(library: &Library, pack: &str) -> Option<civil::Day> {
    library
        .packs
        .get(pack)
        .and_then(|pack| pack.policy.known_from.as_ref())
        .map(|known| *known.date)
}

fn add(benefits: &mut Benefits, benefit: Benefit, diagnostics: &Diagnostics) {
    let versions = benefits.by_id.entry(benefit.id.to_string()).or_default();
    if versions
        .iter()
        .any(|known| known.pack == benefit.pack || benefit.amends.is_none())
    {
        let hint = "后来的文件修改前文时请写 amends = \"文件/项目\"";
        benefit
            .id
            .report(diagnostics, format!("补贴项目“{}”写了两次", *benefit.id), hint);
        return;
    }
    versions.push(benefit);
}

/// Citations and names of other benefits must exist.
pub(super) fn check_references(benefits: &Benefits, library: &Library, diagnostics: &Diagnostics) {
    for benefit in benefits.all() {
        if let Some(implements) = &benefit.implements {
            let parents = lineage(library, &benefit.pack);
            let known = benefits
                .versions(&implements.id)
                .iter()
                .any(|parent| parents[1..].contains(&parent.pack));
            if !known {
                let hint = meant(&implements.id, benefits.by_id.keys().map(String::as_str));
                implements
                    .id
                    .report(diagnostics, format!("上级文件中没有补贴项目“{}”", *implements.id), hint);
            }
        }
        let cites = std::iter::once(&benefit.cite)
            .chain(
                benefit
                    .conditions
                    .iter()
                    .filter_map(|condition| condition.cite.as_ref()),
            )
            .chain(benefit.local_rule.as_ref());
        for cite in cites {
            let Some(pack) = library.packs.get(&cite.document) else {
                let hint = meant(&cite.document, library.packs.keys().map(String::as_str));
                cite.item
                    .report(diagnostics, format!("没有政策文件“{}”", cite.document), hint);
                continue;
            };
            if pack.task(&cite.item).is_none() {
                let hint = meant(&cite.item, pack.tasks.iter().map(|task| task.id.as_str()));
                cite.item.report(
                    diagnostics,
                    format!("“{}”没有第“{}”项", cite.document, *cite.item),
                    hint,
                );
            }
        }
    }
}

/// A pack, its parent, and so on. A cycle of parents ends where it began.
pub fn lineage(library: &Library, pack: &str) -> Vec<String> {
    let mut line = vec![pack.to_owned()];
    let mut next = library.packs.get(pack);
    while let Some(parent) = next.and_then(|pack| pack.policy.parent.as_ref()) {
        if line.contains(&**parent) {
            break;
        }
        line.push(parent.to_string());
        next = library.packs.get(&**parent);
    }
    line
}

/// Reads one pack's files.
pub(super) struct Reader<'d> {
    pub(super) pack: String,
    pub(super) diagnostics: &'d Diagnostics,
}

impl Reader<'_> {
    /// The word's meaning, or a report with the nearest word.
    pub(super) fn one_of<T: Copy>(&self, word: &Located<String>, words: &[(&str, T)]) -> Option<T> {
        let found = words
            .iter()
            .find(|(known, _)| *known == word.as_str())
            .map(|(_, meaning)| *meaning);
        if found.is_none() {
            let hint = meant(
                word,
                words
                    .iter()
                    .map(|(known, _)| *known)
                    .collect::<Vec<_>>()
                    .iter()
                    .copied(),
            );
            word.report(self.diagnostics, format!("“{}”不在可用范围内", **word), hint);
        }
        found
    }

    /// True where `word` is one of `words`; else a report with the nearest.
    pub(super) fn among(&self, word: &Located<String>, words: &[&str]) -> bool {
        let known = words.contains(&word.as_str());
        if !known {
            word.report(
                self.diagnostics,
                format!("“{}”不在可用范围内", **word),
                meant(word, words.iter().copied()),
            );
        }
        known
    }

    /// A count as written; one below zero is reported.
    pub(super) fn count(&self, number: &Located<i64>) -> i64 {
        if let Err(wrong) = limits::count(**number) {
            number.report(self.diagnostics, wrong, "");
        }
        **number
    }

    /// Reports an id that stands twice.
    pub(super) fn unique<'a>(&self, ids: impl Iterator<Item = &'a Located<String>>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id.as_str()) {
                id.report(
                    self.diagnostics,
                    format!("编号“{}”用了两次", **id),
                    "同一补贴项目内编号不能重复",
                );
            }
        }
    }

    /// `cite = { document = "…", item = "…" }`; without a document it is this pack's.
    pub(super) fn cite(&self, table: &mut Table<'_>) -> Option<Citation> {
        self.citation(table, "cite")
    }

    fn citation(&self, table: &mut Table<'_>, key: &str) -> Option<Citation> {
        let mut inner = table.table(key)?;
        inner.require(&["item"]);
        let (document, item) = (inner.text("document"), inner.text("item"));
        inner.finish();
        Some(Citation {
            document: document.map_or_else(|| self.pack.clone(), Located::into_value),
            item: item?,
        })
    }

    fn file_name(&self, path: &str, draft: &Draft) {
        let name = path.rsplit('/').next().and_then(|name| name.strip_suffix(".toml"));
        if let (Some(id), Some(name)) = (&draft.id, name)
            && id.as_str() != name
        {
            id.report(
                self.diagnostics,
                format!("文件名是“{name}.toml”，编号是“{}”", **id),
                "文件名应与 id 一致",
            );
        }
    }

    /// The keys of a benefit as far as they are there; of a whole file those that every benefit needs must be.
    pub(super) fn draft(&self, table: &mut Table<'_>, is_whole: bool) -> Draft {
        let amends = table.text("amends");
        if is_whole && amends.is_none() {
            table.require(&[
                "id", "name", "kind", "right", "status", "payee", "channel", "per", "cite", "funding",
            ]);
        }
        let here = table.here();
        let mut draft = Draft {
            pack: self.pack.clone(),
            id: table.text("id"),
            name: table.text("name").map(Located::into_value),
            kind: table.word("kind", KINDS).map(Located::into_value),
            right: table
                .word(
                    "right",
                    &[
                        ("entitlement", Right::Entitlement),
                        ("discretionary", Right::Discretionary),
                        ("directive", Right::Directive),
                    ],
                )
                .map(Located::into_value),
            local_rule: self.citation(table, "local_rule"),
            status: table
                .word(
                    "status",
                    &[("computable", Status::Computable), ("delegated", Status::Delegated)],
                )
                .map(Located::into_value),
            payee: self.word_of(table, "payee", PAYEES),
            channel: self.word_of(table, "channel", CHANNELS),
            per: self.word_of(table, "per", PER),
            monthly: table.word("period", &[("month", true)]).map(Located::into_value),
            cite: self.cite(table),
            priority: table.integer("priority").map(|priority| *priority),
            effective: self.window(table, "effective"),
            claim_until: self.window(table, "claim_until"),
            once: history::once(self, table),
            amends,
            ..Draft::default()
        };
        draft.open = table.tables("open").into_iter().filter_map(open).collect();
        draft.at_most = table
            .tables("at_most")
            .into_iter()
            .filter_map(|inner| history::at_most(self, inner))
            .collect();
        draft.not_with = table
            .tables("not_with")
            .into_iter()
            .filter_map(|inner| history::not_with(self, inner))
            .collect();
        draft.notice = table.table("notice").and_then(|inner| self.notice(inner));
        draft.readings = table.tables("reading").into_iter().filter_map(reading).collect();
        draft.conditions = table
            .tables("condition")
            .into_iter()
            .filter_map(|inner| self.condition(inner))
            .collect();
        draft.amount = amount::amount(self, table);
        draft.months = amount::months(self, table);
        draft.loan = amount::loan(self, table);
        draft.credit = amount::credit(self, table);
        draft.award = amount::award(table);
        draft.staging = parts::staging(self, table);
        draft.shares = table
            .tables("share")
            .into_iter()
            .filter_map(|inner| parts::share(self, inner))
            .collect();
        draft.fund = table.table("funding").and_then(|mut inner| {
            inner.require(&["fund"]);
            let fund = inner.text("fund");
            inner.finish();
            fund
        });
        draft.region_fact = table.text("region_fact");
        draft.implements = table.table("implements").and_then(implements);
        draft.untranslated = table.tables("untranslated").into_iter().filter_map(judged).collect();
        self.unique(draft.conditions.iter().map(|condition| &condition.id));
        self.unique(draft.readings.iter().map(|reading| &reading.id));
        if draft.status == Some(Status::Delegated) && draft.open.is_empty() && draft.amends.is_none() {
            here.report(
                self.diagnostics,
                "写明 status = \"delegated\" 的，应列出缺哪些规定",
                "请写 [[open]] what = \"…\" set_by = \"…\"",
            );
        }
        draft
    }

    fn word_of(&self, table: &mut Table<'_>, key: &str, words: &[&str]) -> Option<String> {
        table
            .text(key)
            .filter(|word| self.among(word, words))
            .map(Located::into_value)
    }

    fn window(&self, table: &mut Table<'_>, key: &str) -> Option<Window> {
        let mut inner = table.table(key)?;
        inner.require(&["on"]);
        let (on, from, to) = (inner.text("on"), inner.date("from"), inner.date("to"));
        let text = inner.text("text").map(Located::into_value);
        let here = inner.here();
        inner.finish();
        if from.is_none() && to.is_none() {
            here.report(
                self.diagnostics,
                format!("“{key}”没有写起止日期"),
                "from、to 至少写一个；都没有就删去这一项",
            );
        }
        if let (Some(from), Some(to)) = (&from, &to)
            && **to < **from
        {
            to.report(self.diagnostics, "结束日早于开始日", "from 和 to 都包含在内");
        }
        Some(Window {
            on: on?,
            from: from.map(|day| *day),
            to: to.map(|day| *day),
            text,
        })
    }

    fn condition(&self, mut table: Table<'_>) -> Option<Condition> {
        table.require(&["id", "text", "when"]);
        let (id, text, when) = (table.text("id"), table.text("text"), table.text("when"));
        let cite = self.cite(&mut table);
        let exceptions: Vec<Exception> = table
            .tables("exception")
            .into_iter()
            .filter_map(|mut inner| {
                inner.require(&["id", "text", "if", "when"]);
                let (id, text, applies, when) = (
                    inner.text("id"),
                    inner.text("text"),
                    inner.text("if"),
                    inner.text("when"),
                );
                inner.finish();
                Some(Exception {
                    id: id?,
                    text: text?.into_value(),
                    applies: applies?,
                    when: when?,
                })
            })
            .collect();
        table.finish();
        self.unique(exceptions.iter().map(|exception| &exception.id));
        Some(Condition {
            id: id?,
            text: text?.into_value(),
            when: when?,
            cite,
            exceptions,
        })
    }

    fn notice(&self, mut table: Table<'_>) -> Option<Notice> {
        table.require(&["when", "basis"]);
        let when = table.text("when").filter(|when| {
            self.among(
                when,
                &["before-approval", "before-payment", "before-balance", "after-payment"],
            )
        });
        let days = table.integer("days").map(|days| *days);
        let working = table
            .word("unit", &[("working", true), ("calendar", false)])
            .is_some_and(|working| *working);
        let basis = table.text("basis");
        table.finish();
        Some(Notice {
            when: when?.into_value(),
            days,
            working,
            basis: basis?.into_value(),
        })
    }
}

fn open(mut table: Table<'_>) -> Option<Open> {
    table.require(&["what", "set_by"]);
    let (what, set_by, parameter) = (table.text("what"), table.text("set_by"), table.text("parameter"));
    table.finish();
    Some(Open {
        what: what?.into_value(),
        set_by: set_by?.into_value(),
        parameter,
    })
}

fn reading(mut table: Table<'_>) -> Option<Reading> {
    table.require(&["id", "text", "alternatives", "status"]);
    let (id, text) = (table.text("id"), table.text("text"));
    let alternatives = table
        .texts("alternatives")
        .into_iter()
        .map(Located::into_value)
        .collect();
    let status = table.word("status", &[("open", false), ("confirmed", true)]);
    if status.as_deref() == Some(&true) {
        table.require(&["confirmed_by", "confirmed_number", "confirmed_on"]);
    }
    let by = table.text("confirmed_by").map(Located::into_value);
    let number = table.text("confirmed_number").map(Located::into_value);
    let on = table.date("confirmed_on").map(|day| day.to_string());
    table.finish();
    let confirmed = by
        .zip(number)
        .zip(on)
        .map(|((by, number), on)| format!("{by}，{number}，{on}"));
    Some(Reading {
        id: id?,
        text: text?.into_value(),
        alternatives,
        confirmed,
    })
}

fn implements(mut table: Table<'_>) -> Option<Implements> {
    table.require(&["id"]);
    let (id, circle) = (table.text("id"), table.text("for"));
    table.finish();
    Some(Implements { id: id?, circle })
}

fn judged(mut table: Table<'_>) -> Option<Judged> {
    table.require(&["clause", "why", "decides"]);
    let (clause, why, decides) = (table.text("clause"), table.text("why"), table.text("decides"));
    table.finish();
    Some(Judged {
        clause: clause?.into_value(),
        why: why?.into_value(),
        decides: decides?.into_value(),
    })
}
