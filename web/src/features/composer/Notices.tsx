import { formatRelative } from '@/lib/dates';
import { Button, ButtonLink } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import type { Recovery } from './recovery';
import type { ComposerModel } from './useComposer';

interface NoticesProps {
  model: ComposerModel;
  /** The post went out while it was edited here. */
  gone: boolean;
  /** The copy of unsaved work that was opened. */
  restored: Recovery | null;
  /** A copy that was not opened, because the post was changed since. */
  outdated: Recovery | null;
  /** The question about a copy is answered. */
  onSettled: () => void;
}

/** What somebody must know before going on to write. */
export default function Notices({ model, gone, restored, outdated, onSettled }: NoticesProps) {
  const { record, save, dispatch, learnContents } = model;
  return (
    <>
      {gone && record && (
        <Callout
          tone="warning"
          title="This post has gone out meanwhile"
          actions={
            <>
              <ButtonLink size="sm" to="/posts/$id" params={{ id: record.id }}>
                Open the post
              </ButtonLink>
              <Button size="sm" onClick={() => void model.saveAsNew()}>
                Save mine as a new draft
              </Button>
            </>
          }
        >
          What is live can no longer be changed here.
        </Callout>
      )}
      {restored && (
        <Callout
          tone="info"
          title="Your unsaved text is back"
          actions={
            <>
              <Button size="sm" onClick={onSettled}>
                Keep it
              </Button>
              <Button
                size="sm"
                variant="ghost"
                onClick={() => {
                  onSettled();
                  model.startOver();
                }}
              >
                Discard it
              </Button>
            </>
          }
        >
          This browser kept it from {formatRelative(new Date(restored.at))}.
        </Callout>
      )}
      {outdated && (
        <Callout
          tone="info"
          title="This browser has another version of this post"
          actions={
            <>
              <Button
                size="sm"
                onClick={() => {
                  learnContents(outdated.contents);
                  dispatch({ type: 'replace', draft: outdated.draft });
                  onSettled();
                }}
              >
                Use my version
              </Button>
              <Button size="sm" variant="ghost" onClick={onSettled}>
                Dismiss
              </Button>
            </>
          }
        >
          You wrote it {formatRelative(new Date(outdated.at))} and it was never saved; the post was
          changed since.
        </Callout>
      )}
      {save.kind === 'failed' && save.problem.code !== 'VERSION_CONFLICT' && (
        <Callout
          tone="danger"
          title="Not saved"
          actions={
            <Button size="sm" onClick={() => void model.store().catch(() => undefined)}>
              Try again
            </Button>
          }
        >
          {save.problem.message} Your text is safe in this browser.
        </Callout>
      )}
    </>
  );
}
