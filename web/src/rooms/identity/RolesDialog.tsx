import { ActionIcon, Button, Card, Checkbox, Fieldset, Group, Select, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { FormDialog } from '../../ui/Dialog';
import { notifyDone } from '../../ui/notify';
import { useUpdateMember, type Member } from './members';
import type { Role } from './queries';
import { roleChoices, roleWords } from './roles';
import { HeldWords, heldKey, scopeOf, type Held, type Scope, type ScopeParts } from './scopes';

/** An admin is one of the whole organisation. */
const scopedChoices = roleChoices.filter(({ value }) => value !== 'ADMIN');

function NewScoped({ Picker, onAdd }: { Picker: ScopeParts['Picker']; onAdd: (held: Held) => void }) {
  const [role, setRole] = useState<Role>('JUDGE');
  const [scope, setScope] = useState<Scope | null>(null);
  // Counts what was added, so that the choice begins anew after each.
  const [turn, setTurn] = useState(0);
  const add = () => {
    if (scope === null) return;
    onAdd({ role, scopeKind: scope.kind, scopeId: scope.id });
    setScope(null);
    setTurn(turn + 1);
  };
  return (
    <Stack gap="sm">
      <Select label="Role" data={scopedChoices} value={role} onChange={(value) => value !== null && setRole(value)} />
      <Picker key={turn} everywhere="Choose one" onPick={setScope} />
      <Group>
        <Button variant="default" leftSection={<IconPlus size={16} aria-hidden />} disabled={scope === null} onClick={add}>
          Add this role
        </Button>
      </Group>
    </Stack>
  );
}

/** Roles in the whole organisation, and those of one event, contest or category. */
export function RolesDialog({ member, scopes, onClose }: { member: Member; scopes: ScopeParts; onClose: () => void }) {
  const update = useUpdateMember();
  const [wide, setWide] = useState<string[]>(member.roles.filter((held) => scopeOf(held) === null).map((held) => held.role));
  const [scoped, setScoped] = useState<readonly Held[]>(member.roles.filter((held) => scopeOf(held) !== null));
  const save = () => {
    const roles = [...roleChoices.filter(({ value }) => wide.includes(value)).map(({ value }) => ({ role: value })), ...scoped];
    const finish = () => {
      notifyDone(`The roles of ${member.name} are saved.`);
      onClose();
    };
    update.mutate({ id: member.userId, version: member.version, roles }, { onSuccess: finish });
  };
  const add = (held: Held) => setScoped([...scoped.filter((each) => heldKey(each) !== heldKey(held)), held]);
  return (
    <FormDialog
      opened onClose={onClose} title={`Roles of ${member.name}`} submit="Save" busy={update.isPending} error={update.error}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Checkbox.Group value={wide} onChange={setWide} label="In the whole organisation">
        <Stack gap="sm" mt="xs">
          {roleChoices.map(({ value, label }) => (
            <Checkbox key={value} value={value} label={label} description={roleWords[value].does} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Fieldset legend="In one event, contest or category only">
        <Stack gap="sm">
          {scoped.length === 0 && <Text size="sm">None so far.</Text>}
          {scoped.map((held) => (
            <Card key={heldKey(held)} padding="xs">
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" id={`held-${heldKey(held)}`}>
                  <HeldWords held={held} Name={scopes.Name} />
                </Text>
                <ActionIcon variant="subtle" color="gray" size="lg" id={`drop-${heldKey(held)}`} aria-label="Take away" aria-labelledby={`drop-${heldKey(held)} held-${heldKey(held)}`} onClick={() => setScoped(scoped.filter((each) => each !== held))}>
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Group>
            </Card>
          ))}
          <NewScoped Picker={scopes.Picker} onAdd={add} />
        </Stack>
      </Fieldset>
    </FormDialog>
  );
}
