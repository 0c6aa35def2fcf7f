import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { components } from '../../api/schema';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import { numberingWords } from './words';

type EventView = components['schemas']['EventView'];
type Values = { name: string; startsOn: string; endsOn: string; venue: string; numbering: EventView['numbering']; numberPrefix: string; numberDigits: number };

/** What the server is sent: an empty date is none. */
export type EventFacts = Omit<Values, 'startsOn' | 'endsOn'> & { startsOn: string | null; endsOn: string | null };

type Props = {
  /** Null for a new event. */
  event: EventView | null;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSave: (facts: EventFacts) => void;
};

const numberings = (['auto', 'manual', 'none'] as const).map((value) => ({ value, label: numberingWords[value] }));

export function EventDialog({ event, busy, error, onClose, onSave }: Props) {
  const form = useForm<Values>({
    initialValues: {
      name: event?.name ?? '', startsOn: event?.startsOn ?? '', endsOn: event?.endsOn ?? '', venue: event?.venue ?? '',
      numbering: event?.numbering ?? 'auto', numberPrefix: event?.numberPrefix ?? '', numberDigits: event?.numberDigits ?? 0,
    },
    validate: {
      name: (value) => (value.trim() === '' ? 'Give the event a name.' : null),
      endsOn: (value, values) => (value !== '' && values.startsOn !== '' && value < values.startsOn ? 'The end lies before the start.' : null),
    },
  });
  const bind = binder(form, error);
  return (
    <FormDialog
      opened onClose={onClose} title={event === null ? 'New event' : 'Edit the event'} submit={event === null ? 'Create the event' : 'Save'}
      busy={busy} error={error}
      onSubmit={form.onSubmit((values) => onSave({ ...values, name: values.name.trim(), startsOn: values.startsOn || null, endsOn: values.endsOn || null }))}
    >
      <TextInput label="Name" description="As the public knows it, such as Spring Championship 2027." data-autofocus {...bind('name')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput type="date" label="First day" {...bind('startsOn')} />
        <TextInput type="date" label="Last day" {...bind('endsOn')} />
      </SimpleGrid>
      <TextInput label="Venue" {...bind('venue')} />
      <Select label="Numbers of entries" description="For contests that do not say otherwise." data={numberings} {...bind('numbering')} />
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Prefix of numbers" maxLength={10} {...bind('numberPrefix')} />
        <NumberInput label="Least digits" description="3 makes 7 into 007." min={0} max={9} {...bind('numberDigits')} />
      </SimpleGrid>
    </FormDialog>
  );
}
