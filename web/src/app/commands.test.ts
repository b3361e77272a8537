import { expect, it } from 'vitest';
import { matchCommands } from './commands';

const commands = [
  { group: 'Do', label: 'New post', keywords: 'write compose' },
  { group: 'Go to', label: 'Posts' },
  { group: 'Go to', label: 'Calendar' },
];
const find = (query: string) => matchCommands(commands, query).map((command) => command.label);

it('finds by the beginnings of words, in any order', () => {
  expect(find('')).toEqual(['New post', 'Posts', 'Calendar']);
  expect(find('po')).toEqual(['New post', 'Posts']);
  expect(find('post NEW')).toEqual(['New post']);
  expect(find('compose')).toEqual(['New post']);
  expect(find('endar')).toEqual([]);
});
