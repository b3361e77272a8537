import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Search, Upload as UploadIcon } from 'lucide-react';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { keys } from '@/api/query';
import type { Content, ContentType } from '@/api/types';
import { count } from '@/lib/format';
import { useDebounced } from '@/lib/useDebounced';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { TextInput } from '@/ui/Field';
import { ContentChoice, ContentGridSkeleton } from './ContentGrid';
import { FileDrop } from './FileDrop';
import styles from './MediaPicker.module.css';
import { UploadList } from './UploadList';
import { useUploads } from './useUploads';

export interface MediaPickerProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The chosen contents, in the order of choosing. The dialog closes itself. */
  onPick: (contents: Content[]) => void;
  /** How many may be chosen. */
  max?: number;
  /** Only files of this type; null: any. */
  type?: ContentType | null;
}

/** Chooses from the library, or uploads into it and chooses that. */
export function MediaPicker({
  open,
  onOpenChange,
  onPick,
  max = 4,
  type = 'image',
}: MediaPickerProps) {
  const [chosen, setChosen] = useState<Content[]>([]);
  const change = (next: boolean) => {
    setChosen([]);
    onOpenChange(next);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size="lg"
      title="Add media"
      description={
        max === 1
          ? 'Choose one.'
          : `Choose up to ${max}. The order of choosing is the order in the post.`
      }
      footer={
        <>
          <Button onClick={() => change(false)}>Cancel</Button>
          <Button
            variant="primary"
            disabled={chosen.length === 0}
            onClick={() => {
              onPick(chosen);
              change(false);
            }}
          >
            {chosen.length === 0 ? 'Add' : `Add ${count(chosen.length, 'file')}`}
          </Button>
        </>
      }
    >
      <PickerBody chosen={chosen} setChosen={setChosen} max={max} type={type} />
    </Dialog>
  );
}

function PickerBody({
  chosen,
  setChosen,
  max,
  type,
}: {
  chosen: Content[];
  setChosen: (next: (chosen: Content[]) => Content[]) => void;
  max: number;
  type: ContentType | null;
}) {
  const [text, setText] = useState('');
  const search = useDebounced(text.trim(), 250) || undefined;
  const library = useInfiniteQuery({
    queryKey: [keys.content, 'picker', { search, type }],
    queryFn: ({ pageParam }) =>
      unwrap(
        api.GET('/content', {
          params: { query: { page: pageParam, limit: 30, search, type: type ?? undefined } },
        }),
      ),
    initialPageParam: 1,
    getNextPageParam: ({ pagination: { page, totalPages } }) =>
      page < totalPages ? page + 1 : undefined,
    placeholderData: keepPreviousData,
  });
  const toggle = (content: Content) =>
    setChosen((before) =>
      before.some((item) => item.id === content.id)
        ? before.filter((item) => item.id !== content.id)
        : before.length < max
          ? [...before, content]
          : before,
    );
  // What was just uploaded is meant to be used.
  const uploads = useUploads(toggle);
  const contents = library.data?.pages.flatMap((page) => page.data) ?? [];

  return (
    <FileDrop onFiles={uploads.add}>
      {(browse) => (
        <>
          <div className={styles.bar}>
            <TextInput
              type="search"
              aria-label="Search the library"
              placeholder="Search the library"
              start={<Search aria-hidden />}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
            <Button icon={<UploadIcon aria-hidden />} onClick={browse}>
              Upload
            </Button>
          </div>
          <UploadList
            {...uploads}
            uploads={uploads.uploads.filter((upload) => upload.state !== 'done')}
          />
          {library.isPending ? (
            <ContentGridSkeleton compact />
          ) : library.isError ? (
            <ErrorState error={library.error} onRetry={() => void library.refetch()} />
          ) : contents.length === 0 ? (
            <EmptyState
              calm={search !== undefined}
              icon={search ? <Search /> : <UploadIcon />}
              title={search ? 'Nothing matches' : 'The library is empty'}
              actions={!search && <Button onClick={browse}>Choose files</Button>}
            >
              <p>
                {search
                  ? `Nothing is called “${search}”.`
                  : 'Drop files here, or choose them from this device.'}
              </p>
            </EmptyState>
          ) : (
            <>
              <ContentChoice
                contents={contents}
                chosen={chosen}
                full={chosen.length >= max}
                onToggle={toggle}
              />
              {library.hasNextPage && (
                <div className={styles.more}>
                  <Button
                    size="sm"
                    busy={library.isFetchingNextPage}
                    onClick={() => void library.fetchNextPage()}
                  >
                    Show more
                  </Button>
                </div>
              )}
            </>
          )}
        </>
      )}
    </FileDrop>
  );
}
