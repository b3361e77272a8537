import type { Role } from '@/api/types';

/** The roles from most to least powerful, in words. */
export const ROLE: Record<Role, { name: string; description: string }> = {
  owner: { name: 'Owner', description: 'everything, including who owns the organisation.' },
  admin: { name: 'Admin', description: 'everything except changing owners.' },
  manager: { name: 'Manager', description: 'publishes, and connects accounts.' },
  publisher: { name: 'Publisher', description: 'writes, schedules and publishes posts.' },
  contributor: {
    name: 'Contributor',
    description: 'writes drafts and adds media; others publish.',
  },
  programmer: { name: 'Programmer', description: 'writes drafts and makes API tokens.' },
  viewer: { name: 'Viewer', description: 'sees everything, changes nothing.' },
};

const RANK: Role[] = [
  'owner',
  'admin',
  'manager',
  'publisher',
  'contributor',
  'programmer',
  'viewer',
];

/** The roles someone may give to others: none above his own. */
export function grantableRoles(own: Role): Role[] {
  return own === 'owner' ? RANK : RANK.slice(RANK.indexOf(own)).filter((role) => role !== 'owner');
}
