//! Parts a guest's new words in an e-mail from quotes and signatures; it must not drop a line, only say whose it is.

mod attribution;
mod footers;
mod headers;
mod lines;
#[cfg(test)]
mod tests;
mod vocabulary;

/// An e-mail's text in its three parts; every line of it that is not blank stands in exactly one of them, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parts {
    /// What the guest wrote now, a closing formula and a name under it included. Empty where the mail is nothing but
    /// quotes, such as one passed on without a word.
    pub words: String,
    /// What stands under every mail of this sender: the block after `-- `, device footers, disclaimers, list footers.
    pub signature: String,
    /// What somebody wrote earlier, with the lines that introduce it.
    pub quoted: String,
}

/// Whose a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Words,
    Signature,
    Quoted,
}

/// Parts the text of an e-mail (its decoded plain text, or its HTML turned into text with `>` before quotes).
///
/// In doubt a line is the guest's. Takes time linear in the text, whatever stands in it.
#[must_use]
pub fn split(body: &str) -> Parts {
    let lines = lines::of(body);
    let mut parts = vec![Part::Words; lines.len()];
    mark_quotes(&lines, &mut parts);
    mark_links_between_quotes(&lines, &mut parts);
    let mut start = 0;
    while start < lines.len() {
        let quoted = parts[start] == Part::Quoted;
        let length = parts[start..].iter().take_while(|part| (**part == Part::Quoted) == quoted).count();
        if !quoted {
            footers::mark(&lines[start..start + length], &mut parts[start..start + length], start == 0);
        }
        start += length;
    }
    Parts {
        words: collect(&lines, &parts, Part::Words),
        signature: collect(&lines, &parts, Part::Signature),
        quoted: collect(&lines, &parts, Part::Quoted),
    }
}

/// What introduces a quote, as lines from where it was looked for.
struct Border {
    /// The first line behind it.
    end: usize,
    /// It is plain enough that all below is quoted even where no `>` says so.
    sure: bool,
}

fn mark_quotes(lines: &[&str], parts: &mut [Part]) {
    let mut at = 0;
    while at < lines.len() {
        if lines::is_blank(lines[at]) {
            at += 1;
        } else if lines::is_quote(lines[at]) {
            parts[at] = Part::Quoted;
            at += 1;
        } else if let Some(end) = quoted_until(lines, at) {
            let from = above(lines, parts, at);
            parts[from..end].fill(Part::Quoted);
            at = end;
        } else {
            at += 1;
        }
    }
}

/// Where the quote that is introduced at line `at` ends: behind its introduction, when `>` marks what follows.
fn quoted_until(lines: &[&str], at: usize) -> Option<usize> {
    let border = attribution::at(lines, at)
        .or_else(|| headers::block(lines, at))
        .or_else(|| headers::marker(lines, at))?;
    let next = lines::next_filled(lines, border.end);
    if next.is_some_and(|next| lines::is_quote(lines[next])) {
        return Some(border.end);
    }
    border.sure.then_some(lines.len())
}

/// The first of the rulers and announcements that belong to the introduction at line `at`.
fn above(lines: &[&str], parts: &[Part], at: usize) -> usize {
    let belongs = |n: &usize| {
        parts[*n] != Part::Quoted
            && (lines::is_blank(lines[*n]) || lines::is_ruler(lines[*n]) || headers::announces(lines[*n]))
    };
    (0..at).rev().take_while(belongs).last().unwrap_or(at)
}

/// A long link breaks a quoted line, and its rest stands between two quoted lines without a mark.
fn mark_links_between_quotes(lines: &[&str], parts: &mut [Part]) {
    for at in 1..lines.len().saturating_sub(1) {
        let between = lines::is_quote(lines[at - 1]) && lines::is_quote(lines[at + 1]);
        if between && lines::is_link(lines[at]) {
            parts[at] = Part::Quoted;
        }
    }
}

/// The lines of one part; where others stood between them, or a blank one, one blank line stands.
fn collect(lines: &[&str], parts: &[Part], wanted: Part) -> String {
    let mut text = String::new();
    let mut gap = false;
    for (line, part) in lines.iter().zip(parts) {
        if *part != wanted || lines::is_blank(line) {
            gap = true;
            continue;
        }
        if !text.is_empty() {
            text.push_str(if gap { "\n\n" } else { "\n" });
        }
        text.push_str(line.trim_end());
        gap = false;
    }
    text
}
