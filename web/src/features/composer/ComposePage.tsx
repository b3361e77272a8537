import { PageHeader } from '@/ui/PageHeader';

export default function ComposePage() {
  return <PageHeader title="New post" />;
}
