//! Work of minutes (a screening, a simulation): one piece at a time, some waiting, the rest refused. Each is watched and
//! stopped by its number; the pages ask, nobody waits on a request.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use screening::Progress as Stage;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use crate::app::App;
use crate::error::Error;
use crate::progress::Progress;

/// Pieces that are over and still shown.
const KEPT: usize = 20;
/// Said of what somebody stopped.
const STOPPED: &str = "已停止，没有留下任何结果";

/// All pieces, oldest first.
pub struct Jobs {
    turn: Arc<Semaphore>,
    list: Mutex<VecDeque<Arc<Job>>>,
    most_waiting: usize,
}

/// One piece of work.
pub struct Job {
    /// Its number: random, so that nobody guesses another's.
    pub id: String,
    /// What it is, in Chinese.
    pub title: String,
    /// Set, it ends as soon as it can and leaves nothing.
    pub stop: AtomicBool,
    begun: AtomicBool,
    state: watch::Sender<Progress>,
    /// Since when rows are decided.
    deciding: Mutex<Option<Instant>>,
}

/// How a piece ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// The result is at this address.
    Finished(String),
    /// It was stopped; nothing is there.
    Stopped,
    /// Why there is no result, and what to do.
    Failed(String),
}

impl Jobs {
    pub(crate) fn new(most_waiting: usize) -> Self {
        Self {
            turn: Arc::new(Semaphore::new(1)),
            list: Mutex::new(VecDeque::new()),
            most_waiting,
        }
    }

    /// Takes up a piece of work, which goes on without whoever asked for it.
    ///
    /// # Errors
    /// Where too many wait already, or the server is about to stop.
    pub fn start(
        &self,
        app: &Arc<App>,
        title: String,
        work: impl FnOnce(&Job) -> Ended + Send + 'static,
    ) -> Result<Arc<Job>, Error> {
        if !app.is_ready() {
            return Err(Error::busy());
        }
        let id = app
            .random_word()
            .map_err(|error| Error::inside(format!("randomness: {error}")))?;
        let (state, _) = watch::channel(Progress {
            text: "等待开始".to_owned(),
            ..Progress::default()
        });
        let job = Arc::new(Job {
            id,
            title,
            stop: AtomicBool::new(false),
            begun: AtomicBool::new(false),
            state,
            deciding: Mutex::new(None),
        });
        {
            let mut list = self.lock();
            let open = list.iter().filter(|job| !job.now().is_over()).count();
            if open > self.most_waiting {
                return Err(Error::busy_with(
                    format!("已有 {open} 项筛查或测算在进行和等待，本次未受理"),
                    "请等其中一项结束，或先停止不需要的，再重新提交",
                ));
            }
            list.push_back(Arc::clone(&job));
            let mut over = list.iter().filter(|job| job.now().is_over()).count();
            list.retain(|job| {
                let goes = over > KEPT && job.now().is_over();
                over -= usize::from(goes);
                !goes
            });
        }
        let (turn, app, running) = (Arc::clone(&self.turn), Arc::clone(app), Arc::clone(&job));
        tokio::spawn(async move {
            let Ok(turn) = turn.acquire_owned().await else {
                return;
            };
            if running.stop.load(Ordering::Relaxed) {
                return;
            }
            running.begun.store(true, Ordering::Relaxed);
            let worker = Arc::clone(&running);
            let ended = tokio::task::spawn_blocking(move || {
                let ended = work(&worker);
                drop(turn);
                ended
            });
            let ended = ended.await.unwrap_or_else(|error| {
                // The message of a panic may hold what a file held.
                app.log(&format!("job ended early: panicked {}", error.is_panic()));
                Ended::Failed("系统内部出错，没有写入任何结果。请将该情况告知维护人员".to_owned())
            });
            running.end(ended);
        });
        Ok(job)
    }

    /// The piece of this number.
    pub fn get(&self, id: &str) -> Option<Arc<Job>> {
        self.lock().iter().find(|job| job.id == id).cloned()
    }

    /// All pieces, the newest first, and how many open ones stand before each.
    pub fn all(&self) -> Vec<(Arc<Job>, usize)> {
        let list = self.lock();
        let mut before = 0;
        let mut all: Vec<(Arc<Job>, usize)> = list
            .iter()
            .map(|job| {
                let here = before;
                before += usize::from(!job.now().is_over());
                (Arc::clone(job), here)
            })
            .collect();
        all.reverse();
        all
    }

    /// Stops all of them.
    pub fn stop_all(&self) {
        self.lock().iter().for_each(|job| job.stop());
    }

    /// Waits until nothing is at work any more, but not longer than this.
    pub(crate) async fn rest(&self, longest: Duration) {
        let _ = tokio::time::timeout(longest, self.turn.acquire()).await;
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Job>>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Job {
    /// How far it is.
    pub fn now(&self) -> Progress {
        self.state.borrow().clone()
    }

    /// For the events of a page.
    pub fn watch(&self) -> watch::Receiver<Progress> {
        self.state.subscribe()
    }

    /// True while it waits for its turn.
    pub fn is_waiting(&self) -> bool {
        !self.begun.load(Ordering::Relaxed) && !self.now().is_over()
    }

    /// Ends it: at once where it has not begun, else as soon as it can.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
        if self.is_waiting() {
            self.end(Ended::Stopped);
        } else {
            self.state.send_if_modified(|state| {
                let open = !state.is_over();
                if open {
                    "正在停止".clone_into(&mut state.text);
                }
                open
            });
        }
    }

    /// Tells how far it is, by the words and counts that the terminal shows too.
    pub fn tell(&self, stage: &Stage) {
        if self.stop.load(Ordering::Relaxed) {
            return;
        }
        let words = stage.words();
        let (done, total, text) = match stage {
            Stage::Deriving { done, of } => (*done as u64, *of as u64, format!("{words}：第 {done} 步，共 {of} 步")),
            Stage::Checking { done, of } => (
                *done as u64,
                *of as u64,
                format!("{words}：已核对 {done} 项，共 {of} 项"),
            ),
            Stage::Resolving => (0, 0, words.to_owned()),
            Stage::Deciding { done, of } => (*done, *of, format!("{words}：{}", self.pace(*done, *of))),
        };
        self.state.send_if_modified(|state| {
            let open = !state.is_over();
            if open {
                (state.done, state.total, state.text) = (done, total, text);
            }
            open
        });
    }

    /// Rows, rows a second, time left.
    fn pace(&self, done: u64, of: u64) -> String {
        let mut since = self.deciding.lock().unwrap_or_else(PoisonError::into_inner);
        let since = *since.get_or_insert_with(Instant::now);
        let passed = u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX);
        let count = format!("已判 {done} 行，共 {of} 行");
        let each_second = done.saturating_mul(1_000).checked_div(passed).unwrap_or(0);
        match of.saturating_sub(done).checked_div(each_second) {
            Some(left) => format!("{count}，每秒 {each_second} 行，约剩 {left} 秒"),
            None => count,
        }
    }

    fn end(&self, ended: Ended) {
        self.state.send_if_modified(|state| {
            let open = !state.is_over();
            if open {
                match ended {
                    Ended::Finished(href) => {
                        "已完成".clone_into(&mut state.text);
                        state.finished = Some(href);
                    }
                    Ended::Stopped => {
                        "已停止".clone_into(&mut state.text);
                        state.failed = Some(STOPPED.to_owned());
                    }
                    Ended::Failed(why) => {
                        "没有完成".clone_into(&mut state.text);
                        state.failed = Some(why);
                    }
                }
            }
            open
        });
    }
}
