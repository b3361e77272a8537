import { PageHeader } from '@/ui/PageHeader';

export default function TokensPage() {
  return <PageHeader title="Tokens" />;
}
