//! `leye serve`: starts, answers, stops when told.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use crate::run::{empty_folder, leye, text};

/// A server that is ended whatever happens.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(folder: &std::path::Path) -> Self {
        Self::of(folder, &["serve", "--listen", "127.0.0.1:0", "--today", "2020-12-15"])
    }

    /// Of a command that says, in its last line, where it serves.
    fn of(folder: &std::path::Path, arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_leye"))
            .current_dir(folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it works");
        let lines = BufReader::new(child.stdout.take().expect("it works")).lines();
        let mut lines = lines.map(|line| line.expect("it works"));
        let address = lines
            .find_map(|line| {
                Some(
                    line.strip_prefix("乐业已启动：http://")?
                        .trim_end_matches('/')
                        .to_owned(),
                )
            })
            .expect("it works");
        Self { child, address }
    }

    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("it works");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            self.address
        )
        .expect("it works");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("it works");
        answer
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_answers_pages_and_the_api_and_stops_when_told() {
    let folder = empty_folder();
    let mut server = Server::start(folder.path());
    assert!(server.get("/health").contains("\"ready\":true"));
    let page = server.get("/duties?region=330282");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("演示日期：2020-12-15"));
    let ledger = server.get("/api/v1/ledger?region=330282&as_of=2020-12-15");
    let printed = leye(
        folder.path(),
        &["ledger", "--json", "--region", "330282", "--as-of", "2020-12-15"],
    );
    assert!(
        ledger.ends_with(&text(&printed.stdout)),
        "the API and the command line differ"
    );
    let told = Command::new("kill")
        .args(["-TERM", &server.child.id().to_string()])
        .status()
        .expect("it works");
    assert!(told.success());
    assert!(server.child.wait().expect("it works").success());
    assert!(!folder.path().join("leye-home").exists());
}

#[test]
fn the_demo_ends_in_pages_over_the_region_that_it_screened() {
    let folder = empty_folder();
    let demo = ["demo", "--people", "300", "--listen", "127.0.0.1:0"];
    let mut server = Server::of(folder.path(), &demo);
    let runs = server.get("/screening");
    assert!(runs.starts_with("HTTP/1.1 200") && runs.contains("演示日期：2020-12-15"));
    assert!(runs.contains("/screening/runs/2020-12-15-330282-1\""));
    let page = server.get("/screening/runs/2020-12-15-330282-1");
    assert!(page.starts_with("HTTP/1.1 200") && page.contains("初步符合"));
    let listed = server.get("/api/v1/runs");
    let printed = leye(folder.path(), &["runs", "--json", "--home", "leye-demo/home"]);
    assert!(
        listed.ends_with(&text(&printed.stdout)),
        "the API and the command line differ"
    );
    let told = Command::new("kill")
        .args(["-INT", &server.child.id().to_string()])
        .status()
        .expect("it works");
    assert!(told.success());
    assert!(server.child.wait().expect("it works").success());
}

#[test]
fn an_address_that_is_none_or_taken_is_said_so() {
    let folder = empty_folder();
    let answer = leye(folder.path(), &["serve", "--listen", "somewhere"]);
    assert_eq!(answer.status.code(), Some(64));
    assert!(text(&answer.stderr).contains("不是地址和端口"));
    let server = Server::start(folder.path());
    let answer = leye(folder.path(), &["serve", "--listen", &server.address]);
    assert_eq!(answer.status.code(), Some(1));
    assert!(text(&answer.stderr).contains("端口已被其他程序占用"));
}
