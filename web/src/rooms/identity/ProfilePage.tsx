import { Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ErrorNote } from '../../ui/ErrorView';
import { binder } from '../../ui/fields';
import { notifyDone } from '../../ui/notify';
import { Section } from '../../ui/Page';
import { AccountFrame } from './AccountFrame';
import { useRename, type Me } from './queries';
import { roleWords } from './roles';

export function ProfilePage({ me }: { me: Me }) {
  const rename = useRename();
  const form = useForm({
    initialValues: { name: me.name },
    validate: { name: (value) => (value.trim() === '' ? 'Give a name.' : null) },
  });
  const bind = binder(form, rename.error);
  return (
    <AccountFrame title="Profile">
      <Card maw={560}>
        <form onSubmit={form.onSubmit(({ name }) => rename.mutate(name.trim(), { onSuccess: () => notifyDone('Your name is saved.') }))} noValidate>
          <Stack>
            <TextInput label="Name" description="Results and sheets show it." autoComplete="name" {...bind('name')} />
            <TextInput label="E-mail" value={me.user?.email ?? ''} readOnly description="You sign in with it." />
            <ErrorNote error={rename.error} />
            <Group>
              <Button type="submit" loading={rename.isPending}>
                Save
              </Button>
            </Group>
          </Stack>
        </form>
      </Card>
      <Section title={`Your roles in ${me.tenant?.name ?? 'no organisation'}`}>
        <Card maw={560}>
          <Stack gap="sm">
            {me.roles.length === 0 && <Text size="sm">None yet. An admin can give you one.</Text>}
            {me.roles.map((held) => (
              <Group key={`${held.role} ${held.scopeId}`} gap="sm" wrap="nowrap" align="flex-start">
                <Badge>{roleWords[held.role].label}</Badge>
                <Text size="sm">
                  {roleWords[held.role].does} {held.scopeKind ? `In one ${held.scopeKind} only.` : ''}
                </Text>
              </Group>
            ))}
          </Stack>
        </Card>
      </Section>
    </AccountFrame>
  );
}
