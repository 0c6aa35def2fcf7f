import { Select, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { useAddSeat, useReplaceSeat, useUpdateSeat, type Seat } from './panel-queries';
import { seatRoles } from './words';

/** A member who can sit on a panel. */
export type Judge = Readonly<{ id: string; name: string }>;

const roles = (['regular', 'head', 'shadow', 'tie_break', 'technical'] as const).map((value) => ({ value, label: seatRoles[value] }));
const choice = (judges: readonly Judge[]) => judges.map(({ id, name }) => ({ value: id, label: name }));

export function AddSeat({ categoryId, judges, onClose }: { categoryId: string; judges: readonly Judge[]; onClose: () => void }) {
  const add = useAddSeat(categoryId);
  const form = useForm<{ userId: string; label: string; role: Seat['role']; groupLabel: string }>({
    initialValues: { userId: '', label: '', role: 'regular', groupLabel: '' },
    validate: { userId: (value) => (value === '' ? 'Choose a member.' : null) },
  });
  const bind = binder(form, add.error);
  return (
    <FormDialog
      opened onClose={onClose} title="Seat a judge" submit="Add the seat" busy={add.isPending} error={add.error}
      onSubmit={form.onSubmit(({ label, ...seat }) => add.mutate({ ...seat, label: label.trim() === '' ? null : label.trim() }, { onSuccess: onClose }))}
    >
      <Select label="Member" searchable data={choice(judges)} nothingFoundMessage="Nobody of this name; invite them under People" data-autofocus {...bind('userId')} />
      <Select label="Seat" data={roles} {...bind('role')} />
      <TextInput label="Label" description="What sheets and results show; left empty it is the next free J1, J2, ..." {...bind('label')} />
      <TextInput label="Group" description="Where the rule set splits the panel, such as technique; else empty." {...bind('groupLabel')} />
    </FormDialog>
  );
}

export function EditSeat({ seat, onClose }: { seat: Seat; onClose: () => void }) {
  const update = useUpdateSeat(seat.id);
  const form = useForm({ initialValues: { label: seat.label, role: seat.role, groupLabel: seat.groupLabel } });
  const bind = binder(form, update.error);
  return (
    <FormDialog opened onClose={onClose} title={`Seat ${seat.label}, ${seat.name}`} submit="Save" busy={update.isPending} error={update.error} onSubmit={form.onSubmit((values) => update.mutate(values, { onSuccess: onClose }))}>
      <TextInput label="Label" data-autofocus {...bind('label')} />
      <Select label="Seat" data={roles} {...bind('role')} />
      <TextInput label="Group" {...bind('groupLabel')} />
    </FormDialog>
  );
}

export function ReplaceSeat({ seat, judges, onClose }: { seat: Seat; judges: readonly Judge[]; onClose: () => void }) {
  const replace = useReplaceSeat(seat.id);
  const form = useForm({
    initialValues: { userId: '', reason: '' },
    validate: {
      userId: (value) => (value === '' ? 'Choose a member.' : null),
      reason: (value) => (value.trim().length < 3 ? 'Say why in a few words; it is kept in the log.' : null),
    },
  });
  const bind = binder(form, replace.error);
  return (
    <FormDialog opened onClose={onClose} title={`Replace ${seat.name} on seat ${seat.label}`} submit="Replace" busy={replace.isPending} error={replace.error} onSubmit={form.onSubmit((values) => replace.mutate(values, { onSuccess: onClose }))}>
      <Select label="Who takes over" searchable data={choice(judges)} data-autofocus {...bind('userId')} />
      <Textarea label="Reason" {...bind('reason')} />
    </FormDialog>
  );
}
