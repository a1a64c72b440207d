/**
 * A backend without a resident: it starts from a named state (`?state=NAME` in a browser) and behaves a little, so that
 * clicks move on as they would. For `npm run dev`, for tests and for pictures; the shipped bundle must not contain it.
 */
import type { Answer } from '../wire/Answer';
import type { AttemptStage } from '../wire/AttemptStage';
import type { Cause } from '../wire/Cause';
import type { CopiedThing } from '../wire/CopiedThing';
import type { CopyFormat } from '../wire/CopyFormat';
import type { Kept } from '../wire/Kept';
import type { KeptAt } from '../wire/KeptAt';
import type { Problem } from '../wire/Problem';
import type { Profile } from '../wire/Profile';
import type { ProfileDraft } from '../wire/ProfileDraft';
import type { Settings } from '../wire/Settings';
import type { Snapshot } from '../wire/Snapshot';
import type { Backend, Told } from './backend';
import { activity } from './fake/activity';
import { type ClientKeys, keysKept, onOtherDevice, profile, publicKey, session } from './fake/parts';
import { readLink, reportOn } from './fake/read';
import { type StateName, redirectRefused, states, troubles } from './fake/states';

/** Stands in every bundle that has the fake in it, and so tells when it slipped into the shipped one. */
export const MARKER = 'gatepass-fake-backend';

const PLACES: KeptAt[] = [
  { what: 'profiles', place: '/home/robin/.config/gatepass/profiles.toml' },
  { what: 'settings', place: '/home/robin/.config/gatepass/settings.toml' },
  { what: 'activity', place: '/home/robin/.local/state/gatepass/activity.jsonl' },
  { what: 'log', place: '/home/robin/.local/state/gatepass/gatepass.log' },
  { what: 'sessions', place: 'dev.gatepass.desktop' },
];

/** An intent as it was sent, for tests to look at. */
export type Sent = [name: keyof Backend, ...what: unknown[]];

export class FakeBackend implements Backend {
  readonly sent: Sent[] = [];
  /** Answers in place of the fake's own, by intent. */
  readonly answers: Partial<Record<keyof Backend, Answer>> = {};
  snapshot: Snapshot;
  #revision = 0;
  #watchers = new Set<(told: Told) => void>();
  readonly #isSilent: boolean;
  readonly #isGone: boolean;
  #trouble: Problem | undefined;
  readonly #keys = new Map<string, ClientKeys>();

  /** `pace` stretches the time that work takes; 0 does it at the next turn of the event loop. */
  constructor(
    state: StateName,
    readonly pace = 1,
  ) {
    const make: (now: number) => Snapshot = states[state];
    this.snapshot = make(Date.now());
    this.#isSilent = ['starting', 'cannot-start', 'old-resident'].includes(state);
    this.#isGone = ['resident-gone', 'cannot-start-again'].includes(state);
    const all: Partial<Record<StateName, Problem>> = troubles;
    this.#trouble = all[state];
  }

  async watch(onTold: (told: Told) => void): Promise<() => void> {
    if (!this.#isSilent) onTold({ told: 'change', change: this.#change('present') });
    if (this.#isGone) onTold({ told: 'resident-gone' });
    if (this.#trouble) onTold({ told: 'trouble', problem: this.#trouble });
    this.#watchers.add(onTold);
    return () => this.#watchers.delete(onTold);
  }

  /** Tells the watchers what is true now. */
  tell(cause: Cause, snapshot: Snapshot): void {
    this.snapshot = snapshot;
    for (const watcher of this.#watchers) watcher({ told: 'change', change: this.#change(cause) });
  }

  /** Tells the watchers that one profile has changed. */
  update(id: string, what: Partial<Profile>, cause: Cause = 'other'): void {
    const profiles = this.snapshot.profiles.map((one) => (one.id === id ? { ...one, ...what } : one));
    this.tell(cause, { ...this.snapshot, profiles });
  }

  lose(): void {
    for (const watcher of this.#watchers) watcher({ told: 'resident-gone' });
  }

  /** Tells the watchers why no resident answers. */
  fail(problem: Problem): void {
    for (const watcher of this.#watchers) watcher({ told: 'trouble', problem });
  }

  signIn(id: string, asSomeoneElse: boolean, withCode: boolean): Promise<Answer> {
    return this.#do(['signIn', id, asSomeoneElse, withCode], () => {
      if (withCode) return this.update(id, { attempt: onOtherDevice(Date.now()), problem: null }, 'sign-in');
      const ends_at = Date.now() + 5 * 60_000;
      const uri = this.#profile(id)?.redirect_uris[0] ?? null;
      const stages: AttemptStage[] = ['preparing', 'opening-browser', 'in-browser', 'exchanging', 'storing'];
      for (const [index, stage] of stages.entries()) {
        this.#later(index * 900, () => {
          if (index > 0 && !this.#profile(id)?.attempt) return;
          const attempt = { stage, redirect_uri: index > 0 ? uri : null, code: null, ends_at };
          this.update(id, { attempt, problem: null }, 'sign-in');
        });
      }
      this.#later(stages.length * 900, () => {
        if (!this.#profile(id)?.attempt) return;
        const signedIn = session(Date.now(), { minutes: 60, of: 60 });
        this.update(id, { attempt: null, status: 'signed-in', session: signedIn, ended_at: null }, 'signed-in');
      });
    });
  }

  cancelSignIn(id: string): Promise<Answer> {
    return this.#do(['cancelSignIn', id], () => this.update(id, { attempt: null }, 'sign-in'));
  }

  copySignInLink(id: string): Promise<Answer> {
    return this.#copy(['copySignInLink', id], 'sign-in-link', null);
  }

  copyCode(id: string): Promise<Answer> {
    return this.#copy(['copyCode', id], 'code', null);
  }

  answerOtherPerson(id: string, replace: boolean): Promise<Answer> {
    return this.#do(['answerOtherPerson', id, replace], () => {
      const one = this.#profile(id);
      if (!one?.session || !one.other_person) return;
      const who = replace ? one.other_person.now : one.other_person.was;
      this.update(id, { other_person: null, session: { ...one.session, person: who } }, 'signed-in');
    });
  }

  refresh(id: string): Promise<Answer> {
    return this.#do(['refresh', id], () => {
      this.update(id, { status: 'renewing' }, 'renewing');
      this.#later(1500, () => {
        const renewed = session(Date.now(), { minutes: 60, of: 60 });
        this.update(id, { status: 'signed-in', session: renewed, problem: null }, 'renewed');
      });
    });
  }

  answerInvitation(id: string, accept: boolean): Promise<Answer> {
    return this.#do(['answerInvitation', id, accept], () => this.tell('other', { ...this.snapshot, invited: null }));
  }

  signOut(id: string, inBrowser: boolean): Promise<Answer> {
    return this.#do(['signOut', id, inBrowser], () =>
      this.update(id, { status: 'signed-out', session: null, problem: null, memory_only: null }, 'signed-out'),
    );
  }

  copyAccessToken(id: string): Promise<Answer> {
    return this.#copy(['copyAccessToken', id], 'access-token', this.#profile(id)?.session?.expires_at ?? null);
  }

  copy(id: string, what: CopyFormat): Promise<Answer> {
    const { expires_at = null } = this.#profile(id)?.session ?? {};
    return this.#copy(['copy', id, what], what === 'token' ? 'access-token' : what, what === 'id-token' ? null : expires_at);
  }

  copyTokenFor(id: string, audience: string): Promise<Answer> {
    return this.#copy(['copyTokenFor', id, audience], 'exchanged-token', Date.now() + 3_600_000);
  }

  copyCurl(id: string, method: string, url: string): Promise<Answer> {
    return this.#copy(['copyCurl', id, method, url], 'curl', this.#profile(id)?.session?.expires_at ?? null);
  }

  clientKeys(id: string): Promise<Answer> {
    return this.#do(['clientKeys', id], () => {}, this.#kept(id));
  }

  takeClientSecret(id: string): Promise<Answer> {
    const kept = this.#keysOf(id);
    this.#keys.set(id, { ...kept, secrets: Math.min(2, kept.secrets + 1) });
    return this.#do(['takeClientSecret', id], () => {}, this.#kept(id));
  }

  takeApiToken(id: string): Promise<Answer> {
    this.#keys.set(id, { ...this.#keysOf(id), has_api_token: true });
    return this.#do(['takeApiToken', id], () => {}, this.#kept(id));
  }

  forgetApiToken(id: string): Promise<Answer> {
    this.#keys.set(id, { ...this.#keysOf(id), has_api_token: false });
    return this.#do(['forgetApiToken', id], () => {}, this.#kept(id));
  }

  makeClientKey(id: string): Promise<Answer> {
    const kept = this.#keysOf(id);
    this.#keys.set(id, { ...kept, keys: [publicKey(kept.keys.length), ...kept.keys].slice(0, 2) });
    return this.#do(['makeClientKey', id], () => {}, this.#kept(id));
  }

  copyPublicKey(id: string, key: string): Promise<Answer> {
    return this.#copy(['copyPublicKey', id, key], 'public-key', null);
  }

  copyGroup(id: string, group: string): Promise<Answer> {
    const isId = this.#profile(id)?.session?.groups.ids.includes(group) ?? false;
    return this.#copy(['copyGroup', id, group], isId ? 'group-id' : 'group', null);
  }

  activity(id: string): Promise<Answer> {
    return this.#do(['activity', id], () => {}, { answer: 'activity', entries: activity(id, Date.now()) });
  }

  copyGroups(id: string): Promise<Answer> {
    return this.#copy(['copyGroups', id], 'groups', null);
  }

  copyRedirectUri(id: string): Promise<Answer> {
    return this.#copy(['copyRedirectUri', id], 'redirect-uri', null);
  }

  copyNoteForAdmin(id: string): Promise<Answer> {
    return this.#copy(['copyNoteForAdmin', id], 'admin-note', null);
  }

  dismissProblem(id: string): Promise<Answer> {
    return this.#do(['dismissProblem', id], () => this.update(id, { problem: null }));
  }

  findOut(id: string): Promise<Answer> {
    const problem = this.#profile(id)?.problem;
    if (problem?.inquiry) this.update(id, { problem: { ...problem, inquiry: 'under-way' } });
    return this.#do(['findOut', id], () => this.update(id, { problem: redirectRefused }));
  }

  checkProfile(draft: ProfileDraft): Promise<Answer> {
    return this.#do(['checkProfile', draft], () => {}, { answer: 'report', ...reportOn(draft) });
  }

  addProfile(draft: ProfileDraft): Promise<Answer> {
    const host = reportOn(draft).host ?? draft.issuer;
    const added = profile({
      id: `p${this.snapshot.profiles.length + 1}`,
      name: draft.name || (host.split('.')[0] ?? host),
      issuer: draft.issuer,
      host,
      client_id: draft.client_id,
      redirect_uris: [draft.redirect_uri],
      options: draft.options,
    });
    return this.#do(
      ['addProfile', draft],
      () => this.tell('profiles', { ...this.snapshot, profiles: [...this.snapshot.profiles, added] }),
      { answer: 'added', profile: added.id },
    );
  }

  editProfile(id: string, draft: ProfileDraft, maySignOut: boolean): Promise<Answer> {
    const before = this.#profile(id);
    const isSame = before?.issuer === draft.issuer && before.client_id === draft.client_id;
    if (before?.session && !isSame && !maySignOut) {
      return this.#do(['editProfile', id, draft, maySignOut], () => {}, { answer: 'signs-out' });
    }
    return this.#do(['editProfile', id, draft, maySignOut], () => {
      const { name, issuer, client_id, options } = draft;
      const signedOut: Partial<Profile> = isSame ? {} : { status: 'signed-out', session: null };
      const host = reportOn(draft).host ?? issuer;
      const redirect_uris = draft.redirect_uri.split(' ');
      this.update(id, { name, issuer, host, client_id, redirect_uris, scopes: draft.scopes.split(' '), options, ...signedOut }, 'profiles');
    });
  }

  duplicateProfile(id: string, name: string): Promise<Answer> {
    const one = this.#profile(id) ?? profile({});
    const added = profile({ ...one, id: `p${this.snapshot.profiles.length + 1}`, name, status: 'signed-out', session: null });
    return this.#do(
      ['duplicateProfile', id, name],
      () => this.tell('profiles', { ...this.snapshot, profiles: [...this.snapshot.profiles, added] }),
      { answer: 'added', profile: added.id },
    );
  }

  moveProfile(id: string, up: boolean): Promise<Answer> {
    return this.#do(['moveProfile', id, up], () => {
      const profiles = [...this.snapshot.profiles];
      const from = profiles.findIndex((one) => one.id === id);
      const to = from + (up ? -1 : 1);
      if (to < 0 || to >= profiles.length) return;
      profiles.splice(to, 0, ...profiles.splice(from, 1));
      this.tell('profiles', { ...this.snapshot, profiles });
    });
  }

  removeProfile(id: string): Promise<Answer> {
    return this.#do(['removeProfile', id], () =>
      this.tell('profiles', { ...this.snapshot, profiles: this.snapshot.profiles.filter((one) => one.id !== id) }),
    );
  }

  copyProfile(id: string, asLink: boolean): Promise<Answer> {
    return this.#copy(['copyProfile', id, asLink], asLink ? 'profile-link' : 'profile-text', null);
  }

  saveProfile(id: string): Promise<Answer> {
    return this.#do(['saveProfile', id], () => {}, { answer: 'saved', path: `/home/robin/Downloads/gatepass-${id}.toml` });
  }

  readProfile(text: string): Promise<Answer> {
    return this.#do(['readProfile', text], () => {}, readLink(text));
  }

  takeOffered(draft: ProfileDraft): Promise<Answer> {
    return this.#do(['takeOffered', draft], () => this.tell('other', { ...this.snapshot, offered: null }));
  }

  changeSettings(settings: Settings): Promise<Answer> {
    return this.#do(['changeSettings', settings], () =>
      this.tell('other', { ...this.snapshot, settings, settings_problem: null }),
    );
  }

  places(): Promise<Answer> {
    return this.#do(['places'], () => {}, { answer: 'places', places: PLACES });
  }

  copyPlace(of: Kept): Promise<Answer> {
    return this.#copy(['copyPlace', of], 'place', null);
  }

  copyDiagnostics(withNames: boolean): Promise<Answer> {
    return this.#copy(['copyDiagnostics', withNames], 'diagnostics', null);
  }

  quit(): Promise<Answer> {
    return this.#do(['quit'], () => {
      // The old one has gone, and the next one answers.
      if (this.#trouble?.action === 'quit-old') this.tell('present', states['signed-in'](Date.now()));
    });
  }

  #kept(id: string): Answer {
    return { answer: 'client-keys', ...this.#keysOf(id) };
  }

  #keysOf(id: string): ClientKeys {
    return this.#keys.get(id) ?? keysKept(this.#profile(id)?.options.client_authentication ?? '');
  }

  async #do(sent: Sent, work: () => void, answer: Answer = { answer: 'done' }): Promise<Answer> {
    this.sent.push(sent);
    const given = this.answers[sent[0]];
    await new Promise<void>((resolve) => this.#later(100, resolve));
    if (given) return given;
    work();
    return answer;
  }

  #copy(sent: Sent, what: CopiedThing, expires_at: number | null): Promise<Answer> {
    const isSecret = !['groups', 'group', 'group-id', 'sign-in-link', 'redirect-uri', 'profile-link', 'profile-text', 'place', 'diagnostics', 'admin-note', 'public-key', 'code'].includes(what);
    const clears_at = isSecret ? Date.now() + 30_000 : null;
    return this.#do(sent, () => {}, { answer: 'copied', what, expires_at, clears_at });
  }

  #later(ms: number, work: () => void): void {
    setTimeout(work, ms * this.pace);
  }

  #profile(id: string): Profile | undefined {
    return this.snapshot.profiles.find((one) => one.id === id);
  }

  #change(cause: Cause) {
    this.#revision += 1;
    return { revision: this.#revision, cause, snapshot: this.snapshot };
  }
}

/** The backend that the address asks for. */
export function fakeBackend(address: URL): FakeBackend {
  document.documentElement.dataset.backend = MARKER;
  // For the scripts that visit every state.
  document.documentElement.dataset.states = Object.keys(states).join(' ');
  const name = address.searchParams.get('state') ?? 'signed-in';
  const pace = Number(address.searchParams.get('pace') ?? 1);
  const backend = new FakeBackend(name in states ? (name as StateName) : 'signed-in', pace);
  const language = address.searchParams.get('lang');
  if (language === 'de' || language === 'en') {
    backend.snapshot = { ...backend.snapshot, settings: { ...backend.snapshot.settings, language } };
  }
  return backend;
}
