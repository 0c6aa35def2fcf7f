import { Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import type { ReactNode } from 'react';
import { FormDialog } from './Dialog';
import { binder } from './fields';

type Props = {
  title: string;
  submit: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onSubmit: (reason: string) => void;
  /** What the step does, and who can take it back. */
  children: ReactNode;
};

/** A step that is recorded with a reason in somebody's own words. */
export function ReasonDialog({ title, submit, busy, error, onClose, onSubmit, children }: Props) {
  const form = useForm({
    initialValues: { reason: '' },
    validate: { reason: (value) => (value.trim().length < 3 ? 'Say why in a few words; it is kept in the log.' : null) },
  });
  const bind = binder(form, error);
  return (
    <FormDialog opened onClose={onClose} title={title} submit={submit} busy={busy} error={error} onSubmit={form.onSubmit(({ reason }) => onSubmit(reason.trim()))}>
      <Text size="sm" component="div">
        {children}
      </Text>
      <Textarea label="Reason" data-autofocus {...bind('reason')} />
    </FormDialog>
  );
}
