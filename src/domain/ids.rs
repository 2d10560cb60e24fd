//! Identifiers: newtypes over UUIDv7, written with a prefix that says what they name (`cnv_…`).

use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

/// A text that is not an identifier of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an id of the form {prefix}_ followed by 32 hexadecimal digits")]
pub struct BadId {
    pub prefix: &'static str,
}

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub Uuid);
        impl $name {
            pub const PREFIX: &'static str = $prefix;
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self { Self(id) }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!($prefix, "_{}"), self.0.as_simple())
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { fmt::Display::fmt(self, f) }
        }
        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                let bad = BadId { prefix: $prefix };
                let hex = text.strip_prefix(concat!($prefix, "_")).filter(|hex| hex.len() == 32).ok_or(bad.clone())?;
                Uuid::try_parse(hex).map(Self).map_err(|_| bad)
            }
        }
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .description(Some(concat!("`", $prefix, "_` and 32 hexadecimal digits")))
                    .into()
            }
        }
        impl utoipa::ToSchema for $name {}
    )+};
}

ids! {
    PropertyId = "prop",
    ItemId = "itm",
    FactId = "fct",
    IntegrationId = "int",
    UserId = "usr",
    ApiKeyId = "key",
    GuestId = "gst",
    StayId = "stay",
    ConversationId = "cnv",
    MessageId = "msg",
    OutboxId = "out",
    /// One run of the engine over a burst of guest messages.
    TurnId = "turn",
    /// An effect without money; with money it is shown as a [`ChargeId`].
    EffectId = "eff",
    ChargeId = "chg",
    RequestId = "req",
    EscalationId = "esc",
    AuditId = "aud",
}

impl From<EffectId> for ChargeId {
    fn from(id: EffectId) -> Self {
        Self(id.0)
    }
}

impl From<ChargeId> for EffectId {
    fn from(id: ChargeId) -> Self {
        Self(id.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_as_it_is_shown_and_no_other_kind_accepts_it() {
        let id = ConversationId(Uuid::from_u128(7));
        assert_eq!(id.to_string().parse::<ConversationId>(), Ok(id));
        assert!(id.to_string().parse::<MessageId>().is_err());
        assert!("cnv_1".parse::<ConversationId>().is_err());
    }
}
