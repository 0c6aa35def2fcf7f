import { Select, TagsInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { notifyDone } from '../../ui/notify';
import { useInvite } from './members';
import type { Role } from './queries';
import { roleChoices, roleWords } from './roles';
import type { Scope, ScopeParts } from './scopes';

const isAddress = (text: string) => /^\S+@\S+\.\S+$/.test(text);

/** Several people at once, all with the same role. */
export function InviteDialog({ scopes, onClose }: { scopes: ScopeParts; onClose: () => void }) {
  const [scope, setScope] = useState<Scope | null>(null);
  const invite = useInvite();
  const form = useForm<{ emails: string[]; role: Role }>({
    initialValues: { emails: [], role: 'JUDGE' },
    validate: {
      emails: (value) => {
        const wrong = value.find((each) => !isAddress(each));
        if (wrong !== undefined) return `"${wrong}" is not an e-mail address.`;
        return value.length === 0 ? 'Give at least one address, then press Enter.' : null;
      },
    },
  });
  const bind = binder(form, invite.error);
  const done = () => {
    notifyDone('The invitations are on their way.');
    onClose();
  };
  return (
    <FormDialog
      opened onClose={onClose} title="Invite people" submit="Send invitations" busy={invite.isPending} error={invite.error}
      onSubmit={form.onSubmit(({ emails, role }) => {
        const where = role === 'ADMIN' || scope === null ? {} : { scopeKind: scope.kind, scopeId: scope.id };
        invite.mutate({ emails, roles: [{ role, ...where }] }, { onSuccess: done });
      })}
    >
      <TagsInput label="E-mail addresses" description="Up to 50; Enter or a comma after each." splitChars={[',', ';', ' ']} maxTags={50} acceptValueOnBlur data-autofocus {...bind('emails')} />
      <Select label="Role" data={roleChoices} {...bind('role')} />
      <Text size="sm" c="dimmed">
        {roleWords[form.values.role].does}
      </Text>
      {form.values.role !== 'ADMIN' && <scopes.Picker everywhere="The whole organisation" onPick={setScope} />}
    </FormDialog>
  );
}
