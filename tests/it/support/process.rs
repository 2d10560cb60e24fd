//! The real program as a process of its own: started, asked, killed without warning, started again on the same data.

use super::app::Answer;
use bellhop::http::{HeaderMap, HeaderValue, Http, HttpRequest, Method};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{self, TryRecvError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long anything of a real process may take on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(180);

const PROGRAM: &str = env!("CARGO_BIN_EXE_bellhop");

/// A running `bellhop`; killed when dropped.
pub struct Process {
    child: Child,
    /// `http://127.0.0.1:PORT`
    pub base: String,
    http: Http,
    log: Arc<Mutex<Vec<String>>>,
}

impl Process {
    /// Starts the program with these arguments and variables, and waits until it is ready to serve.
    pub async fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::run(&mut Command::new(PROGRAM), arguments, variables).await
    }

    /// The same, ready for [`Process::fill_disk`]: a write beyond the limit fails, where it would end the program.
    pub async fn start_on_a_small_disk(arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\"", PROGRAM]);
        Self::run(&mut shell, arguments, variables).await
    }

    async fn run(command: &mut Command, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let mut child = command
            .args(arguments)
            .env_remove("OPENAI_API_KEY")
            .env_remove("OPENAI_BASE_URL")
            .envs(variables.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let (lines, told) = mpsc::channel();
        let log = Arc::new(Mutex::new(Vec::new()));
        read_lines(child.stdout.take().expect("a pipe"), "out", lines.clone(), log.clone());
        read_lines(child.stderr.take().expect("a pipe"), "err", lines, log.clone());
        let mut heard = String::new();
        let begun = Instant::now();
        let base = loop {
            match told.try_recv() {
                Ok(line) => match line.strip_prefix("out ").and_then(address) {
                    Some(base) => break base,
                    None => heard += &format!("{line}\n"),
                },
                Err(TryRecvError::Empty) if begun.elapsed() < PATIENCE => {
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                Err(_) => {
                    let _ = child.kill();
                    panic!("the program told no address:\n{heard}");
                }
            }
        };
        let process = Self { child, base, http: Http::new().unwrap(), log };
        wait_for("the program to be ready", async || {
            (process.get("/readyz").await.ok()?.status == 200).then_some(())
        })
        .await;
        process
    }

    /// From now on no file can be written, or every one again.
    pub fn fill_disk(&self, full: bool) {
        let limit = if full { "--fsize=0:" } else { "--fsize=unlimited:" };
        let pid = self.child.id().to_string();
        let done =
            Command::new("prlimit").args(["--pid", &pid, limit]).status().expect("prlimit of util-linux");
        assert!(done.success(), "prlimit {limit}");
    }

    /// Runs the program to its end.
    pub fn run_to_end(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut program = Command::new(PROGRAM);
        program.args(arguments).envs(variables.iter().copied()).output().expect("the program runs")
    }

    /// A signal by its name: `STOP`, `CONT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let done = Command::new("kill").args(["-s", name, &pid]).status().expect("kill");
        assert!(done.success(), "kill -s {name}");
    }

    /// Waits until it has ended by itself.
    pub async fn ended(mut self) -> ExitStatus {
        wait_for("the program to end", async || self.child.try_wait().unwrap()).await
    }

    /// How many lines with these words it has written to its log.
    pub fn logged(&self, words: &str) -> usize {
        self.log.lock().unwrap().iter().filter(|line| line.contains(words)).count()
    }

    /// The value of a counter with these labels; 0 where it has not counted yet.
    pub async fn counted(&self, counter: &str) -> u64 {
        let metrics = self.get("/metrics").await.unwrap().body;
        let line = metrics.lines().find_map(|line| line.strip_prefix(counter));
        line.map_or(0, |value| value.trim().parse().unwrap())
    }

    /// `kill -9`, and the process is gone when this returns.
    pub fn kill(mut self) {
        self.child.kill().expect("the process can be killed");
        self.child.wait().expect("the process is gone");
    }

    pub async fn get(&self, path: &str) -> Result<Answer, String> {
        self.send(Method::GET, path, &[], String::new()).await
    }

    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&'static str, &str)],
        body: String,
    ) -> Result<Answer, String> {
        let mut all = HeaderMap::new();
        for (name, value) in headers {
            all.insert(*name, HeaderValue::from_str(value).unwrap());
        }
        let url = format!("{}{path}", self.base).parse().unwrap();
        let request = HttpRequest { method, url, headers: all, body: body.into(), timeout: PATIENCE };
        let answer = self.http.send(request).await.map_err(|error| error.to_string())?;
        let body = String::from_utf8_lossy(&answer.body).into_owned();
        Ok(Answer { status: answer.status, headers: answer.headers, body })
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // An error means that it has been killed and awaited.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Keeps reading to the end, so that the process never stands before a full pipe.
fn read_lines(
    from: impl Read + Send + 'static,
    name: &'static str,
    to: mpsc::Sender<String>,
    log: Arc<Mutex<Vec<String>>>,
) {
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            log.lock().unwrap().push(line.clone());
            // Nobody listens any more once the address is known.
            let _ = to.send(format!("{name} {line}"));
        }
    });
}

fn address(line: &str) -> Option<String> {
    let start = line.find("http://127.0.0.1:")?;
    let rest = &line[start..];
    let port: String = rest["http://127.0.0.1:".len()..].chars().take_while(char::is_ascii_digit).collect();
    (!port.is_empty() && port != "0").then(|| format!("http://127.0.0.1:{port}"))
}

/// Asks again and again until there is something, or the patience is over.
pub async fn wait_for<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, asking).await;
    found.unwrap_or_else(|_| panic!("waited {PATIENCE:?} in vain for {what}"))
}
