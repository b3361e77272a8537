import { PageHeader } from '@/ui/PageHeader';

export default function OrganizationPage() {
  return <PageHeader title="Organization" />;
}
