/**
 * A profile as it is being typed: what stands in the fields, what was found out about it, and whether it may be saved.
 * It outlives the form that draws it, so that nothing typed is lost when the window shows something else for a moment.
 */
import type { Backend } from './backend/backend';
import { NO_OPTIONS } from './options';
import { DEFAULT_REDIRECT_URI, PRESETS, type PresetId } from './presets';
import type { FieldReport } from './wire/FieldReport';
import type { Problem } from './wire/Problem';
import type { Profile } from './wire/Profile';
import type { ProfileDraft } from './wire/ProfileDraft';
import type { ProfileOptions } from './wire/ProfileOptions';
import type { ProfileReport } from './wire/ProfileReport';
import { words } from './words';

/** What is typed as a line of text. */
export type Field = Exclude<keyof ProfileDraft, 'options'>;

/** The fields that something is said of. */
export type Reported = Exclude<Field, 'name' | 'scopes'>;

/** How long typing must pause before the issuer is asked. */
export const PAUSE = 400;

const NOTHING_TO_SAY: FieldReport = { status: 'unknown', message: '' };

type Asked = Pick<Backend, 'checkProfile' | 'addProfile' | 'editProfile' | 'readProfile'>;

export class Draft {
  fields = $state.raw<ProfileDraft>(empty());
  /** What was said last, and of what it was said. */
  #reported = $state.raw<{ of: ProfileDraft; report: ProfileReport } | null>(null);
  /** Why it was not saved, or could not be checked. */
  problem = $state.raw<Problem | null>(null);
  isChecking = $state(false);
  isSaving = $state(false);
  /** Whether the person wanted to save what could not be saved: what is missing is said from then on. */
  #isWanted = $state(false);

  /** The profile that is edited, as it was; `null` where one is added. */
  editing = $state.raw<Profile | null>(null);
  /** Whether saving would sign out, so that the person is asked. */
  asksToSignOut = $state(false);
  /** What the profile is for, where it is a new one. */
  preset = $state<PresetId>('other');
  /** Whether what stands in the fields came from somebody else. */
  isImported = $state(false);

  /** Rises each time the form begins anew. */
  begun = $state(0);

  readonly #backend: Asked;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  /** Whether all that must be known is known and good. */
  readonly canSave = $derived(
    this.#isIssuerUsable() &&
      this.fields.client_id.trim() !== '' &&
      this.report('client_id').status !== 'bad' &&
      this.report('redirect_uri').status !== 'bad' &&
      !this.isSaving,
  );

  /** The host that the person is about to trust; `null` until the issuer was found. */
  readonly host = $derived(this.#isIssuerUsable() && !this.#isIssuerKept() ? (this.#reported?.report.host ?? null) : null);

  /** The issuer that would be used, where what stands there is read differently. */
  readonly issuer = $derived.by(() => {
    const typed = this.fields.issuer.trim();
    const reported = this.#reported;
    return (reported?.of.issuer === this.fields.issuer && reported.report.found_issuer) || typed;
  });

  constructor(backend: Asked) {
    this.#backend = backend;
  }

  /** What is known of a field as it stands now. What was said of another text is not said of this one. */
  report(field: Reported): FieldReport {
    if (this.#isWanted && field !== 'redirect_uri' && this.fields[field].trim() === '') {
      return { status: 'bad', message: words.form.missing[field] };
    }
    const reported = this.#reported;
    return reported && reported.of[field] === this.fields[field] ? reported.report[field] : NOTHING_TO_SAY;
  }

  type(field: Field, text: string): void {
    this.fields = { ...this.fields, [field]: text };
    this.problem = null;
    this.asksToSignOut = false;
    if (field !== 'name' && field !== 'scopes') this.#checkSoon();
  }

  /** Fills in what a document fixes. What is the person's stays: issuer, client ID, and a name of their own. */
  choose(id: PresetId): void {
    const preset = PRESETS[id];
    const { issuer, client_id } = this.fields;
    const isNamed = this.fields.name !== '' && this.fields.name !== PRESETS[this.preset].name;
    const { redirect_uri, scopes, options } = preset;
    this.fields = { name: isNamed ? this.fields.name : preset.name, issuer, client_id, redirect_uri, scopes, options };
    this.preset = id;
    this.problem = null;
    this.begun += 1;
    this.#checkSoon();
  }

  #checkSoon(): void {
    clearTimeout(this.#timer);
    if (isWorthAsking(this.fields)) this.#timer = setTimeout(() => void this.check(), PAUSE);
  }

  /** Sets what an Okta app can want beside the usual. It is checked when it is saved. */
  set<Option extends keyof ProfileOptions>(option: Option, value: ProfileOptions[Option]): void {
    this.fields = { ...this.fields, options: { ...this.fields.options, [option]: value } };
    this.problem = null;
  }

  /** Asks about what stands there now. An answer to a question that was asked again since is for nobody. */
  async check(): Promise<void> {
    clearTimeout(this.#timer);
    const of = this.fields;
    const asked = ++this.#asked;
    this.isChecking = true;
    const answer = await this.#backend.checkProfile(of);
    if (this.#asked !== asked) return;
    this.isChecking = false;
    if (answer.answer === 'report') {
      this.#reported = { of, report: answer };
    } else if (answer.answer === 'refused') {
      this.problem = answer;
    }
  }

  /** Begins with what a profile is. */
  edit(profile: Profile): void {
    this.clear();
    this.editing = profile;
    const { name, issuer, client_id, options } = profile;
    const [redirect_uri, scopes] = [profile.redirect_uris.join(' '), profile.scopes.join(' ')];
    this.fields = { name, issuer, client_id, redirect_uri, scopes, options };
  }

  /** Begins with what a link or text says. Nothing is added; the host is looked up, and no client ID is sent. */
  async import(text: string): Promise<boolean> {
    const answer = await this.#backend.readProfile(text);
    if (answer.answer === 'refused') this.problem = answer;
    if (answer.answer !== 'draft') return false;
    this.offer(answer);
    void this.check();
    return true;
  }

  /** Whether something stands in the form that is not to be replaced under the person's hands. */
  get isTouched(): boolean {
    return this.editing !== null || this.preset !== 'other' || this.fields.issuer !== '' || this.fields.client_id !== '';
  }

  /** Begins with what somebody else wrote. Nothing is sent anywhere: any page can offer an address, and have it asked. */
  offer({ name, issuer, client_id, redirect_uri, scopes, options }: ProfileDraft): void {
    this.clear();
    this.fields = { name, issuer, client_id, redirect_uri: redirect_uri || DEFAULT_REDIRECT_URI, scopes, options };
    this.isImported = true;
  }

  /** Saves the profile; resolves to its id, or to `null` where it was not saved. What was typed stays then. */
  async save(maySignOut = false): Promise<string | null> {
    if (!this.canSave) {
      this.#isWanted = true;
      await this.check();
      return null;
    }
    this.isSaving = true;
    this.problem = null;
    const { editing } = this;
    const answer = editing
      ? await this.#backend.editProfile(editing.id, this.fields, maySignOut)
      : await this.#backend.addProfile(this.fields);
    this.isSaving = false;
    this.asksToSignOut = answer.answer === 'signs-out';
    if (editing && answer.answer === 'done') {
      this.clear();
      return editing.id;
    }
    if (answer.answer === 'added') {
      this.clear();
      return answer.profile;
    }
    if (answer.answer === 'refused') this.problem = answer;
    return null;
  }

  clear(): void {
    this.begun += 1;
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.fields = empty();
    this.#reported = null;
    this.problem = null;
    this.isChecking = false;
    this.#isWanted = false;
    this.editing = null;
    this.asksToSignOut = false;
    this.isImported = false;
    this.preset = 'other';
  }

  /** An issuer that is not touched need not be found again: a profile can be renamed without a network. */
  #isIssuerKept(): boolean {
    return this.editing?.issuer === this.fields.issuer;
  }

  #isIssuerUsable(): boolean {
    if (this.#isIssuerKept()) return true;
    const { status } = this.report('issuer');
    return status === 'good' || status === 'note';
  }
}

/**
 * Whether there is something to say without being asked: of a whole address, in the issuer or, where the two were
 * swapped, in the client ID; of a guide's placeholder; of a client ID in the issuer's place.
 */
export function isWorthAsking(draft: ProfileDraft): boolean {
  if (/[{}<>]|^\s*0oa\w{17}\s*$/.test(draft.issuer)) return true;
  return [draft.issuer, draft.client_id].some((text) =>
    /^https?:\/\/([^\s/.]+\.[^\s/]*[^\s/.]|localhost|\[[0-9a-f:]+\])(:\d+)?(\/\S*)?$/i.test(text.trim()),
  );
}

function empty(): ProfileDraft {
  return { name: '', issuer: '', client_id: '', redirect_uri: DEFAULT_REDIRECT_URI, scopes: '', options: NO_OPTIONS };
}
