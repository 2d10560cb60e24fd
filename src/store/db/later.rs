//! Statements whose answer nobody needs. Each statement is a way to SQLite's thread and back, so they travel together with
//! what ends their unit. They must not be read from: what they find out is only whether they failed.

use super::DbError;
use sqlx::sqlite::{SqliteArguments, SqliteConnection};
use sqlx::{Arguments, AssertSqlSafe, Encode, Sqlite, Type};
use std::fmt::Write as _;

/// What waits to be sent, as one text: each statement's binds are numbered on from those before.
#[derive(Default)]
pub struct Later {
    text: String,
    binds: SqliteArguments,
    /// Of the statements before the one that is being added.
    before: usize,
}

impl Later {
    pub fn bind<'q, T>(&mut self, value: T) -> Result<(), DbError>
    where
        T: Encode<'q, Sqlite> + Type<Sqlite>,
    {
        self.binds.add(value).map_err(|error| DbError::Refused(error.to_string()))
    }

    /// The statement that the binds since the last one belong to.
    pub fn push(&mut self, text: &'static str) {
        if !self.text.is_empty() {
            self.text.push_str("; ");
        }
        renumber(text, self.before, &mut self.text);
        self.before = self.binds.len();
    }

    /// What a unit has left behind that came to nothing.
    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Sends what waits, and `last` with it.
    pub(super) async fn send(
        &mut self,
        conn: &mut SqliteConnection,
        last: Option<&'static str>,
    ) -> Result<(), DbError> {
        if let Some(last) = last {
            self.push(super::recorder::note(last));
        }
        if self.text.is_empty() {
            return Ok(());
        }
        let Self { text, binds, .. } = std::mem::take(self);
        // Made of texts that are constants of this program.
        sqlx::query_with(AssertSqlSafe(text), binds).execute(conn).await?;
        Ok(())
    }
}

/// `$1` of the text becomes `$6` behind five binds.
fn renumber(text: &str, before: usize, into: &mut String) {
    let mut rest = text;
    while let Some((head, tail)) = rest.split_once('$') {
        into.push_str(head);
        into.push('$');
        let digits = tail.len() - tail.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let (number, tail) = tail.split_at(digits);
        if let Ok(number) = number.parse::<usize>() {
            // Writing to a String cannot fail.
            let _ = write!(into, "{}", number + before);
        }
        rest = tail;
    }
    into.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_statement_keeps_its_own_binds() {
        let mut later = Later::default();
        (1..=2).for_each(|bind| later.bind(bind).unwrap());
        later.push("UPDATE a SET b = $2, c = $2 WHERE d = $1");
        later.bind("x").unwrap();
        later.push("INSERT INTO e (f, g) VALUES ($1, '$.path')");
        later.push("COMMIT");
        let wanted =
            "UPDATE a SET b = $2, c = $2 WHERE d = $1; INSERT INTO e (f, g) VALUES ($3, '$.path'); COMMIT";
        assert_eq!(later.text, wanted);
    }
}
