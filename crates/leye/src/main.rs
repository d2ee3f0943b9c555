//! The binary: one command, one file.

mod arguments;
mod attach;
mod attachment;
mod dates;
mod decide;
mod demo;
mod draft_pack;
mod entitlements;
mod explain;
mod extract;
mod facts;
mod failure;
mod home;
mod inputs;
mod kept_packs;
mod key;
mod ledger;
mod packs;
mod policy;
mod reading;
mod region;
mod register;
mod replay;
mod runs;
mod samples;
mod saving;
mod screen;
mod screening;
mod serve;
mod simulate;
mod synth;

use std::process::ExitCode;

use arguments::{Asked, Command};
use failure::{DONE, Failure};
use screen::{Screen, complain};

fn main() -> ExitCode {
    let mut screen = Screen::standard();
    let code = run(&mut screen).and_then(|code| screen.flush().map(|()| code));
    match code {
        Ok(code) => ExitCode::from(code),
        Err(Failure::ReaderGone) => ExitCode::from(DONE),
        Err(Failure::Told { message, hint, code }) => {
            complain(&format!("错误：{message}\n提示：{hint}"));
            ExitCode::from(code)
        }
    }
}

/// Does what the command line asks; the exit code, or why not.
fn run(screen: &mut Screen) -> Result<u8, Failure> {
    match arguments::parse(std::env::args_os())? {
        Asked::Text(text) => screen.raw(&text).map(|()| DONE),
        Asked::Command(Command::Extract(extract)) => extract.run(screen),
        Asked::Command(Command::Demo(demo)) => demo.run(screen),
        Asked::Command(Command::Attach(attach)) => attach.run(screen),
        Asked::Command(Command::Ledger(ledger)) => ledger.run(screen),
        Asked::Command(Command::Decide(decide)) => decide.run(screen),
        Asked::Command(Command::Entitlements(ask)) => ask.run(screen),
        Asked::Command(Command::Replay(replay)) => replay.run(screen),
        Asked::Command(Command::Key(key)) => key.run(screen),
        Asked::Command(Command::Register(register)) => register.run(screen),
        Asked::Command(Command::Screen(screening)) => screening.run(screen),
        Asked::Command(Command::Simulate(simulate)) => simulate.run(screen),
        Asked::Command(Command::Runs(runs)) => runs.run(screen),
        Asked::Command(Command::Explain(explain)) => explain.run(screen),
        Asked::Command(Command::Policy(policy)) => policy.run(screen),
        Asked::Command(Command::Serve(serve)) => serve.run(screen),
        Asked::Command(Command::Synth(synth)) => synth.run(screen),
    }
}
