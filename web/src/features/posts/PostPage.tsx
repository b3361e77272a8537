import { PageHeader } from '@/ui/PageHeader';

export default function PostPage() {
  return <PageHeader title="Post" />;
}
