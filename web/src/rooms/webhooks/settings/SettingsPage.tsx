import { Button, Card, Group, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { ErrorNote } from '../../../ui/ErrorView';
import { binder } from '../../../ui/fields';
import { Section } from '../../../ui/Page';
import { notifyDone } from '../../../ui/notify';
import { JsonField } from '../JsonField';
import { below } from '../json';
import { WhatToHear } from '../WhatToHear';
import type { EventPicker } from '../picker';
import { useUpdateWebhook, type Webhook } from '../queries';
import { DeliveryFields } from './DeliveryFields';
import { ShapeFields } from './ShapeFields';
import { changesOf, validate, valuesOf, type Values } from './values';

const EXAMPLE = '{"data": {"state": ["open", "closed"]}}';

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <Section title={title} note={note}>
      <Card>
        <Stack>{children}</Stack>
      </Card>
    </Section>
  );
}

/** All that can be set of a webhook, besides secrets and how it signs in. */
export function SettingsPage({ webhook, Picker }: { webhook: Webhook; Picker: EventPicker }) {
  const update = useUpdateWebhook(webhook);
  const form = useForm<Values>({ initialValues: valuesOf(webhook), validate });
  const bind = binder(form, update.error);
  const { values } = form;
  const save = (wanted: Values) => update.mutate(changesOf(wanted, webhook), { onSuccess: () => notifyDone('The settings are saved.') });
  const told = below(update.error, '/events')[0]?.detail;
  const wrong = form.errors['events'];
  return (
    <form onSubmit={form.onSubmit(save)} noValidate>
      <Stack gap="lg" maw={760}>
        <Part title="Name and address">
          <TextInput label="Name" maxLength={100} {...bind('name')} />
          <TextInput label="Description" description="For your colleagues: what it is for." maxLength={500} {...bind('description')} />
          {webhook.kind !== 'feed' && <TextInput label="Address" type="url" autoComplete="off" description="What waits goes to the new address as well." {...bind('url')} />}
        </Part>
        <Part title="What it hears of">
          <WhatToHear everything={values.everything} events={values.events} error={typeof wrong === 'string' ? wrong : told} Picker={Picker} onChange={(part) => form.setValues(part)} />
          <JsonField
            label="Filter" placeholder={EXAMPLE} value={values.filter} onChange={(filter) => form.setFieldValue('filter', filter)} faults={below(update.error, '/filter')}
            description="Optional. A pattern in JSON that the event must fit: a value must be equal, a list allows each of its values, $gte, $prefix, $exists and others compare."
          />
        </Part>
        <Part title="What it is sent">
          <ShapeFields form={form} bind={bind} kind={webhook.kind} />
        </Part>
        {webhook.kind === 'http' && (
          <Part title="How it is sent">
            <DeliveryFields form={form} bind={bind} />
          </Part>
        )}
        <ErrorNote error={update.error} />
        <Group>
          <Button type="submit" loading={update.isPending} disabled={!form.isDirty()}>
            Save
          </Button>
          <Button variant="default" disabled={!form.isDirty()} onClick={() => form.reset()}>
            Undo my changes
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
