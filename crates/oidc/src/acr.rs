//! Authentication Context Class References: how the person has to authenticate (OIDC Core section 2).

use std::fmt;

/// What may stand in `acr_values` (OIDC Core section 3.1.2.1): classes of authentication, most wanted first, without
/// duplicates. Okta's are named `urn:okta:loa:2fa:any` and the like.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct AcrValues(Vec<String>);

impl AcrValues {
    /// Reads a space-separated list. What is not visible ASCII is left out.
    pub fn parse(text: &str) -> Self {
        let mut values: Vec<String> = Vec::new();
        for value in text.split_ascii_whitespace() {
            if value.bytes().all(|byte| byte.is_ascii_graphic()) && !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
        Self(values)
    }

    /// Whether `acr` is in the list, to the letter.
    pub fn contains(&self, acr: &str) -> bool {
        self.0.iter().any(|value| value == acr)
    }

    /// Whether there is none: then the server chooses.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Space-separated, as on the wire.
impl fmt::Display for AcrValues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_in_its_order() {
        let values = AcrValues::parse(" urn:okta:loa:2fa:any  phr phr\n\u{e4}cr a\u{1}b ");
        assert_eq!(values.to_string(), "urn:okta:loa:2fa:any phr");
        assert!(values.contains("phr") && !values.contains("PHR") && !values.contains("ph"));
        assert!(AcrValues::parse(" \t").is_empty() && !values.is_empty());
    }
}
