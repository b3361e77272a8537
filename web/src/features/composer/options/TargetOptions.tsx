import type { SocialAccount } from '@/api/types';
import { NetworkHelp } from '@/features/networks/NetworkHelp';
import { useNames } from '@/ui/networks';
import { Field, Select } from '@/ui/Field';
import { useComposerContext } from '../context';
import { IssueNotes } from '../IssueNotes';
import { formatsOf } from '../limits';
import { optionId } from '../problems';
import { OptionInput } from './OptionInput';
import styles from './TargetOptions.module.css';

/** The format of an account's post, and what else its network lets one say of it. */
export default function TargetOptions({ account }: { account: SocialAccount }) {
  const { draft, dispatch, networks, formatOf, issues } = useComposerContext();
  const names = useNames();
  const formats = formatsOf(account, networks);
  const format = formatOf(account);
  const settings = draft.settings[account.id];
  if (!format || (formats.length < 2 && format.options.length === 0)) return null;

  const about = (field: 'format' | 'option', key: string | null) =>
    issues.filter(
      (issue) => issue.field === field && issue.variant === account.id && issue.option === key,
    );
  const change = (key: string, value: unknown) => {
    dispatch({ type: 'option', account: account.id, key, value });
    // A section of the old board is none of the new one.
    for (const { kind, key: dependent } of format.options) {
      if (kind.kind === 'lookup' && kind.of === key) {
        dispatch({ type: 'option', account: account.id, key: dependent, value: undefined });
      }
    }
  };
  return (
    <section className={styles.options} aria-label={`Options for ${names.account(account)}`}>
      {formats.length > 1 && (
        <div className={styles.field}>
          <Field id={optionId(account.id, 'format')} label="Publish as">
            <Select
              value={settings?.format ?? ''}
              onChange={(event) =>
                dispatch({
                  type: 'format',
                  account: account.id,
                  format: event.target.value || null,
                })
              }
            >
              <option value="">What fits the files ({format.name})</option>
              {formats.map((item) => (
                <option key={item.id} value={item.id}>
                  {item.name}
                </option>
              ))}
            </Select>
          </Field>
          <IssueNotes issues={about('format', null)} />
        </div>
      )}
      {format.options.map((field) => (
        <div key={field.key} className={styles.field}>
          <OptionInput
            id={optionId(account.id, field.key)}
            account={account}
            field={field}
            options={settings?.options ?? {}}
            value={settings?.options?.[field.key]}
            onChange={(value) => change(field.key, value)}
          />
          <IssueNotes issues={about('option', field.key)} />
        </div>
      ))}
      <p className={styles.help}>
        <NetworkHelp platform={account.platform} />
      </p>
    </section>
  );
}
