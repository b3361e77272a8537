import { PageHeader } from '@/ui/PageHeader';

export default function PostsPage() {
  return <PageHeader title="Posts" />;
}
