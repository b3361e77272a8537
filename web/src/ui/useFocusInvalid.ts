import { useEffect, useRef, type RefObject } from 'react';

/** After a refused submit, puts the focus on the first field with a problem. Give the ref to the form. */
export function useFocusInvalid(problem: unknown): RefObject<HTMLFormElement | null> {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  return form;
}
