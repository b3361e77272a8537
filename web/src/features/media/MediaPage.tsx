import { useQuery } from '@tanstack/react-query';
import { Images, Search, Upload as UploadIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Content } from '@/api/types';
import { useDebounced } from '@/lib/useDebounced';
import { useSearch } from '@/router/context';
import { navigate } from '@/router/history';
import { useCan } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Card } from '@/ui/Card';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { TextInput } from '@/ui/Field';
import { PageHeader } from '@/ui/PageHeader';
import { Pagination } from '@/ui/Pagination';
import { ContentDialog } from './ContentDialog';
import { ContentGrid, ContentGridSkeleton } from './ContentGrid';
import { FileDrop } from './FileDrop';
import styles from './MediaPage.module.css';
import { contentQuery } from './queries';
import { UploadList } from './UploadList';
import { useUploads } from './useUploads';

export default function MediaPage() {
  const { search, page = 1 } = useSearch('/media');
  const mayWrite = useCan('media:write');
  const uploads = useUploads();
  const [open, setOpen] = useState<Content | null>(null);
  const [text, setText] = useState(search ?? '');
  const wanted = useDebounced(text.trim(), 250) || undefined;
  const library = useQuery(contentQuery({ page, limit: 40, search }));

  useEffect(() => {
    if (wanted !== search)
      void navigate({ to: '/media', search: { search: wanted }, replace: true });
  }, [wanted, search]);

  const nothingYet = library.data?.pagination.total === 0 && search === undefined;

  return (
    <FileDrop onFiles={uploads.add} disabled={!mayWrite} className={styles.page}>
      {(browse) => (
        <>
          <PageHeader
            title="Media"
            description="Images, videos and documents for your posts, with the words that describe them."
            actions={
              mayWrite &&
              !nothingYet && (
                <Button variant="primary" icon={<UploadIcon aria-hidden />} onClick={browse}>
                  Upload
                </Button>
              )
            }
          />
          <UploadList {...uploads} />
          {!nothingYet && (
            <div className={styles.search}>
              <TextInput
                type="search"
                aria-label="Search media"
                placeholder="Search by title, alt text or tag"
                start={<Search aria-hidden />}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </div>
          )}
          {library.isPending ? (
            <ContentGridSkeleton />
          ) : library.isError ? (
            <Card flush>
              <ErrorState error={library.error} onRetry={() => void library.refetch()} />
            </Card>
          ) : nothingYet ? (
            <Card flush>
              <EmptyState
                icon={<Images />}
                title="Your media library is empty"
                actions={
                  mayWrite && (
                    <Button variant="primary" icon={<UploadIcon aria-hidden />} onClick={browse}>
                      Upload files
                    </Button>
                  )
                }
              >
                <p>
                  Drop images, videos or documents anywhere on this page, or choose them from this
                  device. Describe them once, and every post that uses them carries the description.
                </p>
              </EmptyState>
            </Card>
          ) : library.data.data.length === 0 ? (
            <EmptyState
              calm
              icon={<Search />}
              title="Nothing matches"
              actions={<Button onClick={() => setText('')}>Clear the search</Button>}
            >
              <p>No title, alt text or tag contains “{search}”.</p>
            </EmptyState>
          ) : (
            <>
              <ContentGrid contents={library.data.data} onOpen={setOpen} />
              <Pagination
                label="Media"
                pagination={library.data.pagination}
                onPage={(next) => void navigate({ to: '/media', search: { search, page: next } })}
              />
            </>
          )}
          {open && <ContentDialog key={open.id} content={open} onClose={() => setOpen(null)} />}
        </>
      )}
    </FileDrop>
  );
}
