import { lazy, Suspense, useState, type ReactNode } from 'react';

const loadImpl = () => import('./DialogImpl');
const Impl = lazy(loadImpl);

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  description?: ReactNode;
  /** sm 28rem, md 36rem, lg 52rem; a sheet from below on phones. */
  size?: 'sm' | 'md' | 'lg';
  /** Buttons along the bottom; without it the body ends the dialog. */
  footer?: ReactNode;
  /** Keeps Escape and clicks beside the dialog from closing it, while something must not be lost. */
  sticky?: boolean;
  /** Leaves out the title row (the title stays for screen readers). */
  bare?: boolean;
  className?: string;
  children?: ReactNode;
}

/** A modal dialog. Its code loads when one is first opened, so a page pays nothing for the dialogs it may open. */
export function Dialog(props: DialogProps) {
  const [used, setUsed] = useState(props.open);
  if (props.open && !used) setUsed(true);
  if (!used) return null;
  return (
    <Suspense fallback={null}>
      <Impl {...props} />
    </Suspense>
  );
}

/** Fetches the dialogs' code ahead of time; give it to onPointerEnter of a button that opens one. */
export function preloadDialog(): void {
  void loadImpl();
}
