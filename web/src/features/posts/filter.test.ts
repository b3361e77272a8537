import { describe, expect, it } from 'vitest';
import { countBelow, listFilter, STATUS_TABS, tabOf } from './filter';

describe('the list', () => {
  it('finds the tab of an address, also by one of its statuses', () => {
    expect(tabOf(undefined)?.label).toBe('All');
    expect(tabOf('scheduled')?.label).toBe('Scheduled');
    expect(tabOf('failed')?.label).toBe('Needs you');
    expect(tabOf('nonsense')).toBeUndefined();
  });

  it('counts a tab by its statuses', () => {
    const counts = [
      { status: 'draft', count: 2 },
      { status: 'failed', count: 1 },
      { status: 'needs_attention', count: 3 },
    ] as const;
    const below = STATUS_TABS.map((tab) => `${tab.label} ${countBelow(tab, counts)}`);
    expect(below).toEqual([
      'All 6',
      'Drafts 2',
      'Scheduled 0',
      'Needs you 4',
      'Published 0',
      'Cancelled 0',
    ]);
  });

  it('sorts what is to come by its time', () => {
    expect(listFilter({ status: 'scheduled' })).toMatchObject({
      status: 'scheduled,publishing',
      sort: 'scheduledAt',
      page: 1,
    });
    expect(listFilter({}).sort).toBe('-updatedAt');
  });
});
