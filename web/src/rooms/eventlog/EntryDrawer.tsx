import { Drawer, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { ErrorNote } from '../../ui/ErrorView';
import { RowsLoading } from '../../ui/states';
import { EntryDetail } from './EntryDetail';
import { logEntryQuery, type LogEntry } from './queries';
import type { LogSearch } from './search';

type Props = { search: LogSearch; says: (entry: Pick<LogEntry, 'type'>) => string; onChange: (change: LogSearch) => void };

function Loaded({ id, ...props }: Props & { id: string }) {
  const entry = useQuery(logEntryQuery(id));
  if (entry.isPending) return <RowsLoading rows={8} />;
  if (entry.isError) return <ErrorNote error={entry.error} />;
  return <EntryDetail entry={entry.data} {...props} />;
}

/** The entry that the address names, beside the list. */
export function EntryDrawer(props: Props) {
  const { entry } = props.search;
  return (
    <Drawer
      opened={entry !== undefined} onClose={() => props.onChange({ entry: undefined })} position="right" size="lg" title={<Text fw={650}>Entry of the log</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }} attributes={{ header: { role: 'presentation' } }}
    >
      {entry !== undefined && <Loaded key={entry} id={entry} {...props} />}
    </Drawer>
  );
}
