import { describe, expect, it } from 'vitest';
import { listFilter, tabOf } from './filter';

describe('the list', () => {
  it('finds the tab of an address, also by one of its statuses', () => {
    expect(tabOf(undefined)?.label).toBe('All');
    expect(tabOf('scheduled')?.label).toBe('Scheduled');
    expect(tabOf('failed')?.label).toBe('Needs you');
    expect(tabOf('nonsense')).toBeUndefined();
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
