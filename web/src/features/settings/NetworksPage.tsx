import { BookOpen } from 'lucide-react';
import { NetworkList } from '@/features/networks/NetworkList';
import { useCan } from '@/session/useMe';
import { ButtonLink } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { useTitle } from '@/ui/PageHeader';
import { NetworkAppsSection } from './NetworkAppsSection';

export default function NetworksPage() {
  useTitle('Networks');
  const mayManage = useCan('organization:manage');
  return (
    <>
      {mayManage && <NetworkAppsSection />}
      <Section
        title="What networks take"
        flush
        description="Formats, limits, options and permissions of each network, and a guide to setting it up."
        actions={
          <ButtonLink to="/networks" size="sm" icon={<BookOpen aria-hidden />}>
            Compare
          </ButtonLink>
        }
      >
        <NetworkList />
      </Section>
    </>
  );
}
