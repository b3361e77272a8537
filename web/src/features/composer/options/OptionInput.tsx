import type { OptionField, SocialAccount } from '@/api/types';
import { Checkbox } from '@/ui/Choice';
import { Field, Select, TextArea, TextInput } from '@/ui/Field';
import { FileOption } from './FileOption';
import { LookupOption } from './LookupOption';
import { PollOption } from './PollOption';

export interface OptionProps {
  id: string;
  account: SocialAccount;
  field: OptionField;
  /** What is said so far, by the keys of the options. */
  options: Readonly<Record<string, unknown>>;
  /** undefined: nothing is said. */
  value: unknown;
  onChange: (value: unknown) => void;
}

/** An emptied field says nothing. */
const said = (text: string) => (text === '' ? undefined : text);

/** One thing that a network lets one say of a post, drawn by its kind. */
export function OptionInput(props: OptionProps) {
  const { id, field, value, onChange } = props;
  const { kind } = field;
  const text = typeof value === 'string' ? value : '';
  const frame = { id, label: field.label, hint: field.help, optional: !field.required };

  switch (kind.kind) {
    case 'switch':
      return (
        <Checkbox
          id={id}
          label={field.label}
          hint={field.help}
          checked={typeof value === 'boolean' ? value : kind.default}
          onChange={(event) => onChange(event.target.checked)}
        />
      );
    case 'choice':
      return (
        <Field {...frame}>
          <Select value={text} onChange={(event) => onChange(said(event.target.value))}>
            <option value="">
              {kind.choices.find((choice) => choice.value === kind.default)?.label ??
                (field.required ? 'Choose…' : 'As the network does')}
            </option>
            {kind.choices
              .filter((choice) => choice.value !== kind.default)
              .map((choice) => (
                <option key={choice.value} value={choice.value}>
                  {choice.label}
                </option>
              ))}
          </Select>
        </Field>
      );
    case 'lookup':
      return <LookupOption {...props} rules={kind} />;
    case 'poll':
      return <PollOption {...props} rules={kind} />;
    case 'image':
    case 'file':
      return <FileOption {...props} type={kind.kind === 'image' ? 'image' : null} />;
    case 'list':
      return (
        <Field {...frame} hint={`${field.help} Separate them by commas.`.trim()}>
          <TextInput
            value={Array.isArray(value) ? value.join(',') : ''}
            onChange={(event) => {
              const items = event.target.value.split(',').map((item) => item.trimStart());
              onChange(event.target.value.trim() === '' ? undefined : items);
            }}
          />
        </Field>
      );
    case 'link':
      return (
        <Field {...frame}>
          <TextInput
            type="url"
            inputMode="url"
            placeholder="https://"
            value={text}
            onChange={(event) => onChange(said(event.target.value))}
          />
        </Field>
      );
    case 'text':
      return (
        <Field {...frame}>
          {kind.multiline ? (
            <TextArea
              grow
              rows={2}
              value={text}
              onChange={(event) => onChange(said(event.target.value))}
            />
          ) : (
            <TextInput value={text} onChange={(event) => onChange(said(event.target.value))} />
          )}
        </Field>
      );
  }
}
