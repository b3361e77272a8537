import { Camera, Check, Clock, MessageCircle, Play, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { Logo } from '@/app/Logo';
import { useTitle } from '@/ui/PageHeader';
import styles from './AuthLayout.module.css';

interface AuthLayoutProps {
  title: string;
  description?: ReactNode;
  /** The way to the other page: "No account yet? Sign up". */
  footer?: ReactNode;
  children: ReactNode;
}

/** The page before there is a session: the form on one side, what it is for on the other. */
export function AuthLayout({ title, description, footer, children }: AuthLayoutProps) {
  useTitle(title);
  return (
    <div className={styles.page} data-plain>
      <main className={styles.form}>
        <div className={styles.brand}>
          <Logo size={32} />
          AllIN
        </div>
        <div className={styles.body}>
          <h1 className={styles.title}>{title}</h1>
          {description && <p className={styles.description}>{description}</p>}
          {children}
          {footer && <p className={styles.footer}>{footer}</p>}
        </div>
      </main>
      <Picture />
    </div>
  );
}

function MiniPost({
  Icon,
  when,
  done,
  lines,
}: {
  Icon: LucideIcon;
  when: string;
  done?: boolean;
  lines: number[];
}) {
  return (
    <div className={styles.mini}>
      <span className={styles.miniHead}>
        <Icon size={18} />
        <span className={styles.miniState} data-done={done}>
          {done ? <Check /> : <Clock />}
          {when}
        </span>
      </span>
      {lines.map((width, index) => (
        <span key={index} className={styles.line} style={{ width: `${width}%` }} />
      ))}
    </div>
  );
}

/** Decoration: one text on its way to several networks. */
function Picture() {
  return (
    <div className={styles.picture} aria-hidden>
      <div className={styles.stack}>
        <MiniPost Icon={MessageCircle} when="Published" done lines={[92, 74]} />
        <MiniPost Icon={Camera} when="Published" done lines={[88, 96, 40]} />
        <MiniPost Icon={Play} when="Today, 17:30" lines={[80, 58]} />
      </div>
      <p className={styles.promise}>
        Write once. Fit it to every network. It goes out on time, exactly once, and you always know
        what happened.
      </p>
    </div>
  );
}
