import type { AnchorHTMLAttributes, MouseEvent, Ref } from 'react';
import { usePlace } from './context';
import { navigateHref } from './history';
import { hrefOf, type To } from './paths';

let preload: (href: string) => void = () => {};

/** Called with an address when the pointer or the focus comes near a link to it. */
export function setPreload(load: (href: string) => void): void {
  preload = load;
}

export type LinkProps = To &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href' | 'target'> & {
    /** Marks the link as the present place: there, or also anywhere below it. */
    current?: 'exact' | 'within';
    ref?: Ref<HTMLAnchorElement>;
  };

/** A plain click; the others open tabs and windows, which is the browser's business. */
function isPlain(event: MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

/** A link to another page of the app. */
export function Link({ to, params, search, hash, current, children, ...rest }: LinkProps) {
  const { pathname } = usePlace();
  const href = hrefOf({ to, params, search, hash } as To);
  const here =
    current && (pathname === to || (current === 'within' && pathname.startsWith(`${to}/`)));
  return (
    <a
      aria-current={here ? 'page' : undefined}
      {...rest}
      href={href}
      onPointerEnter={(event) => {
        rest.onPointerEnter?.(event);
        preload(href);
      }}
      onFocus={(event) => {
        rest.onFocus?.(event);
        preload(href);
      }}
      onClick={(event) => {
        rest.onClick?.(event);
        if (event.defaultPrevented || !isPlain(event)) return;
        event.preventDefault();
        void navigateHref(href);
      }}
    >
      {children}
    </a>
  );
}
