import { CloudOff } from 'lucide-react';
import { asProblem } from '@/api/problem';
import { Button } from './Button';
import { EmptyState } from './EmptyState';

/** A failed load in place of its content, with a way to try again. */
export function ErrorState({
  error,
  onRetry,
  title = 'This did not load',
  heading,
}: {
  error: unknown;
  onRetry?: () => void;
  title?: string;
  heading?: 'h1' | 'h2' | 'h3';
}) {
  const problem = asProblem(error);
  return (
    <div role="alert">
      <EmptyState
        calm
        heading={heading}
        icon={<CloudOff />}
        title={title}
        actions={onRetry && <Button onClick={onRetry}>Try again</Button>}
      >
        <p>{problem.message}</p>
        {problem.requestId && problem.status >= 500 && (
          <p>
            <small>Request {problem.requestId}</small>
          </p>
        )}
      </EmptyState>
    </div>
  );
}
