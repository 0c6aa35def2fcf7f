import { Select, TagsInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { components } from '../../api/schema';
import { readDecimal } from '../../lib/decimal';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { partWords } from './words';

type CategoryView = components['schemas']['CategoryView'];
type Values = { name: string; weight: string; kind: CategoryView['kind']; partNames: string[] };
export type CategoryFacts = Values;

type Props = { category: CategoryView | null; busy: boolean; error: unknown; onClose: () => void; onSave: (facts: CategoryFacts) => void };

const kinds = (['single', 'dances', 'runs', 'rounds', 'segments'] as const).map((value) => ({ value, label: partWords[value] }));

export function CategoryDialog({ category, busy, error, onClose, onSave }: Props) {
  const form = useForm<Values>({
    initialValues: {
      name: category?.name ?? '', weight: category?.weight ?? '1', kind: category?.kind ?? 'single', partNames: category?.partNames ?? [],
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the category a name.' : null),
      weight: (value) => (readDecimal(value).kind === 'number' ? null : 'Give a number such as 1 or 0.5.'),
      partNames: (value, { kind }) => (kind !== 'single' && value.length === 0 ? 'Name at least one part, then press Enter.' : null),
    },
  });
  const bind = binder(form, error);
  const save = (values: Values) => {
    const weight = readDecimal(values.weight);
    if (weight.kind !== 'number') return;
    onSave({ ...values, name: values.name.trim(), weight: weight.value, partNames: values.kind === 'single' ? [] : values.partNames });
  };
  return (
    <FormDialog
      opened onClose={onClose} title={category === null ? 'New category' : 'Edit the category'} submit={category === null ? 'Create the category' : 'Save'}
      busy={busy} error={error} onSubmit={form.onSubmit(save)}
    >
      <TextInput label="Name" description="What a panel judges at one go, such as Talent." data-autofocus {...bind('name')} />
      <TextInput label="Weight in the contest's total" inputMode="decimal" {...bind('weight')} />
      <Select label="Made of" data={kinds} {...bind('kind')} />
      {form.values.kind !== 'single' && (
        <TagsInput label={`Names of the ${partWords[form.values.kind].toLowerCase()}`} description="In order. Press Enter after each name." {...bind('partNames')} />
      )}
    </FormDialog>
  );
}
