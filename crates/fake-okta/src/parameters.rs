//! The parameters of a request, from its query and its form, in the order in which they came.

use url::form_urlencoded;

/// Names and values in order, duplicates included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parameters {
    pairs: Vec<(String, String)>,
    n_in_query: usize,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(query: &str, form: &[u8]) -> Self {
        let owned = |text| form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into_owned()));
        let mut pairs: Vec<_> = owned(query.as_bytes()).collect();
        let n_in_query = pairs.len();
        pairs.extend(owned(form));
        Self { pairs, n_in_query }
    }

    /// The first value of this name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Whether there is a parameter of this name.
    pub fn contains(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// Whether a parameter of this name came in the query.
    pub(crate) fn is_in_query(&self, name: &str) -> bool {
        self.pairs[..self.n_in_query].iter().any(|(key, _)| key == name)
    }

    /// All names, in order, duplicates included.
    pub fn names(&self) -> Vec<&str> {
        self.pairs.iter().map(|(name, _)| name.as_str()).collect()
    }

    /// All names and values, in order.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// All but those of these names.
    pub(crate) fn without(&self, names: &[&str]) -> Self {
        let pairs = self.pairs.iter().filter(|(name, _)| !names.contains(&name.as_str())).cloned().collect();
        Self { pairs, n_in_query: 0 }
    }

    /// With this value for this name, whatever it had.
    pub(crate) fn with(&self, name: &str, value: &str) -> Self {
        let mut changed = self.without(&[name]);
        changed.pairs.push((name.to_owned(), value.to_owned()));
        changed
    }

    /// A name that occurs more than once, which RFC 6749 section 3.1 forbids.
    pub(crate) fn duplicate(&self) -> Option<&str> {
        let names = self.names();
        names.iter().enumerate().find(|(at, name)| names[..*at].contains(name)).map(|(_, name)| *name)
    }

    /// The value of a parameter that is a list, taken apart.
    pub(crate) fn words(&self, name: &str) -> Vec<String> {
        self.get(name).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    }

    /// The value of `scope`, taken apart.
    pub(crate) fn scopes(&self) -> Vec<String> {
        self.words("scope")
    }
}
