import { expect, it } from 'vitest';
import { safeNext } from './session';

it('goes only to addresses inside the app', () => {
  expect(safeNext('/posts/1?x=2')).toBe('/posts/1?x=2');
  for (const next of [
    undefined,
    '',
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '/login',
  ]) {
    expect(safeNext(next)).toBe('/');
  }
});
