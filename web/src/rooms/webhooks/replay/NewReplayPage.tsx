import { Button, Card, Checkbox, Group, MultiSelect, Radio, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { IconCalculator, IconPlayerPlay } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { faultsByField } from '../../../api/problem';
import { ErrorNote } from '../../../ui/ErrorView';
import { TextLink } from '../../../ui/LinkButton';
import { Page, Section } from '../../../ui/Page';
import type { EventPicker } from '../picker';
import { webhooksQuery } from '../queries';
import { Plan } from './Plan';
import { WHICH, blank, missing, requestOf, type Draft } from './draft';
import { useBegin, useCountReplay } from './queries';

type Props = { webhook: string | undefined; Picker: EventPicker; onBegun: (replayId: string) => void };
type PartProps = { draft: Draft; faults: Readonly<Record<string, string>>; onChange: (change: Partial<Draft>) => void };

const isWhich = (value: string): value is Draft['which'] => value in WHICH;

function Where({ draft, faults, onChange }: PartProps) {
  const webhooks = useQuery(webhooksQuery);
  const data = webhooks.data?.filter(({ kind }) => kind === 'http').map(({ id, name }) => ({ value: id, label: name })) ?? [];
  return (
    <>
      <ErrorNote error={webhooks.error} />
      <MultiSelect label="Webhooks" data={data} size="md" searchable withScrollArea={false} styles={{ options: { maxHeight: 260, overflowY: 'auto' } }} value={draft.webhookIds} error={faults['webhookIds']} onChange={(webhookIds) => onChange({ webhookIds })} nothingFoundMessage="No webhook is called so." />
      <Radio.Group size="md" label="Which events" value={draft.which} onChange={(which) => isWhich(which) && onChange({ which })}>
        <Stack gap="sm" mt="xs">
          {Object.entries(WHICH).map(([value, { label, does }]) => (
            <Radio key={value} value={value} label={label} description={does} />
          ))}
        </Stack>
      </Radio.Group>
    </>
  );
}

function Narrow({ draft, faults, onChange }: PartProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <TextInput type="datetime-local" label="Not before" value={draft.from} error={faults['from']} onChange={(event) => onChange({ from: event.currentTarget.value })} />
      <TextInput type="datetime-local" label="Before" value={draft.to} error={faults['to']} onChange={(event) => onChange({ to: event.currentTarget.value })} />
      <TextInput label="Only about one thing (id)" placeholder="any" value={draft.entityId} error={faults['entityId']} onChange={(event) => onChange({ entityId: event.currentTarget.value })} />
      <TextInput label="At most per minute" inputMode="numeric" value={draft.ratePerMinute} error={faults['ratePerMinute']} onChange={(event) => onChange({ ratePerMinute: event.currentTarget.value })} />
    </SimpleGrid>
  );
}

/** Choose what, see how many, say why, begin. */
export function NewReplayPage({ webhook, Picker, onBegun }: Props) {
  const [draft, setDraft] = useState(() => blank(webhook));
  const [tried, setTried] = useState(false);
  const [reason, setReason] = useState('');
  const plan = useCountReplay();
  const begin = useBegin();
  const faults: Record<string, string> = { ...faultsByField(plan.error ?? begin.error), ...(tried ? missing(draft) : {}) };
  const change = (part: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...part }));
    plan.reset();
  };
  const look = () => {
    setTried(true);
    if (Object.keys(missing(draft)).length === 0) plan.mutate(requestOf(draft, null));
  };
  const parts = { draft, faults, onChange: change };
  return (
    <Page
      title="New replay" subtitle="Sends events of the past once more. First it is counted; nothing is sent before you say so."
      crumbs={[<TextLink key="all" to="/webhooks" size="sm">Webhooks</TextLink>, <TextLink key="replays" to="/webhooks/replays" size="sm">Replays</TextLink>]}
    >
      <Stack gap="lg" maw={760}>
        <Section title="1. What is sent, and where to">
          <Card>
            <Stack>
              <Where {...parts} />
              <Picker label="Only these events" placeholder="All that the webhook hears of" value={draft.eventTypes} error={faults['eventTypes']} onChange={(eventTypes) => change({ eventTypes })} />
              <Narrow {...parts} />
              <Checkbox label="Send them as new, under other ids" description="For receivers that drop what they have had already." checked={draft.asNew} onChange={(event) => change({ asNew: event.currentTarget.checked })} />
              <Group>
                <Button variant={plan.data === undefined ? 'filled' : 'default'} leftSection={<IconCalculator size={16} aria-hidden />} loading={plan.isPending} onClick={look}>
                  Count them
                </Button>
              </Group>
            </Stack>
          </Card>
        </Section>
        <ErrorNote error={plan.error} />
        {plan.data !== undefined && (
          <Section title="2. How many">
            <Plan plan={plan.data} ratePerMinute={Number(draft.ratePerMinute)} />
          </Section>
        )}
        {plan.data !== undefined && plan.data.total > 0 && (
          <Section title="3. Why">
            <Card>
              <Stack>
                <Textarea label="Reason" description="Kept in the event log." value={reason} maxLength={500} error={faults['reason']} onChange={(event) => setReason(event.currentTarget.value)} />
                <ErrorNote error={begin.error} />
                <Group>
                  <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} disabled={reason.trim().length < 3} loading={begin.isPending} onClick={() => begin.mutate(requestOf(draft, reason.trim()), { onSuccess: ({ id }) => onBegun(id) })}>
                    Begin the replay
                  </Button>
                </Group>
              </Stack>
            </Card>
          </Section>
        )}
      </Stack>
    </Page>
  );
}
