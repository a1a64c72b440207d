//! Line ends and byte order mark, which the TOML library does not keep.

/// The byte order mark that some editors of Windows put before the text.
const MARK: char = '\u{feff}';

/// `after`, made of `before`, with the byte order mark and the line ends that `before` has: those of the first line where a
/// line is another one.
pub fn with_ends_of(before: &str, after: &str) -> String {
    let (mark, before) = before.split_at(if before.starts_with(MARK) { MARK.len_utf8() } else { 0 });
    let (old, new) = (lines(before), lines(after.strip_prefix(MARK).unwrap_or(after)));
    let same = |(old, new): &(&&str, &&str)| content(old) == content(new) && old.ends_with('\n') == new.ends_with('\n');
    let head = old.iter().zip(&new).take_while(same).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(same).count();
    let end = if old.first().is_some_and(|line| line.ends_with("\r\n")) { "\r\n" } else { "\n" };
    let changed = new[head..new.len() - tail].iter();
    let changed = changed.flat_map(|line| [content(line), if line.ends_with('\n') { end } else { "" }]);
    let (above, below) = (old[..head].iter().copied(), old[old.len() - tail..].iter().copied());
    [mark].into_iter().chain(above).chain(changed).chain(below).collect()
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

fn content(line: &str) -> &str {
    line.strip_suffix('\n').map_or(line, |line| line.strip_suffix('\r').unwrap_or(line))
}

#[cfg(test)]
mod tests;
