import styles from './Kbd.module.css';

/** Keys as caps; separate them by spaces: `<Kbd keys="g c" />`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={styles.keys}>
      {keys.split(' ').map((key, index) => (
        <kbd key={index} className={styles.key}>
          {key}
        </kbd>
      ))}
    </span>
  );
}
