//! Staff, their roles, API scopes, and who did something.

use super::ids::{ApiKeyId, PropertyId, UserId};
use serde::Serialize;

text_enum! {
    /// Each role may do what those before it may.
    pub enum Role {
        /// Works in the inbox.
        Agent = "agent",
        /// Edits prompts, rules, facts, items, tools.
        Manager = "manager",
        /// Edits integrations, people and keys too.
        Admin = "admin",
    }
}

text_enum! {
    /// What an API key may do; each scope includes those before it.
    pub enum Scope {
        Read = "read",
        Write = "write",
        Admin = "admin",
    }
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(tag = "actor", content = "id", rename_all = "snake_case")]
pub enum Actor {
    User(UserId),
    ApiKey(ApiKeyId),
    /// Bellhop itself, or a command on its machine.
    System,
}

/// A member of staff at work, or an API key that acts as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// What holds a conversation and signs messages; a key's own id stands here as a user's.
    pub id: UserId,
    pub actor: Actor,
    /// As colleagues know them.
    pub name: String,
}

/// Where somebody has a role: one property, or all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    Property(PropertyId),
    Everywhere,
}

impl Reach {
    /// The one property, if it is one.
    pub fn property(self) -> Option<PropertyId> {
        match self {
            Reach::Everywhere => None,
            Reach::Property(id) => Some(id),
        }
    }

    pub fn covers(self, property: PropertyId) -> bool {
        match self {
            Reach::Everywhere => true,
            Reach::Property(id) => id == property,
        }
    }
}

/// All the roles of one person or key, by place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    /// A role in every property.
    pub everywhere: Option<Role>,
    pub at: Vec<(PropertyId, Role)>,
}

impl Grants {
    pub fn one(reach: Reach, role: Role) -> Self {
        match reach {
            Reach::Everywhere => Self { everywhere: Some(role), at: Vec::new() },
            Reach::Property(id) => Self { everywhere: None, at: vec![(id, role)] },
        }
    }

    /// The highest role at `property`; `None`: the property is out of reach.
    pub fn role_at(&self, property: PropertyId) -> Option<Role> {
        let here = self.at.iter().filter(|(id, _)| *id == property).map(|(_, role)| *role);
        here.chain(self.everywhere).max()
    }

    pub fn role_in(&self, reach: Reach) -> Option<Role> {
        match reach {
            Reach::Everywhere => self.everywhere,
            Reach::Property(id) => self.role_at(id),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.everywhere.is_none() && self.at.is_empty()
    }

    /// Whether who holds these may decide about who holds `others`: an admin wherever they have any role.
    pub fn administer(&self, others: &Grants) -> bool {
        if self.everywhere == Some(Role::Admin) {
            return true;
        }
        others.everywhere.is_none() && others.at.iter().all(|(id, _)| self.role_at(*id) == Some(Role::Admin))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn an_admin_of_one_hotel_decides_only_about_those_who_work_nowhere_else() {
        let (here, there) = (PropertyId(Uuid::from_u128(1)), PropertyId(Uuid::from_u128(2)));
        let admin = Grants::one(Reach::Property(here), Role::Admin);
        let both = Grants { everywhere: None, at: vec![(here, Role::Agent), (there, Role::Agent)] };
        assert!(admin.administer(&Grants::one(Reach::Property(here), Role::Admin)));
        assert!(!admin.administer(&both));
        assert!(!admin.administer(&Grants::one(Reach::Everywhere, Role::Agent)));
        assert!(Grants::one(Reach::Everywhere, Role::Admin).administer(&both));
        assert!(!Grants::one(Reach::Everywhere, Role::Manager).administer(&both));
        assert_eq!(admin.role_at(there), None);
    }
}
