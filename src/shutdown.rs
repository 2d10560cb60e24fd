//! The order to stop, as long-lived tasks and event streams hear it. It ends nothing by force.

use tokio::sync::watch;

/// Gives the order, once; without it nobody can, and nobody stops.
pub struct ShutdownOrder(watch::Sender<bool>);

/// Hears the order; cheap to clone.
#[derive(Clone)]
pub struct Shutdown(watch::Receiver<bool>);

impl ShutdownOrder {
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    pub fn listener(&self) -> Shutdown {
        Shutdown(self.0.subscribe())
    }

    pub fn give(&self) {
        self.0.send_replace(true);
    }
}

impl Default for ShutdownOrder {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    pub fn is_ordered(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when the order has been given, or when nobody is left to give it.
    pub async fn ordered(&self) {
        let mut receiver = self.0.clone();
        // An error means that the giver is gone, and then it is time to stop too.
        let _ = receiver.wait_for(|ordered| *ordered).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn everybody_hears_the_order_also_who_listens_late() {
        let order = ShutdownOrder::new();
        let early = order.listener();
        assert!(!early.is_ordered());
        order.give();
        order.listener().ordered().await;
        early.clone().ordered().await;
        assert!(early.is_ordered());
    }
}
