//! Reads an arrivals list: CSV text into stays, every fault of every row in words. It must not touch the database.

use crate::domain::phone;
use crate::domain::stay::StayState;
use crate::store::stays::confirmation_key;
use chrono::NaiveDate;
use std::collections::HashMap;

const COLUMNS: [&str; 10] = [
    "confirmation",
    "first_name",
    "last_name",
    "phone",
    "email",
    "lang",
    "room",
    "arrives_on",
    "departs_on",
    "state",
];
const NEEDED: [&str; 4] = ["confirmation", "last_name", "arrives_on", "departs_on"];
/// The columns for people, as `import stays --help` shows them.
pub const COLUMNS_HELP: &str = "\
Columns, named in the first line, in any order:
  confirmation  needed; the number that the guest knows, once per file
  last_name     needed
  arrives_on    needed; 2026-06-30 or 30.06.2026
  departs_on    needed
  first_name
  phone         with its country: +34 600 111 222
  email
  lang          two letters: es
  room          empty until one is given
  state         expected, in_house, left or cancelled; without it, the dates tell
Fields are separated by commas, semicolons or tabs; the text is UTF-8. Capitals and spaces in names make no difference.";
/// More rows than any hotel has guests at a time.
const MOST_ROWS: usize = 20_000;

/// A fault of one row and what to do about it. It names the column, never what a guest is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowProblem {
    /// In the file, the header being line 1.
    pub line: u64,
    pub what: String,
}

/// A row, checked. `None` in an outer option: the file has no such column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub confirmation: String,
    pub first_name: Option<String>,
    pub last_name: String,
    pub phone: Option<Option<String>>,
    pub email: Option<Option<String>>,
    pub lang: Option<Option<String>>,
    pub room: Option<Option<String>>,
    pub arrives_on: NaiveDate,
    pub departs_on: NaiveDate,
    /// `None`: the dates tell.
    pub state: Option<StayState>,
}

/// A file that could be read.
#[derive(Debug)]
pub(super) struct Sheet {
    pub rows: Vec<Row>,
    pub ignored_columns: Vec<String>,
}

/// Why a file could not be.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    File(String),
    Rows(Vec<RowProblem>),
}

pub(super) fn read(bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    let text = text.map_err(|_| Unreadable::File("is not UTF-8: save it as \"CSV UTF-8\"".to_owned()))?;
    if text.contains('\0') {
        return Err(Unreadable::File("holds NUL characters: save it as \"CSV UTF-8\"".to_owned()));
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(text))
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| Unreadable::File(error.to_string()))?.clone();
    let columns = columns(&header)?;
    let known = |name: &str| COLUMNS.contains(&name);
    let ignored_columns = columns.keys().filter(|name| !known(name)).cloned().collect();

    let (mut rows, mut problems, mut lines) = (Vec::new(), Vec::new(), HashMap::new());
    for record in reader.records() {
        let record = record.map_err(|error| Unreadable::File(error.to_string()))?;
        let line = record.position().map_or(0, csv::Position::line);
        if record.iter().all(str::is_empty) {
            continue;
        }
        let mut faults = Vec::new();
        if record.len() != header.len() {
            faults.push(format!("has {} fields, the header has {}", record.len(), header.len()));
        } else {
            let row = Fields { record: &record, columns: &columns, faults: &mut faults }.row();
            let key = row.as_ref().map(|row| confirmation_key(&row.confirmation)).unwrap_or_default();
            if let Some(first) = lines.insert(key.clone(), line).filter(|_| !key.is_empty()) {
                faults.push(format!("confirmation: stands in line {first} already; give each stay its own"));
            }
            rows.extend(row);
        }
        problems.extend(faults.into_iter().map(|what| RowProblem { line, what }));
        if rows.len() > MOST_ROWS {
            return Err(Unreadable::File(format!("has more than {MOST_ROWS} rows: split it")));
        }
    }
    if problems.is_empty() { Ok(Sheet { rows, ignored_columns }) } else { Err(Unreadable::Rows(problems)) }
}

/// The separator that the header uses most.
fn separator(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    [b'\t', b';', b','].into_iter().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

fn columns(header: &csv::StringRecord) -> Result<HashMap<String, usize>, Unreadable> {
    let mut columns = HashMap::new();
    for (index, name) in header.iter().enumerate() {
        let name = name.trim_matches('\u{feff}').to_lowercase().replace([' ', '-'], "_");
        if columns.insert(name.clone(), index).is_some() {
            return Err(Unreadable::File(format!("has two columns named {name:?}")));
        }
    }
    let missing: Vec<&str> = NEEDED.into_iter().filter(|name| !columns.contains_key(*name)).collect();
    if missing.is_empty() {
        return Ok(columns);
    }
    let (missing, all) = (missing.join(", "), COLUMNS.join(", "));
    Err(Unreadable::File(format!("lacks the columns {missing}; the first line names the columns: {all}")))
}

/// One row on its way to a [`Row`].
struct Fields<'a> {
    record: &'a csv::StringRecord,
    columns: &'a HashMap<String, usize>,
    faults: &'a mut Vec<String>,
}

impl<'a> Fields<'a> {
    /// `None`: no such column. An empty field is `Some("")`.
    fn find(&self, name: &str) -> Option<&'a str> {
        self.columns.get(name).and_then(|index| self.record.get(*index))
    }

    fn needed(&mut self, name: &str) -> Option<&'a str> {
        let found = self.find(name).filter(|text| !text.is_empty());
        if found.is_none() {
            self.faults.push(format!("{name}: is empty"));
        }
        found
    }

    fn date(&mut self, name: &str) -> Option<NaiveDate> {
        let text = self.needed(name)?;
        let formats = ["%Y-%m-%d", "%d.%m.%Y"];
        let date = formats.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok());
        let date = date.filter(|date| (2000..2200).contains(&chrono::Datelike::year(date)));
        if date.is_none() {
            self.faults.push(format!("{name}: write the date as 2026-06-30 or 30.06.2026"));
        }
        date
    }

    /// An optional column whose text `read` may refuse with the advice.
    fn optional<T>(
        &mut self,
        name: &str,
        advice: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<Option<T>> {
        let text = self.find(name)?;
        if text.is_empty() {
            return Some(None);
        }
        let value = read(text);
        if value.is_none() {
            self.faults.push(format!("{name}: {advice}"));
        }
        Some(value)
    }

    /// `None` when something that is needed is missing or wrong; the faults say what.
    fn row(mut self) -> Option<Row> {
        let confirmation = self.needed("confirmation");
        if confirmation.is_some_and(|text| confirmation_key(text).is_empty()) {
            self.faults.push("confirmation: needs letters or digits".to_owned());
        }
        let last_name = self.needed("last_name");
        let (arrives_on, departs_on) = (self.date("arrives_on"), self.date("departs_on"));
        if let (Some(arrives_on), Some(departs_on)) = (arrives_on, departs_on)
            && departs_on < arrives_on
        {
            self.faults.push("departs_on: lies before arrives_on".to_owned());
        }
        let phone = self.optional("phone", "write it with + and its country, as +34 600 111 222", |text| {
            phone::normalise(text, None).map(String::from)
        });
        let email = self.optional("email", "is no mail address", |text| {
            let (user, host) = text.split_once('@')?;
            let good = !user.is_empty() && host.contains('.') && !text.contains([' ', ',', ';']);
            good.then(|| text.to_lowercase())
        });
        let lang = self.optional("lang", "write two letters, as es", |text| {
            let lang = text.split(['-', '_']).next().unwrap_or_default().to_lowercase();
            (lang.len() == 2 && lang.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(lang)
        });
        let room = self
            .optional("room", "is too long", |text| (text.chars().count() <= 20).then(|| text.to_owned()));
        let state = self.optional("state", "write expected, in_house, left or cancelled", |text| {
            text.to_lowercase().replace([' ', '-'], "_").parse().ok()
        });
        Some(Row {
            confirmation: confirmation?.to_owned(),
            first_name: self.find("first_name").map(str::to_owned),
            last_name: last_name?.to_owned(),
            phone,
            email,
            lang,
            room,
            arrives_on: arrives_on?,
            departs_on: departs_on?,
            state: state.flatten(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<(u64, String)> {
        match read(text.as_bytes()) {
            Err(Unreadable::Rows(rows)) => rows.into_iter().map(|row| (row.line, row.what)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_help_names_every_column_and_which_are_needed() {
        for column in COLUMNS {
            let line = COLUMNS_HELP.lines().find(|line| line.split_whitespace().next() == Some(column));
            let line = line.unwrap_or_else(|| panic!("{column}"));
            assert_eq!(line.contains("needed"), NEEDED.contains(&column), "{line}");
        }
    }

    #[test]
    fn a_spreadsheets_habits_make_no_difference() {
        let plain = "confirmation,first_name,last_name,arrives_on,departs_on,phone,state\n\
                     A-1,Ana,Ruiz,2026-06-09,2026-06-12,+34600111222,in_house\n";
        let excel = "\u{feff}Confirmation;First Name;Last-name;ARRIVES_ON;departs on;phone;state\r\n\
                     A-1 ;\"Ana\";Ruiz;09.06.2026;12.06.2026;0034 600 111 222;In House\r\n;;;;;;\r\n";
        let tabs = plain.replace(',', "\t");
        let rows = read(plain.as_bytes()).unwrap().rows;
        assert_eq!(rows.len(), 1);
        assert_eq!(rows, read(excel.as_bytes()).unwrap().rows);
        assert_eq!(rows, read(tabs.as_bytes()).unwrap().rows);
        assert_eq!((&rows[0].room, rows[0].state), (&None, Some(StayState::InHouse)));
    }

    #[test]
    fn every_fault_is_told_with_its_line_and_never_with_the_guests_name() {
        let found = problems(
            "confirmation,last_name,arrives_on,departs_on,phone,email,lang,state,room\n\
             A1,Secretname,2026-06-09,2026-06-12,,,,,\n\
             ,Secretname,2026-06-09,2026-06-08,600111222,secretname,español,gone,123456789012345678901\n\
             a-1,,09/06/2026,,+34600111222,a@b.es,es-ES,left,1\n\
             A3,Secretname\n",
        );
        let expected = [
            (3, "confirmation: is empty"),
            (3, "departs_on: lies before arrives_on"),
            (3, "phone: write it with + and its country, as +34 600 111 222"),
            (3, "email: is no mail address"),
            (3, "lang: write two letters, as es"),
            (3, "room: is too long"),
            (3, "state: write expected, in_house, left or cancelled"),
            (4, "last_name: is empty"),
            (4, "arrives_on: write the date as 2026-06-30 or 30.06.2026"),
            (4, "departs_on: is empty"),
            (5, "has 2 fields, the header has 9"),
        ];
        let found: Vec<(u64, &str)> = found.iter().map(|(line, what)| (*line, what.as_str())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_number_stands_once_and_unknown_columns_are_named() {
        let head = "confirmation,last_name,arrives_on,departs_on,e-mail\n";
        let found = problems(&format!("{head}A1,B,2026-06-09,2026-06-12,\na 1,C,2026-06-09,2026-06-12,\n"));
        assert_eq!(found, [(3, "confirmation: stands in line 2 already; give each stay its own".to_owned())]);
        let sheet = read(format!("{head}A1,B,2026-06-09,2026-06-12,\n").as_bytes()).unwrap();
        assert_eq!(sheet.ignored_columns, ["e_mail"]);
    }

    #[test]
    fn what_is_no_list_is_refused_as_a_whole() {
        let file = |bytes: &[u8]| match read(bytes) {
            Err(Unreadable::File(why)) => why,
            other => panic!("{other:?}"),
        };
        assert!(
            file(b"confirmation,last_name\nA,B\n").starts_with("lacks the columns arrives_on, departs_on;")
        );
        assert!(file(b"").starts_with("lacks the columns"));
        assert!(file(b"confirmation,\xff").starts_with("is not UTF-8"));
        assert!(file(b"room,room\n").starts_with("has two columns"));
        assert!(file(b"a\0b").contains("NUL"));
    }
}
