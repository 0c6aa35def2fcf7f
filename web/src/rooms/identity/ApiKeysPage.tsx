import { Alert, Badge, Button, Card, Code, Group, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { showAgo, showDateTime } from '../../lib/dates';
import { CopyText } from '../../ui/CopyText';
import { Confirm, FormDialog } from '../../ui/Dialog';
import { ErrorNote } from '../../ui/ErrorView';
import { binder } from '../../ui/fields';
import { notifyDone } from '../../ui/notify';
import { Section } from '../../ui/Page';
import { EmptyState, RowsLoading } from '../../ui/states';
import { AccountFrame } from './AccountFrame';
import { apiKeysQuery, useCreateApiKey, useRevokeApiKey } from './members';
import type { ApiKey, Role } from './queries';
import { roleChoices, roleWords } from './roles';

function NewKey({ onClose, onMade }: { onClose: () => void; onMade: (token: string) => void }) {
  const create = useCreateApiKey();
  const form = useForm<{ name: string; role: Role }>({
    initialValues: { name: '', role: 'AUDITOR' },
    validate: { name: (value) => (value.trim() === '' ? 'Say what the key is for.' : null) },
  });
  const bind = binder(form, create.error);
  return (
    <FormDialog opened onClose={onClose} title="New API key" submit="Make the key" busy={create.isPending} error={create.error} onSubmit={form.onSubmit((values) => create.mutate(values, { onSuccess: ({ token }) => onMade(token) }))}>
      <TextInput label="Name" description="Which program uses it." data-autofocus {...bind('name')} />
      <Select label="May do what this role may" data={roleChoices} {...bind('role')} />
      <Text size="sm" c="dimmed">
        {roleWords[form.values.role].does}
      </Text>
    </FormDialog>
  );
}

function KeyRow({ apiKey }: { apiKey: ApiKey }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeApiKey();
  return (
    <Card padding="md">
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {apiKey.name}
            </Text>
            <Code>{apiKey.prefix}…</Code>
            <Badge>{roleWords[apiKey.role].label}</Badge>
            {apiKey.revokedAt !== null && <Badge color="gray">Ended</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            made {showDateTime(apiKey.createdAt)} · {apiKey.lastUsedAt === null ? 'never used' : `used ${showAgo(apiKey.lastUsedAt)}`}
          </Text>
        </div>
        {apiKey.revokedAt === null && (
          <Button variant="default" size="xs" aria-label={`End the key ${apiKey.name}`} onClick={() => setAsking(true)}>
            End it
          </Button>
        )}
      </Group>
      <Confirm opened={asking} onClose={() => setAsking(false)} title={`End the key ${apiKey.name}?`} confirm="End it" danger busy={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate(apiKey.id, { onSuccess: () => setAsking(false) })}>
        Programs that use it are refused from the next request on. It cannot be brought back.
      </Confirm>
    </Card>
  );
}

export function ApiKeysPage({ allowed }: { allowed: boolean }) {
  const [making, setMaking] = useState(false);
  const [token, setToken] = useState<string | null>(null);
  const keys = useInfiniteQuery({ ...apiKeysQuery, enabled: allowed });
  const items = keys.data?.pages.flatMap((page) => page.items) ?? [];
  const made = (secret: string) => {
    setToken(secret);
    setMaking(false);
    notifyDone('The key is made.');
  };
  return (
    <AccountFrame title="API keys">
      <Section title="Keys of programs" note="A key works for one organisation, and only while its maker is a member." actions={allowed ? <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>New key</Button> : undefined}>
        {!allowed && <Alert color="gray" title="Only admins make keys">Ask an admin of your organisation for one.</Alert>}
        {token !== null && (
          <Alert color="orange" title="Copy the key now: it is not shown again" withCloseButton closeButtonLabel="I have kept it" onClose={() => setToken(null)}>
            <CopyText value={token} label="the key" />
          </Alert>
        )}
        <ErrorNote error={keys.error} />
        {allowed && keys.isPending && <RowsLoading rows={2} />}
        {keys.isSuccess && items.length === 0 && (
          <Card>
            <EmptyState icon={<IconKey size={24} />} title="No keys yet">
              Programs use a key to read and write through the API, for example to hand results to a website.
            </EmptyState>
          </Card>
        )}
        <Stack gap="xs">
          {items.map((each) => (
            <KeyRow key={each.id} apiKey={each} />
          ))}
        </Stack>
        {keys.hasNextPage && (
          <Button variant="default" onClick={() => void keys.fetchNextPage()} loading={keys.isFetchingNextPage}>
            Show more
          </Button>
        )}
      </Section>
      {making && <NewKey onClose={() => setMaking(false)} onMade={made} />}
    </AccountFrame>
  );
}
