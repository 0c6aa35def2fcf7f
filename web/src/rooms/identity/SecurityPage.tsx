import { Badge, Button, Card, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQuery } from '@tanstack/react-query';
import { showAgo, showDateTime } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { binder } from '../../ui/fields';
import { notifyDone, notifyFailed } from '../../ui/notify';
import { Section } from '../../ui/Page';
import { RowsLoading } from '../../ui/states';
import { AccountFrame } from './AccountFrame';
import { NewPasswordFields, eye, passwordRules } from './NewPasswordFields';
import { SecondFactorCard } from './SecondFactorCard';
import { browserOf } from './browsers';
import { sessionsQuery, useChangePassword, useEndSession, type Me, type Session } from './queries';

function PasswordCard() {
  const change = useChangePassword();
  const form = useForm({
    initialValues: { old: '', password: '', repeat: '' },
    validate: { old: (value: string) => (value === '' ? 'Give your present password.' : null), ...passwordRules },
  });
  const bind = binder(form, change.error);
  const done = () => {
    form.reset();
    notifyDone('Your password is changed; your other sessions have ended.');
  };
  return (
    <Card maw={560}>
      <form onSubmit={form.onSubmit(({ old, password }) => change.mutate({ password: old, newPassword: password }, { onSuccess: done }))} noValidate>
        <Stack>
          <PasswordInput label="Present password" autoComplete="current-password" {...bind('old')} {...eye} />
          <NewPasswordFields form={form} error={change.error} />
          <ErrorNote error={change.error} />
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

function SessionRow({ session }: { session: Session }) {
  const end = useEndSession();
  return (
    <Card padding="md">
      <Group justify="space-between" gap="sm">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text size="sm" fw={600}>
              {browserOf(session.userAgent)}
            </Text>
            {session.current && <Badge color="teal">This one</Badge>}
          </Group>
          <Text size="sm" c="dimmed">
            {session.address} · used {showAgo(session.lastUsedAt)} · since {showDateTime(session.createdAt)}
          </Text>
        </div>
        {!session.current && (
          <Button variant="default" size="xs" loading={end.isPending} aria-label={`Sign out ${browserOf(session.userAgent)} at ${session.address}`} onClick={() => end.mutate(session.id, { onSuccess: () => notifyDone('Signed out there.'), onError: notifyFailed })}>
            Sign out
          </Button>
        )}
      </Group>
    </Card>
  );
}

function Sessions() {
  const sessions = useQuery(sessionsQuery);
  const end = useEndSession();
  if (sessions.isPending) return <RowsLoading rows={2} />;
  return (
    <Stack gap="xs" maw={720}>
      <ErrorNote error={sessions.error} />
      {sessions.data?.items.map((session) => (
        <SessionRow key={session.id} session={session} />
      ))}
      {(sessions.data?.items.length ?? 0) > 1 && (
        <Group>
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null, { onSuccess: () => notifyDone('You are signed in only here now.'), onError: notifyFailed })}>
            Sign out everywhere else
          </Button>
        </Group>
      )}
    </Stack>
  );
}

export function SecurityPage({ me }: { me: Me }) {
  return (
    <AccountFrame title="Security">
      <Section title="Second factor" note="A code of an app on your phone, asked for after the password.">
        <SecondFactorCard on={me.user?.secondFactor === true} />
      </Section>
      <Section title="Password">
        <PasswordCard />
      </Section>
      <Section title="Where you are signed in">
        <Sessions />
      </Section>
    </AccountFrame>
  );
}
