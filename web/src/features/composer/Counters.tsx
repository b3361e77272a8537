import { measure } from '@/features/posts/text/count';
import { formatBytes } from '@/lib/format';
import { NetworkIcon } from '@/ui/NetworkIcon';
import { useNames } from '@/ui/networks';
import { VisuallyHidden } from '@/ui/VisuallyHidden';
import type { Ruler } from './limits';
import styles from './Counters.module.css';

const RADIUS = 8;
const ROUND = 2 * Math.PI * RADIUS;

function state(remaining: number, limit: number, bytesOver: number): 'over' | 'near' | 'fine' {
  if (remaining < 0 || bytesOver > 0) return 'over';
  return remaining <= limit * 0.1 ? 'near' : 'fine';
}

function Counter({ text, ruler }: { text: string; ruler: Ruler }) {
  const names = useNames();
  const { characters, limit, remaining, bytesOver } = measure(text, ruler.rules);
  const name = names.network(ruler.platform);
  const share = Math.min(characters / limit, 1);
  const words = bytesOver
    ? `${name}: ${formatBytes(bytesOver)} too large, because emoji and accents take several bytes each`
    : remaining < 0
      ? `${name}: ${-remaining} characters too many`
      : `${name}: ${remaining} of ${limit} characters left`;
  const level = state(remaining, limit, bytesOver);
  return (
    <span className={styles.counter} data-level={level} title={words}>
      <NetworkIcon platform={ruler.platform} size={13} />
      <svg className={styles.ring} viewBox="0 0 20 20" aria-hidden>
        <circle cx="10" cy="10" r={RADIUS} className={styles.track} />
        <circle
          cx="10"
          cy="10"
          r={RADIUS}
          className={styles.fill}
          strokeDasharray={`${share * ROUND} ${ROUND}`}
        />
      </svg>
      <span className={styles.number} aria-hidden>
        {bytesOver ? `−${bytesOver} B` : remaining.toString().replace('-', '−')}
      </span>
      <VisuallyHidden>{words}</VisuallyHidden>
      {level !== 'fine' && (
        <VisuallyHidden>
          <span role="status">{level === 'over' ? words : `${name}: nearly full`}</span>
        </VisuallyHidden>
      )}
    </span>
  );
}

/** What is left of a text's room, once for each way of counting. */
export default function Counters({ text, rulers }: { text: string; rulers: Ruler[] }) {
  return (
    <span className={styles.counters}>
      {rulers.map((ruler) => (
        <Counter key={`${ruler.platform} ${ruler.rules.maxCharacters}`} text={text} ruler={ruler} />
      ))}
    </span>
  );
}
