/** Endpoints that the server is about to have; once the generated schema knows them, `api` takes their place. */
import createClient from 'openapi-fetch';
import { sessionFetch } from './client';
import type { SocialAccount } from './types';

/** A network's developer app. */
export interface NetworkApp {
  platform: string;
  /** Whose app accounts are connected with. */
  source: 'organization' | 'instance' | 'none';
  clientId: string | null;
  /** The last characters of the secret. */
  secretHint: string | null;
  redirectUri: string;
  scopes: { scope: string; why: string; required: boolean }[];
  consoleUrl: string | null;
  updatedAt: string | null;
}

export interface NetworkAppTest {
  ok: boolean;
  checks: { name: string; ok: boolean; message: string }[];
}

/** What a network's consent lets one connect. */
export interface AccountOffer {
  platform: string;
  choices: {
    key: string;
    kind: 'person' | 'business' | 'page' | 'channel' | 'organization';
    displayName: string;
    username: string;
    avatarUrl: string | null;
    alreadyConnected: boolean;
  }[];
}

type Answer<Status extends number, Body> = {
  responses: { [S in Status]: { content: { 'application/json': Body } } };
};
type Nothing = { responses: { 204: { content?: never } } };
type OfPlatform = { parameters: { path: { platform: string } } };
type OfOffer = { parameters: { path: { id: string } } };
type Sends<Body> = { requestBody: { content: { 'application/json': Body } } };

interface Paths {
  '/network-apps': { get: Answer<200, { data: NetworkApp[] }> };
  '/network-apps/{platform}': {
    put: OfPlatform & Sends<{ clientId: string; clientSecret: string }> & Nothing;
    delete: OfPlatform & Nothing;
  };
  '/network-apps/{platform}/test': { post: OfPlatform & Answer<200, NetworkAppTest> };
  '/social-accounts/pending/{id}': {
    get: OfOffer & Answer<200, AccountOffer>;
    post: OfOffer & Sends<{ keys: string[] }> & Answer<201, { data: SocialAccount[] }>;
  };
}

export const coming = createClient<Paths>({ baseUrl: '/api/v1', fetch: sessionFetch });
