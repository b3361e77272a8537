import { describe, expect, it } from 'vitest';
import { hrefOf, matchPath, searchOf } from './paths';

describe('addresses', () => {
  it('are found with their values, with and without a slash at the end', () => {
    expect(matchPath('/')).toEqual({ path: '/', params: {} });
    expect(matchPath('/posts/')).toEqual({ path: '/posts', params: {} });
    expect(matchPath('/posts/a%20b')).toEqual({ path: '/posts/$id', params: { id: 'a b' } });
    expect(matchPath('/posts/%zz')?.params).toEqual({ id: '%zz' });
    expect(matchPath('/posts/1/2')).toBeNull();
    expect(matchPath('/nowhere')).toBeNull();
  });

  it('are written with their values escaped', () => {
    expect(hrefOf({ to: '/posts/$id', params: { id: 'a/b' } })).toBe('/posts/a%2Fb');
    expect(hrefOf({ to: '/posts', search: { status: 'draft', page: 2 } })).toBe(
      '/posts?status=draft&page=2',
    );
    expect(hrefOf({ to: '/posts', search: { status: undefined } })).toBe('/posts');
    expect(hrefOf({ to: '/networks', search: { q: 'reel' }, hash: 'top' })).toBe(
      '/networks?q=reel#top',
    );
  });

  it('read from the query string only what they know', () => {
    expect(searchOf('/calendar', '?view=year&day=2026-11-22&x=1')).toEqual({
      view: undefined,
      day: '2026-11-22',
      status: undefined,
      accountId: undefined,
      platform: undefined,
    });
  });
});
