import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { ErrorNote } from './ErrorView';

type ConfirmProps = {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What will happen, in full sentences, before the reader decides. */
  children: ReactNode;
  confirm: string;
  danger?: boolean;
  busy: boolean;
  error?: unknown;
  onConfirm: () => void;
};

/** Asks before a step with consequences; stays open with the reason when the step is refused. */
export function Confirm(props: ConfirmProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={<Text fw={650}>{props.title}</Text>}>
      <Stack gap="md">
        <Text size="sm" component="div">
          {props.children}
        </Text>
        <ErrorNote error={props.error} />
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={props.onClose}>
            Cancel
          </Button>
          <Button {...(props.danger ? { color: 'red.8' } : {})} loading={props.busy} onClick={props.onConfirm} data-autofocus>
            {props.confirm}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

type FormDialogProps = {
  opened: boolean;
  onClose: () => void;
  title: string;
  submit: string;
  busy: boolean;
  error?: unknown;
  onSubmit: (event: React.FormEvent<HTMLFormElement>) => void;
  children: ReactNode;
  size?: string;
};

/** A short form in a dialog. Mount it only while open, so its fields start from the present values. */
export function FormDialog(props: FormDialogProps) {
  return (
    <Modal opened={props.opened} onClose={props.onClose} title={<Text fw={650}>{props.title}</Text>} size={props.size ?? 'md'}>
      <form onSubmit={props.onSubmit} noValidate>
        <Stack gap="md">
          {props.children}
          <ErrorNote error={props.error} />
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={props.onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={props.busy}>
              {props.submit}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
