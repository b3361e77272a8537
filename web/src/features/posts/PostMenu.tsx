import {
  CalendarClock,
  CalendarX,
  Copy,
  Ellipsis,
  Pencil,
  RotateCw,
  Send,
  Trash2,
  Undo2,
} from 'lucide-react';
import type { Post } from '@/api/types';
import { useMe } from '@/session/useMe';
import { IconButton } from '@/ui/Button';
import { Menu, type MenuEntry } from '@/ui/Menu';
import { abilities } from './abilities';
import { usePostDeeds } from './usePostDeeds';

type Deeds = ReturnType<typeof usePostDeeds>;

/** The entries of a post's menu; `also` leaves out what the page already shows as a button. */
export function postMenuItems(
  post: Post,
  can: ReturnType<typeof abilities>,
  deeds: Deeds,
): MenuEntry[] {
  const scheduled = post.status === 'scheduled';
  return [
    can.edit && { label: 'Edit', icon: <Pencil aria-hidden />, onSelect: deeds.edit },
    can.schedule && {
      label: scheduled ? 'Reschedule' : 'Schedule',
      icon: <CalendarClock aria-hidden />,
      onSelect: deeds.schedule,
    },
    can.publishNow && {
      label: 'Publish now',
      icon: <Send aria-hidden />,
      onSelect: deeds.publish,
    },
    can.retry && {
      label: 'Try again',
      icon: <RotateCw aria-hidden />,
      onSelect: () => void deeds.retry(),
    },
    can.duplicate && {
      label: 'Duplicate',
      icon: <Copy aria-hidden />,
      onSelect: () => void deeds.duplicate(),
    },
    (can.cancel || can.takeDown || can.delete) && 'separator',
    can.cancel && {
      label: 'Cancel post',
      icon: <CalendarX aria-hidden />,
      onSelect: deeds.cancel,
    },
    can.takeDown && {
      label: 'Take down',
      icon: <Undo2 aria-hidden />,
      danger: true,
      onSelect: () => deeds.takeDown(),
    },
    can.delete && {
      label: 'Delete',
      icon: <Trash2 aria-hidden />,
      danger: true,
      onSelect: deeds.remove,
    },
  ];
}

/** Everything that can be done with a post, behind three dots. */
export function PostMenu({ post }: { post: Post }) {
  const { permissions } = useMe();
  const deeds = usePostDeeds(post);
  const items = postMenuItems(post, abilities(post, permissions), deeds);
  if (!items.some(Boolean)) return null;
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton size="sm" label="Actions" tipAlign="end">
            <Ellipsis aria-hidden />
          </IconButton>
        }
        items={items}
      />
      {deeds.dialogs}
    </>
  );
}
