import { BookOpen, Ellipsis, Save, Send, X } from 'lucide-react';
import { MOD } from '@/lib/shortcuts';
import { hrefOf } from '@/router/paths';
import { IconButton } from '@/ui/Button';
import { Menu } from '@/ui/Menu';
import type { ComposerModel } from './useComposer';

interface MoreDeedsProps {
  model: ComposerModel;
  blocked: boolean;
  onSave: () => void;
  onPublish: () => void;
  onDiscard: () => void;
}

/** What is done with the whole post less often; on phones also what the bar has no room for. */
export default function MoreDeeds({
  model,
  blocked,
  onSave,
  onPublish,
  onDiscard,
}: MoreDeedsProps) {
  return (
    <Menu
      align="end"
      side="top"
      trigger={
        <IconButton label="More" tipSide="top">
          <Ellipsis aria-hidden />
        </IconButton>
      }
      items={[
        {
          label: model.status === 'scheduled' ? 'Save changes' : 'Save draft',
          icon: <Save aria-hidden />,
          note: `${MOD} S`,
          disabled: model.blank,
          onSelect: onSave,
        },
        model.mayPublish && {
          label: 'Publish now',
          icon: <Send aria-hidden />,
          disabled: blocked,
          onSelect: onPublish,
        },
        {
          label: 'What networks take',
          icon: <BookOpen aria-hidden />,
          href: hrefOf({ to: '/networks' }),
        },
        'separator',
        {
          label: model.record ? 'Delete this post' : 'Discard',
          icon: <X aria-hidden />,
          danger: true,
          onSelect: onDiscard,
        },
      ]}
    />
  );
}
