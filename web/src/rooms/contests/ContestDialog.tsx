import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { components } from '../../api/schema';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { numberingWords } from './words';

type ContestView = components['schemas']['ContestView'];
export type ContestFacts = Pick<ContestView, 'name' | 'numbering' | 'numberPrefix' | 'numberDigits'>;

type Props = { contest: ContestView | null; busy: boolean; error: unknown; onClose: () => void; onSave: (facts: ContestFacts) => void };

const numberings = (['inherit', 'auto', 'manual', 'none'] as const).map((value) => ({ value, label: numberingWords[value] }));

export function ContestDialog({ contest, busy, error, onClose, onSave }: Props) {
  const form = useForm<ContestFacts>({
    initialValues: {
      name: contest?.name ?? '', numbering: contest?.numbering ?? 'inherit',
      numberPrefix: contest?.numberPrefix ?? '', numberDigits: contest?.numberDigits ?? 0,
    },
    validate: { name: (value) => (value.trim() === '' ? 'Give the contest a name.' : null) },
  });
  const bind = binder(form, error);
  return (
    <FormDialog
      opened onClose={onClose} title={contest === null ? 'New contest' : 'Edit the contest'} submit={contest === null ? 'Create the contest' : 'Save'}
      busy={busy} error={error} onSubmit={form.onSubmit((values) => onSave({ ...values, name: values.name.trim() }))}
    >
      <TextInput label="Name" description="Who competes with whom, such as Juniors." data-autofocus {...bind('name')} />
      <Select label="Numbers of entries" data={numberings} {...bind('numbering')} />
      {form.values.numbering !== 'inherit' && form.values.numbering !== 'none' && (
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput label="Prefix of numbers" maxLength={10} {...bind('numberPrefix')} />
          <NumberInput label="Least digits" description="3 makes 7 into 007." min={0} max={9} {...bind('numberDigits')} />
        </SimpleGrid>
      )}
    </FormDialog>
  );
}
