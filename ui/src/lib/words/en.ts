/** English, which the others are translated from. The type of these words is what a language must have. */
import type { Action } from '../wire/Action';
import type { AttemptStage } from '../wire/AttemptStage';
import type { CopiedThing } from '../wire/CopiedThing';
import type { CopyFormat } from '../wire/CopyFormat';
import type { GroupsSource } from '../wire/GroupsSource';
import type { Inquiry } from '../wire/Inquiry';
import type { Problem } from '../wire/Problem';
import type { Status } from '../wire/Status';
import type { Whose } from '../wire/Whose';
import { keeping } from './en/keeping';
import { setup } from './en/setup';
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
        'no-answer': { title: 'Okta did not tell your groups', line: 'It is asked again with the next renewal.' },
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

    ...setup(f),

    ...keeping(f),

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
