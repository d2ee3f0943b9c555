//! Units of government: from a printed name to its function.
//!
//! A name is a place and a stem: 市财政局 is 市 + 财政局, 重庆市大足区财政局 is 重庆市大足区 + 财政局, 人行某某市支行
//! holds its place in the middle. The table lists stems by function and, whole, the names that a stem cannot explain.
//! A name that fits two functions, or none, stays unresolved.

use std::collections::{BTreeMap, BTreeSet};

use civil::Day;
use document::Extraction;

use crate::file::Located;

/// A function in government: what a unit is there for, whatever it is called in this city.
#[derive(Debug, Clone)]
pub struct Function {
    /// Stable id: `human-resources`.
    pub id: Located<String>,
    /// Its name on screen: 人力资源社会保障.
    pub name: String,
    /// Unit names without their place, first the usual one.
    pub stems: Vec<String>,
}

/// A unit listed by its whole name.
#[derive(Debug, Clone)]
pub struct NamedUnit {
    /// Its name.
    pub name: Located<String>,
    /// Id of its function.
    pub function: Located<String>,
    /// True where it answers to its own ministry and not to the local government.
    pub vertical: bool,
}

/// A unit's name that gave way to another.
#[derive(Debug, Clone)]
pub struct Successor {
    /// The old stem.
    pub from: Located<String>,
    /// The new stem.
    pub to: Located<String>,
    /// From when.
    pub since: Day,
}

/// The unit table.
#[derive(Debug, Clone, Default)]
pub struct Units {
    pub(crate) functions: BTreeMap<String, Function>,
    /// Stem → ids of the functions that claim it.
    pub(crate) stems: BTreeMap<String, BTreeSet<String>>,
    pub(crate) named: BTreeMap<String, NamedUnit>,
    pub(crate) successors: Vec<Successor>,
    /// Name of a group → the level it means, as the table says it.
    pub(crate) collectives: BTreeMap<String, String>,
    /// Names of regions, with and without the word for their level.
    pub(crate) places: BTreeSet<String>,
}

/// Characters that end the name of a place.
const PLACE_ENDS: [char; 9] = ['省', '市', '区', '县', '州', '盟', '旗', '镇', '乡'];
/// Words that end the name of a place or of its government.
const PLACE_END_WORDS: [&str; 5] = ["街道", "兵团", "管委会", "人民政府", "政府"];
/// Words that stand for a place.
const PLACE_WORDS: [&str; 12] = [
    "国家", "全国", "中央", "各级", "各地", "地方", "省级", "市级", "区级", "县级", "本级", "市本级",
];
/// Longest place before a stem, in characters.
const MAX_PLACE_CHARACTERS: usize = 14;
/// Longest bare name of a place (大足, 呼和浩特), in characters.
const MAX_BARE_PLACE_CHARACTERS: usize = 4;
/// No unit's name is longer; looking for places inside one takes time by the square of its length.
const MAX_NAME_BYTES: usize = 180;
/// What a field unit ends in, after the name of its place: 某市生态环境局某某分局.
const BRANCH_ENDS: [&str; 8] = ["分局", "支局", "分行", "支行", "支队", "大队", "办事处", "分中心"];

impl Units {
    /// The function with this id or this Chinese name.
    pub fn function(&self, id_or_name: &str) -> Option<&Function> {
        self.functions
            .get(id_or_name)
            .or_else(|| self.functions.values().find(|function| function.name == id_or_name))
    }

    /// All functions, by id.
    pub fn functions(&self) -> impl Iterator<Item = &Function> {
        self.functions.values()
    }

    /// The function of the unit with this name; `None` where the name is unknown or fits several.
    pub fn function_of(&self, name: &str) -> Option<&Function> {
        self.find(name, self.table_places()).map(|found| found.function)
    }

    /// The stem by which a name is known: 人力资源社会保障厅 of 省人力资源社会保障厅. `None` for units listed whole.
    pub fn stem_of(&self, name: &str) -> Option<&str> {
        self.find(name, self.table_places())?.stem
    }

    /// True where two names are one unit in one region: the same, or one of them only says more of the place
    /// (慈溪市税务局, 市税务局). 经开区财政局 is not 区财政局: 经开区 is no region.
    pub fn is_same(&self, a: &str, b: &str) -> bool {
        let (a, b) = (folded(a), folded(b));
        if a == b {
            return true;
        }
        let (long, short) = if a.len() > b.len() { (&a, &b) } else { (&b, &a) };
        let Some(level) = short.chars().next().filter(|c| PLACE_ENDS.contains(c)) else {
            return false;
        };
        let place = long.strip_suffix(short.as_str()).map(|more| format!("{more}{level}"));
        place.is_some_and(|place| self.is_region(&place)) && self.have_one_function(&a, &b)
    }

    /// A name and the second one that its bracket adds where one unit has two plates: 区农业农村委, 区扶贫办 of
    /// 区农业农村委（区扶贫办）. A bracket that says anything else is part of the name.
    pub fn plates(&self, name: &str) -> (String, Option<String>) {
        let name = folded(name);
        if let Some(main) = without_bracket(&name)
            && let Some(inside) = name[main.len()..].strip_prefix('（')
            && let Some(inside) = inside.strip_suffix('）')
        {
            let is_branch = BRANCH_ENDS.iter().any(|end| inside.ends_with(end));
            let names_a_unit = self.function_of(inside).is_some() || inside.starts_with(PLACE_ENDS);
            let (second, main) = (inside.to_owned(), main.to_owned());
            if names_a_unit && !is_branch && self.collective_level(&name).is_none() && !main.starts_with('各') {
                return (main, Some(second));
            }
        }
        (name, None)
    }

    /// True where two names stand for the same function of the same place (市人社局, 市人力社保局): one unit under two
    /// names, unless a region has two with one function.
    pub fn is_alias(&self, a: &str, b: &str) -> bool {
        let place = |name: &str| {
            let stem = self.stem_of(name)?;
            folded(name).strip_suffix(stem).map(str::to_owned)
        };
        let (Some(one), Some(other)) = (place(a), place(b)) else {
            return false;
        };
        let (long, short) = if one.len() > other.len() {
            (&one, &other)
        } else {
            (&other, &one)
        };
        let is_one_place =
            long == short || short.chars().count() == 1 && long.ends_with(short.as_str()) && self.is_region(long);
        is_one_place && !short.is_empty() && self.have_one_function(a, b)
    }

    fn have_one_function(&self, a: &str, b: &str) -> bool {
        match (self.function_of(a), self.function_of(b)) {
            (Some(one), Some(other)) => *one.id == *other.id,
            _ => false,
        }
    }

    /// True for the name of a region, alone or after those it lies in.
    fn is_region(&self, name: &str) -> bool {
        self.places.contains(name)
            || name
                .char_indices()
                .any(|(at, _)| name[..at].ends_with(PLACE_ENDS) && self.places.contains(&name[at..]))
    }

    /// True where the unit answers to its own ministry and not to the local government.
    pub fn is_vertical(&self, name: &str) -> bool {
        self.named.get(&folded(name)).is_some_and(|unit| unit.vertical)
    }

    /// The level a group's name means (`township` of 各镇), where the name is that of a group.
    pub fn collective_level(&self, name: &str) -> Option<&str> {
        self.collectives.get(&folded(name)).map(String::as_str)
    }

    /// The name in use on `day` of a unit printed under an older one; `None` where nothing changed, or where the name
    /// gave way to several.
    pub fn successor(&self, name: &str, day: Day) -> Option<String> {
        let mut current = folded(name);
        let mut changed = false;
        // A chain of successors is followed; the bound ends a loop of bad data.
        for _ in 0..8 {
            let fits = |successor: &&Successor| {
                successor.since <= day
                    && current
                        .strip_suffix(successor.from.as_str())
                        .is_some_and(|place| is_place(place, self.table_places()))
            };
            // A name listed whole goes before its stem.
            let Some(length) = self.successors.iter().filter(fits).map(|way| way.from.len()).max() else {
                break;
            };
            let mut ways = self
                .successors
                .iter()
                .filter(fits)
                .filter(|way| way.from.len() == length);
            let Some(way) = ways.next() else { break };
            if ways.next().is_some() {
                return None;
            }
            let place = current.strip_suffix(way.from.as_str()).unwrap_or_default();
            current = format!("{place}{}", *way.to);
            changed = true;
        }
        changed.then_some(current)
    }

    /// Fills `function` of every assignment whose unit is known. Places that the document itself names count as known.
    pub fn resolve(&self, extraction: &mut Extraction) {
        let mut here = BTreeSet::new();
        add_places_of(extraction, &mut here);
        let places = Places {
            table: &self.places,
            here: &here,
        };
        for assignment in extraction.tasks.iter_mut().flat_map(|task| &mut task.assignments) {
            assignment.function = self
                .find(&assignment.unit, places)
                .map(|found| found.function.id.to_string());
        }
    }

    /// The places of the table alone.
    fn table_places(&self) -> Places<'_> {
        const NOWHERE: &BTreeSet<String> = &BTreeSet::new();
        Places {
            table: &self.places,
            here: NOWHERE,
        }
    }

    fn find<'a>(&'a self, name: &str, places: Places<'_>) -> Option<Found<'a>> {
        let name = folded(name);
        if name.len() > MAX_NAME_BYTES {
            return None;
        }
        let spellings = [Some(name.as_str()), without_bracket(&name)];
        spellings
            .into_iter()
            .flatten()
            .find_map(|spelling| self.find_spelling(spelling, places))
    }

    fn find_spelling<'a>(&'a self, name: &str, places: Places<'_>) -> Option<Found<'a>> {
        if let Some(unit) = self.named.get(name) {
            return Some(Found {
                function: self.functions.get(unit.function.as_str())?,
                stem: None,
            });
        }
        if let Some(found) = self.find_after_place(name, places) {
            return found;
        }
        self.find_around_place(name, places).or_else(|| {
            // 某市生态环境局某某分局: the unit without the name of its branch.
            let branch = BRANCH_ENDS.iter().find_map(|end| name.strip_suffix(end))?;
            let starts: Vec<usize> = branch.char_indices().map(|(at, _)| at).collect();
            (1..=MAX_BARE_PLACE_CHARACTERS + 1)
                .rev()
                .filter_map(|length| starts.len().checked_sub(length).map(|at| starts[at]))
                .find_map(|at| self.find_after_place(&branch[..at], places).flatten())
        })
    }

    /// The longest stem that ends the name with a place before it. `Some(None)` where that stem is ambiguous.
    fn find_after_place<'a>(&'a self, name: &str, places: Places<'_>) -> Option<Option<Found<'a>>> {
        name.char_indices().find_map(|(at, _)| {
            let (stem, claims) = self.stems.get_key_value(&name[at..])?;
            is_place(&name[..at], places).then(|| self.single(stem, claims))
        })
    }

    /// A stem whose place stands inside it: 人行 某某市 中心支行.
    fn find_around_place<'a>(&'a self, name: &str, places: Places<'_>) -> Option<Found<'a>> {
        let starts: Vec<usize> = name.char_indices().map(|(at, _)| at).chain([name.len()]).collect();
        for (index, from) in starts.iter().enumerate().skip(1) {
            for to in starts.iter().skip(index + 2).take(MAX_PLACE_CHARACTERS) {
                let stem = format!("{}{}", &name[..*from], &name[*to..]);
                let Some((stem, claims)) = self.stems.get_key_value(&stem) else {
                    continue;
                };
                if *to < name.len() && is_place(&name[*from..*to], places) {
                    return self.single(stem, claims);
                }
            }
        }
        None
    }

    fn single<'a>(&'a self, stem: &'a str, claims: &'a BTreeSet<String>) -> Option<Found<'a>> {
        let mut claims = claims.iter();
        match (claims.next(), claims.next()) {
            (Some(only), None) => Some(Found {
                function: self.functions.get(only)?,
                stem: Some(stem),
            }),
            _ => None,
        }
    }
}

/// Names that are known to be places.
#[derive(Debug, Clone, Copy)]
struct Places<'p> {
    /// Those of the table of regions.
    table: &'p BTreeSet<String>,
    /// Those the document at hand names.
    here: &'p BTreeSet<String>,
}

impl Places<'_> {
    fn contains(&self, name: &str) -> bool {
        self.table.contains(name) || self.here.contains(name)
    }
}

struct Found<'a> {
    function: &'a Function,
    stem: Option<&'a str>,
}

/// White space removed, brackets full-width and round.
fn folded(name: &str) -> String {
    name.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| match c {
            '(' | '〔' | '[' | '［' => '（',
            ')' | '〕' | ']' | '］' => '）',
            c => c,
        })
        .collect()
}

/// The name before a bracket that only adds another one: 区农业农村委（区扶贫办）.
fn without_bracket(name: &str) -> Option<&str> {
    let (before, after) = name.split_once('（')?;
    (after.ends_with('）') && !before.is_empty()).then_some(before)
}

/// True where `text` can stand before a stem as the place of the unit; nothing at all can.
fn is_place(text: &str, places: Places<'_>) -> bool {
    if text.is_empty() || PLACE_WORDS.contains(&text) || places.contains(text) {
        return true;
    }
    if text.chars().count() > MAX_PLACE_CHARACTERS || !text.chars().all(is_name_character) {
        return false;
    }
    text.ends_with(PLACE_ENDS)
        || PLACE_END_WORDS.iter().any(|word| text.ends_with(word))
        // 某某市某某: a place with its level, then a bare one the table or the document knows.
        || text.char_indices().any(|(at, _)| text[..at].ends_with(PLACE_ENDS) && places.contains(&text[at..]))
}

fn is_name_character(c: char) -> bool {
    c.is_alphanumeric() && !c.is_ascii_punctuation()
}

/// Adds a region's name, with and without the word for its level.
pub(crate) fn add_place(name: &str, places: &mut BTreeSet<String>) {
    places.insert(name.to_owned());
    const LEVEL_WORDS: [&str; 12] = [
        "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "新区", "省", "市", "区", "县", "旗",
    ];
    if let Some(bare) = LEVEL_WORDS.iter().find_map(|word| name.strip_suffix(word))
        && bare.chars().count() >= 2
    {
        places.insert(bare.to_owned());
    }
}

/// Adds the places that a document names in its header: its region, its issuer, its title.
fn add_places_of(extraction: &Extraction, places: &mut BTreeSet<String>) {
    let header = &extraction.document;
    let parts = extraction
        .parts
        .iter()
        .flat_map(|part| [part.title.as_deref(), part.issuer.as_deref()]);
    let texts = [
        header.region.as_deref(),
        header.issuer.as_deref(),
        header.title.as_deref(),
    ];
    for text in texts.into_iter().chain(parts).flatten() {
        let mut start = 0;
        for (at, c) in text.char_indices() {
            if !is_name_character(c) {
                start = at + c.len_utf8();
            } else if matches!(c, '省' | '市' | '区' | '县' | '州' | '旗') {
                let end = at + c.len_utf8();
                let length = text[start..at].chars().count();
                if (2..=MAX_BARE_PLACE_CHARACTERS).contains(&length) {
                    add_place(&text[start..end], places);
                }
                start = end;
            }
        }
    }
}
