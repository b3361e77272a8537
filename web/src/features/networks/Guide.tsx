import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, type MouseEvent } from 'react';
import guides from 'virtual:guides';
import { navigateHref } from '@/router/history';
import { Section } from '@/ui/Card';
import { ErrorState } from '@/ui/ErrorState';
import { Loading, Skeleton } from '@/ui/Skeleton';
import styles from './Networks.module.css';
import { showAnchor } from './showAnchor';

/** Links to other guides stay in the app. */
function follow(event: MouseEvent): void {
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/"]');
  if (!link || link.pathname === window.location.pathname) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  void navigateHref(link.pathname + link.hash);
}

/** How the network is set up and what to know of it: its page of docs/networks. */
export default function Guide({ platform, name }: { platform: string; name: string }) {
  const load = guides[platform];
  const guide = useQuery({
    queryKey: ['guide', platform],
    queryFn: async () => (await load?.())?.default ?? [],
    staleTime: Infinity,
  });
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => showAnchor(box.current), [guide.data]);
  if (!load) return null;
  return (
    <div id="guide" ref={box}>
      <Section title={`Guide to ${name}`}>
        {guide.isPending ? (
          <Loading label="Loading the guide">
            <Skeleton height="18rem" />
          </Loading>
        ) : guide.isError ? (
          <ErrorState error={guide.error} onRetry={() => void guide.refetch()} />
        ) : (
          <div className={styles.guideBox}>
            {/* The links inside are what is pressed; this only hears of it. */}
            {/* eslint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-static-element-interactions */}
            <div className={styles.guide} onClick={follow}>
              {guide.data.map(({ id, title, html }) => (
                <div key={id}>
                  {title && <h3 id={id}>{title}</h3>}
                  {/* Our own page of docs/networks, made HTML when the interface was built. */}
                  <div dangerouslySetInnerHTML={{ __html: html }} />
                </div>
              ))}
            </div>
            {guide.data.length > 2 && (
              <nav className={styles.contents} aria-labelledby="guide-contents">
                <h3 id="guide-contents">In this guide</h3>
                {guide.data.map(
                  ({ id, title }) =>
                    title && (
                      <a key={id} href={`#${id}`}>
                        {title}
                      </a>
                    ),
                )}
              </nav>
            )}
          </div>
        )}
      </Section>
    </div>
  );
}
