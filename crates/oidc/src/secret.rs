//! The secrets of a sign-in. Each is a type of its own: redacted `Debug`, no `Display`, no `Serialize`, no `PartialEq`,
//! zeroed on drop, and one method that reads it, named so that a search finds every use.

use secrecy::{ExposeSecret, SecretString};

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(SecretString);

        impl $name {
            /// Takes ownership of the secret text.
            pub fn new(secret: impl Into<String>) -> Self {
                Self(SecretString::from(secret.into()))
            }

            /// Reads the secret. Whatever it is written into must be as careful with it as this type is.
            pub fn expose(&self) -> &str {
                self.0.expose_secret()
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret! {
    /// What a resource server admits (RFC 6749 section 1.4). Kept in memory alone.
    AccessToken
}
secret! {
    /// What buys the next access token (RFC 6749 section 1.5). Under rotation it can be used once.
    RefreshToken
}
secret! {
    /// What signs further clients in on this machine out of one session (OpenID Connect Native SSO for Mobile Apps).
    DeviceSecret
}
secret! {
    /// What a confidential client proves itself with (RFC 6749 section 2.3.1). Kept in the vault.
    ClientSecret
}
secret! {
    /// What Okta's API takes from an admin, with all the rights that the admin has. Kept in the vault.
    ApiToken
}
secret! {
    /// The private half of a [`SigningKey`](crate::SigningKey) as text, for the vault alone.
    SigningKeyText
}
secret! {
    /// A proof that the client holds its key (RFC 9449 section 4): with the token it is for, good for one request.
    DpopProof
}
secret! {
    /// The authorization code that the redirect brings (RFC 6749 section 4.1.2).
    AuthorizationCode
}

#[cfg(test)]
mod tests;
