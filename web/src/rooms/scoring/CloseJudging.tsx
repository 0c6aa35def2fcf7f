import { Button, List, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconFlagCheck } from '@tabler/icons-react';
import { Confirm } from '../../ui/Dialog';
import { notifyDone } from '../../ui/notify';
import { useCloseJudging } from './result-queries';

/** Ends the judging of a category; refused with the names of those who owe marks while any is missing. */
export function CloseJudging({ categoryId }: { categoryId: string }) {
  const [opened, dialog] = useDisclosure(false);
  const close = useCloseJudging(categoryId);
  const dismiss = () => {
    close.reset();
    dialog.close();
  };
  return (
    <>
      <Button leftSection={<IconFlagCheck size={16} aria-hidden />} onClick={dialog.open}>
        Close judging
      </Button>
      <Confirm
        opened={opened} onClose={dismiss} title="Close judging?" confirm="Close judging" busy={close.isPending} error={close.error}
        onConfirm={() => close.mutate(undefined, { onSuccess: () => { dismiss(); notifyDone('Judging is closed and the result is computed.'); } })}
      >
        <Stack gap="xs">
          <Text size="sm">What happens:</Text>
          <List size="sm" spacing={4}>
            <List.Item>It is checked that every judge has given every mark that is owed; nothing is filled in.</List.Item>
            <List.Item>Judges can read their marks, but change none.</List.Item>
            <List.Item>Places are computed and shown to tally masters, auditors, the board and organisers.</List.Item>
          </List>
          <Text size="sm">Opening it again later needs a reason, which is recorded.</Text>
        </Stack>
      </Confirm>
    </>
  );
}
