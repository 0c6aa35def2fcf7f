import { Button, Group, Stack, Text } from '@mantine/core';
import { IconFileCheck } from '@tabler/icons-react';
import { count } from '../../../lib/count';
import { showDateTime } from '../../../lib/dates';
import { CopyText } from '../../../ui/CopyText';
import { ErrorNote } from '../../../ui/ErrorView';
import { useProof } from './queries';

/** That the entry is in the sealed log, for whoever wants to check it with a program of their own. */
export function Proof({ id }: { id: string }) {
  const proof = useProof(id);
  if (proof.data === undefined) {
    return (
      <Stack gap="xs">
        <Text size="sm">A signed checkpoint names the root of all entries; a proof leads from this entry to that root.</Text>
        <ErrorNote error={proof.error} />
        <Group>
          <Button size="xs" variant="default" leftSection={<IconFileCheck size={14} aria-hidden />} loading={proof.isPending} onClick={() => proof.mutate()}>
            Show the proof
          </Button>
        </Group>
      </Stack>
    );
  }
  const { position, checkpoint, path, leafHash } = proof.data;
  return (
    <Stack gap="xs">
      <Text size="sm">
        Sealed as number {position + 1} of {count(checkpoint.size, 'entry', 'entries')} that the checkpoint of {showDateTime(checkpoint.at)} signs. {count(path.length, 'step leads', 'steps lead')} from the entry to the root.
      </Text>
      <Text size="sm" c="dimmed">Hash of the entry</Text>
      <CopyText value={leafHash} label="hash of the entry" />
      <Text size="sm" c="dimmed">Proof as JSON</Text>
      <CopyText value={JSON.stringify({ position, leafHash, path, root: checkpoint.root })} label="the proof" />
    </Stack>
  );
}
