//! A story's Bellhop behind a real socket, and event streams that are read from it as they come.

use super::app::House;
use super::process::PATIENCE;
use std::net::SocketAddr;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

/// Serves until it is dropped.
pub struct Served {
    pub address: SocketAddr,
    _serving: JoinSet<()>,
}

impl Served {
    pub async fn start(house: &House) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let service = house.router.clone().into_make_service_with_connect_info::<SocketAddr>();
        let mut serving = JoinSet::new();
        serving.spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { address, _serving: serving }
    }

    /// See [`Stream::open`].
    pub async fn listen(&self, path: &str, header: (&str, &str)) -> Stream {
        Stream::open(self.address, path, header).await
    }
}

/// An open answer.
pub struct Stream {
    socket: BufReader<TcpStream>,
    pub status: u16,
}

impl Stream {
    /// GET with one more header, its answer's body still to come.
    pub async fn open(address: SocketAddr, path: &str, header: (&str, &str)) -> Self {
        let mut socket = BufReader::new(TcpStream::connect(address).await.unwrap());
        let (name, value) = header;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n{name}: {value}\r\n\r\n");
        socket.write_all(request.as_bytes()).await.unwrap();
        let mut stream = Self { socket, status: 0 };
        let first = stream.line().await;
        stream.status = first.split(' ').nth(1).unwrap().parse().unwrap();
        while !stream.line().await.is_empty() {}
        stream
    }

    /// Reads until the server has ended it.
    pub async fn ends(mut self) {
        let mut rest = Vec::new();
        timeout(PATIENCE, self.socket.read_to_end(&mut rest)).await.expect("the stream ends").unwrap();
    }

    /// The next event's data.
    pub async fn rung(&mut self) -> String {
        loop {
            if let Some(data) = self.line().await.strip_prefix("data:") {
                return data.trim().to_owned();
            }
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        let read = timeout(PATIENCE, self.socket.read_line(&mut line)).await.expect("something comes");
        assert!(read.unwrap() > 0, "the stream has ended");
        line.trim_end().to_owned()
    }
}
