import { Select, SimpleGrid, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { useEnter, useUpdateEntry, type Entry } from './entry-queries';
import { entryLook, type EntryState } from './words';

type Facts = Pick<Entry, 'name' | 'kind' | 'club' | 'country'> & { number: string };

const kinds = [
  { value: 'person', label: 'A person' },
  { value: 'group', label: 'A group, couple or team' },
];
const validate = { name: (value: string) => (value.trim() === '' ? 'Give a name.' : null) };

function Fields({ bind }: { bind: ReturnType<typeof binder> }) {
  return (
    <>
      <TextInput label="Name" data-autofocus {...bind('name')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <Select label="Competes as" data={kinds} {...bind('kind')} />
        <TextInput label="Number" description="Left empty: as the contest gives them." maxLength={20} {...bind('number')} />
        <TextInput label="Club, school or troupe" {...bind('club')} />
        <TextInput label="Country" {...bind('country')} />
      </SimpleGrid>
    </>
  );
}

export function NewEntry({ contestId, onClose }: { contestId: string; onClose: () => void }) {
  const enter = useEnter(contestId);
  const form = useForm<Facts>({ initialValues: { name: '', kind: 'person', club: '', country: '', number: '' }, validate });
  const save = ({ number, ...participant }: Facts) =>
    enter.mutate({ participant: { ...participant, name: participant.name.trim() }, number: number.trim() === '' ? null : number.trim(), facts: {} }, { onSuccess: onClose });
  return (
    <FormDialog opened onClose={onClose} title="New entry" submit="Enter" busy={enter.isPending} error={enter.error} onSubmit={form.onSubmit(save)}>
      <Text size="sm">The entry competes in every category of the contest that is not judged yet.</Text>
      <Fields bind={binder(form, enter.error)} />
    </FormDialog>
  );
}

export function EditEntry({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const update = useUpdateEntry(entry);
  const { name, kind, club, country } = entry;
  const form = useForm<Facts>({ initialValues: { name, kind, club, country, number: entry.number ?? '' }, validate });
  const save = ({ number, ...person }: Facts) =>
    update.mutate({ ...person, name: person.name.trim(), number: number.trim() === '' ? null : number.trim() }, { onSuccess: onClose });
  return (
    <FormDialog opened onClose={onClose} title={`Edit ${entry.name}`} submit="Save" busy={update.isPending} error={update.error} onSubmit={form.onSubmit(save)}>
      <Fields bind={binder(form, update.error)} />
    </FormDialog>
  );
}

type StateProps<State extends EntryState> = {
  name: string;
  present: EntryState;
  states: readonly State[];
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSave: (state: State, reason: string) => void;
};

/** Scratch, disqualify and the like, or take it back: always with a reason. */
export function StateDialog<State extends EntryState>({ name, present, states, busy, error, onClose, onSave }: StateProps<State>) {
  const others = states.filter((state) => state !== present);
  const form = useForm({
    initialValues: { state: others[0] ?? '', reason: '' },
    validate: { reason: (value) => (value.trim().length < 3 ? 'Say why in a few words; it is kept in the log.' : null) },
  });
  const bind = binder(form, error);
  const save = () => {
    const state = others.find((each) => each === form.values.state);
    if (state !== undefined) onSave(state, form.values.reason.trim());
  };
  return (
    <FormDialog opened onClose={onClose} title={`State of ${name}`} submit="Save" busy={busy} error={error} onSubmit={form.onSubmit(save)}>
      <Text size="sm">Now: {entryLook[present].label}. Marks that were given stay; the rule set says what the new state does to places.</Text>
      <Select label="New state" data={others.map((state) => ({ value: state, label: entryLook[state].label }))} data-autofocus {...bind('state')} />
      <Textarea label="Reason" {...bind('reason')} />
    </FormDialog>
  );
}
