/**
 * A profile as it is being typed: what stands in the fields, what was found out about it, and whether it may be saved.
 * It outlives the form that draws it, so that nothing typed is lost when the window shows something else for a moment.
 */
import type { Backend } from './backend/backend';
import type { FieldReport } from './wire/FieldReport';
import type { Problem } from './wire/Problem';
import type { ProfileDraft } from './wire/ProfileDraft';
import type { ProfileReport } from './wire/ProfileReport';
import { words } from './words';

export type Field = keyof ProfileDraft;

/** How long typing must pause before the issuer is asked. */
export const PAUSE = 400;

/** Where Gatepass listens unless a profile says otherwise. */
export const DEFAULT_REDIRECT_URI = 'http://localhost:27097/redirect';

const NOTHING_TO_SAY: FieldReport = { status: 'unknown', message: '' };

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

  readonly #backend: Pick<Backend, 'checkProfile' | 'addProfile'>;
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
  readonly host = $derived(this.#isIssuerUsable() ? (this.#reported?.report.host ?? null) : null);

  constructor(backend: Pick<Backend, 'checkProfile' | 'addProfile'>) {
    this.#backend = backend;
  }

  /** What is known of a field as it stands now. What was said of another text is not said of this one. */
  report(field: Exclude<Field, 'name'>): FieldReport {
    if (this.#isWanted && field !== 'redirect_uri' && this.fields[field].trim() === '') {
      return { status: 'bad', message: words.form.missing[field] };
    }
    const reported = this.#reported;
    return reported && reported.of[field] === this.fields[field] ? reported.report[field] : NOTHING_TO_SAY;
  }

  type(field: Field, text: string): void {
    this.fields = { ...this.fields, [field]: text };
    this.problem = null;
    if (field === 'name') return;
    clearTimeout(this.#timer);
    if (isWorthAsking(this.fields)) {
      this.#timer = setTimeout(() => void this.check(), PAUSE);
    }
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

  /** Adds the profile; resolves to its id, or to `null` where it was not added. What was typed stays then. */
  async save(): Promise<string | null> {
    if (!this.canSave) {
      this.#isWanted = true;
      await this.check();
      return null;
    }
    this.isSaving = true;
    this.problem = null;
    const answer = await this.#backend.addProfile(this.fields);
    this.isSaving = false;
    if (answer.answer === 'added') {
      this.clear();
      return answer.profile;
    }
    if (answer.answer === 'refused') this.problem = answer;
    return null;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#asked += 1;
    this.fields = empty();
    this.#reported = null;
    this.problem = null;
    this.isChecking = false;
    this.#isWanted = false;
  }

  #isIssuerUsable(): boolean {
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
  return { name: '', issuer: '', client_id: '', redirect_uri: DEFAULT_REDIRECT_URI };
}
