import { Printer } from 'lucide-react';
import { Button } from '@/ui/Button';
import styles from './Networks.module.css';

export function PrintButton() {
  return (
    <Button
      size="sm"
      className={styles.screenOnly}
      icon={<Printer aria-hidden />}
      onClick={() => window.print()}
    >
      Print
    </Button>
  );
}
