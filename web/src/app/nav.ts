import {
  CalendarDays,
  Images,
  LayoutDashboard,
  Rows3,
  Settings,
  Share2,
  type LucideIcon,
} from 'lucide-react';

export interface NavItem {
  to: '/' | '/calendar' | '/posts' | '/media' | '/accounts' | '/settings';
  label: string;
  Icon: LucideIcon;
  /** The shortcut that goes there. */
  keys: string;
}

/** The places of the app, in the order of the sidebar. */
export const NAV: NavItem[] = [
  { to: '/', label: 'Overview', Icon: LayoutDashboard, keys: 'g o' },
  { to: '/calendar', label: 'Calendar', Icon: CalendarDays, keys: 'g c' },
  { to: '/posts', label: 'Posts', Icon: Rows3, keys: 'g p' },
  { to: '/media', label: 'Media', Icon: Images, keys: 'g m' },
  { to: '/accounts', label: 'Accounts', Icon: Share2, keys: 'g a' },
  { to: '/settings', label: 'Settings', Icon: Settings, keys: 'g s' },
];
