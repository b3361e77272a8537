import { useQuery } from '@tanstack/react-query';
import { ArrowLeft, Eye, PencilLine } from 'lucide-react';
import { Fragment, lazy, Suspense, useState } from 'react';
import { networksQuery } from '@/features/accounts/queries';
import { postQuery } from '@/features/posts/queries';
import { AccountAvatar } from '@/ui/Avatar';
import { StatusBadge } from '@/ui/Badge';
import { ButtonLink } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { cx } from '@/ui/cx';
import { useNames } from '@/ui/networks';
import { useTitle } from '@/ui/PageHeader';
import { Segmented } from '@/ui/Segmented';
import { TabPanel, Tabs } from '@/ui/Tabs';
import { AccountsPicker } from './AccountsPicker';
import { ActionBar } from './ActionBar';
import styles from './Composer.module.css';
import { Composer as Context } from './context';
import type { Variant } from './draft';
import { formatOf } from './limits';
import { causeId, type Issue } from './problems';
import { ThreadEditor } from './ThreadEditor';
import { useComposer, type ComposerStart } from './useComposer';
import { useAutosave, useLeaveGuard, useRecoveryCopy } from './useKeeping';
import { usePartUploads } from './usePartUploads';

// What the first look at an empty composer does not need comes a moment later.
const IssueSummary = lazy(() => import('./IssueSummary'));
const Notices = lazy(() => import('./Notices'));
const OwnText = lazy(() => import('./OwnText'));
const TargetOptions = lazy(() => import('./options/TargetOptions'));
const PreviewPane = lazy(() => import('./PreviewPane'));
const Conflict = lazy(() => import('./Conflict'));
const LeaveDialog = lazy(() => import('./LeaveDialog'));

const SUMMARY_ID = 'composer-problems';

/** Focuses an element once it is drawn, be it in a tab that has just been opened. */
function focusSoon(id: string): void {
  requestAnimationFrame(() => {
    const element = document.getElementById(id);
    element?.focus();
    element?.scrollIntoView({ block: 'center', behavior: 'smooth' });
  });
}

/** The editor of one post, stored or not. */
export function Composer(start: ComposerStart) {
  const { accounts } = start;
  const names = useNames();
  const networks = useQuery(networksQuery).data ?? [];
  const model = useComposer(start);
  const { draft, dispatch, issues, record, save, saver } = model;
  const [tab, setTab] = useState<Variant>('all');
  const [pane, setPane] = useState<'write' | 'preview'>('write');
  const [restored, setRestored] = useState(model.restored);
  const [outdated, setOutdated] = useState(model.outdated);
  const [discarding, setDiscarding] = useState(false);
  const uploads = usePartUploads((part, content) => {
    model.learnContents([content]);
    dispatch({ type: 'addMedia', key: part, contentIds: [content.id] });
  });
  const variant = draft.accounts.includes(tab) ? tab : 'all';
  useTitle(record ? 'Edit post' : 'New post');
  useAutosave(model, model.autosaved);
  useRecoveryCopy(model);
  const guard = useLeaveGuard(model, uploads.busy);

  // Whoever publishes or removes the post meanwhile ends the editing here.
  const live = useQuery({ ...postQuery(record?.id ?? ''), enabled: record !== null }).data;
  const gone =
    live !== undefined && ['publishing', 'published'].includes(live.status) && !model.submitting;

  const openIssue = (issue: Issue) => {
    setTab(issue.variant);
    setPane('write');
    focusSoon(causeId(issue, draft));
  };
  const chosen = accounts.filter((account) => draft.accounts.includes(account.id));

  return (
    <Context
      value={{
        draft,
        dispatch,
        accounts,
        networks,
        formatOf: (account) => formatOf(account, networks, draft, model.contents),
        contents: model.contents,
        learnContents: model.learnContents,
        uploads,
        quotasOf: (account) =>
          model.looks.find(({ socialAccountId }) => socialAccountId === account.id)?.quotas ?? [],
        issues,
        variant,
      }}
    >
      <div className={styles.page} data-wide>
        <header className={styles.header}>
          <ButtonLink
            to="/posts"
            variant="ghost"
            size="sm"
            icon={<ArrowLeft aria-hidden />}
            aria-label="Back to the posts"
            className={styles.back}
          >
            Posts
          </ButtonLink>
          <h1 className={styles.heading}>{record ? 'Edit post' : 'New post'}</h1>
          {record && record.status !== 'draft' && <StatusBadge status={record.status} />}
          <div className={styles.switch}>
            <Segmented
              label="Pane"
              value={pane}
              onChange={setPane}
              options={[
                { value: 'write', label: 'Write', icon: <PencilLine aria-hidden /> },
                { value: 'preview', label: 'Preview', icon: <Eye aria-hidden /> },
              ]}
            />
          </div>
        </header>

        <div className={styles.columns} data-pane={pane}>
          <div className={styles.editor}>
            <Suspense fallback={null}>
              {(gone || restored || outdated || save.kind === 'failed') && (
                <Notices
                  model={model}
                  gone={gone}
                  restored={restored}
                  outdated={outdated}
                  onSettled={() => {
                    setRestored(null);
                    setOutdated(null);
                  }}
                />
              )}
            </Suspense>

            <AccountsPicker />

            <div className={styles.card}>
              <Tabs
                label="Whose text"
                value={variant}
                onValueChange={setTab}
                className={styles.tabs}
                tabs={[
                  { value: 'all', label: 'All networks' },
                  ...chosen.map((account) => ({
                    value: account.id,
                    icon: <AccountAvatar account={account} size={20} />,
                    label: (
                      <span aria-label={names.account(account)} className={styles.tabName}>
                        {account.displayName || account.username}
                        {draft.overrides[account.id] && (
                          <span className={styles.own} title="Has a text of its own">
                            customised
                          </span>
                        )}
                      </span>
                    ),
                  })),
                ]}
              >
                <TabPanel value={variant}>
                  {variant === 'all' ? (
                    <ThreadEditor />
                  ) : (
                    <Suspense fallback={null}>
                      {chosen
                        .filter((account) => account.id === variant)
                        .map((account) => (
                          <Fragment key={account.id}>
                            <OwnText account={account} />
                            <TargetOptions account={account} />
                          </Fragment>
                        ))}
                    </Suspense>
                  )}
                </TabPanel>
              </Tabs>
            </div>

            <label className={styles.name}>
              <span>Name</span>
              <input
                value={draft.title}
                maxLength={200}
                placeholder="Only your team sees it (optional)"
                onChange={(event) => dispatch({ type: 'title', title: event.target.value })}
              />
            </label>

            <Suspense fallback={null}>
              {issues.length > 0 && (
                <IssueSummary id={SUMMARY_ID} issues={issues} onOpen={openIssue} />
              )}
            </Suspense>
            <ActionBar
              model={model}
              onProblems={() => focusSoon(SUMMARY_ID)}
              onDiscard={() => setDiscarding(true)}
            />
          </div>
          <aside className={cx(styles.side)} aria-label="Preview">
            <Suspense fallback={null}>
              <PreviewPane />
            </Suspense>
          </aside>
        </div>

        <Suspense fallback={null}>
          {save.kind === 'failed' && save.problem.code === 'VERSION_CONFLICT' && saver.post && (
            <Conflict model={model} id={saver.post.id} />
          )}
          {guard && (
            <LeaveDialog
              model={model}
              busy={uploads.busy}
              onStay={guard.stay}
              onLeave={guard.leave}
            />
          )}
        </Suspense>
        <ConfirmDialog
          open={discarding}
          onOpenChange={setDiscarding}
          title={record ? 'Delete this post?' : 'Discard this post?'}
          confirmLabel={record ? 'Delete post' : 'Discard'}
          danger
          onConfirm={model.discard}
        >
          {record?.status === 'scheduled'
            ? 'It will not be published. This cannot be undone.'
            : 'This cannot be undone.'}
        </ConfirmDialog>
      </div>
    </Context>
  );
}
