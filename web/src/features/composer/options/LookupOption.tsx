import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, unwrap } from '@/api/client';
import { asProblem } from '@/api/problem';
import { keys } from '@/api/query';
import { useDebounced } from '@/lib/useDebounced';
import { Field, Select, TextInput } from '@/ui/Field';
import type { OptionProps } from './OptionInput';
import styles from './TargetOptions.module.css';

/** A choice among what the account has on its network: its boards, its playlists. */
export function LookupOption({ id, account, field, value, onChange }: OptionProps) {
  const [typed, setTyped] = useState('');
  const search = useDebounced(typed, 300);
  const searching = field.kind.kind === 'lookup' && field.kind.search;
  const choices = useQuery({
    queryKey: [keys.accounts, account.id, 'choices', field.key, search],
    queryFn: async () => {
      const path = { id: account.id, key: field.key };
      const params = { path, query: { search } };
      return (await unwrap(api.GET('/social-accounts/{id}/choices/{key}', { params }))).data;
    },
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const chosen = typeof value === 'string' ? value : '';
  const list = choices.data ?? [];
  const known = list.some((choice) => choice.value === chosen);
  const waiting = choices.isPending ? 'Loading…' : field.required ? 'Choose…' : 'None';
  return (
    <>
      {searching && (
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
          aria-busy={choices.isFetching}
          onChange={(event) => onChange(event.target.value || undefined)}
        >
          <option value="">{waiting}</option>
          {chosen && !known && <option value={chosen}>{chosen}</option>}
          {list.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </Select>
      </Field>
      {choices.isSuccess && list.length === 0 && (
        <p className={styles.hint}>{account.username} has none.</p>
      )}
    </>
  );
}
