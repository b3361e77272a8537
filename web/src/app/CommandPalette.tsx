import { Dialog } from '@/ui/Dialog';

export default function CommandPalette({ onClose }: { onClose: () => void }) {
  return <Dialog open onOpenChange={onClose} title="CommandPalette" />;
}
