import { useMemo, useState } from 'react';
import { api, unwrap } from '@/api/client';
import { keys, queryClient } from '@/api/query';
import { formatTime, formatOffset, timeZoneOptions } from '@/lib/dates';
import { useCan, useMe } from '@/session/useMe';
import { Button } from '@/ui/Button';
import { Section } from '@/ui/Card';
import { Combobox } from '@/ui/Combobox';
import { Field, Select, TextInput } from '@/ui/Field';
import { Form, useForm } from '@/ui/Form';
import { useTitle } from '@/ui/PageHeader';
import { toast } from '@/ui/toast';
import styles from './Settings.module.css';

/** Minutes, and how they are said. */
const LATE: [number, string][] = [
  [0, 'Never: always ask me first'],
  [5, 'Up to 5 minutes late'],
  [15, 'Up to 15 minutes late'],
  [60, 'Up to 1 hour late'],
  [180, 'Up to 3 hours late'],
  [720, 'Up to 12 hours late'],
  [1440, 'Up to 1 day late'],
];

export default function OrganizationPage() {
  useTitle('Organisation');
  const { organization } = useMe();
  const mayManage = useCan('organization:manage');
  const [name, setName] = useState(organization.name);
  const [timeZone, setTimeZone] = useState(organization.timeZone);
  const [late, setLate] = useState(organization.missedPolicy.publishLateWithinMinutes);
  const zones = useMemo(() => timeZoneOptions(), []);
  const lateOptions = LATE.some(([minutes]) => minutes === late)
    ? LATE
    : [...LATE, [late, `Up to ${late} minutes late`] as [number, string]].sort(
        (a, b) => a[0] - b[0],
      );

  const changed =
    name.trim() !== organization.name ||
    timeZone !== organization.timeZone ||
    late !== organization.missedPolicy.publishLateWithinMinutes;
  const form = useForm({
    submit: () =>
      unwrap(
        api.PATCH('/organizations/current', {
          body: {
            name: name.trim(),
            timeZone,
            missedPolicy: { publishLateWithinMinutes: late },
          },
        }),
      ),
    onDone: async () => {
      await queryClient.invalidateQueries({ queryKey: [keys.me] });
      void queryClient.invalidateQueries({ queryKey: [keys.organization] });
      toast('The organisation is saved.');
    },
  });

  return (
    <Section
      title="Organisation"
      description={mayManage ? undefined : 'Only owners and admins change these.'}
    >
      <Form form={form} className={styles.form}>
        <Field label="Name" error={form.error('name')}>
          <TextInput
            value={name}
            maxLength={100}
            disabled={!mayManage}
            onChange={(event) => setName(event.target.value)}
          />
        </Field>
        <Field
          label="Time zone"
          error={form.error('timeZone')}
          hint={`Schedules and the calendar are in this zone (${formatOffset(timeZone)}). There it is ${formatTime(new Date(), timeZone)} now.`}
        >
          <Combobox value={timeZone} onChange={setTimeZone} options={zones} disabled={!mayManage} />
        </Field>
        <Field
          label="When a post could not go out on time"
          error={form.error('missedPolicy') ?? form.error('missedPolicy.publishLateWithinMinutes')}
          hint="After an outage, posts no later than this go out at once. Older ones wait for you to decide, so nothing stale surprises your readers."
        >
          <Select
            value={late}
            disabled={!mayManage}
            onChange={(event) => setLate(Number(event.target.value))}
          >
            {lateOptions.map(([minutes, label]) => (
              <option key={minutes} value={minutes}>
                {label}
              </option>
            ))}
          </Select>
        </Field>
        {mayManage && (
          <div className={styles.actions}>
            <Button type="submit" variant="primary" busy={form.busy} disabled={!changed}>
              Save organisation
            </Button>
          </div>
        )}
      </Form>
    </Section>
  );
}
