import { ActionIcon, Button, Card, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ErrorNote } from '../../../ui/ErrorView';
import { Section } from '../../../ui/Page';
import { notifyDone } from '../../../ui/notify';
import { useUpdateWebhook, type Webhook } from '../queries';
import { headersOf, rowsOf, type HeaderRow } from './headers';

/** Own headers: their names are shown, their values never again. */
export function HeadersCard({ webhook }: { webhook: Webhook }) {
  const [rows, setRows] = useState(() => rowsOf(webhook.headerNames));
  const [changed, setChanged] = useState(false);
  const update = useUpdateWebhook(webhook);
  const put = (next: readonly HeaderRow[]) => {
    setRows(next);
    setChanged(true);
  };
  const set = (id: number, part: Partial<HeaderRow>) => put(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  const next = Math.max(-1, ...rows.map(({ id }) => id)) + 1;
  return (
    <Section title="Own headers" note="Sent with every message, for example an API key of the receiver.">
      <Card padding="md">
        <Stack>
          {rows.length === 0 && <Text size="sm">None.</Text>}
          {rows.map((row) => (
            <Group key={row.id} align="flex-end" gap="xs" role="group" aria-label={row.name || 'New header'}>
              <TextInput label="Name" style={{ flex: '1 1 160px' }} autoComplete="off" readOnly={row.kept} value={row.name} onChange={(event) => set(row.id, { name: event.currentTarget.value })} />
              <PasswordInput
                label="Value" style={{ flex: '2 1 200px' }} autoComplete="new-password" placeholder={row.kept ? 'kept as it is; type to replace it' : ''}
                value={row.value} onChange={(event) => set(row.id, { value: event.currentTarget.value, kept: false })}
              />
              <ActionIcon variant="default" size={42} aria-label={`Remove the header ${row.name}`} onClick={() => put(rows.filter(({ id }) => id !== row.id))}>
                <IconTrash size={16} aria-hidden />
              </ActionIcon>
            </Group>
          ))}
          <ErrorNote error={update.error} />
          <Group>
            <Button size="xs" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={() => put([...rows, { id: next, name: '', value: '', kept: false }])}>
              Add a header
            </Button>
            {changed && (
              <Button size="xs" loading={update.isPending} onClick={() => update.mutate({ headers: headersOf(rows) }, { onSuccess: () => notifyDone('The headers are saved.') })}>
                Save the headers
              </Button>
            )}
          </Group>
        </Stack>
      </Card>
    </Section>
  );
}
