import { ChevronsUpDown, Menu as MenuIcon, Plus, WifiOff } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useLiveStatus, useLiveStream } from '@/live/useLive';
import { useBusy, usePlace } from '@/router/context';
import { Link } from '@/router/Link';
import { useCan, useMe } from '@/session/useMe';
import { Avatar } from '@/ui/Avatar';
import { ButtonLink } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { Menu } from '@/ui/Menu';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import { NAV, type NavItem } from './nav';
import { RouteAnnouncer } from './RouteAnnouncer';
import styles from './Shell.module.css';
import { useOrganizationMenu, useUserMenu } from './menus';
import { useShellShortcuts } from './useShellShortcuts';

const CommandPalette = lazy(() => import('./CommandPalette'));
const ShortcutHelp = lazy(() => import('./ShortcutHelp'));
const NewOrganization = lazy(() => import('./NewOrganization'));

const LIVE_TEXT = {
  live: 'Live',
  connecting: 'Connecting…',
  offline: 'Offline',
};

function NavLink({
  item,
  className,
  label = item.label,
}: {
  item: NavItem;
  className?: string;
  label?: string;
}) {
  return (
    <Link to={item.to} current={item.to === '/' ? 'exact' : 'within'} className={className}>
      <item.Icon aria-hidden />
      {label}
    </Link>
  );
}

function LiveIndicator() {
  const status = useLiveStatus();
  return (
    <p className={styles.live} role="status">
      <span className={styles.dot} data-status={status} aria-hidden />
      {LIVE_TEXT[status]}
    </p>
  );
}

function OfflineBanner() {
  if (useLiveStatus() !== 'offline') return null;
  return (
    <div className={styles.banner} role="alert">
      <WifiOff aria-hidden />
      You are offline. What is scheduled goes out all the same; what you change here cannot be
      saved.
    </div>
  );
}

/** The frame around every page of a signed-in person. */
export default function Shell({ children }: { children: ReactNode }) {
  const { organization, user } = useMe();
  const mayWrite = useCan('posts:write');
  const [open, setOpen] = useState<'palette' | 'help' | 'organization' | null>(null);
  const busy = useBusy();
  const writing = usePlace().pathname.startsWith('/compose');
  const close = () => setOpen(null);

  useLiveStream(organization.id);
  useShellShortcuts({ onPalette: () => setOpen('palette'), onHelp: () => setOpen('help') });
  const organizationItems = useOrganizationMenu(() => setOpen('organization'));
  const userItems = useUserMenu({
    onHelp: () => setOpen('help'),
    onPalette: () => setOpen('palette'),
  });

  const switcher = (
    <Menu
      align="start"
      trigger={
        <button type="button" className={styles.switcher}>
          <Avatar name={organization.name} size={28} square />
          <span className={styles.switcherText}>
            <VisuallyHidden>Organisation: </VisuallyHidden>
            {organization.name}
          </span>
          <ChevronsUpDown aria-hidden />
        </button>
      }
      items={organizationItems}
    />
  );

  return (
    <div className={cx(styles.shell, writing && styles.focus)}>
      <a className={styles.skip} href="#main">
        Skip to the content
      </a>
      <RouteAnnouncer />
      {busy && <span className={styles.progress} aria-hidden />}

      <aside className={styles.side} aria-label="Organisation and places">
        {switcher}
        {mayWrite && (
          <ButtonLink to="/compose" variant="primary" block icon={<Plus aria-hidden />}>
            New post
          </ButtonLink>
        )}
        <nav className={styles.links} aria-label="Main">
          {NAV.map((item) => (
            <NavLink key={item.to} item={item} className={styles.link} />
          ))}
        </nav>
        <div className={styles.foot}>
          <LiveIndicator />
          <Menu
            align="start"
            side="top"
            trigger={
              <button type="button" className={styles.switcher}>
                <Avatar name={user.name} src={user.avatarUrl} size={28} />
                <span className={styles.switcherText}>
                  <VisuallyHidden>You: </VisuallyHidden>
                  {user.name}
                </span>
                <ChevronsUpDown aria-hidden />
              </button>
            }
            items={userItems}
          />
        </div>
      </aside>

      <header className={styles.top}>
        {switcher}
        <LiveIndicator />
      </header>

      <div>
        <OfflineBanner />
        <main id="main" className={styles.main} tabIndex={-1}>
          {children}
        </main>
      </div>

      <nav className={styles.bottom} aria-label="Main, phone">
        {NAV.slice(0, 2).map((item) => (
          <NavLink key={item.to} item={item} className={styles.tab} />
        ))}
        {mayWrite && (
          <Link to="/compose" className={styles.write} aria-label="New post">
            <Plus aria-hidden />
          </Link>
        )}
        {NAV.slice(2, mayWrite ? 3 : 4).map((item) => (
          <NavLink key={item.to} item={item} className={styles.tab} />
        ))}
        <Menu
          side="top"
          trigger={
            <button type="button" className={styles.tab}>
              <MenuIcon aria-hidden />
              More
            </button>
          }
          items={[
            ...NAV.slice(mayWrite ? 3 : 4).map(({ to, label, Icon }) => ({
              to,
              label,
              icon: <Icon aria-hidden />,
            })),
            'separator',
            ...userItems,
          ]}
        />
      </nav>

      <Suspense fallback={null}>
        {open === 'palette' && <CommandPalette onClose={close} />}
        {open === 'help' && <ShortcutHelp onClose={close} />}
        {open === 'organization' && <NewOrganization onClose={close} />}
      </Suspense>
    </div>
  );
}
