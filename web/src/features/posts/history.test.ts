import { describe, expect, it } from 'vitest';
import { duration, stepName } from './history';

describe('stepName', () => {
  it('is what people call it', () => {
    expect(stepName('media:0:1')).toBe('Upload image 2');
    expect(stepName('ready:2:0')).toBe('Wait until image 1 of part 3 is processed');
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
