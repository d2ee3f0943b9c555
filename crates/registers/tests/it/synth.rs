//! The synthetic region: its targets, its truth file, its determinism, and the figures of the county city.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use civil::{Day, RegionCode, ResidentId};
use registers::synth::targets::{TARGETS, WHOLE};
use registers::synth::{self, Plan, Summary, SynthError};

use crate::tiny::schema;

const PEOPLE: u32 = 30_000;

/// For each target a count, and what it is a share of.
type Counts = BTreeMap<&'static str, (usize, usize)>;

fn plan(people: u32, seed: u64, threads: usize) -> Plan {
    Plan {
        region: RegionCode::parse("330282").expect("a region"),
        people,
        seed,
        as_of: Day::new(2020, 12, 31).expect("a day"),
        threads,
    }
}

fn write(plan: &Plan) -> (tempfile::TempDir, Summary) {
    let (_, registers) = schema();
    let folder = tempfile::tempdir().expect("a folder");
    let summary = synth::write(plan, &registers, folder.path()).expect("a region");
    (folder, summary)
}

/// The rows of a register as its file has them, by the Chinese headers.
struct Sheet {
    header: Vec<String>,
    text: String,
}

impl Sheet {
    fn open(folder: &Path, register: &str) -> Self {
        let text = fs::read_to_string(folder.join(format!("{register}.csv"))).expect("a csv");
        let header = text.lines().next().expect("a header").trim_start_matches('\u{feff}');
        let header = header.split(',').map(str::to_owned).collect();
        Self { header, text }
    }

    fn rows(&self) -> impl Iterator<Item = Vec<&str>> {
        self.text.lines().skip(1).map(|line| line.split(',').collect())
    }

    /// Counts rows by the named columns.
    fn count(&self, columns: &str, wanted: impl Fn(&[&str]) -> bool) -> usize {
        let places: Vec<usize> = columns.split(' ').map(|name| self.place(name)).collect();
        self.rows()
            .filter(|row| wanted(&places.iter().map(|place| row[*place]).collect::<Vec<_>>()))
            .count()
    }

    fn place(&self, name: &str) -> usize {
        self.header
            .iter()
            .position(|header| header == name)
            .unwrap_or_else(|| panic!("no column {name}"))
    }
}

/// Counts for the targets, each with what it is a share of.
fn measured(folder: &Path, people: usize) -> Counts {
    let sheet = |register| Sheet::open(folder, register);
    let mut found = BTreeMap::new();
    let person = sheet("person");
    let all = person.rows().count();
    found.insert("men", (person.count("性别", |c| c[0] == "男"), all));
    let bands = [
        (16, 24, "age-16-24"),
        (25, 34, "age-25-34"),
        (35, 44, "age-35-44"),
        (45, 54, "age-45-54"),
        (55, 59, "age-55-59"),
        (60, 69, "age-60-69"),
    ];
    let as_of = Day::new(2020, 12, 31).expect("a day");
    for (from, to, id) in bands {
        let inside = |c: &[&str]| {
            let birth = Day::parse(c[0]).expect("a birth date");
            (from..=to).contains(&civil::age(birth, as_of).expect("an age"))
        };
        found.insert(id, (person.count("出生日期", inside), all));
    }
    found.insert("migrants", (person.count("户籍地", |c| c[0] != "330282"), all));
    found.insert(
        "students",
        (
            sheet("household-member").count("成员情况", |c| c[0] == "在校学生"),
            people,
        ),
    );
    contributions(&sheet("contribution"), people, &mut found);
    work(folder, people, &mut found);
    let share = |register, columns: &str, wanted: &dyn Fn(&[&str]) -> bool| {
        (Sheet::open(folder, register).count(columns, wanted), people)
    };
    found.insert(
        "graduates",
        share("graduate", "毕业日期（在校生为预计毕业日期）", &|c| {
            c[0] <= "2020-12-31"
        }),
    );
    let skilled = sheet("certificate");
    let high = skilled.count("职业技能等级", |c| ["高级技师", "技师", "高级工"].contains(&c[0]));
    found.insert("skilled", (skilled.rows().count(), people));
    found.insert("high-skilled", (high, skilled.rows().count()));
    for (id, register) in [
        ("veterans", "veteran"),
        ("disabled", "disabled"),
        ("low-income", "hardship"),
        ("hard-to-employ", "hard-to-employ"),
        ("interns", "internship"),
        ("posts", "post"),
        ("placed", "placement"),
        ("loans", "loan"),
    ] {
        found.insert(id, (sheet(register).rows().count(), people));
    }
    found.insert("trained", share("training", "班次编号", &|c| !c[0].starts_with("B9")));
    found.insert("founders", share("startup", "注销日期", &|c| c[0].is_empty()));
    found.insert(
        "new-startups",
        share("startup", "登记注册日", &|c| c[0] >= "2018-01-01"),
    );
    employers(folder, people, &mut found);
    found
}

fn contributions(sheet: &Sheet, people: usize, found: &mut Counts) {
    let (mut now, mut alone, mut first, mut unpaid, mut rows, mut two) = (0, 0, 0, 0, 0, 0);
    let mut last_person = String::new();
    let mut employers: BTreeSet<String> = BTreeSet::new();
    for row in sheet.rows() {
        let (person, employer, month) = (row[0], row[1], row[2]);
        rows += 1;
        unpaid += usize::from(row[8] == "否");
        if month == "2020-12" {
            if employer.is_empty() { alone += 1 } else { now += 1 }
        }
        first += usize::from(month == "2018-01" && !employer.is_empty());
        if person != last_person {
            two += usize::from(employers.len() > 1);
            employers.clear();
            person.clone_into(&mut last_person);
        }
        if !employer.is_empty() {
            employers.insert(employer.to_owned());
        }
    }
    found.insert("insured", (now, people));
    found.insert("insured-alone", (alone, people));
    found.insert("insured-at-first", (first, people));
    found.insert("unpaid", (unpaid, rows));
    found.insert("two-employers", (two, people));
}

fn work(folder: &Path, people: usize, found: &mut Counts) {
    let employment = Sheet::open(folder, "employment");
    let hired: BTreeSet<&str> = employment
        .rows()
        .filter(|row| row[2] >= "2020-01-01")
        .map(|row| row[0])
        .collect();
    found.insert("contracts-of-the-year", (hired.len(), people));
    let unemployment = Sheet::open(folder, "unemployment");
    let unemployed = unemployment.count("注销日期", |c| c[0].is_empty());
    let flexible = Sheet::open(folder, "flexible-work").rows().count();
    let founders = Sheet::open(folder, "startup").count("注销日期", |c| c[0].is_empty());
    let force = found["insured"].0 + flexible + founders + unemployed;
    found.insert("unemployed", (unemployed, people));
    found.insert("unemployment-rate", (unemployed, force));
    found.insert("registrations", (unemployment.rows().count(), people));
    let history = Sheet::open(folder, "benefit-history");
    let months = history.count("补贴项目 发放日期", |c| c[0] == "dz-ui" && c[1] >= "2018-07-01");
    found.insert("benefit-months", (months, people));
}

fn employers(folder: &Path, people: usize, found: &mut Counts) {
    let insurance = Sheet::open(folder, "employer-insurance");
    let place = insurance.place("参保职工人数");
    let mut staff: Vec<usize> = insurance
        .rows()
        .map(|row| row[place].parse().expect("a number"))
        .filter(|n| *n > 0)
        .collect();
    staff.sort_unstable_by(|one, other| other.cmp(one));
    found.insert("employers", (staff.len(), people));
    found.insert(
        "small-employers",
        (staff.iter().filter(|n| **n <= 30).count(), staff.len()),
    );
    found.insert("tail", (staff[9], staff[99]));
    let employer = Sheet::open(folder, "employer");
    let all = employer.rows().count();
    found.insert(
        "manufacturing",
        (employer.count("行业代码", |c| c[0].starts_with('C')), all),
    );
    found.insert("enterprises", (employer.count("单位类型", |c| c[0] == "企业"), all));
}

/// One region for all that is measured: what was counted for the targets, and the ratios of the county city.
///
/// `LEYE_REGION` names the folder of one that was written before, as large as it may be.
static REGION: LazyLock<(Counts, Vec<Ratio>)> = LazyLock::new(|| {
    if let Some(folder) = std::env::var_os("LEYE_REGION") {
        let folder = Path::new(&folder);
        let people = Sheet::open(folder, "household-member").rows().count();
        let found = measured(folder, people);
        let ratios = ratios(folder, &found);
        return (found, ratios);
    }
    let (folder, _) = write(&plan(PEOPLE, 1, 2));
    let found = measured(folder.path(), PEOPLE as usize);
    let ratios = ratios(folder.path(), &found);
    (found, ratios)
});

/// What, ours, against what; published, against what; tolerance in per cent.
type Ratio = (&'static str, usize, usize, usize, usize, usize);

#[test]
fn every_target_is_held_within_five_per_cent() {
    let found = &REGION.0;
    let mut missed = Vec::new();
    for target in TARGETS {
        let (count, whole) = found
            .get(target.id)
            .copied()
            .unwrap_or_else(|| panic!("{} is not measured", target.id));
        let (is, should) = (count * WHOLE, target.value * whole);
        if is.abs_diff(should) * 20 > should {
            missed.push(format!(
                "{}: {} of {WHOLE}, not {}",
                target.id,
                is / whole.max(1),
                target.value
            ));
        }
    }
    assert!(missed.is_empty(), "{missed:#?}");
    assert_eq!(found.len(), TARGETS.len(), "what is measured is a target");
}

/// Every byte of every file, by name.
fn bytes(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read(path).expect("a file"))
        })
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_bytes_with_any_number_of_threads() {
    // More people than one stretch has, so that threads really share the work.
    let one = bytes(write(&plan(9_000, 7, 1)).0.path());
    for threads in [2, 5] {
        let other = bytes(write(&plan(9_000, 7, threads)).0.path());
        for (name, bytes) in &one {
            assert!(other.get(name) == Some(bytes), "{name} differs with {threads} threads");
        }
    }
    let different = bytes(write(&plan(9_000, 8, 2)).0.path());
    assert_ne!(one["person.csv"], different["person.csv"]);
}

#[test]
fn each_line_of_the_truth_file_points_at_a_row_that_is_wrong_in_that_way() {
    let (folder, summary) = write(&plan(9_000, 3, 2));
    let truth = fs::read_to_string(folder.path().join("truth.jsonl")).expect("the truth");
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for line in truth.lines() {
        let entry: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let text = |key: &str| entry[key].as_str().expect("text").to_owned();
        let (kind, register, who) = (text("kind"), text("register"), text("who"));
        let row = usize::try_from(entry["row"].as_u64().expect("a row")).expect("a row");
        let file = fs::read_to_string(folder.path().join(format!("{register}.csv"))).expect("a csv");
        let lines: Vec<&str> = file.lines().collect();
        let cells: Vec<&str> = lines[row - 1].split(',').collect();
        assert!(
            cells.contains(&who.as_str()),
            "{kind}: row {row} of {register} is not of {who}"
        );
        let right = match kind.as_str() {
            "check-digit" => ResidentId::parse(cells[0]).is_err(),
            "two-ids" => cells[0].len() == 15,
            "impossible-date" => cells.contains(&"2020-02-30"),
            "duplicate-row" => lines[row - 1] == lines[row - 2],
            "dangling-reference" => !fs::read_to_string(folder.path().join("employer.csv"))
                .expect("a csv")
                .contains(cells[1]),
            "three-decimals" => cells.contains(&"800.125"),
            "text-number" => cells.contains(&"十二个月"),
            "deceased-insured" => cells.contains(&"死亡"),
            "owner-draws-benefit" => !cells[4].is_empty() && cells[6].is_empty(),
            "double-insurance" => {
                let same = |line: &&&str| line.starts_with(&format!("{who},")) && line.contains(cells[2]);
                lines.iter().filter(same).count() == 2
            }
            "shell-firm" => cells[4] >= "2020-10-01",
            "in-prison" => cells[1] < "2020-12-01",
            "pension-drawn" => cells[1] < "2020-12-01" && cells[2] == "是",
            "insured-elsewhere" => cells[2] == "2020-12" && cells[8] == "是",
            "unlinked-ids" => lines.iter().filter(|line| line.contains(cells[5])).count() == 2,
            "shared-account" => lines.iter().filter(|line| line.contains(cells[10])).count() == 4,
            "overlap" => {
                let of_person = lines.iter().map(|line| line.split(',').collect::<Vec<_>>());
                let mut others = of_person.filter(|other| other[1] == who && other[0] != cells[0]);
                others.any(|other| !other[4].is_empty() && other[4] <= cells[5] && cells[4] <= other[5])
            }
            other => panic!("an unknown kind {other}"),
        };
        assert!(right, "{kind}: row {row} of {register} is right: {}", lines[row - 1]);
        *kinds.entry(kind).or_default() += 1;
    }
    assert_eq!(kinds.len(), 17, "every kind is planted: {kinds:?}");
    assert!(summary.planted.iter().all(|(kind, count)| kinds[*kind] == *count));
}

#[test]
fn ids_are_of_province_99_and_all_ids_and_codes_but_the_planted_ones_are_right() {
    let (folder, summary) = write(&plan(2_000, 5, 2));
    let (mut wrong, mut seen) = (0, BTreeSet::new());
    for row in Sheet::open(folder.path(), "person").rows() {
        match ResidentId::parse(row[0]) {
            Ok(id) => {
                assert_eq!(u64::from(id.issued_in() / 10_000), synth::PROVINCE);
                seen.insert(id);
            }
            Err(_) => wrong += 1,
        }
    }
    let twice = usize::try_from(summary.planted["unlinked-ids"]).expect("a few");
    assert_eq!((seen.len(), wrong), (2_000 + twice, summary.planted["check-digit"]));
    for row in Sheet::open(folder.path(), "employer").rows() {
        assert!(civil::CreditCode::parse(row[0]).is_ok(), "{}", row[0]);
    }
}

#[test]
fn students_are_no_graduates_yet_and_some_fresh_graduates_have_no_work() {
    let (folder, _) = write(&plan(9_000, 5, 2));
    let graduate = Sheet::open(folder.path(), "graduate");
    let columns = "高校毕业生 高校在校生 毕业日期（在校生为预计毕业日期）";
    let wrong = |c: &[&str]| (c[0] == "是") != (c[2] <= "2020-12-31") || (c[0] == "是") == (c[1] == "是");
    assert_eq!(graduate.count(columns, wrong), 0);
    assert!(graduate.count(columns, |c| c[1] == "是") > 0, "students are listed");
    let of_year = |year: i32| graduate.count(columns, |c| c[0] == "是" && c[2].starts_with(&year.to_string()));
    for year in 2012..=2020 {
        assert!(of_year(year) >= 20, "{year}: {}", of_year(year));
    }
    let without: BTreeSet<String> = {
        let person = Sheet::open(folder.path(), "person");
        let place = person.place("未就业");
        let rows = person.rows().filter(|row| row[place] == "是");
        rows.map(|row| row[0].to_owned()).collect()
    };
    let id = graduate.place("公民身份号码");
    let fresh: Vec<bool> = graduate
        .rows()
        .filter(|row| row[graduate.place(columns.split(' ').next_back().expect("a name"))] == "2020-06-30")
        .map(|row| without.contains(row[id]))
        .collect();
    let idle = fresh.iter().filter(|idle| **idle).count();
    assert!(
        idle * 20 >= fresh.len() && idle * 2 < fresh.len(),
        "{idle} of {}",
        fresh.len()
    );
}

#[test]
fn registers_taken_in_the_middle_of_a_month_tell_nothing_of_what_is_yet_to_come() {
    let mut plan = plan(2_000, 5, 2);
    plan.as_of = Day::new(2020, 12, 15).expect("a day");
    let (folder, _) = write(&plan);
    for (register, column) in [
        ("contribution", "到账日期"),
        ("employment", "合同签订日"),
        ("loan", "贷款发放日"),
        ("benefit-history", "发放日期"),
        ("training", "开班日"),
    ] {
        let sheet = Sheet::open(folder.path(), register);
        let late = sheet.count(column, |c| c[0] > "2020-12-15" && c[0] != "2020-02-30");
        assert_eq!(late, 0, "{register}");
    }
    let paid = Sheet::open(folder.path(), "contribution").count("费款所属期 到账日期", |c| {
        c[0] == "2020-12" && !c[1].is_empty()
    });
    assert!(paid > 0, "the month of the day has premiums that arrived");
}

#[test]
fn a_region_of_too_few_or_too_many_is_refused_with_the_limits() {
    let (_, registers) = schema();
    let folder = tempfile::tempdir().expect("a folder");
    for people in [0, 199, 5_000_001] {
        let error = synth::write(&plan(people, 1, 1), &registers, folder.path()).expect_err("a refusal");
        assert!(
            matches!(error, SynthError::People(_)) && error.to_string().contains("200"),
            "{error}"
        );
    }
}

/// Figures of the reply of 2023 (targets-and-duties, section D), per two and a half years, as ratios that do not depend
/// on how many people there are.
fn ratios(folder: &Path, found: &Counts) -> Vec<Ratio> {
    let since = |register: &str, column: &str| {
        Sheet::open(folder, register).count(column, |c| c[0] >= "2018-07-01" && c[0] <= "2020-12-31")
    };
    let yuan = |benefit: &str| -> usize {
        let history = Sheet::open(folder, "benefit-history");
        let paid = history.rows().filter(|row| row[0] == benefit && row[3] >= "2018-07-01");
        paid.map(|row| row[7].parse::<usize>().expect("whole yuan")).sum()
    };
    let startups = since("startup", "登记注册日");
    let insured = found["insured"].0 + found["insured-alone"].0;
    let at_start = Sheet::open(folder, "contribution").count("费款所属期", |c| c[0] == "2018-07");
    let loans: usize = Sheet::open(folder, "loan")
        .rows()
        .filter(|row| row[6] >= "2018-07-01")
        .map(|row| row[7].parse::<usize>().expect("yuan"))
        .sum();
    // Few cases leave more to chance.
    vec![
        (
            "high-skilled among skilled", found["high-skilled"].0, found["high-skilled"].1, 92_100, 264_200, 5,
        ),
        (
            "skilled by new start-ups", found["skilled"].0, startups, 264_200, 59_000, 5,
        ),
        (
            "new urban jobs by new start-ups",
            insured - at_start,
            startups,
            99_000,
            59_000,
            15,
        ),
        (
            "interns by new start-ups",
            since("internship", "见习开始日"),
            startups,
            1_961,
            59_000,
            25,
        ),
        (
            "posts by interns of three years",
            found["posts"].0,
            found["interns"].0,
            400,
            1_961 * 36 / 30,
            10,
        ),
        (
            "unemployment benefit by new start-ups",
            yuan("dz-ui"),
            startups,
            202_000_000,
            59_000,
            10,
        ),
        (
            "job stabilisation by new start-ups",
            yuan("cx-job-stabilisation-refund"),
            startups,
            183_000_000,
            59_000,
            15,
        ),
        (
            "flexible-work subsidy by new start-ups",
            yuan("ln-flex-si"),
            startups,
            62_201_700,
            59_000,
            20,
        ),
        ("loans by new start-ups", loans, startups, 144_000_000, 59_000, 45),
    ]
}

#[test]
fn the_county_city_is_believable_against_its_published_figures() {
    let (found, ratios) = &*REGION;
    // Registered unemployment is at most 3.5%.
    let (unemployed, force) = found["unemployment-rate"];
    assert!(unemployed * 1000 <= force * 35, "{unemployed} of {force}");
    let mut far = Vec::new();
    for (what, ours, against, published, base, tolerance) in ratios.iter().copied() {
        let (is, should) = (ours * base, published * against);
        if is.abs_diff(should) * 100 > should * tolerance {
            far.push(format!("{what}: {}% of the published ratio", is * 100 / should));
        }
    }
    assert!(far.is_empty(), "{far:#?}");
}
