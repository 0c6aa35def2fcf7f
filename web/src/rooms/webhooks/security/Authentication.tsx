import { Button, Card, Group, PasswordInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { faultsByField } from '../../../api/problem';
import { FormDialog } from '../../../ui/Dialog';
import { Section } from '../../../ui/Page';
import { notifyDone } from '../../../ui/notify';
import { useUpdateWebhook, type Webhook, type WebhookUpdate } from '../queries';

type Auth = NonNullable<WebhookUpdate['auth']>;
type Kind = Auth['kind'];
type Values = { kind: Kind; username: string; password: string; token: string; tokenUrl: string; clientId: string; clientSecret: string; scope: string };

/** The sign-ins that a kind of webhook knows. */
const choices = (kind: Webhook['kind']): ReadonlyArray<{ value: Kind; label: string }> =>
  kind === 'http'
    ? [{ value: 'none', label: 'None' }, { value: 'basic', label: 'User name and password' }, { value: 'oauth2', label: 'OAuth 2 (client credentials)' }]
    : [{ value: 'none', label: 'None' }, { value: 'broker', label: 'User name and password, or token' }];

function presentOf({ authentication: { basicUsername, oauth2, broker } }: Webhook): { kind: Kind; says: string } {
  if (basicUsername !== null) return { kind: 'basic', says: `User name and password, as ${basicUsername}` };
  if (oauth2 !== null) return { kind: 'oauth2', says: `OAuth 2, as ${oauth2.clientId}, with tokens from ${oauth2.tokenUrl}` };
  return broker ? { kind: 'broker', says: 'Signs in at the broker' } : { kind: 'none', says: 'None' };
}

function authOf({ kind, ...given }: Values): Auth {
  const { username, password, token, tokenUrl, clientId, clientSecret, scope } = given;
  if (kind === 'basic') return { kind, username, password };
  if (kind === 'oauth2') return { kind, tokenUrl, clientId, clientSecret, ...(scope === '' ? {} : { scope }) };
  if (kind === 'broker') return token === '' ? { kind, username, password } : { kind, token };
  return { kind };
}

function AuthDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const update = useUpdateWebhook(webhook);
  const { authentication } = webhook;
  const form = useForm<Values>({
    initialValues: {
      kind: presentOf(webhook).kind, username: authentication.basicUsername ?? '', password: '', token: '', tokenUrl: authentication.oauth2?.tokenUrl ?? '',
      clientId: authentication.oauth2?.clientId ?? '', clientSecret: '', scope: '',
    },
  });
  const faults = faultsByField(update.error);
  const bind = (name: keyof Values) => ({ ...form.getInputProps(name), error: faults[`auth.${name}`] });
  const { kind } = form.values;
  const done = () => {
    notifyDone('The sign-in is saved.');
    onClose();
  };
  const secret = { autoComplete: 'new-password', description: 'Write-only: nobody can read it again.' };
  return (
    <FormDialog opened onClose={onClose} title="Sign-in at the receiver" submit="Save" busy={update.isPending} error={update.error} onSubmit={form.onSubmit((values) => update.mutate({ auth: authOf(values) }, { onSuccess: done }))}>
      <Select label="Kind" data={choices(webhook.kind)} {...bind('kind')} />
      {(kind === 'basic' || kind === 'broker') && (
        <>
          <TextInput label="User name" autoComplete="off" {...bind('username')} />
          <PasswordInput label="Password" {...secret} {...bind('password')} />
        </>
      )}
      {kind === 'broker' && <PasswordInput label="Token, instead of both" {...secret} {...bind('token')} />}
      {kind === 'oauth2' && (
        <>
          <TextInput label="Address of tokens" type="url" placeholder="https://login.example.org/oauth2/token" {...bind('tokenUrl')} />
          <TextInput label="Client id" autoComplete="off" {...bind('clientId')} />
          <PasswordInput label="Client secret" {...secret} {...bind('clientSecret')} />
          <TextInput label="Scope" description="If your server asks for one." {...bind('scope')} />
        </>
      )}
    </FormDialog>
  );
}

/** How deliveries sign in at the receiver. */
export function Authentication({ webhook }: { webhook: Webhook }) {
  const [open, setOpen] = useState(false);
  return (
    <Section title="Sign-in at the receiver" note="For receivers that let nobody in without.">
      <Card padding="md">
        <Group justify="space-between" gap="sm">
          <Stack gap={2} style={{ minWidth: 0 }}>
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{presentOf(webhook).says}</Text>
          </Stack>
          <Button size="xs" variant="default" aria-label="Change the sign-in" onClick={() => setOpen(true)}>
            Change
          </Button>
        </Group>
      </Card>
      {open && <AuthDialog webhook={webhook} onClose={() => setOpen(false)} />}
    </Section>
  );
}
