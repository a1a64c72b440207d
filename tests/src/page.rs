//! A page of `docs/okta`, as whoever does what it says reads it: its steps, what is to be written into files, and the
//! commands.

use std::path::Path;

use gatepass_agent::{Profile, ProfileParts};

/// A page.
#[derive(Clone, Debug)]
pub struct Page {
    text: String,
}

impl Page {
    /// The page of this name.
    pub fn read(name: &str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/okta").join(name).with_extension("md");
        Self { text: std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {}", path.display())) }
    }

    /// The page with what somebody has in place of its example.
    pub fn with(&self, example: &str, own: &str) -> Self {
        assert!(self.text.contains(example), "the page has no {example}");
        Self { text: self.text.replace(example, own) }
    }

    /// All of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The first block of this language with these words: what is to be written into a file, or run.
    pub fn block(&self, language: &str, words: &str) -> &str {
        let mut blocks = self.text.split("\n```").skip(1).step_by(2);
        let found = blocks
            .find_map(|block| block.strip_prefix(language)?.strip_prefix('\n').filter(|block| block.contains(words)));
        found.unwrap_or_else(|| panic!("no {language} with {words} on the page"))
    }

    /// What stands in code in the midst of a sentence or a table.
    pub fn words_in_code(&self) -> impl Iterator<Item = &str> {
        let prose = self.text.split("\n```").step_by(2);
        prose.flat_map(|prose| prose.split('`').skip(1).step_by(2))
    }

    /// The profile with this id, as it is written into the profiles file.
    pub fn profile(&self, id: &str) -> &str {
        self.block("toml", &format!("id = \"{id}\""))
    }

    /// What that profile is made of.
    pub fn parts(&self, id: &str) -> ProfileParts {
        let parts = Profile::parts_in_toml(self.profile(id)).unwrap_or_else(|wrong| panic!("{id}: {wrong}"));
        let [parts] = <[_; 1]>::try_from(parts).expect("one profile in a block");
        parts
    }

    /// The numbered step of this title, with the smaller ones in it.
    pub fn step(&self, title: &str) -> &str {
        let title = format!(". **{title}**");
        let is_it = |line: &str| line.split_once(&title).is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        self.passage(is_it).unwrap_or_else(|| panic!("no step{title} on the page"))
    }

    /// The row of a table that begins with these words.
    pub fn row(&self, words: &str) -> &str {
        let words = format!("| {words}");
        self.passage(|line| line.starts_with(&words)).unwrap_or_else(|| panic!("no row {words} on the page"))
    }

    /// A line, and those beneath it that are indented.
    fn passage(&self, is_it: impl Fn(&str) -> bool) -> Option<&str> {
        let line = self.text.lines().find(|line| is_it(line))?;
        let rest = &self.text[self.text.find(line)?..];
        let end = rest.match_indices('\n').map(|(at, _)| at).find(|&at| !rest[at + 1..].starts_with(' '));
        Some(&rest[..end.unwrap_or(rest.len())])
    }
}
