//! Which tasks a ledger lists: of which region, unit or function.

use document::Role;

use super::duty::{Duty, Sources};
use super::names::{Names, behind_place, code_of, keys, with_place};
use super::{Instead, Refused};
use crate::file::{meant, nearest};
use crate::pack::Assignment;
use crate::regions::Region;
use crate::suggest::Suggestion;
use crate::units::Function;
use crate::{Library, Pack};

/// What was asked for.
#[derive(Debug)]
pub struct Scope<'a> {
    /// The packs.
    pub library: &'a Library,
    /// The region asked for.
    pub region: Option<&'a Region>,
    /// Packs in order; true for those of a region above the one asked for.
    pub packs: Vec<(&'a Pack, bool)>,
    /// Which units' tasks.
    pub wanted: Wanted<'a>,
    /// What the user should know, in Chinese.
    pub remarks: Vec<String>,
    names: Names,
}

/// Which units' tasks a ledger lists.
#[derive(Debug)]
pub enum Wanted<'a> {
    /// Everybody's.
    All,
    /// Those of units with these names, all names of one unit.
    Unit {
        /// As asked for.
        asked: String,
        /// As printed in the documents: code of the region, name.
        names: Vec<(String, String)>,
    },
    /// Those of units with this function.
    Function(&'a Function),
}

impl<'a> Scope<'a> {
    /// Understands the three options; what is unknown is refused with the nearest names.
    ///
    /// # Errors
    /// [`Refused`] where the region, the unit or the function is not known, or no document is for the region.
    pub fn of(
        library: &'a Library,
        region: Option<&str>,
        unit: Option<&str>,
        function: Option<&str>,
    ) -> Result<Self, Refused> {
        let region = region.map(|text| find_region(library, text)).transpose()?;
        let packs = packs(library, region)?;
        let mut scope = Self {
            library,
            region,
            names: Names::of(library, packs.iter().map(|(pack, _)| *pack)),
            packs,
            wanted: Wanted::All,
            remarks: Vec::new(),
        };
        if let Some(text) = function {
            scope.wanted = Wanted::Function(find_function(library, text)?);
        }
        if let Some(text) = unit {
            scope.wanted = scope.find_unit(text)?;
        }
        Ok(scope)
    }

    /// The tasks asked for, in the order of the packs.
    pub fn duties(&self, sources: &Sources<'_>) -> Vec<Duty<'a>> {
        let mut duties = Vec::new();
        for (pack, above) in &self.packs {
            for task in &pack.tasks {
                let duty = Duty::new(self, sources, pack, task, *above);
                if duty.concerns(self) {
                    duties.push(duty);
                }
            }
        }
        duties
    }

    /// True where the assignment is one that was asked for; for a parent's task, by the unit suggested for it.
    pub fn wants(&self, pack: &Pack, assignment: &Assignment, suggestion: Option<&Suggestion>) -> bool {
        let own = self.region.map_or("", |region| region.code.as_str());
        let suggested = suggested_name(suggestion);
        match &self.wanted {
            Wanted::All => true,
            Wanted::Unit { names, .. } => names.iter().any(|(code, name)| {
                (code == code_of(pack) && *name == *assignment.unit)
                    || (code == own && suggested == Some(name.as_str()))
            }),
            Wanted::Function(function) => self
                .library
                .units
                .function_of(&assignment.unit)
                .is_some_and(|known| *known.id == *function.id),
        }
    }

    /// Who of the child region might take up what this assignment says; only for tasks from above.
    pub fn suggestion(&self, assignment: &Assignment, above: bool) -> Option<Suggestion> {
        let child = self.region.filter(|_| above)?;
        Some(self.library.suggest(&assignment.unit, child))
    }

    /// The name under which a unit that a document names stands: all names of one unit of a region are one.
    pub fn unit_name<'n>(&'n self, pack: &Pack, name: &'n str) -> &'n str {
        self.names.shown(code_of(pack), name)
    }

    /// The same for a unit suggested in the region asked for.
    pub(super) fn suggested_unit_name<'n>(&'n self, name: &'n str) -> &'n str {
        self.names
            .shown(self.region.map_or("", |region| region.code.as_str()), name)
    }

    /// By what to ask for the unit of a pack's region and for no other: with the place, unless a region is asked for.
    pub(super) fn asking_name(&self, pack: &Pack, name: &str) -> String {
        match (self.region, self.library.regions.get(code_of(pack))) {
            (None, Some(region)) => with_place(region, name),
            _ => name.to_owned(),
        }
    }

    /// The names by which the unit asked for is known: its own, those that only say more of its place, else an alias.
    fn find_unit(&mut self, asked: &str) -> Result<Wanted<'a>, Refused> {
        let units = &self.library.units;
        let known = self.names();
        let regions = &self.library.regions;
        let same: Vec<(String, String)> = known
            .iter()
            .filter(|(code, name)| self.is_asked(code, name, asked))
            .cloned()
            .collect();
        if !same.is_empty() {
            return Ok(Wanted::Unit {
                asked: asked.to_owned(),
                names: same,
            });
        }
        let aliases: Vec<(String, String)> = known
            .iter()
            .filter(|(code, name)| self.may_be_in(code, asked) && units.is_alias(name, asked))
            .cloned()
            .collect();
        if !aliases.is_empty() {
            let mut names: Vec<&str> = aliases.iter().map(|(_, name)| name.as_str()).collect();
            names.dedup();
            self.remarks.push(format!(
                "说明：文件中没有“{asked}”这一写法，按同一职能的“{}”列出",
                names.join("”“")
            ));
            return Ok(Wanted::Unit {
                asked: asked.to_owned(),
                names: aliases,
            });
        }
        let mut refused = Refused::new(format!("所列文件中没有单位“{asked}”"), "");
        refused.instead = self.collectives_of(asked);
        if refused.instead.is_empty() {
            let best = nearest(asked, known.iter().map(|(_, name)| name.as_str()), 3);
            refused.hint = if best.is_empty() {
                "请核对单位名称；不限单位时可看到全部单位".to_owned()
            } else {
                format!("最接近的是“{}”", best.join("”“"))
            };
        } else {
            let ways = refused.instead.iter().map(|one| {
                let place = one.region.as_ref().and_then(|code| regions.get(code));
                let place = place.map_or("", |region| region.name.as_str());
                format!("{place}“{}”（{} 项）", one.unit, one.tasks)
            });
            refused.hint = format!(
                "镇、乡、街道的任务写在集合名称下，请改查{}",
                ways.collect::<Vec<_>>().join("、")
            );
        }
        Err(refused)
    }

    /// True where a name of a region's documents is the unit asked for.
    fn is_asked(&self, code: &str, name: &str, asked: &str) -> bool {
        let region = self.library.regions.get(code);
        let own = keys(self.library, region, name);
        let mut wanted = keys(self.library, region, asked);
        // 慈溪市团市委: the place before a name that has no word for its level.
        wanted.extend(
            region
                .and_then(|region| behind_place(self.library, region, asked))
                .map(str::to_owned),
        );
        own.iter().any(|key| wanted.contains(key))
    }

    /// True where a name of a pack's document is the unit asked for.
    pub(super) fn is_unit_asked(&self, pack: &Pack, name: &str) -> bool {
        match &self.wanted {
            Wanted::Unit { asked, names } => {
                let code = code_of(pack);
                self.is_asked(code, name, asked) || names.iter().any(|(of, known)| of == code && known == name)
            }
            _ => false,
        }
    }

    /// False where the name asked for says a place that is not this region.
    fn may_be_in(&self, code: &str, asked: &str) -> bool {
        let regions = &self.library.regions;
        let mut places = regions
            .iter()
            .filter(|place| asked.starts_with(place.name.as_str()))
            .peekable();
        places.peek().is_none() || places.any(|place| regions.is_within(code, &place.code))
    }

    /// Names of groups to which a town or a street belongs, with how many tasks they have.
    fn collectives_of(&self, asked: &str) -> Vec<Instead> {
        const ENDS: [&str; 8] = [
            "街道", "镇", "乡", "街道办事处", "镇人民政府", "乡人民政府", "镇政府", "乡政府",
        ];
        let mut found: Vec<Instead> = Vec::new();
        if asked.starts_with('各') || !ENDS.iter().any(|end| asked.ends_with(end)) {
            return found;
        }
        for (pack, above) in self
            .packs
            .iter()
            .filter(|(pack, _)| self.may_be_in(code_of(pack), asked))
        {
            if *above {
                continue;
            }
            for task in &pack.tasks {
                let mut counted: Vec<&str> = Vec::new();
                for assignment in &task.assignments {
                    let name = assignment.unit.as_str();
                    let is_of_towns = self.library.units.collective_level(name) == Some("township")
                        || assignment.collective && name.contains(['镇', '乡', '街']);
                    if !is_of_towns || counted.contains(&name) {
                        continue;
                    }
                    counted.push(name);
                    let region = pack.policy.region.as_ref().map(|code| code.to_string());
                    match found.iter_mut().find(|one| one.region == region && one.unit == name) {
                        Some(one) => one.tasks += 1,
                        None => found.push(Instead {
                            region,
                            unit: name.to_owned(),
                            tasks: 1,
                        }),
                    }
                }
            }
        }
        found
    }

    /// Every unit named in the packs, and every one suggested, each with the code of its region.
    fn names(&self) -> Vec<(String, String)> {
        let mut names: Vec<(String, String)> = Vec::new();
        let mut add = |code: &str, name: &str| {
            if !names.iter().any(|(of, known)| of == code && known == name) {
                names.push((code.to_owned(), name.to_owned()));
            }
        };
        let own = self.region.map_or("", |region| region.code.as_str());
        for (pack, above) in &self.packs {
            for assignment in pack.tasks.iter().flat_map(|task| &task.assignments) {
                add(code_of(pack), &assignment.unit);
                if let Some(name) = suggested_name(self.suggestion(assignment, *above).as_ref()) {
                    add(own, name);
                }
            }
        }
        names
    }
}

/// The unit a suggestion names, if it names one.
pub fn suggested_name(suggestion: Option<&Suggestion>) -> Option<&str> {
    match suggestion? {
        Suggestion::Unit { name, .. } | Suggestion::Government { name } => Some(name),
        Suggestion::Vertical | Suggestion::Open => None,
    }
}

/// The weightiest role first.
pub const ROLES: [Role; 3] = [Role::Lead, Role::Responsible, Role::Support];

fn find_region<'a>(library: &'a Library, text: &str) -> Result<&'a Region, Refused> {
    if let Some(region) = library.regions.get(text) {
        return Ok(region);
    }
    let mut named = library.regions.named(text);
    match (named.next(), named.next()) {
        (Some(region), None) => Ok(region),
        (Some(_), Some(_)) => {
            let codes: Vec<String> = library
                .regions
                .named(text)
                .map(|region| region.code.to_string())
                .collect();
            Err(Refused::new(
                format!("名为“{text}”的地区有 {} 个", codes.len()),
                format!("请改用区划代码：{}", codes.join("、")),
            ))
        }
        _ => Err(Refused::new(format!("没有地区“{text}”"), library.regions.hint(text))),
    }
}

fn find_function<'a>(library: &'a Library, text: &str) -> Result<&'a Function, Refused> {
    library.units.function(text).ok_or_else(|| {
        let names: Vec<&str> = library
            .units
            .functions()
            .flat_map(|function| [function.name.as_str(), function.id.as_str()])
            .collect();
        // What a clerk types may be a unit's short name: 人社 is 人力资源社会保障 to everybody but the edit distance.
        let by_unit = library
            .units
            .function_of(text)
            .or_else(|| library.units.function_of(&format!("{text}局")));
        let hint = match by_unit {
            Some(function) => format!("最接近的是“{}”（{}）", function.name, *function.id),
            None => meant(text, names.iter().copied()),
        };
        Refused::new(format!("没有职能“{text}”"), hint)
    })
}

/// All packs, or those of the region and of the regions it lies in.
fn packs<'a>(library: &'a Library, region: Option<&'a Region>) -> Result<Vec<(&'a Pack, bool)>, Refused> {
    let Some(region) = region else {
        return Ok(library.packs.values().map(|pack| (pack, false)).collect());
    };
    let chain = library.regions.chain(&region.code);
    let packs: Vec<(&Pack, bool)> = chain
        .iter()
        .enumerate()
        .flat_map(|(distance, region)| library.packs_of(&region.code).map(move |pack| (pack, distance > 0)))
        .collect();
    if packs.is_empty() {
        let covered = library.packs.values().filter_map(|pack| pack.policy.region.as_ref());
        let mut covered: Vec<String> = covered
            .filter_map(|code| library.regions.get(code))
            .map(|region| format!("{} {}", *region.code, region.name))
            .collect();
        covered.dedup();
        return Err(Refused::new(
            format!("没有适用于“{}”（{}）的政策文件", region.name, *region.code),
            format!("有文件的地区：{}", covered.join("、")),
        ));
    }
    Ok(packs)
}
