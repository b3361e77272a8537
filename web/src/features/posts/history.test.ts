import { describe, expect, it } from 'vitest';
import { duration, stepName } from './history';

describe('stepName', () => {
  it('is what people call it', () => {
    expect(stepName('media:0:1')).toBe('Upload file 2');
    expect(stepName('piece:0:0:2')).toBe('Upload piece 3 of file 1');
    expect(stepName('ready:2:0')).toBe('Wait until file 1 of part 3 is processed');
    expect(stepName('container:0')).toBe('Put the post together');
    expect(stepName('live:1')).toBe('Wait until part 2 is live');
    expect(stepName('comment')).toBe('Write the first comment');
    expect(stepName('post:0')).toBe('Publish');
    expect(stepName('post:1')).toBe('Publish part 2');
    expect(stepName('handshake')).toBe('handshake');
  });
});

describe('duration', () => {
  const from = '2026-11-22T09:00:00.000Z';
  it('has the unit that fits', () => {
    expect(duration(from, '2026-11-22T09:00:00.420Z')).toBe('0.4 s');
    expect(duration(from, '2026-11-22T09:00:12Z')).toBe('12 s');
    expect(duration(from, '2026-11-22T09:03:00Z')).toBe('3 min');
    expect(duration(from, null)).toBeNull();
  });
});
