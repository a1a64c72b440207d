/** English, which the others are translated from. The type of these words is what a language must have. */
import type { Choice, Chosen } from '../options';
import type { PresetId } from '../presets';
import type { Action } from '../wire/Action';
import type { ActivityEntry } from '../wire/ActivityEntry';
import type { AttemptStage } from '../wire/AttemptStage';
import type { CopiedThing } from '../wire/CopiedThing';
import type { CopyFormat } from '../wire/CopyFormat';
import type { GroupsSource } from '../wire/GroupsSource';
import type { Inquiry } from '../wire/Inquiry';
import type { Kept } from '../wire/Kept';
import type { Problem } from '../wire/Problem';
import type { Status } from '../wire/Status';
import type { Whose } from '../wire/Whose';
import type { Formats } from './formats';

/** Where somebody is asked for groups and has not told them. */
type Untold = Exclude<GroupsSource, 'id-token' | 'access-token' | 'user-info' | 'okta-api' | 'no-claim' | 'not-yet'>;

export type Words = ReturnType<typeof en>;

export function en(f: Formats) {
  return {
    app: 'Gatepass',

    /** The six states, in the words that the tray uses too. */
    status: {
      'signed-in': 'Signed in',
      renewing: 'Renewing',
      offline: 'Offline',
      blocked: 'Blocked',
      'sign-in-needed': 'Sign-in needed',
      'signed-out': 'Signed out',
    } satisfies Record<Status, string>,

    demo: {
      tag: 'demo',
      explanation: 'A demo org on this computer, reached without encryption',
    },

    memoryOnly: { word: 'Until you quit' },

    /** In place of an answer, when the resident cannot be reached. */
    noAnswer: {
      code: 'window.no-answer',
      title: 'Gatepass did not answer',
      detail: 'The part of Gatepass that keeps your sessions could not be reached, so nothing was done.',
      advice: 'It starts again by itself; try again in a moment.',
      action: null,
      severity: 'warning',
      quote: null,
      likely: [],
      inquiry: null,
      whose: 'gatepass',
      console: null,
      note: null,
    } satisfies Problem,

    resident: {
      starting: 'Starting…',
      gone: 'Gatepass stopped; starting it again…',
      back: 'Gatepass runs again',
      goneDetail: 'What you see is how things stood before.',
      noTray:
        'Your desktop shows no tray. Gatepass goes on in the background when you close this window; start Gatepass again to see it.',
      quit: 'Quit Gatepass',
      version: (version: string) => `Version ${version}`,
    },

    profiles: {
      label: 'Profiles',
      choose: 'Profile',
      add: 'Add a profile',
    },

    /** In place of `Signed out`, until the keyring has said whether that is so. */
    reading: {
      word: 'Looking in the keyring…',
      line: 'If your system asks you to unlock it, do that to go on.',
    },

    /** What can be done to a profile itself. */
    manage: {
      label: 'More for this profile',
      choices: {
        edit: 'Edit…',
        duplicate: 'Duplicate',
        up: 'Move up',
        down: 'Move down',
        link: 'Copy as link',
        text: 'Copy as text',
        file: 'Save as a file',
        leave: 'Sign out here and in the browser',
        remove: 'Remove…',
      },
      savedAs: (path: string) => `Saved as ${path}`,
      /** Okta asks that the person signs in. */
      invitation: {
        title: (name: string) => `Okta asks you to sign in to “${name}”`,
        line: (host: string) => `A page sent you here, as the tile on your Okta dashboard does. If you go on, Gatepass begins a sign-in of its own at ${host}.`,
        does: 'Sign in',
      },
      copyOf: (name: string) => `${name} (copy)`,
      remove: {
        title: (name: string) => `Remove ${name}?`,
        signsOut: (person: string) => `${person} is signed out and the session ended at Okta first.`,
        line: 'The profile is taken out of the profiles file.',
        does: 'Remove',
      },
      signsOut: {
        title: 'This signs out',
        line: 'Another issuer or client ID is another app to Okta. The session is signed out and ended at Okta first.',
        does: 'Sign out and save',
      },
    },

    signedOut: {
      signIn: 'Sign in with Okta',
      tryAgain: 'Try again',
      asSomeoneElse: 'Sign in as someone else',
      promise: 'Opens your browser. Nothing is typed in this window.',
    },

    signingIn: {
      titles: {
        preparing: 'Getting ready',
        'opening-browser': 'Opening your browser',
        'browser-not-seen': 'No browser opened',
        'in-browser': 'Finish signing in in your browser',
        'on-other-device': 'Finish signing in on another device',
        exchanging: 'Almost there',
        storing: 'Storing…',
      } satisfies Record<AttemptStage, string>,
      preparing: (host: string) => `Asking ${host} how it wants you to sign in`,
      notSeen: 'Copy the link and open it yourself.',
      exchanging: 'Your browser came back; checking what Okta answered',
      storing: 'You are signed in at Okta; your keyring is taking the session.',
      listening: 'Listening on',
      waiting: 'Waiting for',
      left: (time: string) => `${time} left`,
      openAgain: 'Open the page again',
      copyLink: 'Copy link',
      cancel: 'Cancel',
      keepingBefore: 'You stay signed in as ',
      keepingAfter: ' in the meantime.',
    },

    otherDevice: {
      instead: 'Sign in on another device',
      useCode: 'Use a code instead',
      openBefore: 'On any device, open ',
      openAfter: ' and enter',
      picture: 'QR code of that address with the code in it',
      expiresIn: (time: string) => `Expires in ${time}`,
      copy: 'Copy code',
      warning:
        'The lesser way: Okta cannot see which device it signs in, so enter a code only if you asked for it yourself just now, at this computer, and never one that somebody sent you.',
    },

    signedIn: {
      copyToken: 'Copy access token',
      copyOther: 'Other ways to copy',
      refresh: 'Refresh now',
      signOut: 'Sign out',
      tabs: { label: 'What Okta says about you', groups: 'Groups', tokens: 'Tokens', activity: 'Activity', client: 'Client' },
      timeLeft: 'Time left',
      ended: 'ended',
      noToken: 'no token yet',
      noEnd: 'no end',
      leftOf: (lifetime: string) => `left of ${lifetime}`,
      left: 'left',
      headLeft: (time: string) => `${time} left`,
    },

    /** What stands beside the word of a state. Times are finished texts such as `14:32`. */
    detail: {
      renewsAt: (time: string) => `renews by itself at ${time}`,
      renewsSoon: 'renews by itself in a moment',
      signInBy: (time: string) => `sign in again by ${time}`,
      endsAt: (time: string) => `ends at ${time}; there is no refresh token, so sign in again then`,
      noEnd: 'has no end',
      renewing: 'asking Okta for a new access token',
      validFor: (span: string) => `still valid for ${span}`,
      tokenEnded: 'the access token has ended',
      noTokenYet: 'no access token yet',
      triesAt: (time: string) => `tries again by itself at ${time}`,
      triesSoon: 'tries again by itself',
      blocked: 'your Okta admin must act',
      endedAt: (time: string) => `ended at ${time}`,
      endedBecause: (time: string) => `ended at ${time}, because of this:`,
    },

    /** Sentences with names in them come in parts: a name from outside is drawn on its own, and cannot reorder the rest. */
    otherPerson: {
      were: 'You were signed in as ',
      between: '. ',
      signedIn: ' signed in just now. Replace?',
      until: 'Until you answer, the session of ',
      goesOn: ' goes on. The session that you do not keep is ended at Okta.',
      replace: 'Replace',
      keepBefore: 'Keep ',
      keepAfter: '',
    },

    groups: {
      filter: (n: number) => `Filter ${f.count(n, { one: 'group', other: 'groups' })}`,
      copy: 'Copy list',
      /** While a filter hides some of them. */
      copyAll: (n: number) => `Copy all ${f.number(n)}`,
      copyOne: (name: string) => `Copy ${name}`,
      copyOneShort: 'Copy',
      copyId: (name: string) => `Copy the ID of ${name}`,
      copyIdShort: 'Copy ID',
      listLabel: 'Groups',
      /** `day` is a finished text such as `Tuesday`. */
      newSince: (day: string) => `new since ${day}`,
      new: 'new',
      left: 'left',
      /** Around the name of the claim. */
      from: 'From the claim',
      of: {
        'access-token': 'of the access token',
        'id-token': 'of the ID token',
        'user-info': 'of what the UserInfo endpoint answers',
      },
      keys: 'Arrow keys move from group to group.',
      matching: (n: number, of: number) => `${f.number(n)} of ${f.count(of, { one: 'group', other: 'groups' })}`,
      noMatchBefore: 'No group matches “',
      noMatchAfter: '”',
      clear: 'Clear the filter',
      none: { title: 'No groups', line: 'Okta says that you are in no group that this app is told about.' },
      noClaim: {
        /** By where the profile looks for them. The name of the claim follows the second, and then the line. */
        titles: {
          tokens: 'No token names your groups',
          id_token: 'The ID token does not name your groups',
          access_token: 'The access token does not name your groups',
          userinfo: 'The UserInfo endpoint does not name your groups',
        },
        without: {
          tokens: 'Neither the access token nor the ID token has the claim',
          id_token: 'The ID token does not have the claim',
          access_token: 'The access token does not have the claim',
          userinfo: 'What the UserInfo endpoint answers does not have the claim',
        },
        line: '. An Okta admin adds it under',
        path: 'Security → API → your authorization server → Claims',
        orgPath: 'Applications → this app → Sign On → OpenID Connect ID Token',
        scope: 'On this kind of server the profile must ask for the scope groups, too.',
      },
      fromApi: 'From Okta’s API. Tokens, and programs that read them, have the names; some policies go by the IDs.',
      /** Where somebody was asked for them, and did not tell. */
      untold: {
        'api-refused': {
          title: 'Okta does not tell your groups',
          line: 'Its API tells them to Okta administrators alone, from an app that was granted okta.users.read. Ask your admin for a groups claim instead.',
        },
        'api-token-refused': {
          title: 'Okta does not take the API token',
          line: 'It has ended, as one does after 30 days without use, or its admin may not read users. Under Client that admin takes a new one.',
        },
        'no-answer': { title: 'Okta gave no answer', line: 'It is asked for your groups again with the next renewal.' },
        'keyring-silent': {
          title: 'The keyring gave no answer',
          line: 'What is needed to ask for your groups is there. Unlock it; with the next renewal they are asked for.',
        },
        asking: { title: 'Asking Okta for your groups', line: '' },
        'no-api-token': {
          title: 'There is no API token',
          line: 'This profile looks groups up with an Okta admin’s API token. Under Client an admin gives one; everybody else asks for a groups claim.',
        },
      } satisfies Record<Untold, { title: string; line: string }>,
      notYet: { title: 'No groups yet', line: 'They come with the next renewal.' },
    },

    tokens: {
      label: 'Which token',
      access: 'Access',
      id: 'ID',
      refresh: 'Refresh',
      notShown: 'The tokens themselves never enter this window.',
      orgServer:
        'Opaque: for Okta alone. An org authorization server issued it for Okta’s own API, and nobody else is to look into it.',
      notJwt: 'Opaque: it is not a JWT, so there is nothing in it to read.',
      unverified: 'Nothing in it is shown: it is a JWT, but the issuer’s keys do not verify its signature.',
      noAccess: 'There is no access token yet. It comes with the first renewal.',
      noId: 'There is no ID token now: it is not kept over a restart. The next sign-in or renewal may bring one.',
      refreshKept: 'There is one. It stays in the keyring of this computer, and Gatepass sends it to Okta alone.',
      refreshInMemory: 'There is one. It is in memory alone until you quit, and Gatepass sends it to Okta alone.',
      refreshNone: 'There is none. The session ends with its access token, and then you sign in again.',
      bound: 'Bound to a key of this computer (DPoP): the token alone is useless elsewhere, so copy it as a curl line, with its proof.',
      nextRenewal: 'next renewal',
      scopes: 'scopes',
      notGranted: 'asked for, not granted',
      unasked: 'granted without being asked for',
      allGranted: 'all that were asked for',
      size: 'size',
      bytes: (n: number) => f.count(n, { one: 'byte', other: 'bytes' }),
      /** How much of what a program takes by default a request with this token uses up. */
      ofLimit: (fraction: number, limit: string) => `${f.percent(fraction)} of ${limit}`,
      limits: { nginx: 'nginx’s 8 KB for a header', node: 'Node’s 16 KB for all headers' },
      tooLong: (limits: string[]) => `Too long for ${f.list(limits)}, unless that was raised there.`,
      ends: 'ends',
      signature: 'signature',
      verified: '✓ verified',
      key: 'key',
    },

    claims: {
      matchesProfile: 'matches the profile',
      ourClientId: 'this app’s client ID',
      inSpan: (span: string) => `in ${span}`,
      ended: 'ended',
      nGroups: (n: number) => f.count(n, { one: 'group', other: 'groups' }),
      nEntries: (n: number) => f.count(n, { one: 'entry', other: 'entries' }),
      groupsIn: { access: 'claim in the access token', id: 'claim in the ID token' },
      none: 'none',
      /** What claims mean that need no comparison. A map: a claim may be called `constructor`. */
      meaning: new Map<string, string>([
        ['nonce', 'ties the token to this sign-in'],
        ['at_hash', 'ties it to the access token'],
        ['jti', 'this token’s own ID'],
        ['uid', 'your ID at Okta'],
        ['ver', 'version of the token’s format'],
        ['amr', 'how you proved who you are'],
        ['idp', 'where you proved who you are'],
        ['sid', 'the Okta session'],
      ]),
      issuedAgo: (span: string) => `issued ${span} ago`,
      signedInAgo: (span: string) => `you signed in ${span} ago`,
    },

    copyAs: {
      label: 'Copy as…',
      formats: {
        token: 'Access token',
        'authorization-header': 'Authorization header',
        curl: 'curl line',
        'curl-for': 'curl for another address…',
        export: 'export line',
        json: 'JSON',
        'id-token': 'ID token',
      } satisfies Record<CopyFormat | 'curl-for', string>,
      /** Beside the name: what it looks like, or what it is for. */
      hints: {
        token: '',
        'authorization-header': 'Authorization: Bearer …',
        curl: 'asks the UserInfo endpoint',
        'curl-for': '',
        export: 'export ACCESS_TOKEN=…',
        json: '{"access_token": …}',
        'id-token': '',
      } satisfies Record<CopyFormat | 'curl-for', string>,
      /** Beside the audience that it is for. */
      exchanged: 'Access token for',
      noIdToken: 'there is none now',
      /** Of a token that is bound to a key. */
      curlWithProof: 'curl line…',
      withProof: 'with a proof for one address',
      uselessAlone: 'of no use alone',
    },

    /** The question which request a curl line is for. */
    curl: {
      title: 'Copy as curl',
      bound: 'The proof that goes with the token is for this method and address alone, and for a short time.',
      bearer: 'The line carries your access token: whoever answers at that address can use it.',
      method: 'Method',
      address: 'Address',
      copy: 'Copy curl line',
    },

    copied: {
      'access-token': 'Copied',
      'authorization-header': 'Copied as Authorization header',
      curl: 'Copied as curl line',
      export: 'Copied as export line',
      json: 'Copied as JSON',
      'id-token': 'ID token copied',
      groups: 'List copied',
      group: 'Group copied',
      'group-id': 'Group ID copied',
      'exchanged-token': 'Token for the other audience copied',
      'sign-in-link': 'Link copied: open it in a browser on this computer',
      'redirect-uri': 'Address copied',
      'profile-link': 'Profile copied as a link. No secret is in it',
      'profile-text': 'Profile copied as text. No secret is in it',
      diagnostics: 'Diagnostics copied. Read them before you send them',
      place: 'Place copied',
      'admin-note': 'Note copied. Read it before you send it',
      'public-key': 'Public key copied: an admin pastes it into the app at Okta',
      code: 'Code copied',
    } satisfies Record<CopiedThing, string>,
    receipt: {
      valid: (span: string) => `valid ${span}`,
      clearsIn: (span: string) => `clipboard cleared in ${span}`,
      cleared: 'clipboard cleared',
    },

    problem: {
      copyNote: 'Copy a note for your admin',
      likely: 'It may also be:',
      ask: { possible: 'Ask Okta what is wrong', 'under-way': 'Okta is being asked…' } satisfies Record<Inquiry, string>,
      askHint: 'Okta is asked without a browser, and nobody is signed in by that. It may leave an entry in your admin’s System Log.',
      details: 'Details',
      dismiss: 'Dismiss',
      whose: 'Whose job',
      of: {
        you: 'yours',
        admin: 'your Okta admin’s',
        okta: 'Okta’s',
        gatepass: 'Gatepass’s: report it',
      } satisfies Record<Whose, string>,
      console: 'In Okta’s console',
      consoleBefore: 'In the older one',
      code: 'Code',
      quote: 'The server said',
      actions: {
        'sign-in': 'Sign in again',
        refresh: 'Try again now',
        'copy-redirect-uri': 'Copy the address',
        'quit-old': 'Quit the old one',
      } satisfies Record<Action, string>,
      severity: { note: 'Note', warning: 'Warning', error: 'Error' },
    },

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

    activity: {
      caption: 'What happened, newest first',
      columns: { what: 'What', when: 'When', more: 'More' },
      what: {
        started: 'Gatepass started',
        quit: 'Gatepass was quit',
        restored: 'Session read from the keyring',
        unread: 'The keyring could not be read',
        'signed-in': 'Signed in',
        'sign-in-failed': 'A sign-in failed',
        'other-person': 'Somebody else signed in',
        renewed: 'Renewed',
        setback: 'A renewal failed',
        blocked: 'Okta refused to renew',
        ended: 'The session ended',
        'signed-out': 'Signed out',
        'memory-only': 'The keyring did not take the session',
        stored: 'Session stored in the keyring',
        profiles: 'Profiles changed',
        copied: 'Copied',
        noticed: 'You were told',
        'fell-asleep': 'The computer fell asleep',
        woke: 'The computer woke',
        'network-changed': 'The network changed',
        'clock-set': 'The clock was set',
      } satisfies Record<ActivityEntry['what'], string>,
      things: {
        'access-token': 'access token',
        'authorization-header': 'access token as Authorization header',
        curl: 'access token as curl line',
        export: 'access token as export line',
        json: 'access token as JSON',
        'id-token': 'ID token',
        groups: 'list of groups',
        group: 'name of a group',
        'group-id': 'ID of a group',
        'exchanged-token': 'access token for another audience',
        'sign-in-link': 'sign-in link',
        'redirect-uri': 'redirect URI',
        'profile-link': 'profile as a link',
        'profile-text': 'profile as text',
        diagnostics: 'diagnostics',
        place: 'place where something is kept',
        'admin-note': 'note for your admin',
        'public-key': 'Public key',
        code: 'Code for another device',
      } satisfies Record<CopiedThing, string>,
      /** What a notice was about. A map: a newer resident may know more. */
      about: new Map<string, string>([
        ['sign-in-needed', 'sign-in needed'],
        ['blocked', 'your Okta admin must act'],
        ['memory-only', 'signed in until you quit'],
        ['unread', 'the keyring could not be read'],
        ['ends-soon', 'the session ends soon'],
        ['other-person', 'somebody else signed in'],
        ['sign-in-failed', 'the sign-in failed'],
      ]),
      validUntil: (time: string) => `valid until ${time}`,
      triedAgainAt: (time: string) => `tried again at ${time}`,
      asleepFor: (span: string) => `asleep for ${span}`,
      loading: 'Looking…',
      none: { title: 'Nothing yet', line: 'What happens to this profile is kept here, on this computer alone.' },
      off: { title: 'No activity is kept', line: 'The settings say so. What happens from then on is kept once they say for how long.' },
      older: (n: number) => `Show ${f.count(n, { one: 'older entry', other: 'older entries' })}`,
      picture: {
        now: 'now',
        asleep: 'asleep',
        valid: 'token valid',
        renewed: 'renewed',
        setback: 'renewal failed',
        ended: 'ended',
        copied: 'copied',
        /** The parts that there are, joined: what the picture shows, for those who do not see it. */
        summary: (parts: string[]) => `The last 24 hours: ${f.list(parts)}.`,
        validFor: (span: string) => `an access token was valid for ${span}`,
        neverValid: 'no access token was valid',
        renewals: (n: number) => f.count(n, { one: 'renewal', other: 'renewals' }),
        setbacks: (n: number) => f.count(n, { one: 'failed renewal', other: 'failed renewals' }),
        ends: (n: number) => f.count(n, { one: 'end of a session', other: 'ends of sessions' }),
        copies: (n: number) => f.count(n, { one: 'copy', other: 'copies' }),
        asleepFor: (span: string) => `asleep for ${span}`,
      },
    },

    settings: {
      title: 'Settings',
      tabs: 'Settings and about',
      open: 'Open the settings',
      saved: 'Saved',
      groups: {
        general: 'General',
        signIn: 'Sign-in',
        clipboard: 'Clipboard',
        notices: 'Notices',
        activity: 'Activity',
      },
      start: {
        label: 'Start when you sign in to this computer',
        hint: 'In the background, without the window, so that you stay signed in.',
      },
      language: { label: 'Language', hint: 'Of this window, the tray and notices.', system: 'As the system' },
      theme: { label: 'Theme', choices: { system: 'System', light: 'Light', dark: 'Dark' } },
      browser: {
        label: 'Browser that opens the sign-in page',
        hint: 'Empty for the system’s. Otherwise the name of a program, such as firefox, or on macOS of an app. A path or arguments go into settings.toml by hand.',
        system: 'The system’s browser',
      },
      clipboard: {
        label: 'Take a copied token off the clipboard',
        hint: 'If it is still there. When you quit, too.',
        after: (span: string) => `after ${span}`,
        never: 'never',
      },
      notices: {
        label: 'Notices that come by themselves',
        hint: 'With “None”, what you click in the tray is not answered by a notice either.',
        choices: { all: 'All', 'sign-in-needed': 'Sign-in needed', none: 'None' },
      },
      activity: {
        label: 'Keep activity for',
        hint: 'Less takes the older entries out at once. There are no names in it.',
        none: 'not at all',
        days: { one: 'day', other: 'days' },
      },
    },

    about: {
      title: 'About',
      heading: 'About Gatepass',
      licence: 'MIT licence',
      what: 'Keeps you signed in with Okta, and hands you the token when you need it.',
      places: {
        title: 'Where things are kept',
        of: {
          profiles: 'Profiles',
          settings: 'Settings',
          activity: 'Activity',
          log: 'Log',
          sessions: 'Sessions, in the keyring',
        } satisfies Record<Kept, string>,
        copy: (what: string) => `Copy the place: ${what}`,
        copyShort: 'Copy',
        copied: 'Copied',
      },
      diagnostics: {
        title: 'If something is wrong',
        line: 'Diagnostics are versions, the system, how your profiles stand and what happened last. No secret and no mail address is in them.',
        withNames: 'With names of profiles, hosts, client IDs and paths',
        copy: 'Copy diagnostics',
      },
      licences: {
        title: 'Licences of what it is built from',
        count: (n: number) => `Gatepass is built from ${f.count(n, { one: 'package', other: 'packages' })}:`,
      },
    },

    /** What times are written with, beside numbers. */
    time: {
      today: 'today',
      tomorrow: 'tomorrow',
      yesterday: 'yesterday',
      /** A day that has no name, with the time of day. */
      dayAndTime: (day: string, time: string) => `${day}, ${time}`,
      namedDayAndTime: (day: string, time: string) => `${day} ${time}`,
      second: 's',
      minute: 'min',
      hour: 'h',
      day: 'd',
      shortMinute: 'm',
    },

    announce: {
      state: (profile: string, state: string) => `${profile}: ${state}`,
      fiveMinutes: (profile: string) => `${profile}: five minutes left`,
      ended: (profile: string) => `${profile}: the access token has ended`,
    },
  };
}
