import { expect, it } from 'vitest';
import { passwordRules } from './password';

const unmet = (password: string, email?: string) =>
  passwordRules(password, email)
    .filter((rule) => !rule.met)
    .map((rule) => rule.label);

it('says which rules a password breaks', () => {
  expect(unmet('Sunny-Day-42', 'ada@example.org')).toEqual([]);
  expect(unmet('sunny')).toEqual([
    '8 characters or more',
    'Upper and lower case',
    'A digit',
    'A special character',
  ]);
  expect(unmet('Ada-Lovelace-1', 'ADA@example.org')).toEqual(['Not your e-mail name']);
  expect(unmet('Grüße-Österreich7')).toEqual([]);
});
