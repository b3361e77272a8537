import { Moon, Sun } from 'lucide-react';
import { lazy, Suspense, useDeferredValue, useState } from 'react';
import type { SocialAccount } from '@/api/types';
import { NetworkHelp } from '@/features/networks/NetworkHelp';
import { shownOptions } from '@/features/posts/preview/shown';
import { AccountAvatar } from '@/ui/Avatar';
import { IconButton } from '@/ui/Button';
import { useNames } from '@/ui/networks';
import { Loading, Skeleton } from '@/ui/Skeleton';
import { useComposerContext } from './context';
import { partsOf } from './draft';
import styles from './PreviewPane.module.css';

const Preview = lazy(() => import('@/features/posts/preview/Preview'));

const NOBODY = { displayName: 'Your account', avatarUrl: null };

/** The post as it will look, for the account whose tab is open or one chosen here. */
export default function PreviewPane() {
  const names = useNames();
  const { draft, accounts, contents, variant, formatOf } = useComposerContext();
  const [wanted, setWanted] = useState<string | null>(null);
  const [look, setLook] = useState<'light' | 'dark'>();
  const chosen = draft.accounts.flatMap(
    (id) => accounts.find((account) => account.id === id) ?? [],
  );
  const shown: SocialAccount | undefined =
    chosen.find((account) => account.id === (variant === 'all' ? wanted : variant)) ?? chosen[0];
  const options = shown && draft.settings[shown.id]?.options;
  const parts = useDeferredValue(partsOf(draft, shown?.id ?? 'all'));
  const dark = (look ?? document.documentElement.dataset['theme']) === 'dark';

  return (
    <div className={styles.pane}>
      <div className={styles.head}>
        <h2 className={styles.title}>Preview</h2>
        {variant === 'all' && chosen.length > 1 && (
          <div className={styles.accounts} role="group" aria-label="Preview for">
            {chosen.map((account) => (
              <button
                key={account.id}
                type="button"
                className={styles.account}
                aria-pressed={account === shown}
                aria-label={names.account(account)}
                title={names.account(account)}
                onClick={() => setWanted(account.id)}
              >
                <AccountAvatar account={account} size={24} />
              </button>
            ))}
          </div>
        )}
        <IconButton
          size="sm"
          label={dark ? 'Show it light' : 'Show it dark'}
          tipAlign="end"
          onClick={() => setLook(dark ? 'light' : 'dark')}
        >
          {dark ? <Sun aria-hidden /> : <Moon aria-hidden />}
        </IconButton>
      </div>
      <Suspense
        fallback={
          <Loading label="Loading the preview">
            <Skeleton height="9rem" />
          </Loading>
        }
      >
        <Preview
          account={shown ?? { ...NOBODY, platform: 'bluesky', username: 'you.bsky.social' }}
          parts={parts}
          contents={contents}
          look={look}
          format={shown && formatOf(shown)?.id}
          {...shownOptions(options)}
        />
      </Suspense>
      <p className={styles.note}>
        An approximation. Each network has the last word on how it looks.{' '}
        {shown && <NetworkHelp platform={shown.platform} />}
      </p>
    </div>
  );
}
