import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { OptionField } from '@/api/types';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { keys } from '@/api/query';
import { useDebounced } from '@/lib/useDebounced';
import { Field, Select, TextInput } from '@/ui/Field';
import type { OptionProps } from './OptionInput';
import styles from './TargetOptions.module.css';

type LookupRules = Extract<OptionField['kind'], { kind: 'lookup' }>;

/** A choice among what the account has on its network: its boards, its playlists. */
export function LookupOption({
  id,
  account,
  field,
  rules,
  options,
  value,
  onChange,
}: OptionProps & { rules: LookupRules }) {
  const [typed, setTyped] = useState('');
  const search = useDebounced(typed, 300);
  const of = rules.of === null ? '' : options[rules.of];
  const ready = rules.of === null || (typeof of === 'string' && of !== '');
  const choices = useQuery({
    queryKey: [keys.accounts, account.id, 'choices', field.key, search, of],
    queryFn: async () => {
      const path = { id: account.id, key: field.key };
      const params = { path, query: { search, of: String(of) } };
      return (await unwrap(api.GET('/social-accounts/{id}/choices/{key}', { params }))).data;
    },
    enabled: ready,
    placeholderData: rules.search ? keepPreviousData : undefined,
    staleTime: 60_000,
  });
  const chosen = typeof value === 'string' ? value : '';
  const list = choices.data ?? [];
  const known = list.some((choice) => choice.value === chosen);
  const nothing = field.required ? 'Choose…' : 'None';
  const waiting = choices.isLoading ? 'Loading…' : nothing;
  return (
    <>
      {rules.search && (
        <Field label={`Find: ${field.label}`}>
          <TextInput
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
      )}
      <Field
        id={id}
        label={field.label}
        hint={field.help}
        optional={!field.required}
        error={choices.isError ? asProblem(choices.error).message : undefined}
      >
        <Select
          value={chosen}
          disabled={!ready}
          aria-busy={choices.isFetching}
          onChange={(event) => onChange(event.target.value || undefined)}
        >
          <option value="">{ready ? waiting : `Choose the ${rules.of} first`}</option>
          {chosen && !known && <option value={chosen}>{chosen}</option>}
          {list.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      </Field>
      {choices.isSuccess && list.length === 0 && (
        <p className={styles.hint}>
          {rules.of === null ? `${account.username} has none.` : `This ${rules.of} has none.`}
        </p>
      )}
    </>
  );
}
