//! A small HTTP/1.1 client on one kept connection: the load must cost less than what it measures. It speaks only to the
//! server that the bench started.

use anyhow::{Context as _, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// One connection.
pub(super) struct Wire {
    stream: BufReader<TcpStream>,
    line: String,
}

/// An answer with a length.
pub(super) struct Answer {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Wire {
    pub async fn connect(server: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(server).await.context("the server takes no connection")?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(16 * 1024, stream), line: String::new() })
    }

    /// Sends one request and reads its whole answer.
    pub async fn ask(&mut self, request: &str) -> anyhow::Result<Answer> {
        self.stream.write_all(request.as_bytes()).await?;
        let (status, length) = self.head().await?;
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).await?;
        Ok(Answer { status, body })
    }

    /// Sends a request whose answer goes on: [`Wire::event`] reads it.
    pub async fn open(&mut self, request: &str) -> anyhow::Result<()> {
        self.stream.write_all(request.as_bytes()).await?;
        match self.head().await?.0 {
            200 => Ok(()),
            status => bail!("the event stream was answered {status}"),
        }
    }

    /// The data of the next event.
    pub async fn event(&mut self) -> anyhow::Result<&str> {
        loop {
            self.next_line().await?;
            // Sizes of chunks, comments and empty lines tell nothing.
            if self.line.starts_with("data: ") {
                return Ok(self.line.trim_start_matches("data: ").trim_end());
            }
        }
    }

    async fn head(&mut self) -> anyhow::Result<(u16, usize)> {
        self.next_line().await?;
        let status = self.line.split(' ').nth(1).and_then(|code| code.parse().ok());
        let status = status.context("no status line")?;
        let mut length = 0;
        loop {
            self.next_line().await?;
            let line = self.line.trim_end();
            if line.is_empty() {
                return Ok((status, length));
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().context("a length that is none")?;
            }
        }
    }

    async fn next_line(&mut self) -> anyhow::Result<()> {
        self.line.clear();
        if self.stream.read_line(&mut self.line).await? == 0 {
            bail!("the server closed the connection");
        }
        Ok(())
    }
}

/// A request with everything that a browser or a vendor would send of importance.
pub(super) fn request(method: &str, path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("{method} {path} HTTP/1.1\r\nhost: bench\r\n{headers}content-length: {length}\r\n\r\n{body}")
}
