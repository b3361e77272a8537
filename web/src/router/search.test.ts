import { describe, expect, it } from 'vitest';
import { oneOf, pageNumber, parseSearch, stringifySearch, text } from './search';

describe('search parameters', () => {
  it('stay strings, also when they look like numbers', () => {
    expect(parseSearch('?token=12345678901234567890&next=%2Fposts')).toEqual({
      token: '12345678901234567890',
      next: '/posts',
    });
  });

  it('leave out what is empty and stay readable', () => {
    expect(
      stringifySearch({
        status: 'draft,failed',
        page: undefined,
        search: '',
        next: '/posts?page=2',
      }),
    ).toBe('?status=draft,failed&next=/posts%3Fpage%3D2');
    expect(stringifySearch({})).toBe('');
  });

  it('fall back when somebody typed nonsense', () => {
    expect(pageNumber({ page: '-1' })).toBeUndefined();
    expect(pageNumber({ page: '3' })).toBe(3);
    expect(oneOf({ view: 'year' }, 'view', ['month', 'week'])).toBeUndefined();
    expect(text({ a: '' }, 'a')).toBeUndefined();
  });
});
