import type { ErrorBody, FieldProblem } from './types';

/** What went wrong with a request, as the server said it or as the browser met it (code OFFLINE, TIMED_OUT, BAD_ANSWER). */
export class Problem extends Error {
  readonly code: string;
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly details: Record<string, unknown> | null;
  readonly requestId: string | null;
  /** Seconds after which the server asks to come back. */
  readonly retryAfter: number | null;

  constructor(init: {
    code: string;
    message: string;
    status?: number;
    details?: Record<string, unknown> | null;
    requestId?: string | null;
    retryAfter?: number | null;
  }) {
    super(init.message);
    this.name = 'Problem';
    this.code = init.code;
    this.status = init.status ?? 0;
    this.details = init.details ?? null;
    this.requestId = init.requestId ?? null;
    this.retryAfter = init.retryAfter ?? null;
  }

  /** The fields the server refused, if it named any. */
  get fields(): FieldProblem[] {
    const fields = this.details?.['fields'];
    return Array.isArray(fields) ? (fields as FieldProblem[]) : [];
  }

  /** The sentence that belongs beside the field `path`, if there is one. */
  field(path: string): string | undefined {
    return this.fields.find((problem) => problem.path === path)?.message;
  }
}

function isErrorBody(body: unknown): body is ErrorBody {
  const error = (body as Partial<ErrorBody> | null)?.error;
  return typeof error?.code === 'string' && typeof error.message === 'string';
}

/** The problem a non-2xx answer stands for. Answers that are not ours (a proxy's page) become a plain sentence. */
export function problemFromResponse(response: Response, body: unknown): Problem {
  const retryAfter = Number(response.headers.get('Retry-After')) || null;
  if (isErrorBody(body)) {
    return new Problem({ ...body.error, status: response.status, retryAfter });
  }
  return new Problem({
    code: 'BAD_ANSWER',
    message:
      response.status >= 500
        ? 'The server is not answering properly right now. Try again in a moment.'
        : `The server refused this request (${response.status}). Reload the page and try again.`,
    status: response.status,
    requestId: response.headers.get('X-Request-Id'),
    retryAfter,
  });
}

/** Any thrown thing as a Problem, so that screens have one kind of error to show. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof TypeError) {
    return new Problem({
      code: 'OFFLINE',
      message: 'No connection to the server. Check your network, then try again.',
    });
  }
  return new Problem({
    code: 'UNEXPECTED',
    message: 'Something unexpected went wrong. Reload the page and try again.',
  });
}
