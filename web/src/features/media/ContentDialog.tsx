import { ExternalLink, Trash2 } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { asProblem, type Problem } from '@/api/problem';
import type { Content } from '@/api/types';
import { formatDateTime } from '@/lib/dates';
import { formatBytes } from '@/lib/format';
import { useCan, useTimeZone } from '@/session/useMe';
import { Button, ButtonAnchor } from '@/ui/Button';
import { Callout } from '@/ui/Callout';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Field, TextArea, TextInput } from '@/ui/Field';
import { toast } from '@/ui/toast';
import styles from './ContentDialog.module.css';
import { deleteContent, updateContent } from './queries';
import { Thumbnail } from './Thumbnail';

/** One file of the library: how it looks, what it is called and how it is described. */
export function ContentDialog({ content, onClose }: { content: Content; onClose: () => void }) {
  const mayWrite = useCan('media:write');
  const zone = useTimeZone();
  const [title, setTitle] = useState(content.title);
  const [altText, setAltText] = useState(content.altText ?? '');
  const [busy, setBusy] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      await updateContent(content.id, { title: title.trim(), altText: altText.trim() || null });
      toast('Saved.');
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setBusy(false);
    }
  };

  const facts: [string, string][] = [
    ['File', content.fileName],
    ['Kind', content.mimeType],
    ['Size', formatBytes(content.fileSize)],
    ...(content.width && content.height
      ? ([['Pixels', `${content.width} × ${content.height}`]] as [string, string][])
      : []),
    ['Added', formatDateTime(content.createdAt, zone)],
  ];

  return (
    <>
      <Dialog
        open
        onOpenChange={onClose}
        title={mayWrite ? 'Edit media' : content.title}
        size="lg"
        footer={
          mayWrite && (
            <>
              <Button
                variant="dangerGhost"
                icon={<Trash2 aria-hidden />}
                className={styles.delete}
                onClick={() => setDeleting(true)}
              >
                Delete
              </Button>
              <Button type="submit" form="content-form" variant="primary" busy={busy}>
                Save
              </Button>
            </>
          )
        }
      >
        <div className={styles.columns}>
          <div className={styles.preview}>
            <Thumbnail content={content} fit="contain" />
          </div>
          <form id="content-form" className={styles.form} onSubmit={save} noValidate>
            {problem && problem.fields.length === 0 && (
              <Callout tone="danger">{problem.message}</Callout>
            )}
            {(content.type === 'image' || content.type === 'video') && (
              <Field
                label="Alt text"
                optional
                error={problem?.field('altText')}
                hint="Say what can be seen, for people who cannot see it. It goes out with every post that uses this file, unless the post has its own."
              >
                <TextArea
                  rows={4}
                  value={altText}
                  disabled={!mayWrite}
                  maxLength={2000}
                  onChange={(event) => setAltText(event.target.value)}
                />
              </Field>
            )}
            <Field
              label="Title"
              hint="For finding it here; never published."
              error={problem?.field('title')}
            >
              <TextInput
                value={title}
                disabled={!mayWrite}
                maxLength={200}
                onChange={(event) => setTitle(event.target.value)}
              />
            </Field>
            <dl className={styles.facts}>
              {facts.map(([name, value]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
            </dl>
            <ButtonAnchor
              size="sm"
              variant="ghost"
              className={styles.open}
              href={content.fileUrl}
              target="_blank"
              rel="noreferrer"
              icon={<ExternalLink aria-hidden />}
            >
              Open the original
            </ButtonAnchor>
          </form>
        </div>
      </Dialog>
      <ConfirmDialog
        open={deleting}
        onOpenChange={setDeleting}
        title="Delete this file?"
        confirmLabel="Delete file"
        danger
        onConfirm={async () => {
          await deleteContent(content.id);
          toast('The file is deleted.');
          onClose();
        }}
      >
        “{content.title}” leaves the library for good. Posts that are already published keep their
        copy.
      </ConfirmDialog>
    </>
  );
}
