import {
  CalendarClock,
  CircleAlert,
  CircleCheck,
  CircleSlash,
  LoaderCircle,
  PencilLine,
  Trash2,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import type { TargetStatus } from '@/api/types';
import styles from './Badge.module.css';
import { cx } from './cx';

export type Tone = 'neutral' | 'accent' | 'green' | 'amber' | 'red' | 'blue' | 'apricot';

export interface BadgeProps {
  tone?: Tone;
  icon?: ReactNode;
  className?: string;
  children: ReactNode;
}

export function Badge({ tone = 'neutral', icon, className, children }: BadgeProps) {
  return (
    <span className={cx(styles.badge, styles[tone], className)}>
      {icon}
      {children}
    </span>
  );
}

/** How each state of a post or target is named, coloured and drawn, everywhere. */
export const STATUS: Record<TargetStatus, { label: string; tone: Tone; Icon: LucideIcon }> = {
  draft: { label: 'Draft', tone: 'neutral', Icon: PencilLine },
  scheduled: { label: 'Scheduled', tone: 'blue', Icon: CalendarClock },
  publishing: { label: 'Publishing', tone: 'accent', Icon: LoaderCircle },
  published: { label: 'Published', tone: 'green', Icon: CircleCheck },
  failed: { label: 'Failed', tone: 'red', Icon: CircleAlert },
  needs_attention: { label: 'Needs you', tone: 'amber', Icon: TriangleAlert },
  cancelled: { label: 'Cancelled', tone: 'neutral', Icon: CircleSlash },
  deleted: { label: 'Removed', tone: 'neutral', Icon: Trash2 },
};

export function StatusBadge({ status }: { status: TargetStatus }) {
  const { label, tone, Icon } = STATUS[status];
  return (
    <Badge
      tone={tone}
      icon={<Icon aria-hidden />}
      className={status === 'publishing' ? styles.turning : undefined}
    >
      {label}
    </Badge>
  );
}
