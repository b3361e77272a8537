import { Compass } from 'lucide-react';
import { ButtonLink } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { cx } from '@/ui/cx';
import { useTitle } from '@/ui/PageHeader';
import { Spinner } from '@/ui/Spinner';
import styles from './Fallbacks.module.css';

export function NotFound() {
  useTitle('Page not found');
  return (
    <main className={styles.centre}>
      <EmptyState
        icon={<Compass />}
        heading="h1"
        title="There is no page here"
        actions={
          <ButtonLink to="/" variant="primary">
            Go to the overview
          </ButtonLink>
        }
      >
        <p>The address may be mistyped, or what it led to has been deleted.</p>
      </EmptyState>
    </main>
  );
}

/** A page whose code or data did not load. New versions remove old files, so the retry is a real reload. `inside`: in the shell. */
export function PageError({ error, inside }: { error: unknown; inside?: boolean }) {
  useTitle('Something went wrong');
  const Frame = inside ? 'div' : 'main';
  return (
    <Frame className={styles.centre}>
      <ErrorState
        heading="h1"
        title="This page did not open"
        error={error}
        onRetry={() => window.location.reload()}
      />
    </Frame>
  );
}

/** Shows itself only when it takes a while. */
export function PagePending() {
  return (
    <div className={cx(styles.centre, styles.late)}>
      <Spinner size={24} label="Loading" />
    </div>
  );
}
