/**
 * The paths of the API in the form openapi-typescript writes them. `npm run api` replaces this file by the one generated
 * from the server's /api/openapi.json; the screens import names from ./types, never from here.
 */
import type * as T from './types';

type Answer<S extends number, B> = {
  [K in S]: B extends undefined
    ? { headers: Record<string, unknown>; content?: never }
    : { headers: Record<string, unknown>; content: { 'application/json': B } };
} & {
  default: { headers: Record<string, unknown>; content: { 'application/json': T.ErrorBody } };
};

type Params<Path, Query> = {
  header?: never;
  cookie?: never;
} & ([Path] extends [never] ? { path?: never } : { path: Path }) &
  ([Query] extends [never] ? { query?: never } : { query?: Query });

interface Read<R, Path = never, Query = never> {
  parameters: Params<Path, Query>;
  requestBody?: never;
  responses: Answer<200, R>;
}

interface Write<B, R, S extends number = 200, Path = never> {
  parameters: Params<Path, never>;
  requestBody: { content: { 'application/json': B } };
  responses: Answer<S, R>;
}

interface Act<R, S extends number = 200, Path = never> {
  parameters: Params<Path, never>;
  requestBody?: never;
  responses: Answer<S, R>;
}

type Id = { id: string };
type Transport = { transport?: 'cookie' };
type Preflight = { parts: T.Part[]; targets: T.TargetInput[]; scheduledAt?: string };
type PageQuery = { page?: number; limit?: number };

export interface paths {
  '/auth/register': {
    post: Write<
      { email: string; password: string; name: string; tenantName: string; timeZone?: string } & Transport,
      T.AuthResponse,
      201
    >;
  };
  '/auth/login': { post: Write<{ email: string; password: string } & Transport, T.AuthResponse> };
  '/auth/logout': { post: Act<undefined, 204> };
  '/auth/me': { get: Read<T.Me>; patch: Write<{ name?: string }, T.Me> };
  '/auth/password': { post: Write<{ currentPassword: string; newPassword: string }, undefined, 204> };
  '/auth/switch': { post: Write<{ organizationId: string }, T.AuthResponse> };
  '/organizations': { post: Write<{ name: string; timeZone?: string }, T.Organization, 201> };
  '/organizations/current': {
    get: Read<T.Organization>;
    patch: Write<
      { name?: string; timeZone?: string; missedPolicy?: { publishLateWithinMinutes: number } },
      T.Organization
    >;
  };
  '/members': { get: Read<{ data: T.Member[] }> };
  '/members/{id}': { patch: Write<{ role: T.Role }, T.Member, 200, Id>; delete: Act<undefined, 204, Id> };
  '/invitations': {
    get: Read<{ data: T.Invitation[] }>;
    post: Write<{ email: string; role: T.Role }, T.Invitation & { url: string }, 201>;
  };
  '/invitations/{id}': { delete: Act<undefined, 204, Id> };
  '/invitations/preview': { post: Write<{ token: string }, T.InvitationPreview> };
  '/invitations/accept': {
    post: Write<{ token: string; name?: string; password?: string } & Transport, T.AuthResponse>;
  };
  '/api-tokens': {
    get: Read<{ data: T.ApiToken[] }>;
    post: Write<
      { name: string; scopes: T.Permission[]; expiresInDays?: number | null; kind?: 'personal' | 'service' },
      T.ApiToken & { token: string },
      201
    >;
  };
  '/api-tokens/{id}': { delete: Act<undefined, 204, Id> };
  '/networks': { get: Read<{ data: T.Network[] }> };
  '/social-accounts': {
    get: Read<{ data: T.SocialAccount[] }, never, { platform?: T.Platform }>;
    post: Write<
      | { platform: 'bluesky'; identifier: string; appPassword: string; serviceUrl?: string }
      | { platform: 'mastodon'; instanceUrl: string },
      T.SocialAccount | { authUrl: string }
    >;
  };
  '/social-accounts/{id}': { get: Read<T.SocialAccount, Id>; delete: Act<undefined, 204, Id> };
  '/social-accounts/{id}/reconnect': {
    post: Write<{ appPassword?: string }, T.SocialAccount | { authUrl: string }, 200, Id>;
  };
  '/social-accounts/{id}/check': { post: Act<T.SocialAccount, 200, Id> };
  '/content': {
    get: Read<
      T.Page<T.Content>,
      never,
      PageQuery & { type?: T.ContentType; status?: T.Content['status']; search?: string }
    >;
  };
  '/content/{id}': {
    get: Read<T.Content, Id>;
    patch: Write<
      { title?: string; description?: string | null; altText?: string | null; tags?: string[] },
      T.Content,
      200,
      Id
    >;
    delete: Act<undefined, 204, Id>;
  };
  '/posts': {
    get: Read<
      T.Page<T.Post>,
      never,
      PageQuery & {
        /** Comma-separated statuses. */
        status?: string;
        accountId?: string;
        platform?: T.Platform;
        from?: string;
        to?: string;
        search?: string;
        sort?: 'scheduledAt' | '-updatedAt';
      }
    >;
    post: Write<T.NewPost, T.Post, 201>;
  };
  '/posts/{id}': {
    get: Read<T.Post, Id>;
    patch: Write<T.PostChange, T.Post, 200, Id>;
    delete: Act<undefined, 204, Id>;
  };
  '/posts/preflight': { post: Write<Preflight, T.PreflightReport> };
  '/posts/{id}/preflight': { post: Act<T.PreflightReport, 200, Id> };
  '/posts/{id}/schedule': {
    post: Write<{ scheduledAt: string } | { scheduledLocal: string; timeZone?: string }, T.Post, 200, Id>;
  };
  '/posts/{id}/publish': { post: Act<T.Post, 202, Id> };
  '/posts/{id}/cancel': { post: Act<T.Post, 200, Id> };
  '/posts/{id}/duplicate': { post: Act<T.Post, 201, Id> };
  '/posts/{id}/retry': { post: Write<{ targetId?: string }, T.Post, 202, Id> };
  '/posts/{id}/resolve': {
    post: Write<
      { targetId: string; decision: 'published' | 'publish_again' | 'give_up'; url?: string },
      T.Post,
      200,
      Id
    >;
  };
  '/posts/{id}/unpublish': { post: Write<{ targetId?: string }, T.Post, 200, Id> };
  '/posts/{id}/attempts': { get: Read<{ data: T.Attempt[] }, Id> };
}
