import { Alert, Badge, Button, Card, Code, Group, Radio, Select, Stack, Text } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { showDateTime } from '../../../lib/dates';
import { CopyText } from '../../../ui/CopyText';
import { Confirm, FormDialog } from '../../../ui/Dialog';
import { Section } from '../../../ui/Page';
import { notifyDone } from '../../../ui/notify';
import { useNewSecret, useRevokeSecret, type Secret, type Webhook } from '../queries';

const overlaps = [
  { value: '0', label: 'none: the old one ends now' }, { value: '1', label: '1 hour' }, { value: '24', label: '24 hours' }, { value: '72', label: '3 days' }, { value: '168', label: '7 days' },
];
const SCHEMES = { v1: 'Shared secret', v1a: 'Key pair' } as const;

type Shown = Readonly<{ secret: string; scheme: Secret['scheme']; publicKey: string | null }>;

function NewSecret({ webhook, onClose, onMade }: { webhook: Webhook; onClose: () => void; onMade: (made: Shown) => void }) {
  const [scheme, setScheme] = useState<Secret['scheme']>('v1');
  const [overlap, setOverlap] = useState('24');
  const make = useNewSecret(webhook.id);
  return (
    <FormDialog
      opened onClose={onClose} title="New secret" submit="Make it" busy={make.isPending} error={make.error}
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate({ scheme, overlapHours: Number(overlap) }, { onSuccess: onMade });
      }}
    >
      <Radio.Group size="md" label="Kind" value={scheme} onChange={(value) => setScheme(value === 'v1a' ? 'v1a' : 'v1')}>
        <Stack gap="sm" mt="xs">
          <Radio value="v1" label="Shared secret (v1)" description="HMAC-SHA-256. Every library of Standard Webhooks checks it." data-autofocus />
          <Radio value="v1a" label="Key pair (v1a)" description="Ed25519. The receiver keeps a public key only, which is no secret." />
        </Stack>
      </Radio.Group>
      <Select label="Time in which the old one stays valid too" description="Messages carry both signatures meanwhile, so the receiver can change over without missing one." data={overlaps} value={overlap} onChange={(value) => setOverlap(value ?? '24')} />
    </FormDialog>
  );
}

function SecretRow({ webhook, secret, last }: { webhook: Webhook; secret: Secret; last: boolean }) {
  const [asking, setAsking] = useState(false);
  const revoke = useRevokeSecret(webhook.id);
  const done = () => {
    setAsking(false);
    notifyDone('The secret is revoked.');
  };
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" gap="sm">
        <Stack gap={2} style={{ minWidth: 0, flex: 1 }}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {SCHEMES[secret.scheme]}
            </Text>
            <Code>…{secret.hint}</Code>
            <Badge color={secret.expiresAt === null ? 'teal' : 'orange'}>{secret.expiresAt === null ? 'In use' : `Ends ${showDateTime(secret.expiresAt)}`}</Badge>
          </Group>
          <Text size="sm" c="dimmed">
            made {showDateTime(secret.createdAt)}
          </Text>
          {secret.publicKey !== null && <CopyText value={secret.publicKey} label="the public key" />}
        </Stack>
        {!last && (
          <Button size="xs" variant="default" aria-label={`Revoke the secret ending in ${secret.hint}`} onClick={() => setAsking(true)}>
            Revoke now
          </Button>
        )}
      </Group>
      <Confirm opened={asking} onClose={() => setAsking(false)} title="Revoke this secret now?" confirm="Revoke it" danger busy={revoke.isPending} error={revoke.error} onConfirm={() => revoke.mutate(secret.id, { onSuccess: done })}>
        From the next message on nothing is signed with it. A receiver that knows no other one refuses what it gets.
      </Confirm>
    </Card>
  );
}

/** Signing secrets: rotated with an overlap, or revoked at once. */
export function Secrets({ webhook }: { webhook: Webhook }) {
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<Shown | null>(null);
  const show = (secret: Shown) => {
    setMade(secret);
    setMaking(false);
  };
  return (
    <Section
      title="Signing secrets" note="With them the receiver checks that a message comes from here and was not changed on its way."
      actions={<Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setMaking(true)}>New secret</Button>}
    >
      {made !== null && (
        <Alert color="orange" icon={<IconKey aria-hidden />} title="Copy it now: it is not shown again" withCloseButton closeButtonLabel="I have kept it" onClose={() => setMade(null)}>
          <Stack gap="xs">
            <CopyText value={made.secret} label="the secret" />
            {made.publicKey !== null && (
              <>
                <Text size="sm">The receiver needs only this public key:</Text>
                <CopyText value={made.publicKey} label="the public key" />
              </>
            )}
          </Stack>
        </Alert>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Signing secrets">
        {webhook.secrets.map((secret) => (
          <SecretRow key={secret.id} webhook={webhook} secret={secret} last={webhook.secrets.length === 1} />
        ))}
      </Stack>
      {making && <NewSecret webhook={webhook} onClose={() => setMaking(false)} onMade={show} />}
    </Section>
  );
}
