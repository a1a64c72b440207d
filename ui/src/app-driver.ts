/** The whole window over the fake backend, as tests drive it. To import it is enough for time to be faked and tidied. */
import { flushSync, mount, unmount } from 'svelte';
import { afterEach, beforeEach, vi } from 'vitest';
import App from './App.svelte';
import { FakeBackend } from './lib/backend/fake';
import type { StateName } from './lib/backend/fake/states';

let app: Record<string, unknown> | undefined;
/** Of the window that is shown. */
export let backend: FakeBackend;

/** Shows the window in a state; `prepare` sees the backend before the window does. */
export async function show(state: StateName, prepare: (backend: FakeBackend) => void = () => {}): Promise<void> {
  backend = new FakeBackend(state, 0);
  prepare(backend);
  app = mount(App, { target: document.body, props: { backend } });
  await settle();
}

/** Lets what was asked be answered, and draws it. */
export async function settle(ms = 1): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  flushSync();
}

/** What is seen and heard, without the spaces of the markup. */
export function text(root: Element | null = document.querySelector('main')): string {
  return (root?.textContent ?? '').replace(/\s+/g, ' ').trim();
}

export function named(role: string, name: string): HTMLElement | undefined {
  const all = document.querySelectorAll<HTMLElement>(role);
  return [...all].find((one) => (one.getAttribute('aria-label') ?? text(one)).includes(name));
}

export function button(name: string): HTMLElement {
  const found = named('main button', name) ?? named('nav button', name);
  if (!found) throw new Error(`no button “${name}” in: ${text(document.body)}`);
  return found;
}

export async function click(name: string): Promise<void> {
  button(name).click();
  await settle();
}

export async function type(id: string, value: string): Promise<void> {
  const input = document.querySelector<HTMLInputElement>(`#${id}`);
  if (!input) throw new Error(`no field ${id}`);
  input.value = value;
  input.dispatchEvent(new Event('input', { bubbles: true }));
  await settle();
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date(2026, 10, 20, 14, 1, 50) });
});

afterEach(async () => {
  if (app) await unmount(app);
  vi.useRealTimers();
  document.body.replaceChildren();
});
