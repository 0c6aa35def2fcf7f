import { Button, List, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api, take } from '../../api/client';
import { Problem } from '../../api/problem';
import type { components } from '../../api/schema';
import { ErrorNote } from '../../ui/ErrorView';
import { FrontDoor } from '../../ui/FrontDoor';
import { LinkButton, TextLink } from '../../ui/LinkButton';
import { binder } from '../../ui/fields';
import { PageLoading } from '../../ui/states';
import { NewPasswordFields, passwordRules } from './NewPasswordFields';
import { roleWords } from './roles';

type Offer = components['schemas']['InvitationOffer'];

const useAccept = (token: string, onJoined: () => void) => {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (account: { name: string; password: string } | null) => api.POST('/api/identity/invitations/accept', { body: { token, cookie: true, ...account } }),
    onSuccess: () => {
      client.clear();
      onJoined();
    },
  });
};

function Offered({ offer }: { offer: Offer }) {
  return (
    <div>
      <Text size="sm">
        <strong>{offer.tenant}</strong> invites {offer.email} as:
      </Text>
      <List size="sm">
        {offer.roles.map((held) => (
          <List.Item key={`${held.role} ${held.scopeId}`}>
            <strong>{roleWords[held.role].label}</strong>: {roleWords[held.role].does}
          </List.Item>
        ))}
      </List>
    </div>
  );
}

function NewAccount({ busy, error, onSubmit }: { busy: boolean; error: unknown; onSubmit: (account: { name: string; password: string }) => void }) {
  const form = useForm({
    initialValues: { name: '', password: '', repeat: '' },
    validate: { name: (value: string) => (value.trim() === '' ? 'Give your name as others shall see it.' : null), ...passwordRules },
  });
  const bind = binder(form, error);
  return (
    <form onSubmit={form.onSubmit(({ name, password }) => onSubmit({ name: name.trim(), password }))} noValidate>
      <Stack>
        <TextInput label="Your name" autoComplete="name" {...bind('name')} />
        <NewPasswordFields form={form} error={error} />
        <ErrorNote error={error} />
        <Button type="submit" size="md" loading={busy} fullWidth>
          Join
        </Button>
      </Stack>
    </form>
  );
}

/** The page behind the link of an invitation. */
export function InvitationPage({ token, onJoined }: { token: string; onJoined: () => void }) {
  const offer = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => take(api.POST('/api/identity/invitations/read', { body: { token } })),
    enabled: token !== '',
  });
  const accept = useAccept(token, onJoined);
  if (offer.isFetching) return <PageLoading />;
  if (offer.data === undefined) {
    return (
      <FrontDoor title="This invitation cannot be used" lead="Ask whoever invited you to send it once more.">
        <ErrorNote error={offer.error} />
        <LinkButton to="/sign-in" variant="default" fullWidth mt="md">
          Go to the sign-in
        </LinkButton>
      </FrontDoor>
    );
  }
  const stranger = accept.error instanceof Problem && accept.error.status === 401;
  return (
    <FrontDoor title={`Join ${offer.data.tenant}`}>
      <Stack>
        <Offered offer={offer.data} />
        {offer.data.hasAccount ? (
          <>
            <ErrorNote error={stranger ? null : accept.error} />
            {stranger ? (
              <TextLink to="/sign-in" search={{ next: `/invitation#${token}` }}>
                Sign in as {offer.data.email} to accept
              </TextLink>
            ) : (
              <Button size="md" loading={accept.isPending} onClick={() => accept.mutate(null)} fullWidth>
                Accept the invitation
              </Button>
            )}
          </>
        ) : (
          <NewAccount busy={accept.isPending} error={accept.error} onSubmit={(account) => accept.mutate(account)} />
        )}
      </Stack>
    </FrontDoor>
  );
}
