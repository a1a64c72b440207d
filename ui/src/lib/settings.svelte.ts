/**
 * The settings as the window changes them: one at a time, each saved at once. What was set is shown until the resident
 * tells what is so; what it refused is shown as it was before, with the reason beside its field.
 */
import type { Backend } from './backend/backend';
import { problemLanguage, spokenProblem } from './present';
import { words } from './words';
import type { Problem } from './wire/Problem';
import type { Settings } from './wire/Settings';

export type Setting = keyof Settings;

type Say = (text: string, lang?: string) => void;

export class SettingsForm {
  /** Why a field could not be set. */
  errors = $state.raw<Partial<Record<Setting, Problem>>>({});
  /** What was saved last. */
  saved = $state<Setting | null>(null);

  /** What is typed as the browser, until it is saved or left. */
  typedBrowser = $state<string | null>(null);

  /** What is being saved, and of what it is a change. */
  #pending = $state.raw<{ settings: Settings; of: string } | null>(null);
  /** What was saved last, for the next change to begin with. */
  #known: Settings | null = null;
  #nWaiting = 0;
  #queue: Promise<void> = Promise.resolve();
  readonly #backend: Pick<Backend, 'changeSettings'>;
  readonly #say: Say;

  constructor(backend: Pick<Backend, 'changeSettings'>, say: Say) {
    this.#backend = backend;
    this.#say = say;
  }

  /** What to show where `told` is the latest that the resident told. */
  shown(told: Settings): Settings {
    return this.#pending?.of === JSON.stringify(told) ? this.#pending.settings : told;
  }

  /** Takes in the latest that the resident told: once that is something else, what was set here is no longer what is so. */
  follow(told: Settings): void {
    if (this.#pending && this.#pending.of !== JSON.stringify(told)) this.#pending = null;
  }

  /** Sets one field; `told` is the latest that the resident told. */
  set<Field extends Setting>(told: Settings, field: Field, value: Settings[Field]): Promise<void> {
    if (this.#nWaiting === 0) this.#known = this.shown(told);
    this.#nWaiting += 1;
    this.saved = null;
    this.#pending = { settings: { ...this.shown(told), [field]: value }, of: JSON.stringify(told) };
    this.#queue = this.#queue.then(() => this.#save(field, value));
    return this.#queue;
  }

  /** Saves what was typed as the browser. What was refused stays, to be corrected, and so does what is typed meanwhile. */
  async saveBrowser(told: Settings, text: string): Promise<void> {
    this.typedBrowser = text;
    if (text.trim() !== this.shown(told).browser || this.errors.browser) {
      await this.set(told, 'browser', text.trim());
    }
    if (this.typedBrowser === text && !this.errors.browser) this.typedBrowser = null;
  }

  /** Whether something is typed that would be lost with the view. */
  isUnsaved(told: Settings): boolean {
    return this.typedBrowser !== null && this.typedBrowser.trim() !== told.browser;
  }

  /** What was typed or said at the last visit is not there at the next. */
  clear(): void {
    this.errors = {};
    this.saved = null;
    this.typedBrowser = null;
  }

  async #save<Field extends Setting>(field: Field, value: Settings[Field]): Promise<void> {
    const before = this.#known;
    if (!before) return;
    const answer = await this.#backend.changeSettings({ ...before, [field]: value });
    this.#nWaiting -= 1;
    const { [field]: _, ...others } = this.errors;
    if (answer.answer === 'refused') {
      this.errors = { ...others, [field]: answer };
      const pending = this.#pending;
      if (pending) this.#pending = { ...pending, settings: { ...pending.settings, [field]: before[field] } };
      this.#say(spokenProblem(answer), problemLanguage(answer));
      return;
    }
    this.#known = { ...before, [field]: value };
    this.errors = others;
    this.saved = field;
    this.#say(words.settings.saved);
  }
}
