import { useMemo, useReducer, useRef, useState } from 'react';
import { api, idempotencyKey, unwrap } from '@/api/client';
import { asProblem, type Problem } from '@/api/problem';
import type { Content, Post, PostStatus, PreflightReport, SocialAccount } from '@/api/types';
import { deletePost, publishPost, rememberPost, schedulePost } from '@/features/posts/queries';
import { checkSchedule } from '@/features/posts/schedule/schedule';
import { useNow } from '@/features/posts/useNow';
import { exactLocal, formatDateTime } from '@/lib/dates';
import { navigate } from '@/router/history';
import { useCan, useMe, useTimeZone } from '@/session/useMe';
import { toast } from '@/ui/toast';
import { draftOf, draftReducer, emptyDraft, inputOf, isBlank, type Draft } from './draft';
import { issuesOf, worthShowing, type Issue } from './problems';
import { dropRecovery, readRecovery, recoveryKey, type Recovery } from './recovery';
import { DraftSaver, fingerprint } from './saver';
import { usePreflight } from './usePreflight';

/** Posts in these states are saved while they are written; the others only when somebody says so. */
const AUTOSAVED: PostStatus[] = ['draft', 'cancelled'];

export interface ComposerStart {
  /** The stored post, or null for a new one. */
  post: Post | null;
  accounts: SocialAccount[];
  /** Wall time to begin with. */
  at?: string;
  /** Account to begin with. */
  accountId?: string;
  /** The new post has its id. */
  onCreated: (id: string) => void;
}

function plannedLocal(post: Post | null, zone: string): string | null {
  return post?.status === 'scheduled' && post.scheduledAt
    ? exactLocal(post.scheduledAt, zone)
    : null;
}

function createPost(zone: string) {
  // One key for one new post: asking again after a broken connection must not make a second.
  const headers = idempotencyKey();
  return async (input: ReturnType<typeof inputOf>) =>
    rememberPost(await unwrap(api.POST('/posts', { body: { ...input, timeZone: zone }, headers })));
}

async function updatePost(id: string, version: number, input: ReturnType<typeof inputOf>) {
  const body = { version, ...input };
  return rememberPost(await unwrap(api.PATCH('/posts/{id}', { params: { path: { id } }, body })));
}

export type SaveState =
  | { kind: 'idle' }
  | { kind: 'saving' }
  | { kind: 'saved'; at: number }
  | { kind: 'failed'; problem: Problem };

/** Everything the composer knows and can do; the components only show it. */
export function useComposer({ post, accounts, at, accountId, onCreated }: ComposerStart) {
  const { user, organization } = useMe();
  const zone = useTimeZone();
  const mayPublish = useCan('posts:publish');
  const now = useNow();

  const [begin] = useState(() => beginning(post, accounts, accountId, user.id, organization.id));
  const [draft, dispatch] = useReducer(draftReducer, begin.copy?.draft ?? begin.base);
  const [contents, setContents] = useState<Record<string, Content>>(() =>
    byId([...(begin.copy?.contents ?? []), ...(post?.media ?? [])]),
  );
  const [when, setWhen] = useState<string | null>(
    () => at ?? begin.copy?.when ?? plannedLocal(post, zone),
  );
  const [saver] = useState(
    () =>
      new DraftSaver({ create: createPost(zone), update: updatePost }, post, inputOf(begin.base)),
  );
  const [record, setRecord] = useState(post);
  const [saved, setSaved] = useState(() => fingerprint(inputOf(begin.base)));
  const [save, setSave] = useState<SaveState>({ kind: 'idle' });
  const [tried, setTried] = useState(false);
  const [refusal, setRefusal] = useState<{ print: string; report: PreflightReport } | null>(null);
  const [submitting, setSubmitting] = useState(false);
  /** Set once the work here is done, so that leaving asks nothing. */
  const finished = useRef(false);

  const input = useMemo(() => inputOf(draft), [draft]);
  const print = fingerprint(input);
  const blank = isBlank(draft);
  const status: PostStatus = record?.status ?? 'draft';
  const planned = plannedLocal(record, zone);
  const edited = print !== saved && !(blank && !record);
  const moved = status === 'scheduled' && when !== planned;
  const check = when ? checkSchedule(when, zone, now) : null;
  const scheduledAt = check?.kind === 'ok' ? check.instant.toISOString() : null;
  const worthAsking = !blank && input.targets.length > 0;
  const preflight = usePreflight(input, scheduledAt, record?.id, accounts, worthAsking);
  const report = refusal?.print === print ? refusal.report : preflight.report;
  const found = missing(draft, blank, check?.kind === 'ok' ? undefined : check?.message);
  const all = [...found, ...(report ? issuesOf(report, draft) : [])];
  // What the server said of an earlier text stands there until it has looked again, but stops nobody.
  const certain = preflight.checking && report !== refusal?.report ? found : all;
  const errors = certain.filter((issue) => issue.severity === 'error');
  const issues = tried ? all : worthShowing(all);

  const store = async (): Promise<Post> => {
    setSave({ kind: 'saving' });
    const fresh = saver.post === null;
    try {
      const stored = await saver.save(input);
      setRecord(stored);
      setSaved(print);
      setSave({ kind: 'saved', at: Date.now() });
      if (fresh) {
        dropRecovery(localStorage, recoveryKey(user.id, organization.id, null));
        onCreated(stored.id);
      }
      return stored;
    } catch (error) {
      const problem = asProblem(error);
      setSave({ kind: 'failed', problem });
      if (problem.code === 'PREFLIGHT_FAILED') {
        setTried(true);
        setRefusal({ print, report: problem.details as unknown as PreflightReport });
      }
      throw error;
    }
  };

  const possible = (local: string) => checkSchedule(local, zone, now).kind === 'ok';

  const leave = (id: string) => {
    finished.current = true;
    dropRecovery(localStorage, recoveryKey(user.id, organization.id, id));
    void navigate({ to: '/posts/$id', params: { id } });
  };

  /** Saves, then does the deed; whatever is refused is shown where it belongs. False: it was not done. */
  const submit = async (deed: (stored: Post) => Promise<Post>, words: (post: Post) => string) => {
    setTried(true);
    if (errors.some((issue) => issue.field !== 'schedule')) return false;
    setSubmitting(true);
    try {
      const done = await deed(await store());
      toast(words(done));
      leave(done.id);
      return true;
    } catch (error) {
      const problem = asProblem(error);
      if (problem.code === 'PREFLIGHT_FAILED') {
        setRefusal({ print, report: problem.details as unknown as PreflightReport });
      } else {
        setSave({ kind: 'failed', problem });
      }
      return false;
    } finally {
      setSubmitting(false);
    }
  };

  return {
    draft,
    dispatch,
    contents,
    learnContents: (list: Content[]) => setContents((known) => ({ ...known, ...byId(list) })),
    zone,
    when,
    setWhen,
    check,
    status,
    record,
    saver,
    mayPublish,
    blank,
    issues,
    /** What the server said of each account when it last looked. */
    looks: report?.targets ?? [],
    errors: errors.length,
    checking: preflight.checking,
    save,
    setSave,
    edited,
    dirty: edited || moved,
    autosaved: AUTOSAVED.includes(status),
    input,
    submitting,
    finished,
    restored: begin.copy,
    outdated: begin.outdated,
    store,
    publish: () =>
      submit(
        (stored) => publishPost(stored.id),
        () => 'Publishing. You can watch it here.',
      ),
    schedule: async (local: string) => {
      setTried(true);
      if (!possible(local)) return false;
      return submit(
        (stored) => schedulePost(stored.id, local, zone),
        (done) => `Scheduled: ${formatDateTime(done.scheduledAt ?? new Date(), zone)}.`,
      );
    },
    /** For scheduled posts: stores the changes and moves the post when its time was changed. */
    saveChanges: async () => {
      setTried(true);
      if (moved && when && !possible(when)) return false;
      return submit(
        (stored) => (moved && when ? schedulePost(stored.id, when, zone) : Promise.resolve(stored)),
        () => 'Your changes are saved.',
      );
    },
    /** Starts over from what the server has, giving up what was written here. */
    reload: (stored: Post) => {
      const fresh = draftOf(stored);
      saver.adopt(stored, inputOf(fresh));
      dispatch({ type: 'replace', draft: fresh });
      setContents((known) => ({ ...known, ...byId(stored.media) }));
      setRecord(stored);
      setSaved(fingerprint(inputOf(fresh)));
      setWhen(plannedLocal(stored, zone));
      setSave({ kind: 'idle' });
    },
    /** What is not saved may be lost now: somebody said so. */
    abandon: () => {
      finished.current = true;
      dropRecovery(localStorage, recoveryKey(user.id, organization.id, record?.id ?? null));
    },
    /** Gives up the restored copy. */
    startOver: () => {
      dispatch({ type: 'replace', draft: begin.base });
      setWhen(plannedLocal(record, zone));
    },
    /** Keeps what was written here and stores it over what somebody else wrote. */
    overwrite: async (theirs: Post) => {
      saver.adopt(theirs);
      await store();
    },
    /** Keeps both: what was written here becomes a draft of its own. */
    saveAsNew: async () => {
      const copy = await createPost(zone)(input);
      finished.current = true;
      if (record) dropRecovery(localStorage, recoveryKey(user.id, organization.id, record.id));
      toast('Your version is saved as a new draft.');
      await navigate({ to: '/compose/$id', params: { id: copy.id } });
    },
    discard: async () => {
      finished.current = true;
      dropRecovery(localStorage, recoveryKey(user.id, organization.id, record?.id ?? null));
      if (record) await deletePost(record.id);
      await navigate({ to: '/posts' });
    },
  };
}

export type ComposerModel = ReturnType<typeof useComposer>;

function byId(contents: readonly Content[]): Record<string, Content> {
  return Object.fromEntries(contents.map((content) => [content.id, content]));
}

/** What the editor opens with: the stored post, or the copy this browser kept of what was never stored. */
function beginning(
  post: Post | null,
  accounts: SocialAccount[],
  accountId: string | undefined,
  person: string,
  organization: string,
): { base: Draft; copy: Recovery | null; outdated: Recovery | null } {
  const only = accounts.length === 1 ? accounts.map((account) => account.id) : [];
  const base = post ? draftOf(post) : emptyDraft(accountId ? [accountId] : only);
  const found = readRecovery(localStorage, recoveryKey(person, organization, post?.id ?? null));
  const differs = found && fingerprint(inputOf(found.draft)) !== fingerprint(inputOf(base));
  if (!found || !differs || isBlank(found.draft)) return { base, copy: null, outdated: null };
  // Somebody changed the post since: their version opens, and the copy is offered.
  if (post && found.version !== post.version) return { base, copy: null, outdated: found };
  return { base, copy: found, outdated: null };
}

/** What the browser knows to be missing without asking the server. */
function missing(draft: Draft, blank: boolean, schedule: string | undefined): Issue[] {
  const issue = (field: Issue['field'], code: string, message: string): Issue => ({
    severity: 'error',
    code,
    field,
    message,
    variant: 'all',
    part: field === 'text' ? 0 : null,
    mediaIndex: null,
    option: null,
    accounts: [],
  });
  const found: Issue[] = [];
  if (draft.accounts.length === 0) {
    found.push(issue('targets', 'no_targets', 'Choose at least one account to publish to.'));
  }
  if (blank) found.push(issue('text', 'empty_post', 'Write something, or add an image.'));
  if (schedule) found.push(issue('schedule', 'schedule_impossible', schedule));
  return found;
}
