import createClient from 'openapi-fetch';
import { Problem, problemFromResponse } from './problem';
import type { paths } from './schema';
import type { Answered } from './types';

const BASE = '/api/v1';

/** Whether a 401 is about the session; it may as well be about a password that was just typed. */
async function isSessionOver(response: Response): Promise<boolean> {
  if (response.status !== 401) return false;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  return problemFromResponse(response, body).code !== 'INVALID_CREDENTIALS';
}

export function csrfToken(): string | null {
  const match = /(?:^|;\s*)allin_csrf=([^;]+)/.exec(document.cookie);
  return match?.[1] ? decodeURIComponent(match[1]) : null;
}

let onSessionLost: () => void = () => {};

/** Called once the session has ended for good; the router goes to the log-in page. */
export function setSessionLostHandler(handler: () => void): void {
  onSessionLost = handler;
}

let refreshing: Promise<boolean> | null = null;

/** Rotates the session's tokens; however many requests need it at once, one goes out. */
function refreshSession(): Promise<boolean> {
  refreshing ??= fetch(`${BASE}/auth/refresh`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrfToken() ?? '' },
    body: '{}',
  })
    .then((response) => response.ok)
    .finally(() => {
      refreshing = null;
    });
  return refreshing;
}

/** Sends a request with the session's CSRF token; on 401 refreshes the session silently, once. */
export async function sessionFetch(input: Request): Promise<Response> {
  const sendWithToken = (request: Request) => {
    const token = csrfToken();
    if (token && request.method !== 'GET') request.headers.set('X-CSRF-Token', token);
    return fetch(request);
  };
  const spare = input.clone();
  const response = await sendWithToken(input);
  if (!(await isSessionOver(response))) return response;
  // Without the readable cookie there is no session left to renew.
  if (csrfToken() !== null && (await refreshSession())) {
    const second = await sendWithToken(spare);
    if (!(await isSessionOver(second))) return second;
  }
  onSessionLost();
  return response;
}

/** The typed client: `api.GET('/posts/{id}', { params: { path: { id } } })`. Wrap calls in `unwrap`. */
export const api = createClient<paths>({ baseUrl: BASE, fetch: sessionFetch });

/** The data of a call, or its Problem thrown. */
export async function unwrap<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Answered<T>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemFromResponse(response, error);
  return data as Answered<T>;
}

/** A key that makes a creating POST safe to repeat. */
export function idempotencyKey(): { 'Idempotency-Key': string } {
  // randomUUID exists only on https and localhost; a plain-http address in a home network has getRandomValues.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return { 'Idempotency-Key': Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('') };
}

export interface UploadOptions {
  /** Share sent so far, 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Posts a form with progress, which fetch cannot report. */
export async function upload<T>(path: string, form: FormData, options: UploadOptions): Promise<T> {
  try {
    return await send<T>(path, form, options);
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    if (await refreshSession()) return send<T>(path, form, options);
    onSessionLost();
    throw error;
  }
}

function send<T>(path: string, form: FormData, { onProgress, signal }: UploadOptions): Promise<T> {
  return new Promise((resolve, reject) => {
    const aborted = () => new DOMException('Upload cancelled', 'AbortError');
    if (signal.aborted) {
      reject(aborted());
      return;
    }
    const request = new XMLHttpRequest();
    request.open('POST', BASE + path);
    request.responseType = 'json';
    const token = csrfToken();
    if (token) request.setRequestHeader('X-CSRF-Token', token);
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    };
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) {
        resolve(request.response as T);
        return;
      }
      const answer = new Response(null, {
        status: request.status,
        headers: { 'Retry-After': request.getResponseHeader('Retry-After') ?? '' },
      });
      reject(problemFromResponse(answer, request.response));
    };
    request.onerror = () =>
      reject(
        new Problem({
          code: 'OFFLINE',
          message: 'The connection broke while the file was sent. Try again.',
        }),
      );
    request.onabort = () => reject(aborted());
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(form);
  });
}
