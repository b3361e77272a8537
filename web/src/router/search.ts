/** Search parameters as plain strings: `?status=draft,failed&page=2`. Each route turns them into what it needs. */

export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params
    .toString()
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/');
  return text ? `?${text}` : '';
}

export type Raw = Record<string, unknown>;

export function text(search: Raw, name: string): string | undefined {
  const value = search[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A whole number of at least 1. */
export function pageNumber(search: Raw): number | undefined {
  const page = Number(search['page']);
  return Number.isInteger(page) && page > 1 ? page : undefined;
}

export function oneOf<V extends string>(
  search: Raw,
  name: string,
  values: readonly V[],
): V | undefined {
  return values.find((value) => value === search[name]);
}
