/** Short messages at the edge of the screen. The store is plain, so anything may call `toast`, not only components. */

export type ToastTone = 'info' | 'success' | 'danger';

export interface Toast {
  id: number;
  tone: ToastTone;
  message: string;
  action?: { label: string; onClick: () => void };
}

interface ToastOptions {
  tone?: ToastTone;
  /** One deed, for instance Undo. */
  action?: Toast['action'];
}

let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  listeners.forEach((listener) => listener());
}

export function toast(message: string, { tone = 'success', action }: ToastOptions = {}): void {
  // More than three at once is noise; the oldest goes.
  set([...toasts.slice(-2), { id: nextId++, tone, message, action }]);
}

export function dismissToast(id: number): void {
  set(toasts.filter((item) => item.id !== id));
}

export const toastStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  snapshot: (): readonly Toast[] => toasts,
};
