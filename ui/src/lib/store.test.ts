import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FakeBackend } from './backend/fake';
import { problem, session } from './backend/fake/parts';
import type { StateName } from './backend/fake/states';
import { Store } from './store.svelte';

const NOW = new Date(2026, 10, 20, 14, 1, 50, 250);

let stop: () => void;

async function started(state: StateName) {
  const backend = new FakeBackend(state, 0);
  const store = new Store(backend);
  stop = store.start();
  await vi.advanceTimersByTimeAsync(0);
  const profile = () => {
    if (!store.selected) throw new Error('a profile is selected');
    return store.selected;
  };
  return { backend, store, profile };
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
  stop();
  vi.useRealTimers();
});

test('nothing is shown before the present was told', async () => {
  const { store } = await started('starting');
  expect(store.change).toBeNull();
  expect(store.isFirstRun).toBe(false);
});

test('no profile at all is the first run', async () => {
  const { store } = await started('first-run');
  expect(store.isFirstRun).toBe(true);
  expect(store.isAdding).toBe(true);
});

test('the clock steps at full seconds', async () => {
  const { store } = await started('signed-in');
  expect(store.now % 1000).toBe(250);
  await vi.advanceTimersByTimeAsync(750);
  expect(store.now % 1000).toBe(0);
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.now).toBe(NOW.getTime() + 1750);
});

test('while nobody can see the window nothing is timed, and what is seen again is right at once', async () => {
  const hidden = vi.spyOn(document, 'hidden', 'get').mockReturnValue(true);
  const { store } = await started('signed-in');
  expect(vi.getTimerCount()).toBe(0);
  hidden.mockReturnValue(false);
  vi.setSystemTime(NOW.getTime() + 90_000);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(store.now).toBe(NOW.getTime() + 90_000);
  hidden.mockReturnValue(true);
  document.dispatchEvent(new Event('visibilitychange'));
  expect(vi.getTimerCount()).toBe(0);
  hidden.mockRestore();
});

test('a stopped store keeps no timer', async () => {
  await started('signed-in');
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('a chosen profile stays chosen over changes, and the first one stands in when it is gone', async () => {
  const { backend, store } = await started('signed-in');
  store.select('kong');
  backend.update('p1', { name: 'Other' });
  expect(store.selected?.id).toBe('kong');
  backend.tell('profiles', {
    ...backend.snapshot,
    profiles: backend.snapshot.profiles.filter(({ id }) => id !== 'kong'),
  });
  expect(store.selected?.id).toBe('p1');
});

test('a renewal is shown after half a second', async () => {
  const { backend, store, profile } = await started('signed-in');
  backend.update('p1', { status: 'renewing' }, 'renewing');
  expect(store.status(profile())).toBe('signed-in');
  await vi.advanceTimersByTimeAsync(499);
  expect(store.status(profile())).toBe('signed-in');
  await vi.advanceTimersByTimeAsync(1);
  expect(store.status(profile())).toBe('renewing');
});

test('a renewal over an offline session keeps saying offline at first, also when told twice', async () => {
  const { backend, store, profile } = await started('offline');
  backend.update('p1', { status: 'renewing' });
  await vi.advanceTimersByTimeAsync(300);
  backend.update('p1', { name: 'Renamed meanwhile' });
  expect(store.status(profile())).toBe('offline');
  await vi.advanceTimersByTimeAsync(200);
  expect(store.status(profile())).toBe('renewing');
});

test('a second renewal waits its own half second', async () => {
  const { backend, store, profile } = await started('signed-in');
  backend.update('p1', { status: 'renewing' });
  await vi.advanceTimersByTimeAsync(600);
  backend.update('p1', { status: 'signed-in' });
  backend.update('p1', { status: 'renewing' });
  expect(store.status(profile())).toBe('signed-in');
});

test('a receipt counts down, and is said aloud once', async () => {
  const { store, profile } = await started('signed-in');
  const asked = store.actions('p1').copyAccessToken();
  await vi.advanceTimersByTimeAsync(0);
  await asked;
  expect(store.receipt(profile(), 'access-token')).toBe('Copied · valid 42 min · clipboard cleared in 30 s');
  expect(store.said.text).toBe('Copied · valid 42 min · clipboard cleared in 30 s');
  const { n } = store.said;
  await vi.advanceTimersByTimeAsync(10_750);
  expect(store.receipt(profile(), 'access-token')).toContain('cleared in 20 s');
  expect(store.said.n).toBe(n);
});

test('a clipboard holds one thing: a newer copy takes the older receipt away', async () => {
  const { store, profile } = await started('signed-in');
  for (const ask of [store.actions('p1').copyAccessToken, store.actions('p1').copyGroups]) {
    void ask();
    await vi.advanceTimersByTimeAsync(0);
  }
  expect(store.receipt(profile(), 'access-token')).toBeNull();
  expect(store.receipt(profile(), 'groups')).toBe('List copied');
});

test('what the resident says is said in the language that it speaks', async () => {
  const { backend, store } = await started('signed-in');
  const resident = { ...backend.snapshot.resident, language: 'de' as const };
  backend.tell('other', { ...backend.snapshot, resident });
  backend.update('p1', { problem: problem({ code: 'unreachable', title: 'Okta ist nicht zu erreichen' }) });
  expect(store.said).toMatchObject({ text: expect.stringContaining('nicht zu erreichen'), lang: 'de' });
  backend.update('p1', { problem: problem({ code: 'window.no-answer', title: 'No answer' }) });
  expect(store.said.lang).toBeUndefined();
  backend.tell('other', { ...backend.snapshot, resident: { ...resident, language: 'en' } });
  backend.update('p1', { problem: problem({ code: 'unreachable', title: 'Okta cannot be reached' }) });
  expect(store.said.lang).toBe('en');
});

test('a refusal is shown for its profile until something else is asked', async () => {
  const { backend, store, profile } = await started('signed-in');
  backend.answers.copyAccessToken = { answer: 'refused', ...problem({ code: 'clipboard.busy', title: 'Not copied' }) };
  void store.actions('p1').copyAccessToken();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.refusal(profile())?.code).toBe('clipboard.busy');
  expect(store.said.text).toContain('Not copied');
  store.select('kong');
  expect(store.refusal(profile())).toBeUndefined();
  store.select('p1');
  void store.actions('p1').refresh();
  expect(store.refusal(profile())).toBeUndefined();
});

test('the end is said at five minutes and at zero, once each', async () => {
  const { backend, store } = await started('signed-out');
  const said: string[] = [];
  backend.update('p1', { status: 'signed-in', session: session(Date.now(), { minutes: 6, of: 60 }) });
  const others = backend.snapshot.profiles.slice(0, 1);
  backend.tell('profiles', { ...backend.snapshot, profiles: others });
  for (let { n } = store.said, i = 0; i < 7 * 60; i += 1) {
    await vi.advanceTimersByTimeAsync(1000);
    if (store.said.n !== n) said.push(store.said.text);
    n = store.said.n;
  }
  expect(said).toEqual(['Data platform: five minutes left', 'Data platform: the access token has ended']);
});

test('the end is said though a snapshot comes between it and the tick, and for each profile', async () => {
  const { backend, store } = await started('signed-out');
  const end = Date.now() + 10_200;
  const ending = session(end, { minutes: 0, of: 60 });
  const [one, other] = backend.snapshot.profiles;
  if (!one || !other) throw new Error('two profiles');
  const signedIn = { status: 'signed-in' as const, session: ending };
  backend.tell('profiles', { ...backend.snapshot, profiles: [{ ...one, ...signedIn }, { ...other, ...signedIn }] });
  const { n } = store.said;
  await vi.advanceTimersByTimeAsync(end + 100 - Date.now());
  expect(store.said.n).toBe(n);
  backend.tell('other', backend.snapshot);
  await vi.advanceTimersByTimeAsync(1000);
  expect(store.said.text).toBe(
    'Data platform: the access token has ended. MongoDB: the access token has ended',
  );
});

test('a change of state is said aloud, a renewal is not', async () => {
  const { backend, store } = await started('signed-in');
  const { n } = store.said;
  backend.update('p1', { status: 'renewing' }, 'renewing');
  backend.update('p1', { status: 'signed-in', session: session(Date.now(), { minutes: 60, of: 60 }) }, 'renewed');
  expect(store.said.n).toBe(n);
  backend.update('p1', { status: 'signed-out', session: null }, 'signed-out');
  expect(store.said.text).toBe('Data platform: Signed out');
});

test('a lost resident is said, what was known stays, and the next change mends it', async () => {
  const { backend, store } = await started('signed-in');
  backend.lose();
  expect(store.isResidentGone).toBe(true);
  expect(store.profiles).toHaveLength(4);
  backend.update('p1', {});
  expect(store.isResidentGone).toBe(false);
});

test('a watch that fails is a lost resident', async () => {
  const backend = new FakeBackend('signed-in', 0);
  backend.watch = () => Promise.reject(new Error('nobody there'));
  const store = new Store(backend);
  stop = store.start();
  await vi.advanceTimersByTimeAsync(0);
  expect(store.isResidentGone).toBe(true);
});

test('that the resident did not answer is no longer said once it does', async () => {
  const { backend, store, profile } = await started('signed-in');
  backend.answers.refresh = { answer: 'refused', ...problem({ code: 'resident-not-reached', title: 'No answer' }) };
  backend.lose();
  void store.actions('p1').refresh();
  await vi.advanceTimersByTimeAsync(200);
  expect(store.refusal(profile())?.code).toBe('resident-not-reached');
  backend.tell('present', backend.snapshot);
  expect(store.isResidentGone).toBe(false);
  expect(store.refusal(profile())).toBeUndefined();
});

test('why no resident answers is said, what was known stays, and the next change mends it', async () => {
  const { backend, store } = await started('signed-in');
  backend.lose();
  backend.fail(problem({ code: 'resident-ended', title: 'Gatepass cannot start', detail: 'No display.', advice: 'Mend it.' }));
  expect(store.trouble?.title).toBe('Gatepass cannot start');
  expect(store.said.text).toBe('Gatepass cannot start. No display. Mend it.');
  expect(store.profiles).not.toHaveLength(0);
  backend.tell('present', backend.snapshot);
  expect(store.trouble).toBeNull();
  expect(store.said.text).toBe('Gatepass runs again');
  expect(store.isResidentGone).toBe(false);
});
