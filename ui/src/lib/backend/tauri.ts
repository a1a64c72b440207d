/** The backend of the real window: one command for each intent. The only file that knows Tauri. */
import { Channel, invoke } from '@tauri-apps/api/core';
import type { Answer } from '../wire/Answer';
import { words } from '../words';
import type { Backend, Told } from './backend';

export function tauriBackend(): Backend {
  return {
    async watch(onTold) {
      const channel = new Channel<Told>(onTold);
      await invoke('watch', { channel });
      return () => {
        channel.onmessage = () => {};
      };
    },
    signIn: (profile, asSomeoneElse, withCode) => ask('sign_in', { profile, asSomeoneElse, withCode }),
    cancelSignIn: (profile) => ask('cancel_sign_in', { profile }),
    copySignInLink: (profile) => ask('copy_sign_in_link', { profile }),
    copyCode: (profile) => ask('copy_code', { profile }),
    answerOtherPerson: (profile, replace) => ask('answer_other_person', { profile, replace }),
    refresh: (profile) => ask('refresh', { profile }),
    signOut: (profile, inBrowser) => ask('sign_out', { profile, inBrowser }),
    answerInvitation: (profile, accept) => ask('answer_invitation', { profile, accept }),
    copyAccessToken: (profile) => ask('copy_access_token', { profile }),
    copy: (profile, what) => ask('copy', { profile, what }),
    copyTokenFor: (profile, audience) => ask('copy_token_for', { profile, audience }),
    copyCurl: (profile, method, url) => ask('copy_curl', { profile, method, url }),
    clientKeys: (profile) => ask('client_keys', { profile }),
    takeClientSecret: (profile) => ask('take_client_secret', { profile }),
    takeApiToken: (profile) => ask('take_api_token', { profile }),
    forgetApiToken: (profile) => ask('forget_api_token', { profile }),
    makeClientKey: (profile) => ask('make_client_key', { profile }),
    copyPublicKey: (profile, key) => ask('copy_public_key', { profile, key }),
    copyGroups: (profile) => ask('copy_groups', { profile }),
    copyGroup: (profile, group) => ask('copy_group', { profile, group }),
    copyRedirectUri: (profile) => ask('copy_redirect_uri', { profile }),
    copyNoteForAdmin: (profile) => ask('copy_note_for_admin', { profile }),
    findOut: (profile) => ask('find_out', { profile }),
    dismissProblem: (profile) => ask('dismiss_problem', { profile }),
    activity: (profile) => ask('activity', { profile }),
    checkProfile: (draft) => ask('check_profile', { draft }),
    addProfile: (draft) => ask('add_profile', { draft }),
    editProfile: (profile, draft, maySignOut) => ask('edit_profile', { profile, draft, maySignOut }),
    duplicateProfile: (profile, name) => ask('duplicate_profile', { profile, name }),
    moveProfile: (profile, up) => ask('move_profile', { profile, up }),
    removeProfile: (profile) => ask('remove_profile', { profile }),
    saveProfile: (profile) => ask('save_profile', { profile }),
    copyProfile: (profile, asLink) => ask('copy_profile', { profile, asLink }),
    readProfile: (text) => ask('read_profile', { text }),
    takeOffered: (draft) => ask('take_offered', { draft }),
    changeSettings: (settings) => ask('change_settings', { settings }),
    places: () => ask('places', {}),
    copyPlace: (of) => ask('copy_place', { of }),
    copyDiagnostics: (withNames) => ask('copy_diagnostics', { withNames }),
    quit: () => ask('quit', {}),
  };
}

/** A command is rejected only when the resident cannot be reached; what was thrown is for logs, not for people. */
async function ask(command: string, what: Record<string, unknown>): Promise<Answer> {
  try {
    return await invoke<Answer>(command, what);
  } catch {
    return { answer: 'refused', ...words.noAnswer };
  }
}
