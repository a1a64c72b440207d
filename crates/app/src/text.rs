//! Text from outside (names, groups, claims, what a server said) made fit to be drawn: in the window, the tray, a notice
//! or a list that is copied.
//!
//! What is taken out can make text look like other text, hide it, or reorder what stands beside it (Unicode Technical
//! Report 36, section 2). It is still to be shown as text, never as markup.

/// `text` without characters that are invisible, control, or reorder; at most `max` characters, the last of them an
/// ellipsis where it was cut.
pub fn people_text(text: &str, max: usize) -> String {
    let mut drawn = text.chars().filter(|character| !is_taken_out(*character));
    let mut kept: String = drawn.by_ref().take(max).collect();
    if drawn.next().is_some() {
        // One makes room for the ellipsis.
        kept.pop();
        kept.push('…');
    }
    kept
}

/// `text` between first strong isolate and pop directional isolate (Unicode Standard Annex 9, section 2.4), for a
/// sentence of ours where no markup can isolate it: a right-to-left name must not turn what stands beside it around.
pub(crate) fn isolated(text: &str) -> String {
    format!("\u{2068}{text}\u{2069}")
}

/// `text` without e-mail addresses, each replaced: a person may have called a profile by one, and a server may name one.
pub(crate) fn without_emails(text: &str, replacement: &str) -> String {
    let is_email = |word: &str| word.split_once('@').is_some_and(|(who, where_)| !who.is_empty() && !where_.is_empty());
    let clean = |word: &str| if is_email(word) { replacement.to_owned() } else { word.to_owned() };
    let lines: Vec<_> = text.split('\n').map(|line| line.split(' ').map(clean).collect::<Vec<_>>().join(" ")).collect();
    lines.join("\n")
}

/// The longest name of a person, profile or program that is drawn, in characters.
pub(crate) const MAX_NAME: usize = 200;
/// The longest group name that is drawn.
pub(crate) const MAX_GROUP: usize = 256;
/// The longest claim value that is drawn.
pub(crate) const MAX_CLAIM: usize = 1_000;
/// The longest quotation of a server or of the system.
pub(crate) const MAX_QUOTE: usize = 200;

fn is_taken_out(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{00AD}' // soft hyphen
            | '\u{034F}' // combining grapheme joiner
            | '\u{061C}' // Arabic letter mark
            | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}' // Hangul fillers: letters without ink
            | '\u{180E}' // Mongolian vowel separator
            | '\u{200B}'..='\u{200F}' // zero width; left-to-right and right-to-left marks
            | '\u{2028}'..='\u{202E}' // line and paragraph separators; embeddings and overrides
            | '\u{2060}'..='\u{206F}' // word joiner, invisible operators, isolates, deprecated format characters
            | '\u{FEFF}' // byte order mark
            | '\u{FFF9}'..='\u{FFFB}' // interlinear annotation
            | '\u{E0000}'..='\u{E007F}' // tags
        )
}

#[cfg(test)]
mod tests;
