import { useEffect, useRef, useState } from 'react';
import { usePlace } from '@/router/context';
import { VisuallyHidden } from '@/ui/VisuallyHidden';

/**
 * A page that changes without a load tells screen readers nothing by itself: this says the new title, and puts the focus on
 * the content, so that the next Tab is on the new page.
 */
export function RouteAnnouncer() {
  const { pathname } = usePlace();
  const [title, setTitle] = useState('');
  const before = useRef(pathname);

  useEffect(() => {
    const element = document.querySelector('title');
    if (!element) return;
    const observer = new MutationObserver(() => setTitle(document.title));
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (before.current === pathname) return;
    before.current = pathname;
    const main = document.getElementById('main');
    // A page that has put the focus somewhere itself knows better.
    if (main && !main.contains(document.activeElement)) main.focus({ preventScroll: true });
  }, [pathname]);

  return (
    <VisuallyHidden>
      <span role="status">{title}</span>
    </VisuallyHidden>
  );
}
