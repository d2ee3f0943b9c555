//! Which tasks a ledger lists: of which region, unit or function.

use document::Role;

use super::Refused;
use super::duty::{Duty, Sources};
use crate::file::{meant, nearest};
use crate::pack::{Assignment, Task};
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
        /// As printed in the documents.
        names: Vec<String>,
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
    pub fn wants(&self, assignment: &Assignment, suggestion: Option<&Suggestion>) -> bool {
        let name = suggested_name(suggestion).unwrap_or(&assignment.unit);
        match &self.wanted {
            Wanted::All => true,
            Wanted::Unit { names, .. } => names.iter().any(|wanted| wanted == name || *wanted == *assignment.unit),
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

    /// The names by which the unit asked for is known: its own, those that only say more of its place, else an alias.
    fn find_unit(&mut self, asked: &str) -> Result<Wanted<'a>, Refused> {
        let units = &self.library.units;
        let known = self.names();
        let same: Vec<String> = known
            .iter()
            .filter(|name| units.is_same(name, asked))
            .cloned()
            .collect();
        if !same.is_empty() {
            return Ok(Wanted::Unit {
                asked: asked.to_owned(),
                names: same,
            });
        }
        let aliases: Vec<String> = known
            .iter()
            .filter(|name| units.is_alias(name, asked))
            .cloned()
            .collect();
        if !aliases.is_empty() {
            self.remarks.push(format!(
                "说明：文件中没有“{asked}”这一写法，按同一职能的“{}”列出",
                aliases.join("”“")
            ));
            return Ok(Wanted::Unit {
                asked: asked.to_owned(),
                names: aliases,
            });
        }
        let best = nearest(asked, known.iter().map(String::as_str), 3);
        let hint = if best.is_empty() {
            "请核对单位名称；不限单位时可看到全部单位".to_owned()
        } else {
            format!("最接近的是“{}”", best.join("”“"))
        };
        Err(Refused::new(format!("所列文件中没有单位“{asked}”"), hint))
    }

    /// Every unit named in the packs, and every one suggested.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        let mut add = |name: &str| {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        };
        for (pack, above) in &self.packs {
            for assignment in pack.tasks.iter().flat_map(|task: &Task| &task.assignments) {
                add(&assignment.unit);
                if let Some(name) = suggested_name(self.suggestion(assignment, *above).as_ref()) {
                    add(name);
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
