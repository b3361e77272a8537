import { ArrowDown, ArrowUp, Combine, Ellipsis, Scissors, Trash2 } from 'lucide-react';
import { MOD } from '@/lib/shortcuts';
import { IconButton } from '@/ui/Button';
import { Menu } from '@/ui/Menu';

export interface PartMenuProps {
  index: number;
  count: number;
  blank: boolean;
  onSplit: () => void;
  onJoin: () => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

/** What is done with a part less often. */
export default function PartMenu(props: PartMenuProps) {
  const { index, count, blank, onSplit, onJoin, onMove, onRemove } = props;
  const threaded = count > 1;
  return (
    <Menu
      align="start"
      trigger={
        <IconButton size="sm" label="More for this part" tipAlign="start">
          <Ellipsis aria-hidden />
        </IconButton>
      }
      items={[
        {
          label: 'Split at the cursor',
          icon: <Scissors aria-hidden />,
          note: `${MOD} ⇧ ↵`,
          disabled: blank,
          onSelect: onSplit,
        },
        threaded &&
          index > 0 && {
            label: 'Join with the part above',
            icon: <Combine aria-hidden />,
            onSelect: onJoin,
          },
        threaded && 'separator',
        threaded && {
          label: 'Move up',
          icon: <ArrowUp aria-hidden />,
          note: 'Alt ⇧ ↑',
          disabled: index === 0,
          onSelect: () => onMove(-1),
        },
        threaded && {
          label: 'Move down',
          icon: <ArrowDown aria-hidden />,
          note: 'Alt ⇧ ↓',
          disabled: index === count - 1,
          onSelect: () => onMove(1),
        },
        threaded && 'separator',
        threaded && {
          label: 'Remove this part',
          icon: <Trash2 aria-hidden />,
          danger: true,
          onSelect: onRemove,
        },
      ]}
    />
  );
}
