//! A way to a server that can be cut and mended, as networks and servers are.

use std::net::SocketAddr;
use std::sync::Mutex;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A port of ours behind which another server stands.
pub struct Way {
    pub address: SocketAddr,
    to: SocketAddr,
    /// The listening and all that came through it; nothing while it is cut.
    open: Mutex<JoinSet<()>>,
}

impl Way {
    pub async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self { address: listener.local_addr().unwrap(), to: server, open: Mutex::default() };
        way.carry(listener);
        way
    }

    fn carry(&self, listener: TcpListener) {
        let to = self.to;
        self.open.lock().unwrap().spawn(async move {
            let mut carried = JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                carried.spawn(async move {
                    let mut far = TcpStream::connect(to).await.unwrap();
                    // One side has gone.
                    let _ = copy_bidirectional(&mut near, &mut far).await;
                });
            }
        });
    }

    /// Every connection breaks, and new ones are refused.
    pub async fn cut(&self) {
        let mut open = std::mem::take(&mut *self.open.lock().unwrap());
        open.shutdown().await;
    }

    pub async fn mend(&self) {
        self.carry(TcpListener::bind(self.address).await.unwrap());
    }
}
