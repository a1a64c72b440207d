/**
 * All that the page holds: the latest change, replaced whole; a clock; which profile is looked at; and what was answered
 * to the last intents. It decides nothing about sessions. Words and judgements are in `present.ts`.
 */
import type { Backend, Told } from './backend/backend';
import {
  type Renewal,
  RENEWING_SHOWN_AFTER,
  expiryAnnouncement,
  problemLanguage,
  receiptLine,
  screen,
  shownStatus,
  spokenProblem,
  stateWord,
  statusBeforeRenewal,
} from './present';
import type { Answer } from './wire/Answer';
import type { Change } from './wire/Change';
import type { CopiedThing } from './wire/CopiedThing';
import type { CopyFormat } from './wire/CopyFormat';
import type { Kept } from './wire/Kept';
import type { Problem } from './wire/Problem';
import type { Profile } from './wire/Profile';
import type { Receipt } from './wire/Receipt';
import type { Status } from './wire/Status';
import { residentSpeaks, words } from './words';

/** What is said aloud. */
export interface Said {
  /** Tells the same words said twice apart. */
  n: number;
  text: string;
  /** The language of the text, where it is not the window's. */
  lang?: string;
}

/** What was copied last. A clipboard holds one thing, so there is one of these. */
export interface Copied {
  profile: string;
  receipt: Receipt;
  at: number;
}

/** What a profile's client proves itself with. */
export type ClientKeys = Omit<Extract<Answer, { answer: 'client-keys' }>, 'answer'>;

/** What a view can ask for about the profile that it shows. */
export type Actions = ReturnType<Store['actions']>;

/** What can be asked for that is about no profile. */
export type General = ReturnType<Store['generalActions']>;

/** In place of a profile's id, for what is about none. */
const GENERAL = '';

export class Store {
  /** `null` until the present has been told. */
  change = $state.raw<Change | null>(null);
  isResidentGone = $state(false);
  /** Why no resident answers, once that has lasted. */
  trouble = $state.raw<Problem | null>(null);
  /** Now, to the second. */
  now = $state(Date.now());
  copied = $state.raw<Copied | null>(null);
  /** Said aloud, politely. */
  said = $state.raw<Said>({ n: 0, text: '' });

  #selectedId = $state<string | null>(null);
  #place = $state<'profile' | 'form' | 'settings'>('profile');
  #saved = $state.raw<{ profile: string; path: string } | null>(null);
  #renewals = $state.raw<ReadonlyMap<string, Renewal>>(new Map());
  #refusals = $state.raw<ReadonlyMap<string, Problem>>(new Map());
  /** Not `now`, which moves with every snapshot too: what falls due just before one would never be said. */
  #announcedUntil = Date.now();
  readonly #backend: Backend;

  readonly profiles = $derived(this.change?.snapshot.profiles ?? []);
  /** The profile looked at; the first one until the person chose, or when the chosen one is gone. */
  readonly selected = $derived(this.profiles.find((profile) => profile.id === this.#selectedId) ?? this.profiles[0]);
  /** Whether nothing is set up yet. */
  readonly isFirstRun = $derived(this.change !== null && this.profiles.length === 0);
  readonly isAdding = $derived(this.#place === 'form' || (this.isFirstRun && this.#place !== 'settings'));
  readonly isInSettings = $derived(this.#place === 'settings');

  /** Changes when something may have happened that the log of activity tells of. */
  readonly beat = $derived(`${this.change?.revision} ${this.copied?.at}`);

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  /** Watches and keeps time until the function that it returns is called. */
  start(): () => void {
    let stopWatching: (() => void) | undefined;
    let isStopped = false;
    this.#backend
      .watch((told) => this.#onTold(told))
      .then(
        (stop) => {
          if (isStopped) stop();
          else stopWatching = stop;
        },
        () => (this.isResidentGone = true),
      );
    const stopClock = everySecond(() => this.#tick());
    return () => {
      isStopped = true;
      stopWatching?.();
      stopClock();
    };
  }

  status(profile: Profile): Status {
    return shownStatus(profile, this.#renewals.get(profile.id), this.now);
  }

  /** Why the last intent for this profile was not done. */
  refusal(profile: Profile): Problem | undefined {
    return this.#refusals.get(profile.id);
  }

  /** Why the last intent that is about no profile was not done. */
  generalRefusal(): Problem | undefined {
    return this.#refusals.get(GENERAL);
  }

  /** What the last copy of this thing of this profile says now; `null` where something else was copied since. */
  receipt(profile: Profile, what: CopiedThing): string | null {
    return this.#receipt(profile.id, what);
  }

  /** As `receipt`, of what is no profile's. */
  generalReceipt(what: CopiedThing): string | null {
    return this.#receipt(GENERAL, what);
  }

  #receipt(profile: string, what: CopiedThing): string | null {
    const { copied } = this;
    if (copied?.profile !== profile || copied.receipt.what !== what) return null;
    return receiptLine(copied.receipt, copied.at, this.now);
  }

  select(profile: string): void {
    this.#selectedId = profile;
    this.#place = 'profile';
  }

  openForm(): void {
    this.#place = 'form';
  }

  closeForm(): void {
    this.#place = 'profile';
  }

  openSettings(): void {
    this.#place = 'settings';
  }

  /** Ends Gatepass. What comes of it is the end of this window. */
  quit(): void {
    void this.#backend.quit();
  }

  /** What a person can ask for about one profile. */
  actions(profile: string) {
    const backend = this.#backend;
    const ask = (asked: Promise<Answer>) => this.#ask(profile, asked);
    const askForKeys = async (asked: Promise<Answer>) => clientKeysOf(await ask(asked));
    return {
      signIn: () => ask(backend.signIn(profile, false, false)),
      signInAsSomeoneElse: () => ask(backend.signIn(profile, true, false)),
      signInWithCode: () => ask(backend.signIn(profile, false, true)),
      cancelSignIn: () => ask(backend.cancelSignIn(profile)),
      copySignInLink: () => ask(backend.copySignInLink(profile)),
      copyCode: () => ask(backend.copyCode(profile)),
      replacePerson: () => ask(backend.answerOtherPerson(profile, true)),
      keepPerson: () => ask(backend.answerOtherPerson(profile, false)),
      refresh: () => ask(backend.refresh(profile)),
      signOut: () => ask(backend.signOut(profile, false)),
      signOutInBrowser: () => ask(backend.signOut(profile, true)),
      copyAccessToken: () => ask(backend.copyAccessToken(profile)),
      copy: (what: CopyFormat) => ask(backend.copy(profile, what)),
      copyTokenFor: (audience: string) => ask(backend.copyTokenFor(profile, audience)),
      copyCurl: (method: string, url: string) => ask(backend.copyCurl(profile, method, url)),
      copyGroups: () => ask(backend.copyGroups(profile)),
      copyGroup: (group: string) => ask(backend.copyGroup(profile, group)),
      copyNoteForAdmin: () => ask(backend.copyNoteForAdmin(profile)),
      copyRedirectUri: () => ask(backend.copyRedirectUri(profile)),
      /** What the client proves itself with; `null` where that cannot be known just now. */
      clientKeys: async () => clientKeysOf(await backend.clientKeys(profile)),
      takeClientSecret: () => askForKeys(backend.takeClientSecret(profile)),
      takeApiToken: () => askForKeys(backend.takeApiToken(profile)),
      forgetApiToken: () => askForKeys(backend.forgetApiToken(profile)),
      makeClientKey: () => askForKeys(backend.makeClientKey(profile)),
      copyPublicKey: (key: string) => ask(backend.copyPublicKey(profile, key)),
      duplicate: async (name: string) => {
        const answer = await this.#ask(profile, backend.duplicateProfile(profile, name));
        if (answer.answer === 'added') this.select(answer.profile);
      },
      move: (up: boolean) => ask(backend.moveProfile(profile, up)),
      remove: () => ask(backend.removeProfile(profile)),
      saveProfile: () => ask(backend.saveProfile(profile)),
      copyProfile: (asLink: boolean) => ask(backend.copyProfile(profile, asLink)),
      quit: () => this.quit(),
      /** What happened, newest first; `null` where that cannot be known just now. */
      activity: async () => {
        const answer = await backend.activity(profile);
        return answer.answer === 'activity' ? answer.entries : null;
      },
      findOut: () => ask(backend.findOut(profile)),
      dismissProblem: () => ask(backend.dismissProblem(profile)),
      dismissRefusal: () => {
        this.#refusals = without(this.#refusals, profile);
      },
    };
  }

  /** Where this profile was saved, until something else is asked for. */
  saved(profile: Profile): string | null {
    return this.#saved?.profile === profile.id ? this.#saved.path : null;
  }

  /** Answers whether to sign in where Okta asks for it. */
  answerInvitation(profile: string, accept: boolean): void {
    if (accept) this.select(profile);
    void this.#ask(profile, this.#backend.answerInvitation(profile, accept));
  }

  /** What a person can ask for that is about no profile. */
  generalActions() {
    const backend = this.#backend;
    return {
      /** Where things are kept; `null` where that cannot be known just now. */
      places: async () => {
        const answer = await this.#ask(GENERAL, backend.places());
        return answer.answer === 'places' ? answer.places : null;
      },
      copyPlace: (of: Kept) => this.#ask(GENERAL, backend.copyPlace(of)),
      copyDiagnostics: (withNames: boolean) => this.#ask(GENERAL, backend.copyDiagnostics(withNames)),
      dismissRefusal: () => {
        this.#refusals = without(this.#refusals, GENERAL);
      },
    };
  }

  /** Says something aloud, politely. */
  readonly say = (text: string, lang?: string): void => this.#say(text, lang);

  async #ask(profile: string, asked: Promise<Answer>): Promise<Answer> {
    this.#refusals = without(this.#refusals, profile);
    this.#saved = null;
    const answer = await asked;
    if (answer.answer === 'refused') {
      this.#refusals = new Map(this.#refusals).set(profile, answer);
      this.#sayProblem(answer);
    } else if (answer.answer === 'copied') {
      this.now = Date.now();
      this.copied = { profile, receipt: answer, at: this.now };
      this.#say(receiptLine(answer, this.now, this.now) ?? '');
    } else if (answer.answer === 'saved') {
      this.#saved = { profile, path: answer.path };
      this.#say(words.manage.savedAs(answer.path));
    }
    return answer;
  }

  #onTold(told: Told): void {
    if (told.told === 'resident-gone') {
      this.isResidentGone = true;
      this.#say(words.resident.gone);
      return;
    }
    if (told.told === 'trouble') {
      this.trouble = told.problem;
      this.#sayProblem(told.problem);
      return;
    }
    // Also takes the place of what was said before, which is not so any more.
    if (this.trouble || this.isResidentGone) this.#say(words.resident.back);
    this.trouble = null;
    if (this.isResidentGone) {
      // It answers again, so what was refused because it did not is not so any more.
      this.#refusals = new Map();
      this.isResidentGone = false;
    }
    this.now = Date.now();
    const before = this.change;
    this.#renewals = this.#renewalsIn(told.change);
    this.change = told.change;
    residentSpeaks(told.change.snapshot.resident.language);
    if (before) this.#sayWhatChanged(before);
  }

  #renewalsIn({ snapshot }: Change): ReadonlyMap<string, Renewal> {
    const renewals = new Map<string, Renewal>();
    for (const profile of snapshot.profiles.filter(({ status }) => status === 'renewing')) {
      const known = this.profiles.find(({ id }) => id === profile.id);
      const running = this.#renewals.get(profile.id);
      const before = known ? this.status(known) : statusBeforeRenewal(profile);
      renewals.set(profile.id, running ?? { since: this.now, before });
      if (!running) setTimeout(() => (this.now = Date.now()), RENEWING_SHOWN_AFTER);
    }
    return renewals;
  }

  /** Says how the profile looked at has changed. A renewal is said only when it fails. */
  #sayWhatChanged(before: Change): void {
    const profile = this.selected;
    const was = before.snapshot.profiles.find(({ id }) => id === profile?.id);
    if (!profile || !was) return;
    if (profile.problem && profile.problem.code !== was.problem?.code) {
      this.#sayProblem(profile.problem);
    } else if (profile.attempt && profile.attempt.stage !== was.attempt?.stage) {
      this.#say(words.signingIn.titles[profile.attempt.stage]);
    } else if (screen(profile) !== screen(was)) {
      this.#say(words.announce.state(profile.name, stateWord(profile, profile.status)));
    }
  }

  #tick(): void {
    const before = this.#announcedUntil;
    this.now = Date.now();
    this.#announcedUntil = this.now;
    const due = this.profiles.map((profile) => expiryAnnouncement(profile, before, this.now));
    const announcements = due.filter((one) => one !== null);
    if (announcements.length > 0) this.#say(announcements.join('. '));
  }

  #say(text: string, lang?: string): void {
    this.said = { n: this.said.n + 1, text, ...(lang ? { lang } : {}) };
  }

  #sayProblem(problem: Problem): void {
    this.#say(spokenProblem(problem), problemLanguage(problem));
  }
}

/**
 * Calls at every full second of the wall clock, so that all countdowns step together, and not while nobody can see them;
 * returns what stops it.
 */
function everySecond(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const arm = () => {
    timer = setTimeout(step, 1000 - (Date.now() % 1000));
  };
  const step = () => {
    call();
    arm();
  };
  const onSeen = () => {
    clearTimeout(timer);
    if (!document.hidden) step();
  };
  document.addEventListener('visibilitychange', onSeen);
  if (!document.hidden) arm();
  return () => {
    document.removeEventListener('visibilitychange', onSeen);
    clearTimeout(timer);
  };
}

function clientKeysOf(answer: Answer): ClientKeys | null {
  return answer.answer === 'client-keys' ? answer : null;
}

function without(map: ReadonlyMap<string, Problem>, key: string): ReadonlyMap<string, Problem> {
  const rest = new Map(map);
  rest.delete(key);
  return rest;
}
