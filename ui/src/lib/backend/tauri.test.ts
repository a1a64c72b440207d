import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, test } from 'vitest';
import { words } from '../words';
import type { Backend, Told } from './backend';
import { NO_OPTIONS } from '../options';
import { defaults } from './fake/parts';
import { tauriBackend } from './tauri';

const draft = { name: '', issuer: 'https://acme.okta.com', client_id: '0oa', redirect_uri: '', scopes: '', options: NO_OPTIONS };

afterEach(clearMocks);

test.each<[(backend: Backend) => Promise<unknown>, string, unknown]>([
  [(b) => b.signIn('p', true, false), 'sign_in', { profile: 'p', asSomeoneElse: true, withCode: false }],
  [(b) => b.cancelSignIn('p'), 'cancel_sign_in', { profile: 'p' }],
  [(b) => b.copySignInLink('p'), 'copy_sign_in_link', { profile: 'p' }],
  [(b) => b.copyCode('p'), 'copy_code', { profile: 'p' }],
  [(b) => b.answerOtherPerson('p', false), 'answer_other_person', { profile: 'p', replace: false }],
  [(b) => b.refresh('p'), 'refresh', { profile: 'p' }],
  [(b) => b.signOut('p', true), 'sign_out', { profile: 'p', inBrowser: true }],
  [(b) => b.answerInvitation('p', false), 'answer_invitation', { profile: 'p', accept: false }],
  [(b) => b.copyAccessToken('p'), 'copy_access_token', { profile: 'p' }],
  [(b) => b.copy('p', 'curl'), 'copy', { profile: 'p', what: 'curl' }],
  [(b) => b.copyTokenFor('p', 'api://b'), 'copy_token_for', { profile: 'p', audience: 'api://b' }],
  [(b) => b.copyCurl('p', 'GET', 'u'), 'copy_curl', { profile: 'p', method: 'GET', url: 'u' }],
  [(b) => b.clientKeys('p'), 'client_keys', { profile: 'p' }],
  [(b) => b.takeClientSecret('p'), 'take_client_secret', { profile: 'p' }],
  [(b) => b.takeApiToken('p'), 'take_api_token', { profile: 'p' }],
  [(b) => b.forgetApiToken('p'), 'forget_api_token', { profile: 'p' }],
  [(b) => b.makeClientKey('p'), 'make_client_key', { profile: 'p' }],
  [(b) => b.copyPublicKey('p', 'k'), 'copy_public_key', { profile: 'p', key: 'k' }],
  [(b) => b.copyGroup('p', 'g'), 'copy_group', { profile: 'p', group: 'g' }],
  [(b) => b.activity('p'), 'activity', { profile: 'p' }],
  [(b) => b.copyGroups('p'), 'copy_groups', { profile: 'p' }],
  [(b) => b.copyRedirectUri('p'), 'copy_redirect_uri', { profile: 'p' }],
  [(b) => b.copyNoteForAdmin('p'), 'copy_note_for_admin', { profile: 'p' }],
  [(b) => b.findOut('p'), 'find_out', { profile: 'p' }],
  [(b) => b.dismissProblem('p'), 'dismiss_problem', { profile: 'p' }],
  [(b) => b.checkProfile(draft), 'check_profile', { draft }],
  [(b) => b.addProfile(draft), 'add_profile', { draft }],
  [(b) => b.editProfile('p', draft, true), 'edit_profile', { profile: 'p', draft, maySignOut: true }],
  [(b) => b.duplicateProfile('p', 'n'), 'duplicate_profile', { profile: 'p', name: 'n' }],
  [(b) => b.moveProfile('p', true), 'move_profile', { profile: 'p', up: true }],
  [(b) => b.removeProfile('p'), 'remove_profile', { profile: 'p' }],
  [(b) => b.saveProfile('p'), 'save_profile', { profile: 'p' }],
  [(b) => b.copyProfile('p', true), 'copy_profile', { profile: 'p', asLink: true }],
  [(b) => b.readProfile('t'), 'read_profile', { text: 't' }],
  [(b) => b.takeOffered(draft), 'take_offered', { draft }],
  [(b) => b.changeSettings(defaults), 'change_settings', { settings: defaults }],
  [(b) => b.places(), 'places', {}],
  [(b) => b.copyPlace('log'), 'copy_place', { of: 'log' }],
  [(b) => b.copyDiagnostics(true), 'copy_diagnostics', { withNames: true }],
  [(b) => b.quit(), 'quit', {}],
])('%o is the command %s', async (ask, command, what) => {
  const sent: unknown[] = [];
  mockIPC((...call) => {
    sent.push(call);
    return { answer: 'done' };
  });
  expect(await ask(tauriBackend())).toEqual({ answer: 'done' });
  expect(sent).toEqual([[command, what]]);
});

test('a command that fails is a refusal, without the words of what was thrown', async () => {
  mockIPC(() => Promise.reject('socket /run/user/1000/gatepass/api: broken pipe'));
  expect(await tauriBackend().refresh('p')).toEqual({ answer: 'refused', ...words.noAnswer });
});

test('a watcher is told in order what comes over the channel, and nothing once it stopped', async () => {
  let channel: { onmessage: (told: Told) => void } | undefined;
  mockIPC((command, what) => {
    if (command === 'watch') channel = (what as { channel: NonNullable<typeof channel> }).channel;
  });
  const told: string[] = [];
  const stop = await tauriBackend().watch((one) => told.push(one.told));
  channel?.onmessage({ told: 'resident-gone' });
  stop();
  channel?.onmessage({ told: 'resident-gone' });
  expect(told).toEqual(['resident-gone']);
});

test('a watch that fails is rejected, for the store to say so', async () => {
  mockIPC(() => Promise.reject('no'));
  await expect(tauriBackend().watch(() => {})).rejects.toBe('no');
});
