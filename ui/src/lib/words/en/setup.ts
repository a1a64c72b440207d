/** English for setting a profile up: the form, what a document fixes, what an app can want, what its client proves itself with. */
import type { Choice, Chosen } from '../../options';
import type { PresetId } from '../../presets';
import type { Formats } from '../formats';

export function setup(f: Formats) {
  return {
    form: {
      firstTitle: 'Connect to your Okta',
      title: 'Add a profile',
      editTitle: 'Edit the profile',
      editLead: 'A new name, scopes or redirect URI keep you signed in.',
      scopes: 'Scopes',
      scopesHint: 'Separated by spaces. Left empty, the usual ones are asked for.',
      saveEdit: 'Save',
      import: {
        summary: 'Fill in from a link, text or file',
        label: 'Link or text of a profile',
        fill: 'Fill in',
        file: 'Or the file of a profile',
        filled: 'This came from somebody else. Check the host below before you save.',
      },
      lead: 'Two values from your admin are enough.',
      issuer: 'Issuer',
      clientId: 'Client ID',
      redirectUri: 'Redirect URI',
      redirectHint: 'Must stand in the app’s Sign-in redirect URIs, to the letter.',
      name: 'Name',
      optional: 'optional',
      nameHint: 'What to call it here. Left empty, it is named after the issuer.',
      checking: 'Looking…',
      confirmBefore: 'You will sign in at ',
      confirmAfter: '. Your client ID goes there and nowhere else.',
      save: 'Save and sign in',
      cancel: 'Cancel',
      missing: { issuer: 'The issuer is missing.', client_id: 'The client ID is missing.' },
      status: { unknown: '', good: 'Good', note: 'Note', bad: 'Not usable' },
    },

    /** What a profile's client proves itself with. */
    clientKeys: {
      titles: { secret: 'Client secret', key: 'Client key pair' },
      kept: {
        secret: (n: number) => (n === 0 ? 'No client secret is kept.' : `${f.count(n, { one: 'secret', other: 'secrets' })} kept.`),
        key: (n: number) => (n === 0 ? 'There is no key pair.' : `${f.count(n, { one: 'key pair', other: 'key pairs' })} kept.`),
      },
      without: {
        secret: 'Without one Okta refuses the sign-in.',
        key: 'Without one Okta refuses the sign-in.',
      },
      rotation: 'The old one stays until the new one has worked.',
      take: 'Take the secret from the clipboard',
      takeHint:
        'Copy the client secret at Okta first. Gatepass takes it off the clipboard, which is then empty, and keeps it with your sessions; it never comes into this window. An old one stays until the new one has worked.',
      makeFirst: 'Make a key pair',
      makeNext: 'Make the next key',
      makeHint: 'The private half stays with your sessions and is shown to nobody. An Okta admin pastes the public half under',
      path: 'Applications → this app → General → Client Credentials → Public keys',
      nextHint: 'When you make the next key, the old one stays until the new one has worked.',
      publicKey: 'Public key, as a JWK',
      copy: 'Copy public key',
    },

    /** For the admin who insists on looking groups up with an API token. */
    apiToken: {
      title: 'API token of an Okta admin',
      kept: 'One is kept. It is sent to Okta alone, after each sign-in and renewal.',
      none: 'None is kept.',
      warning:
        'Whoever has an API token can do at Okta all that the admin can who made it. It belongs on no computer that others use. Nobody but that admin should put one here, and nobody should ask you for one.',
      take: 'Take an API token from the clipboard',
      ask: {
        title: 'Keep an admin’s API token on this computer?',
        line: 'It stays in the keyring and can do all that you can at Okta, for as long as it is used once a month. A groups claim needs none.',
        does: 'I am that admin: take it',
      },
      forget: 'Forget it',
    },

    /** What a new profile is for. */
    presets: {
      label: 'What the profile is for',
      other: 'Another Okta app',
      admin: 'What an Okta admin does for this',
      needsOwnApp: (system: string) =>
        `${system}’s own app at Okta is a Web app whose secret is its server’s, so Gatepass needs a separate Native app.`,
      /** In the words of Okta's console, as what follows is. Addresses are drawn as such. */
      nativeApp: (redirectUri: string) =>
        `Applications → Create App Integration: OIDC, Native Application, with Authorization Code and Refresh Token. Its Sign-in redirect URI is ${redirectUri}`,
      steps: {
        mongodb: [
          'Security → API → Add Authorization Server: its Audience is the client ID, its Metadata URI tells the issuer.',
          'Its Claims: one for the Access Token, of the type Groups, matching the regex .* in any scope. Another name than groups goes under More options.',
          'Its Access Policies: one for All clients, with a rule for Authorization Code.',
        ],
        openmetadata: [
          'Security → API → OpenMetadata’s authorization server → Settings: Issuer from Dynamic to Okta URL. The Metadata URI tells the issuer.',
          'Its Access Policies: assign the policy to the Native app, too.',
        ],
        kong: [
          'Controlled access: Skip group assignment for now; then assign the people, as in Kong’s app.',
          'Security → API → Kong’s authorization server: the Metadata URI tells the issuer. Its Access Policies: assign the policy to the Native app, too.',
        ],
        pomerium: [
          'Sign On → OpenID Connect ID Token: a groups claim called groups, matching the regex .*',
          'The issuer is the address of the org, without -admin. The API token stays with Pomerium.',
        ],
        other: [
          'Client authentication: None. Assign the people.',
        ],
      } satisfies Record<PresetId, string[]>,
    },

    /** What an Okta app can want beside the usual. */
    options: {
      summary: 'More options',
      someSet: 'some are set',
      labels: {
        client_authentication: 'How the app proves itself to Okta',
        dpop: 'Bind tokens to a key of this computer',
        push: 'Hand the request to Okta ahead of the browser',
        silent_first: 'Try without a page first',
        sign_in_with: 'Sign in with the session of',
        prompt: 'What Okta must show you',
        acr_values: 'How strongly you must prove who you are',
        max_age: 'How old a sign-in at Okta may be, in seconds',
        response_mode: 'How the browser brings the answer back',
        groups_from: 'Where your groups are',
        groups_claim: 'Claim that names your groups',
        further_audiences: 'Further audiences',
      },
      hints: {
        client_authentication: 'A program on your computer can keep no secret that is not yours, so a Native app needs none.',
        provesItself: 'Save first: what it proves itself with is then set up beside the profile.',
        dpop: 'A stolen token is then useless, and an answer that is not bound is refused.',
        push: 'Nothing of it then stands in the browser’s address.',
        silent_first: 'When you click, in case you are still signed in at Okta. Never by itself.',
        sign_in_with:
          'Tried first when you click, without a browser. That profile must be signed in with the scope device_sso, and this app needs the grant Token Exchange at Okta.',
        acr_values: 'Separated by spaces, as your admin names them.',
        max_age: 'Left empty, any.',
        response_mode: 'A form needs a redirect URI on this computer.',
        groups_claim: 'Left empty: groups.',
        further_audiences:
          'One a line: issuer of another authorization server of your org, audience, scopes. Tokens for them are had in exchange for this session’s, if Okta does that for the app.',
        groups_from: {
          okta_api:
            'With your own token: on the org authorization server only, with okta.users.read among the scopes, and if you are an Okta administrator. It tells IDs, too.',
          okta_api_token:
            'An API token can do all that the admin can who made it. Only that admin gives it, and is better off without: a groups claim tells everybody their groups. Save first.',
        } as Partial<Record<string, string>>,
      },
      /** In place of a profile. */
      noSession: 'None: always in the browser',
      /** By the names of the profiles file, which are those of the standards. */
      choices: {
        client_authentication: {
          none: 'None (recommended)',
          client_secret_basic: 'Client secret in the header (client_secret_basic)',
          client_secret_post: 'Client secret in the body (client_secret_post)',
          private_key_jwt: 'Key pair (private_key_jwt)',
        },
        response_mode: { query: 'In the address (query)', form_post: 'In a form (form_post)' },
        prompt: {
          '': 'What Okta finds right',
          login: 'The sign-in page, each time (login)',
          consent: 'The question for consent, each time (consent)',
          'login consent': 'Both, each time (login consent)',
        },
        groups_from: {
          tokens: 'In either token',
          id_token: 'In the ID token',
          access_token: 'In the access token',
          userinfo: 'At the UserInfo endpoint',
          okta_api: 'At Okta’s API, for administrators',
          okta_api_token: 'At Okta’s API, with an admin’s API token (not recommended)',
        },
      } satisfies { [Of in Chosen]: Record<Choice<Of>, string> },
    },
  };
}
