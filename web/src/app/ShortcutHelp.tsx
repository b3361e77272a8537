import { MOD, useShortcuts } from '@/lib/shortcuts';
import { Dialog } from '@/ui/Dialog';
import { Kbd } from '@/ui/Kbd';
import styles from './ShortcutHelp.module.css';

/** "mod+k" as caps: "Ctrl k". */
function caps(keys: string): string {
  return keys.replace('mod+', `${MOD} `).replace(/\b[a-z]\b/g, (key) => key.toUpperCase());
}

/** All shortcuts that are bound at the moment. */
export default function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const shortcuts = useShortcuts();
  const groups = [...new Set(shortcuts.map((shortcut) => shortcut.group))].sort();
  return (
    <Dialog open onOpenChange={onClose} title="Keyboard shortcuts" size="md">
      <div className={styles.groups}>
        {groups.map((group) => (
          <section key={group} aria-label={group}>
            <h3 className={styles.group}>{group}</h3>
            <dl className={styles.list}>
              {shortcuts
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <div key={shortcut.keys} className={styles.row}>
                    <dt>{shortcut.label}</dt>
                    <dd>
                      <Kbd keys={caps(shortcut.keys)} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
