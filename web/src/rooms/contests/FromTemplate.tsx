import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { IconTemplate } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { FormDialog } from '../../ui/Dialog';
import { binder } from '../../ui/fields';
import type { Level } from './changes';
import { templatesQuery, useTemplate, type Template } from './templates';

type Props = {
  level: Level;
  /** The event or contest that it is made in. */
  into: string | null;
  disabled?: boolean;
  onMade: (id: string) => void;
};

function TemplateDialog({ level, into, templates, onMade, onClose }: Props & { templates: readonly Template[]; onClose: () => void }) {
  const make = useTemplate(level, into);
  const form = useForm({
    initialValues: { template: templates[0]?.id ?? '', name: templates[0]?.name ?? '', panels: false },
    validate: { name: (value) => (value.trim() === '' ? 'Give it a name.' : null) },
  });
  const bind = binder(form, make.error);
  const choose = (id: string | null) => form.setValues({ template: id ?? '', name: templates.find((each) => each.id === id)?.name ?? '' });
  return (
    <FormDialog
      opened onClose={onClose} title={`New ${level} from a template`} submit={`Create the ${level}`} busy={make.isPending} error={make.error}
      onSubmit={form.onSubmit((values) => make.mutate({ ...values, name: values.name.trim() }, { onSuccess: onMade }))}
    >
      <Select label="Template" searchable data={templates.map(({ id, name }) => ({ value: id, label: name }))} {...bind('template')} onChange={choose} />
      <TextInput label="Name" data-autofocus {...bind('name')} />
      <Checkbox label="Copy the panels too" {...bind('panels', { type: 'checkbox' })} />
    </FormDialog>
  );
}

/** Offered once there is a template of this level. */
export function FromTemplate(props: Props) {
  const [open, setOpen] = useState(false);
  const { data } = useQuery(templatesQuery);
  const templates = data?.items.filter((each) => each.level === props.level) ?? [];
  if (templates.length === 0) return null;
  return (
    <>
      <Button variant="default" leftSection={<IconTemplate size={16} aria-hidden />} disabled={props.disabled ?? false} onClick={() => setOpen(true)}>
        From a template
      </Button>
      {open && <TemplateDialog {...props} templates={templates} onClose={() => setOpen(false)} onMade={(id) => { setOpen(false); props.onMade(id); }} />}
    </>
  );
}
