import { Checkbox, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';

export type CloneFacts = { name: string; panels: boolean; entries: boolean; isTemplate: boolean };

type Props = {
  what: 'event' | 'contest' | 'category';
  name: string;
  /** A copy to make others from, instead of one to judge. */
  template: boolean;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onClone: (facts: CloneFacts) => void;
};

const contents = {
  event: 'The copy has the same contests, categories and criteria.',
  contest: 'The copy has the same categories and criteria.',
  category: 'The copy has the same criteria.',
};

export const cloneDone = (template: boolean) => (template ? 'The template is saved. It is listed below the events.' : 'The copy is made.');

export function CloneDialog({ what, name, template, busy, error, onClose, onClone }: Props) {
  const form = useForm<CloneFacts>({
    initialValues: { name: template ? name : `${name} (copy)`, panels: false, entries: false, isTemplate: template },
    validate: { name: (value) => (value.trim() === '' ? 'Give the copy a name.' : null) },
  });
  const bind = binder(form, error);
  return (
    <FormDialog
      opened onClose={onClose} title={template ? `Save the ${what} as a template` : `Clone the ${what}`} submit={template ? 'Save the template' : 'Make the copy'}
      busy={busy} error={error} onSubmit={form.onSubmit(onClone)}
    >
      <Text size="sm">
        {contents[what]} {template ? `It is never judged: new ones are made from it. This ${what} stays as it is.` : 'Marks and results are never copied.'}
      </Text>
      <TextInput label={template ? 'Name of the template' : 'Name of the copy'} data-autofocus {...bind('name')} />
      <Checkbox label="Copy the panels too" {...bind('panels', { type: 'checkbox' })} />
      {what !== 'category' && !template && <Checkbox label="Copy the entries too" {...bind('entries', { type: 'checkbox' })} />}
    </FormDialog>
  );
}
