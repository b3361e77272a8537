import { describe, expect, it } from 'vitest';
import { layoutOf } from './layouts';
import { shownOptions } from './shown';

describe('a preview', () => {
  it('fills the screen for formats that do, on whichever network', () => {
    expect(layoutOf('instagram').author).toBe('row');
    expect(layoutOf('instagram', 'reel').author).toBe('over');
    expect(layoutOf('facebook', 'story').author).toBe('over');
  });

  it('draws a network it does not know', () => {
    expect(layoutOf('tenth').order).toContain('text');
  });

  it('shows of the options a headline and the answers of a poll, whatever else they hold', () => {
    expect(shownOptions({ title: 'A pin', poll: { choices: ['Yes', 'No'] }, board: '1' })).toEqual({
      title: 'A pin',
      poll: ['Yes', 'No'],
    });
    expect(shownOptions({ title: '  ', poll: null })).toEqual({});
    expect(shownOptions(undefined)).toEqual({});
  });
});
