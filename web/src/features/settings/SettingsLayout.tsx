import { Building2, Info, KeyRound, Network, UserRound, Users } from 'lucide-react';
import { useEffect, useRef, type ReactNode } from 'react';
import { revealInRow } from '@/lib/scroll';
import { usePlace } from '@/router/context';
import { Link } from '@/router/Link';
import { PageHeader } from '@/ui/PageHeader';
import styles from './SettingsLayout.module.css';

const PAGES = [
  { to: '/settings/profile', label: 'Profile', Icon: UserRound },
  { to: '/settings/organization', label: 'Organisation', Icon: Building2 },
  { to: '/settings/members', label: 'Members', Icon: Users },
  { to: '/settings/tokens', label: 'API tokens', Icon: KeyRound },
  { to: '/settings/networks', label: 'Networks', Icon: Network },
  { to: '/settings/about', label: 'About', Icon: Info },
] as const;

export default function SettingsLayout({ children }: { children: ReactNode }) {
  const { pathname } = usePlace();
  const nav = useRef<HTMLElement>(null);
  // On a phone the row of links is wider than the screen.
  useEffect(() => revealInRow(nav.current?.querySelector('[aria-current]')), [pathname]);
  return (
    <div>
      <PageHeader title="Settings" />
      <div className={styles.columns}>
        <nav ref={nav} className={styles.nav} aria-label="Settings">
          {PAGES.map(({ to, label, Icon }) => (
            <Link key={to} to={to} current="exact" className={styles.link}>
              <Icon aria-hidden />
              {label}
            </Link>
          ))}
        </nav>
        <div className={styles.page}>{children}</div>
      </div>
    </div>
  );
}
