import { Checkbox, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';

export type CloneFacts = { name: string; panels: boolean; entries: boolean };

type Props = {
  what: 'event' | 'contest' | 'category';
  name: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onClone: (facts: CloneFacts) => void;
};

const contents = {
  event: 'The copy has the same contests, categories and criteria. Marks and results are never copied.',
  contest: 'The copy has the same categories and criteria. Marks and results are never copied.',
  category: 'The copy has the same criteria. Marks and results are never copied.',
};

export function CloneDialog({ what, name, busy, error, onClose, onClone }: Props) {
  const form = useForm<CloneFacts>({
    initialValues: { name: `${name} (copy)`, panels: false, entries: false },
    validate: { name: (value) => (value.trim() === '' ? 'Give the copy a name.' : null) },
  });
  const bind = binder(form, error);
  return (
    <FormDialog opened onClose={onClose} title={`Clone the ${what}`} submit="Make the copy" busy={busy} error={error} onSubmit={form.onSubmit(onClone)}>
      <Text size="sm">{contents[what]}</Text>
      <TextInput label="Name of the copy" data-autofocus {...bind('name')} />
      <Checkbox label="Copy the panels too" {...bind('panels', { type: 'checkbox' })} />
      {what !== 'category' && <Checkbox label="Copy the entries too" {...bind('entries', { type: 'checkbox' })} />}
    </FormDialog>
  );
}
