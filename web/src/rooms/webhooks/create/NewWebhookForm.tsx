import { Button, Card, Group, Radio, Select, Stack, TextInput } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { faultsByField } from '../../../api/problem';
import { ErrorNote } from '../../../ui/ErrorView';
import { LinkButton } from '../../../ui/LinkButton';
import { Section } from '../../../ui/Page';
import type { EventPicker } from '../picker';
import { useCreateWebhook, type WebhookCreated } from '../queries';
import { KINDS, TEMPLATES } from '../words';
import { WhatToHear } from '../WhatToHear';
import { blank, bodyOf, missing, nameFor, type Draft } from './draft';

const examples: Readonly<Record<Draft['kind'], string>> = {
  http: 'https://hooks.example.org/event-manager', feed: '', nats: 'nats://broker.example.org:4222/event-manager',
};
const kinds = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }));
const receivers = [{ value: '', label: 'A program of our own' }, ...Object.entries(TEMPLATES).map(([value, label]) => ({ value, label }))];

type PartProps = { draft: Draft; faults: Readonly<Record<string, string>>; onChange: (change: Partial<Draft>) => void };

function isKind(value: string | null): value is Draft['kind'] {
  return value !== null && value in KINDS;
}

function isTemplate(value: string | null): value is Exclude<Draft['template'], ''> {
  return value !== null && value in TEMPLATES;
}

function Where({ draft, faults, onChange }: PartProps) {
  return (
    <Stack>
      <Select label="How it is delivered" description={KINDS[draft.kind].does} data={kinds} value={draft.kind} onChange={(kind) => isKind(kind) && onChange({ kind })} />
      {draft.kind !== 'feed' && (
        <TextInput
          label="Address" type="url" placeholder={examples[draft.kind]} error={faults['url']} value={draft.url} autoComplete="off" data-autofocus
          description={draft.kind === 'http' ? 'It must be reachable from here, and answer with a status of 200 to 299.' : 'The server, and after the slash the subject.'}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      )}
      {draft.kind === 'http' && (
        <Select
          label="Who receives it" data={receivers} value={draft.template} onChange={(template) => onChange({ template: isTemplate(template) ? template : '' })}
          description={draft.template === '' ? 'A chat tool gets a message that it can show; a program gets the event as JSON, signed.' : `Every event becomes a message in ${TEMPLATES[draft.template]}.`}
        />
      )}
      <TextInput label="Name" description="How it is called in lists." placeholder={nameFor(draft)} maxLength={100} error={faults['name']} value={draft.name} onChange={(event) => onChange({ name: event.currentTarget.value })} />
    </Stack>
  );
}

function From({ draft, faults, onChange }: PartProps) {
  return (
    <Stack>
      <Radio.Group size="md" label="It begins with" value={draft.start} onChange={(start) => (start === 'now' || start === 'beginning' || start === 'time') && onChange({ start })}>
        <Stack gap="xs" mt="xs">
          <Radio value="now" label="What happens from now on" />
          <Radio value="beginning" label="Everything that has ever happened" />
          <Radio value="time" label="What happened since a time" />
        </Stack>
      </Radio.Group>
      {draft.start === 'time' && <TextInput type="datetime-local" label="Since" w={{ base: '100%', xs: 260 }} error={faults['startAt'] ?? faults['startFrom']} value={draft.startAt} onChange={(event) => onChange({ startAt: event.currentTarget.value })} />}
    </Stack>
  );
}

/** The few things to say before a webhook can be made. */
export function NewWebhookForm({ Picker, onMade }: { Picker: EventPicker; onMade: (made: WebhookCreated) => void }) {
  const [draft, setDraft] = useState(blank);
  const [tried, setTried] = useState(false);
  const create = useCreateWebhook();
  const faults: Record<string, string> = { ...faultsByField(create.error), ...(tried ? missing(draft) : {}) };
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const form = useRef<HTMLFormElement>(null);
  const submit = () => {
    setTried(true);
    if (Object.keys(missing(draft)).length === 0) return create.mutate(bodyOf(draft), { onSuccess: onMade });
    // Once the faults stand at their fields, the first of them is led to.
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus());
    return undefined;
  };
  const parts = { draft, faults, onChange: change };
  const told = Object.entries(faults).find(([name]) => name.startsWith('events'))?.[1];
  return (
    <form
      ref={form} noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Stack gap="lg" maw={720}>
        <Section title="1. Where to">
          <Card>
            <Where {...parts} />
          </Card>
        </Section>
        <Section title="2. What to tell">
          <Card>
            <Stack>
              <WhatToHear everything={draft.everything} events={draft.events} error={told} Picker={Picker} onChange={change} />
              <From {...parts} />
            </Stack>
          </Card>
        </Section>
        <ErrorNote error={create.error} />
        <Group>
          <Button type="submit" loading={create.isPending} leftSection={<IconPlugConnected size={16} aria-hidden />}>
            Connect it
          </Button>
          <LinkButton to="/webhooks" variant="default">
            Cancel
          </LinkButton>
        </Group>
      </Stack>
    </form>
  );
}
