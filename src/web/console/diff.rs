//! What differs between two texts, line by line. For reading; nothing is merged.

/// Beyond this much work the middle is shown as replaced as a whole.
const CELLS: usize = 4_000_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Same,
    Gone,
    New,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub change: Change,
    pub text: String,
}

impl Line {
    fn new(change: Change, text: &str) -> Self {
        Self { change, text: text.to_owned() }
    }

    /// The style's name.
    pub fn class(&self) -> &'static str {
        match self.change {
            Change::Same => "same",
            Change::Gone => "gone",
            Change::New => "new",
        }
    }

    /// Read aloud, and shown in front.
    pub fn mark(&self) -> &'static str {
        match self.change {
            Change::Same => " ",
            Change::Gone => "−",
            Change::New => "+",
        }
    }
}

/// The lines that differ, each with up to two that are the same around it; empty: nothing differs.
pub(super) fn lines(before: &str, after: &str) -> Vec<Line> {
    let all = compare(before, after);
    let near = |at: usize| {
        let around = at.saturating_sub(2)..(at + 3).min(all.len());
        all.get(around).is_some_and(|lines| lines.iter().any(|line| line.change != Change::Same))
    };
    let keep: Vec<bool> = (0..all.len()).map(near).collect();
    all.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(line, _)| line).collect()
}

fn compare(before: &str, after: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(a, b)| a == b).count();
    let (gone, come) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut out: Vec<Line> = old[..head].iter().map(|text| Line::new(Change::Same, text)).collect();
    out.extend(middle(gone, come));
    out.extend(old[old.len() - tail..].iter().map(|text| Line::new(Change::Same, text)));
    out
}

/// The longest common run of lines, by the usual table.
fn middle(old: &[&str], new: &[&str]) -> Vec<Line> {
    if old.len() * new.len() > CELLS {
        let gone = old.iter().map(|text| Line::new(Change::Gone, text));
        return gone.chain(new.iter().map(|text| Line::new(Change::New, text))).collect();
    }
    let wide = new.len() + 1;
    let mut table = vec![0_u32; (old.len() + 1) * wide];
    for (i, a) in old.iter().enumerate().rev() {
        for (j, b) in new.iter().enumerate().rev() {
            table[i * wide + j] = if a == b {
                table[(i + 1) * wide + j + 1] + 1
            } else {
                table[(i + 1) * wide + j].max(table[i * wide + j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        let same = i < old.len() && j < new.len() && old[i] == new[j];
        let drop_old =
            j == new.len() || (i < old.len() && table[(i + 1) * wide + j] >= table[i * wide + j + 1]);
        if same {
            out.push(Line::new(Change::Same, old[i]));
            (i, j) = (i + 1, j + 1);
        } else if drop_old {
            out.push(Line::new(Change::Gone, old[i]));
            i += 1;
        } else {
            out.push(Line::new(Change::New, new[j]));
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(before: &str, after: &str) -> Vec<String> {
        lines(before, after).iter().map(|line| format!("{}{}", line.mark(), line.text)).collect()
    }

    #[test]
    fn a_changed_line_is_shown_with_its_neighbours() {
        assert_eq!(shown("a\nb\nc\nd\ne\nf", "a\nb\nc\nX\ne\nf"), [" b", " c", "−d", "+X", " e", " f"]);
        assert_eq!(shown("a", "a"), [""; 0]);
        assert_eq!(shown("", "a"), ["+a"]);
        assert_eq!(shown("a\nb", ""), ["−a", "−b"]);
        assert_eq!(shown("a\nb\nb", "a\nb"), [" a", " b", "−b"]);
    }
}
