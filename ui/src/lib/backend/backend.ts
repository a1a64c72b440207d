/**
 * The one door between this page and the program that keeps the sessions. It tells snapshots and takes intents; no
 * token passes through it in either direction. Views never import from here: they get props and callbacks.
 */
import type { Answer } from '../wire/Answer';
import type { Change } from '../wire/Change';
import type { CopyFormat } from '../wire/CopyFormat';
import type { Kept } from '../wire/Kept';
import type { Problem } from '../wire/Problem';
import type { ProfileDraft } from '../wire/ProfileDraft';
import type { Settings } from '../wire/Settings';

/** What a watcher is told. The first thing told is the present. */
export type Told =
  | { told: 'change'; change: Change }
  /** The resident stopped. It is started again by itself, and changes follow. */
  | { told: 'resident-gone' }
  /** No resident has answered for longer than a start takes: why. It is tried again all the same, and changes may follow. */
  | { told: 'trouble'; problem: Problem };

export interface Backend {
  /** Tells every change from now on, until the function that it resolves to is called. */
  watch(onTold: (told: Told) => void): Promise<() => void>;
  /**
   * Opens the browser at the sign-in page, or brings that page back; `withCode` asks for a code to be entered on another
   * device in its place (RFC 8628).
   */
  signIn(profile: string, asSomeoneElse: boolean, withCode: boolean): Promise<Answer>;
  cancelSignIn(profile: string): Promise<Answer>;
  copySignInLink(profile: string): Promise<Answer>;
  /** Copies the code of a sign-in on another device. */
  copyCode(profile: string): Promise<Answer>;
  /** Answers the question whether the person who signed in just now replaces the one before. */
  answerOtherPerson(profile: string, replace: boolean): Promise<Answer>;
  refresh(profile: string): Promise<Answer>;
  /** Revokes and forgets; with `inBrowser`, has the browser end the Okta session, too. */
  signOut(profile: string, inBrowser: boolean): Promise<Answer>;
  copyAccessToken(profile: string): Promise<Answer>;
  /** Copies a token in the shape that the place needs where it is pasted. */
  copy(profile: string, what: CopyFormat): Promise<Answer>;
  /** Copies an access token for one of the profile's further audiences, in exchange for the session's. */
  copyTokenFor(profile: string, audience: string): Promise<Answer>;
  /** Copies a curl line for this address, with the access token and what else it needs. */
  copyCurl(profile: string, method: string, url: string): Promise<Answer>;
  /** Answers with what the profile proves its client with: how many secrets, and the public halves of its keys. */
  clientKeys(profile: string): Promise<Answer>;
  /** Has the resident take the client secret off the clipboard, which is emptied. Answers as `clientKeys`. */
  takeClientSecret(profile: string): Promise<Answer>;
  /** Has the resident take an admin's API token off the clipboard. Answers as `clientKeys`. */
  takeApiToken(profile: string): Promise<Answer>;
  /** Answers as `clientKeys`. */
  forgetApiToken(profile: string): Promise<Answer>;
  /** Makes a key pair. An older one stays until this one has worked. Answers as `clientKeys`. */
  makeClientKey(profile: string): Promise<Answer>;
  /** Copies the public half of a key as a JWK, by its `kid`. */
  copyPublicKey(profile: string, key: string): Promise<Answer>;
  copyGroups(profile: string): Promise<Answer>;
  /** Copies the name or the ID of a group. */
  copyGroup(profile: string, group: string): Promise<Answer>;
  copyRedirectUri(profile: string): Promise<Answer>;
  /** Copies the note for an admin that the profile's problem has. */
  copyNoteForAdmin(profile: string): Promise<Answer>;
  /**
   * Has Okta asked, without a browser, why the sign-in did not finish, where the problem says that it can be. What it says
   * takes the problem's place.
   */
  findOut(profile: string): Promise<Answer>;
  dismissProblem(profile: string): Promise<Answer>;
  /** Answers with what happened to the profile and to the machine, newest first. */
  activity(profile: string): Promise<Answer>;
  /** Answers whether to sign in where Okta asks for it. */
  answerInvitation(profile: string, accept: boolean): Promise<Answer>;
  /** Answers with a report on each field. No client ID is sent anywhere. */
  checkProfile(draft: ProfileDraft): Promise<Answer>;
  addProfile(draft: ProfileDraft): Promise<Answer>;
  /** Answers `signs-out`, with nothing done, where that would sign out and the person has not agreed to it. */
  editProfile(profile: string, draft: ProfileDraft, maySignOut: boolean): Promise<Answer>;
  duplicateProfile(profile: string, name: string): Promise<Answer>;
  moveProfile(profile: string, up: boolean): Promise<Answer>;
  /** Signs out and revokes first. */
  removeProfile(profile: string): Promise<Answer>;
  /** Copies the profile as a link or as text, for somebody else to import. Nothing in it is secret. */
  saveProfile(profile: string): Promise<Answer>;
  copyProfile(profile: string, asLink: boolean): Promise<Answer>;
  /** Answers with the draft that a link or text describes. Nothing is sent anywhere, and nothing is added. */
  readProfile(text: string): Promise<Answer>;
  /** Says that the profile that a link brought stands in the form now. */
  takeOffered(draft: ProfileDraft): Promise<Answer>;
  /** Sets everything anew. */
  changeSettings(settings: Settings): Promise<Answer>;
  /** Answers with where things are kept. */
  places(): Promise<Answer>;
  copyPlace(of: Kept): Promise<Answer>;
  /** Copies what helps to find a mistake. No secret is in it, and names only where the person ticked that. */
  copyDiagnostics(withNames: boolean): Promise<Answer>;
  /**
   * Ends Gatepass: the resident, and with it the window. For a desktop without a tray. A resident of another version is
   * ended alone, and one of the window's own takes its place.
   */
  quit(): Promise<Answer>;
}
