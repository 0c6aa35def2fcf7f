import { Button, Card, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { FormDialog } from '../../../ui/Dialog';
import { binder } from '../../../ui/fields';
import { Section } from '../../../ui/Page';
import { notifyDone, notifyFailed } from '../../../ui/notify';
import { useUpdateWebhook, type Webhook } from '../queries';

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-xs)' } };
const pem = { styles: mono, spellCheck: false, autosize: true, minRows: 4, maxRows: 8 } as const;

function CertificateDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const update = useUpdateWebhook(webhook);
  const form = useForm({ initialValues: { certificate: '', key: '' }, validate: { certificate: (value) => (value.trim() === '' ? 'Paste the certificate.' : null), key: (value) => (value.trim() === '' ? 'Paste its private key.' : null) } });
  const bind = binder(form, update.error);
  const done = () => {
    notifyDone('The certificate is saved.');
    onClose();
  };
  return (
    <FormDialog opened onClose={onClose} title="Client certificate" submit="Save" size="lg" busy={update.isPending} error={update.error} onSubmit={form.onSubmit((clientCertificate) => update.mutate({ clientCertificate }, { onSuccess: done }))}>
      <Textarea label="Certificate with its chain" placeholder="-----BEGIN CERTIFICATE-----" {...pem} {...bind('certificate')} />
      <Textarea label="Private key, without a passphrase" placeholder="-----BEGIN PRIVATE KEY-----" {...pem} {...bind('key')} />
    </FormDialog>
  );
}

function AuthorityDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const update = useUpdateWebhook(webhook);
  const form = useForm({ initialValues: { ca: '' }, validate: { ca: (value) => (value.trim() === '' ? 'Paste the certificates.' : null) } });
  const bind = binder(form, update.error);
  const done = () => {
    notifyDone('The authorities are saved.');
    onClose();
  };
  return (
    <FormDialog opened onClose={onClose} title="Own certificate authority" submit="Save" size="lg" busy={update.isPending} error={update.error} onSubmit={form.onSubmit(({ ca }) => update.mutate({ ca }, { onSuccess: done }))}>
      <Textarea label="Certificates to believe" description="Instead of the usual authorities." placeholder="-----BEGIN CERTIFICATE-----" {...pem} {...bind('ca')} />
    </FormDialog>
  );
}

type LineProps = { says: string; label: string; onSet: () => void; onRemove: (() => void) | null };

function Line({ says, label, onSet, onRemove }: LineProps) {
  return (
    <Group justify="space-between" gap="sm">
      <Text size="sm">{says}</Text>
      <Group gap="xs">
        {onRemove !== null && (
          <Button size="xs" variant="default" aria-label={`Remove the ${label}`} onClick={onRemove}>
            Remove
          </Button>
        )}
        <Button size="xs" variant="default" aria-label={`Set the ${label}`} onClick={onSet}>
          {onRemove === null ? 'Set' : 'Replace'}
        </Button>
      </Group>
    </Group>
  );
}

/** Certificates of the connection: ours, for receivers that ask for one, and whom we believe. */
export function CertificateCard({ webhook }: { webhook: Webhook }) {
  const [open, setOpen] = useState<'client' | 'ca' | null>(null);
  const update = useUpdateWebhook(webhook);
  const { clientCertificate, ca } = webhook.authentication;
  const close = () => setOpen(null);
  return (
    <Section title="Certificates">
      <Card padding="md">
        <Stack gap="sm">
          <Line
            says={clientCertificate ? 'A client certificate is sent (mutual TLS).' : 'No client certificate is sent.'} label="client certificate" onSet={() => setOpen('client')}
            onRemove={clientCertificate ? () => update.mutate({ clientCertificate: null }, { onError: notifyFailed }) : null}
          />
          <Line
            says={ca ? 'Only authorities of your own are believed.' : 'The usual certificate authorities are believed.'} label="own authority" onSet={() => setOpen('ca')}
            onRemove={ca ? () => update.mutate({ ca: null }, { onError: notifyFailed }) : null}
          />
        </Stack>
      </Card>
      {open === 'client' && <CertificateDialog webhook={webhook} onClose={close} />}
      {open === 'ca' && <AuthorityDialog webhook={webhook} onClose={close} />}
    </Section>
  );
}
