import { Button, Card, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { showDateTime } from '../../../lib/dates';
import { ErrorNote } from '../../../ui/ErrorView';
import { RowsLoading } from '../../../ui/states';
import { markHistoryQuery } from '../queries';
import { changesOf, wordsOf, type MarkChange } from './changes';

type Props = {
  categoryId: string;
  entry: Readonly<{ id: string; name: string }>;
  /** A judge's own marks alone. */
  own: boolean;
};

function Line({ change, own }: { change: MarkChange; own: boolean }) {
  return (
    <Card component="li" padding="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm">
          {own ? '' : `${change.seat} ${change.who} · `}
          {change.what}: <strong className="number">{wordsOf(change)}</strong>
        </Text>
        <Text size="xs" c="dimmed">
          <time dateTime={change.at}>{showDateTime(change.at)}</time>
        </Text>
      </Group>
      {change.comment !== '' && (
        <Text size="sm" mt={4} style={{ overflowWrap: 'anywhere' }}>
          “{change.comment}”
        </Text>
      )}
    </Card>
  );
}

function Changes({ categoryId, entry, own }: Props) {
  const history = useQuery(markHistoryQuery(categoryId, entry.id, own));
  if (history.isPending) return <RowsLoading />;
  if (history.isError) return <ErrorNote error={history.error} />;
  if (history.data.items.length === 0) return <Text size="sm">No mark has been given yet.</Text>;
  return (
    <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Changes, newest first">
      {changesOf(history.data.items).map((change) => (
        <Line key={change.id} change={change} own={own} />
      ))}
    </Stack>
  );
}

/** Opens every value that the marks of an entry ever had: who changed what, from what to what, and when. */
export function MarkHistory(props: Props) {
  const [opened, dialog] = useDisclosure(false);
  const label = props.own ? 'Changes of my marks' : 'Marks and their changes';
  return (
    <>
      <Button variant={props.own ? 'transparent' : 'subtle'} px={props.own ? 0 : 'md'} size="sm" style={{ alignSelf: 'flex-start' }} leftSection={<IconHistory size={16} aria-hidden />} onClick={dialog.open} aria-label={`${label}: ${props.entry.name}`}>
        {label}
      </Button>
      <Modal opened={opened} onClose={dialog.close} title={<Text fw={650}>{props.entry.name}</Text>} size="lg">
        <Changes {...props} />
      </Modal>
    </>
  );
}
