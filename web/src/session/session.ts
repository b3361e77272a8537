import { api, unwrap } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import type { AuthResponse } from '@/api/types';
import { meQuery } from './useMe';

/** Only addresses inside the app are taken as the place to go after logging in. */
export function safeNext(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) && !next.startsWith('/login') ? next : '/';
}

/** Loads who is logged in now, and forgets what was loaded for another person or organisation. */
async function begin(call: Promise<AuthResponse>): Promise<void> {
  await call;
  await queryClient.fetchQuery({ ...meQuery, staleTime: 0 });
  // Not awaited: what is on the screen shows its skeleton and loads again.
  void queryClient.resetQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.me });
}

export function logIn(body: { email: string; password: string }): Promise<void> {
  return begin(unwrap(api.POST('/auth/login', { body: { ...body, transport: 'cookie' } })));
}

export function signUp(body: {
  email: string;
  password: string;
  name: string;
  tenantName: string;
  timeZone: string;
}): Promise<void> {
  return begin(unwrap(api.POST('/auth/register', { body: { ...body, transport: 'cookie' } })));
}

export function acceptInvitation(body: {
  token: string;
  name?: string;
  password?: string;
}): Promise<void> {
  return begin(unwrap(api.POST('/invitations/accept', { body: { ...body, transport: 'cookie' } })));
}

export function switchOrganization(organizationId: string): Promise<void> {
  return begin(unwrap(api.POST('/auth/switch', { body: { organizationId } })));
}

/** Ends the session. Leaves by loading the page anew, so that nothing of it stays in memory. */
export async function logOut(next = '/login'): Promise<void> {
  await unwrap(api.POST('/auth/logout'));
  window.location.assign(next);
}
