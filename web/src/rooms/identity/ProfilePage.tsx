import { Badge, Button, Card, Group, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { ErrorNote } from '../../ui/ErrorView';
import { binder } from '../../ui/fields';
import { notifyDone } from '../../ui/notify';
import { Section } from '../../ui/Page';
import { AccountFrame } from './AccountFrame';
import { useRename, type Me } from './queries';
import { roleWords } from './roles';
import { HeldWords, heldKey, type ScopeParts } from './scopes';

export function ProfilePage({ me, scopes }: { me: Me; scopes: Pick<ScopeParts, 'Name'> }) {
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
              <Group key={heldKey(held)} gap="sm" align="flex-start">
                <Badge><HeldWords held={held} Name={scopes.Name} /></Badge>
                <Text size="sm">{roleWords[held.role].does}</Text>
              </Group>
            ))}
          </Stack>
        </Card>
      </Section>
    </AccountFrame>
  );
}
