//! A hotel's own model through a database that comes and goes.

use super::*;
use crate::http::Http;
use crate::secrets::SecretKey;
use crate::store::hotel_fixtures::{clock, hotel};
use crate::store::{Gate, Place, testing};
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};

/// A database that gives nothing to read while it is away.
#[derive(Default)]
struct Away(AtomicBool);

#[async_trait]
impl Gate for Away {
    async fn read(&self, _: Place) -> Result<(), DbError> {
        match self.0.load(Ordering::SeqCst) {
            true => Err(DbError::Unavailable("away".to_owned())),
            false => Ok(()),
        }
    }

    async fn write(&self, _: Place) -> Result<(), DbError> {
        Ok(())
    }

    async fn committed(&self, _: Place) -> Result<(), DbError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_model_that_could_not_be_read_for_a_moment_is_there_again_afterwards() {
    testing::both(|db| async move {
        let (clock, gate) = (clock(), Arc::new(Away::default()));
        let db = db.behind(gate.clone());
        let property = hotel(&db, &clock, "quay").await.id;
        let config = json!({ "base_url": "http://127.0.0.1:9/v1", "model": "own" });
        let integration = Integration {
            id: clock.id(),
            property_id: property,
            kind: llm::KIND.to_owned(),
            name: "our model".to_owned(),
            config: config.as_object().unwrap().clone(),
            enabled: true,
            last_ok_at: None,
            last_error: None,
            created_at: clock.now(),
        };
        let now = clock.now();
        let made = db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { integrations::insert(tx, &integration, None, now).await })
        });
        made.await.unwrap();
        let books = crate::store::hotel_book::HotelBooks::new();
        let mut conn = db.read().await.unwrap();
        let book = books.get(&mut conn, property, None).await.unwrap().unwrap();
        drop(conn);
        let (sealer, breakers) = (Sealer::new(&SecretKey::random()), Breakers::new(clock.clone()));
        let systems = HotelSystems::new(db, clock, sealer, Http::new().unwrap(), breakers, None);
        gate.0.store(true, Ordering::SeqCst);
        assert_eq!(systems.models(&book).await.len(), 0, "nobody knows its key now");
        gate.0.store(false, Ordering::SeqCst);
        assert_eq!(systems.models(&book).await.len(), 1);
    })
    .await;
}
