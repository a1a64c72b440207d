//! What the access policies of a custom server say. The org server has none, and lets everything pass.

use crate::call::Call;
use crate::endpoints::Refusal;
use crate::org::{GrantType, Lifetimes, Rule};
use crate::people::Person;
use crate::store::Grant;

/// Refuses what no rule allows. Not recorded as unexpected: it is for an admin to mend.
pub(crate) fn check(
    call: &Call<'_>,
    client_id: &str,
    person: &Person,
    grant_type: GrantType,
    scopes: &[String],
) -> Result<(), Refusal> {
    if call.server.is_none() || rule(call, client_id, person, grant_type, scopes).is_some() {
        return Ok(());
    }
    let text = "Policy evaluation failed for this request, please check the policy configurations.";
    Err((401, "access_denied", text.to_owned()))
}

/// How long what comes of a grant lives: by the rule that allows it now, or else as the org has it.
pub(crate) fn lifetimes(call: &Call<'_>, grant: &Grant) -> Lifetimes {
    let person = call.org.person(&grant.person);
    let rule = person.and_then(|person| rule(call, &grant.client_id, person, grant.grant_type, &grant.scopes));
    rule.and_then(|rule| rule.lifetimes).unwrap_or(Lifetimes {
        access_token: call.org.access_token_lifetime,
        refresh_token: call.org.refresh_absolute_lifetime,
        refresh_idle: call.org.refresh_idle_lifetime,
    })
}

fn rule<'a>(
    call: &'a Call<'_>,
    client_id: &str,
    person: &Person,
    grant_type: GrantType,
    scopes: &[String],
) -> Option<&'a Rule> {
    let mut policies = call.custom_server()?.policies.iter();
    policies.find_map(|policy| policy.rule(client_id, person, grant_type, scopes))
}
