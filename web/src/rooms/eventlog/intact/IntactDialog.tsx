import { Alert, Button, Divider, Group, Modal, Stack, Text } from '@mantine/core';
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { count } from '../../../lib/count';
import { showDateTime } from '../../../lib/dates';
import { CodeBlock } from '../../../ui/CodeBlock';
import { CopyText } from '../../../ui/CopyText';
import { ErrorNote } from '../../../ui/ErrorView';
import { RowsLoading } from '../../../ui/states';
import { checkpointKeyQuery, checkpointQuery, useVerify, type Verification } from './queries';
import { verdictOf } from './verdict';

function Verdict({ found }: { found: Verification }) {
  const { good, title, says } = verdictOf(found);
  return (
    <Alert role="status" color={good ? 'teal' : 'red'} icon={good ? <IconShieldCheck aria-hidden /> : <IconShieldX aria-hidden />} title={title}>
      <Stack gap={4}>
        {says.map((each) => (
          <Text key={each} size="sm" style={{ overflowWrap: 'anywhere' }}>
            {each}
          </Text>
        ))}
      </Stack>
    </Alert>
  );
}

function Verify() {
  const verify = useVerify();
  return (
    <Stack gap="sm">
      <Text size="sm">
        Every entry is sealed within about a second. Verifying computes each entry and each seal anew and compares: whoever altered, removed, inserted or moved an entry since is found out.
      </Text>
      <Group>
        <Button loading={verify.isPending} onClick={() => verify.mutate()} leftSection={<IconShieldCheck size={16} aria-hidden />} data-autofocus>
          {verify.data === undefined ? 'Verify now' : 'Verify again'}
        </Button>
      </Group>
      <ErrorNote error={verify.error} />
      {verify.data !== undefined && !verify.isPending && <Verdict found={verify.data} />}
    </Stack>
  );
}

function Checkpoint() {
  const checkpoint = useQuery(checkpointQuery);
  const key = useQuery(checkpointKeyQuery);
  if (checkpoint.isPending) return <RowsLoading rows={2} />;
  if (checkpoint.isError) return <ErrorNote error={checkpoint.error} />;
  if (checkpoint.data === null) return <Text size="sm">Nothing is sealed yet.</Text>;
  const { size, at, root, note } = checkpoint.data;
  return (
    <Stack gap="xs">
      <Text size="sm">
        The newest checkpoint signs {count(size, 'entry', 'entries')}, of {showDateTime(at)}. Kept elsewhere, in print or on another machine, it also proves later that nothing was cut off.
      </Text>
      <Text size="sm" c="dimmed">Root of the tree</Text>
      <CopyText value={root} label="the root" />
      <Text size="sm" c="dimmed">Signed note</Text>
      <CodeBlock label="the signed note" text={note} />
      {key.data !== undefined && (
        <>
          <Text size="sm" c="dimmed">Public key that checks the signature</Text>
          <CopyText value={key.data} label="the public key" />
        </>
      )}
    </Stack>
  );
}

/** Whether the log is as it was written, and what proves it to others. */
export function IntactDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={650}>Is the log as it was written?</Text>}>
      <Stack>
        <Verify />
        <Divider />
        <Checkpoint />
      </Stack>
    </Modal>
  );
}
