//! A model behind its account's breaker: one that does not answer is not waited for in every turn.

use super::{Model, ModelAnswer, ModelError, ModelRequest};
use crate::breaker::{Breaker, Health};
use async_trait::async_trait;
use std::sync::Arc;

pub struct Guarded {
    model: Arc<dyn Model>,
    breaker: Arc<Breaker>,
}

impl Guarded {
    pub fn new(model: Arc<dyn Model>, breaker: Arc<Breaker>) -> Self {
        Self { model, breaker }
    }
}

#[async_trait]
impl Model for Guarded {
    async fn complete(&self, request: &ModelRequest) -> Result<ModelAnswer, ModelError> {
        if !self.breaker.lets_through() {
            return Err(ModelError::Unavailable);
        }
        let answer = self.model.complete(request).await;
        self.breaker.went(match &answer {
            Ok(_) | Err(ModelError::Refused { .. } | ModelError::Broken(_)) => Health::Answered,
            Err(ModelError::Timeout | ModelError::Unavailable) => Health::Failed,
            Err(ModelError::RateLimited { retry_after }) => Health::Busy(*retry_after),
        });
        answer
    }

    fn name(&self) -> &str {
        self.model.name()
    }
}
