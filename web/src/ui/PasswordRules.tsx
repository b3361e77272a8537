import { Check } from 'lucide-react';
import { passwordRules } from '@/lib/password';
import styles from './PasswordRules.module.css';
import { VisuallyHidden } from './VisuallyHidden';

/** The policy as a list that ticks itself off while someone types. */
export function PasswordRules({ password, email }: { password: string; email?: string }) {
  return (
    <ul className={styles.rules} aria-label="The password needs">
      {passwordRules(password, email).map((rule) => (
        <li key={rule.label} data-met={rule.met}>
          <span className={styles.mark}>
            <Check aria-hidden />
          </span>
          {rule.label}
          <VisuallyHidden>{rule.met ? ': done' : ': missing'}</VisuallyHidden>
        </li>
      ))}
    </ul>
  );
}
