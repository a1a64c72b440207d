//! Authentication context (`acr_values`, Okta's step-up): which of the values that are asked for a person can meet.

use crate::people::Person;

/// No value that was asked for can be met.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unmet;

/// What a request for certain values comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Assurance {
    /// The `acr` of the tokens; none if none was asked for.
    pub(crate) acr: Option<String>,
    pub(crate) needs_two_factors: bool,
}

/// The first of the values that the person can meet. Values that Okta does not know are as good as not asked for.
pub(crate) fn answer(acr_values: &[String], person: &Person) -> Result<Assurance, Unmet> {
    let mut known = acr_values.iter().filter_map(|acr| Some((acr, needs_two_factors(acr, person)?))).peekable();
    if known.peek().is_none() {
        return Ok(Assurance { acr: None, needs_two_factors: false });
    }
    let (acr, needs_two_factors) = known.find(|(_, needs_two)| !needs_two || person.has_second_factor).ok_or(Unmet)?;
    Ok(Assurance { acr: Some(acr.clone()), needs_two_factors })
}

/// The values that Okta knows.
pub(crate) const KNOWN: [&str; 6] = [
    "urn:okta:loa:1fa:any",
    "urn:okta:loa:1fa:pwd",
    "urn:okta:loa:2fa:any",
    "urn:okta:loa:2fa:any:ifpossible",
    "phr",
    "phrh",
];

/// Whether a value takes two factors; `None` if Okta does not know the value.
fn needs_two_factors(acr: &str, person: &Person) -> Option<bool> {
    match acr {
        "urn:okta:loa:1fa:any" | "urn:okta:loa:1fa:pwd" => Some(false),
        "urn:okta:loa:2fa:any" | "phr" | "phrh" => Some(true),
        "urn:okta:loa:2fa:any:ifpossible" => Some(person.has_second_factor),
        _ => None,
    }
}
