import { Dialog } from '@/ui/Dialog';

export default function NewOrganization({ onClose }: { onClose: () => void }) {
  return <Dialog open onOpenChange={onClose} title="NewOrganization" />;
}
