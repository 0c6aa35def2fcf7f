import { NumberInput, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { useRenumber } from './entry-queries';

export function RenumberDialog({ contestId, onClose }: { contestId: string; onClose: () => void }) {
  const renumber = useRenumber(contestId);
  const form = useForm({ initialValues: { start: 1 } });
  const bind = binder(form, renumber.error);
  return (
    <FormDialog opened onClose={onClose} title="Give all entries new numbers?" submit="Renumber" busy={renumber.isPending} error={renumber.error} onSubmit={form.onSubmit(({ start }) => renumber.mutate(start, { onSuccess: onClose }))}>
      <Text size="sm">Numbers follow the running order. Printed lists and worn numbers are wrong afterwards, and it is possible before judging only.</Text>
      <NumberInput label="First number" min={1} data-autofocus {...bind('start')} />
    </FormDialog>
  );
}
