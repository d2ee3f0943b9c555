//! `cargo xtask load`: how fast the pages answer. It starts a server, follows the links of its pages, asks each page one
//! by one, then lets many readers read at once for some seconds, and ends the server.
//!
//! Bounds: p95 of a page 50 ms, the first page with all it needs 150 KB, of many readers no error and p99 300 ms.

mod http;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::error::Error;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use http::{Connection, links};

use crate::say;

/// Most pages that are asked, and most of one shape: a list of a hundred benefits is one kind of page.
const PAGES: usize = 100;
const OF_ONE_SHAPE: usize = 3;
/// How often a page is asked alone.
const TIMES: usize = 40;
const PAGE_P95: Duration = Duration::from_millis(50);
const FIRST_PAGE_BYTES: usize = 150_000;
const READERS_P99: Duration = Duration::from_millis(300);

/// What is asked for.
#[derive(Debug)]
pub(crate) struct Load {
    program: Option<PathBuf>,
    home: PathBuf,
    readers: usize,
    seconds: u64,
}

impl Load {
    /// `[--program FILE] [--home DIR] [--readers N] [--seconds N]`.
    pub(crate) fn of(options: &[&str]) -> Option<Self> {
        let mut load = Self {
            program: None,
            home: PathBuf::from("leye-demo/home"),
            readers: 200,
            seconds: 10,
        };
        for pair in options.chunks(2) {
            match pair {
                ["--program", file] => load.program = Some(PathBuf::from(file)),
                ["--home", folder] => load.home = PathBuf::from(folder),
                ["--readers", number] => load.readers = number.parse().ok()?,
                ["--seconds", number] => load.seconds = number.parse().ok()?,
                _ => return None,
            }
        }
        Some(load)
    }
}

/// A server that ends with this value.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Measures, and says what is beyond a bound; true where nothing is.
pub(crate) fn run(root: &Path, load: &Load) -> Result<bool, Box<dyn Error>> {
    let program = match &load.program {
        Some(program) => program.clone(),
        None => built(root)?,
    };
    let server = started(&program, &load.home)?;
    let pages = crawl(&server.address)?;
    let mut good = first_page(&server.address)?;
    say("| page | bytes sent | p50 | p95 |");
    say("|---|---|---|---|");
    for page in &pages {
        let mut connection = Connection::to(&server.address, 1)?;
        let mut times = Vec::new();
        let mut bytes = 0;
        for _ in 0..TIMES {
            let begun = now();
            let answer = connection.get(page)?;
            times.push(begun.elapsed());
            bytes = answer.bytes;
        }
        times.sort_unstable();
        let p95 = at(&times, 95);
        let beyond = if p95 > PAGE_P95 { " beyond the bound" } else { "" };
        good &= p95 <= PAGE_P95;
        say(&format!(
            "| {page} | {bytes} | {} | {}{beyond} |",
            millis(at(&times, 50)),
            millis(p95)
        ));
    }
    good &= readers(&server.address, &pages, load)?;
    Ok(good)
}

fn built(root: &Path) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--release", "--package", "leye"])
        .current_dir(root)
        .status()?;
    if !status.success() {
        return Err("leye does not build".into());
    }
    Ok(root.join("target/release/leye"))
}

fn started(program: &Path, home: &Path) -> Result<Server, Box<dyn Error>> {
    let mut child = Command::new(program)
        .args([
            "serve", "--listen", "127.0.0.1:0", "--today", "2020-12-15", "--behind-proxy", "--home",
        ])
        .arg(home)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()?;
    let mut line = String::new();
    if let Some(out) = child.stdout.take() {
        BufReader::new(out).read_line(&mut line)?;
    }
    let server = Server {
        address: line
            .split_once("http://")
            .map_or("", |(_, rest)| rest.trim().trim_end_matches('/'))
            .to_owned(),
        child,
    };
    if server.address.is_empty() {
        return Err(format!("the server did not say where it is: {line}").into());
    }
    Ok(server)
}

/// The pages that links lead to, from the first, breadth first; downloads and progress left out.
fn crawl(address: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut connection = Connection::to(address, 1)?;
    let mut waiting = VecDeque::from(["/".to_owned()]);
    let (mut seen, mut shapes) = (BTreeSet::from(["/".to_owned()]), BTreeMap::<String, usize>::new());
    let mut pages = Vec::new();
    while let Some(page) = waiting.pop_front() {
        if pages.len() == PAGES {
            break;
        }
        let answer = connection.get(&page)?;
        if answer.status != 200 {
            return Err(format!("{page} answers {}", answer.status).into());
        }
        if !answer.kind.starts_with("text/html") {
            continue;
        }
        for link in links(&answer.text) {
            let link = link.split('#').next().unwrap_or_default().to_owned();
            let is_page = link.starts_with('/') && !link.starts_with("/assets/") && !link.contains("export=");
            let count = shapes.entry(shape(&link)).or_default();
            if is_page && *count < OF_ONE_SHAPE && seen.insert(link.clone()) {
                *count += 1;
                waiting.push_back(link);
            }
        }
        pages.push(page);
    }
    Ok(pages)
}

/// The kind of page: its path with numbers and names of single things left out, and whether the address asks for anything.
fn shape(link: &str) -> String {
    let (path, query) = link.split_once('?').unwrap_or((link, ""));
    let is_thing = |segment: &str| segment.contains(|c: char| matches!(c, '-' | '_') || c.is_ascii_digit());
    let segments: Vec<&str> = path
        .split('/')
        .map(|segment| if is_thing(segment) { "…" } else { segment })
        .collect();
    format!("{}{}", segments.join("/"), if query.is_empty() { "" } else { "?" })
}

/// The first page and all that it needs.
fn first_page(address: &str) -> Result<bool, Box<dyn Error>> {
    let mut connection = Connection::to(address, 1)?;
    let page = connection.get("/")?;
    let mut bytes = page.bytes;
    let assets: BTreeSet<String> = links(&page.text).filter(|link| link.starts_with("/assets/")).collect();
    for asset in &assets {
        bytes += connection.get(asset)?.bytes;
    }
    say(&format!(
        "first page: {bytes} bytes sent with {} files (bound {FIRST_PAGE_BYTES})",
        assets.len()
    ));
    Ok(bytes <= FIRST_PAGE_BYTES)
}

/// What one reader saw.
#[derive(Default)]
struct Seen {
    times: Vec<Duration>,
    errors: Vec<String>,
}

/// Many readers at once: each opens a page, reads a second, opens the next.
fn readers(address: &str, pages: &[String], load: &Load) -> Result<bool, Box<dyn Error>> {
    const READING: Duration = Duration::from_millis(1_000);
    let begun = now();
    let end = Duration::from_secs(load.seconds);
    let mut all = Seen::default();
    std::thread::scope(|scope| {
        let readers: Vec<_> = (0..load.readers)
            .map(|number| {
                scope.spawn(move || {
                    let mut seen = Seen::default();
                    // They do not all come in the same moment.
                    std::thread::sleep(READING * u32::try_from(number % 100).unwrap_or(0) / 100);
                    let mut connection = match Connection::to(address, number + 2) {
                        Ok(connection) => connection,
                        Err(error) => {
                            seen.errors.push(error.to_string());
                            return seen;
                        }
                    };
                    for page in pages.iter().cycle().skip(number % pages.len().max(1)) {
                        if begun.elapsed() >= end {
                            break;
                        }
                        let asked = now();
                        match connection.get(page) {
                            Ok(answer) if answer.status == 200 => seen.times.push(asked.elapsed()),
                            Ok(answer) => seen.errors.push(format!("{page}: {}", answer.status)),
                            Err(error) => {
                                seen.errors.push(format!("{page}: {error}"));
                                break;
                            }
                        }
                        std::thread::sleep(READING);
                    }
                    seen
                })
            })
            .collect();
        for reader in readers {
            match reader.join() {
                Ok(seen) => {
                    all.times.extend(seen.times);
                    all.errors.extend(seen.errors);
                }
                Err(_) => all.errors.push("a reader stopped".to_owned()),
            }
        }
    });
    all.times.sort_unstable();
    let (p50, p99) = (at(&all.times, 50), at(&all.times, 99));
    say(&format!(
        "{} readers for {} s: {} pages, {} errors, p50 {}, p99 {} (bound {})",
        load.readers,
        load.seconds,
        all.times.len(),
        all.errors.len(),
        millis(p50),
        millis(p99),
        millis(READERS_P99)
    ));
    for error in all.errors.iter().take(5) {
        say(&format!("  {error}"));
    }
    Ok(all.errors.is_empty() && !all.times.is_empty() && p99 <= READERS_P99)
}

fn now() -> Instant {
    #[expect(clippy::disallowed_methods, reason = "this chore measures")]
    Instant::now()
}

/// The value below which so many hundredths of the sorted ones lie.
fn at(sorted: &[Duration], hundredths: usize) -> Duration {
    let place = (sorted.len() * hundredths).div_ceil(100).max(1) - 1;
    sorted.get(place).copied().unwrap_or_default()
}

fn millis(time: Duration) -> String {
    format!("{}.{:02} ms", time.as_micros() / 1_000, time.as_micros() % 1_000 / 10)
}
