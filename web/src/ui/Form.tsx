import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { asProblem, type Problem } from '@/api/problem';
import { Callout } from './Callout';

export interface FormModel<T> {
  /** Under way: give it to the button. */
  busy: boolean;
  /** Why it was refused the last time. */
  problem: Problem | null;
  /** What came of it. */
  done: T | undefined;
  /** The sentence that belongs beside a field. */
  error: (path: string) => string | undefined;
  send: () => void;
}

/** A form that sends itself with `submit`; drawn by `Form`. */
export function useForm<T>({
  submit,
  onDone,
}: {
  submit: () => Promise<T>;
  onDone?: (value: T) => unknown;
}): FormModel<T> {
  const sending = useMutation({ mutationFn: submit, onSuccess: onDone });
  const problem = sending.error ? asProblem(sending.error) : null;
  return {
    busy: sending.isPending,
    problem,
    done: sending.data,
    error: (path) => problem?.field(path),
    send: () => sending.mutate(),
  };
}

/**
 * Draws the form, and above its fields what belongs to none of them (`beside`: that is said elsewhere). After a refusal the
 * focus goes to the first field with a problem.
 */
export function Form<T>({
  form,
  id,
  className,
  beside,
  children,
}: {
  form: FormModel<T>;
  /** For a button outside of it: `<Button type="submit" form={id}>`. */
  id?: string;
  className?: string;
  beside?: boolean;
  children: ReactNode;
}) {
  const { problem } = form;
  const element = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  return (
    <form
      ref={element}
      id={id}
      className={className}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        form.send();
      }}
    >
      {problem && problem.fields.length === 0 && !beside && (
        <Callout tone="danger">{problem.message}</Callout>
      )}
      {children}
    </form>
  );
}
