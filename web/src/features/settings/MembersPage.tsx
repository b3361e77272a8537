import { PageHeader } from '@/ui/PageHeader';

export default function MembersPage() {
  return <PageHeader title="Members" />;
}
