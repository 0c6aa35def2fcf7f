import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconDownload, IconHistory, IconShieldCheck } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { Suspense, lazy, useMemo, useState } from 'react';
import { count } from '../../lib/count';
import { ErrorNote } from '../../ui/ErrorView';
import { TextLink } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';
import { EmptyState, RowsLoading } from '../../ui/states';
import { LiveTail } from './LiveTail';
import { LogFilters } from './LogFilters';
import { LogRow } from './LogRow';
import { logQuery, type LogType } from './queries';
import { changed, exportAddress, filtersOf } from './asking';
import type { LogSearch } from './search';
import { actorOf, sentences } from './words';

const IntactDialog = lazy(() => import('./intact/IntactDialog').then((part) => ({ default: part.IntactDialog })));
const EntryDrawer = lazy(() => import('./EntryDrawer').then((part) => ({ default: part.EntryDrawer })));

type Props = { types: readonly LogType[]; search: LogSearch; onSearch: (search: LogSearch) => void };

/** The organisation's event log, newest first, with the entry that the address names. */
export function LogPage({ types, search, onSearch }: Props) {
  const [live, setLive] = useState(false);
  const [checking, setChecking] = useState(false);
  const log = useInfiniteQuery({ ...logQuery(search), placeholderData: keepPreviousData });
  const says = useMemo(() => sentences(types), [types]);
  const entries = log.isError ? [] : (log.data?.pages.flatMap((page) => page.items) ?? []);
  const doer = search.actor === undefined ? undefined : entries.find(({ actor }) => actor.id === search.actor);
  const first = log.data?.pages[0];
  const change = (part: LogSearch) => onSearch(changed(search, part));
  const download = (format: 'csv' | 'ndjson') => (
    <Button component="a" variant="default" href={exportAddress(search, format)} download leftSection={<IconDownload size={16} aria-hidden />}>
      {format.toUpperCase()}
    </Button>
  );
  return (
    <Page
      title="Event log"
      subtitle={<>Everything that happened in the organisation, as it was written when it happened. <TextLink to="/event-types" size="sm" underline="always">What can happen</TextLink></>}
      actions={
        <>
          <Button variant="default" leftSection={<IconShieldCheck size={16} aria-hidden />} onClick={() => setChecking(true)}>
            Is it intact?
          </Button>
          <Group gap="xs" role="group" aria-label="Download what is shown">{download('csv')}{download('ndjson')}</Group>
        </>
      }
    >
      <LogFilters types={types} search={search} actorName={doer && actorOf(doer)} onChange={change} />
      <ErrorNote error={log.error} />
      {log.isPending && <RowsLoading rows={8} />}
      {first !== undefined && !log.isError && (
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed" role="status">
            {first.totalIsExact ? count(first.total, 'entry', 'entries') : `${first.total} entries or more`}
          </Text>
          <LiveTail key={JSON.stringify(filtersOf(search))} search={search} on={live} onSwitch={setLive} />
        </Group>
      )}
      {first !== undefined && !log.isError && entries.length === 0 && (
        <EmptyState icon={<IconHistory aria-hidden />} title="Nothing fits">
          {Object.keys(filtersOf(search)).length > 0 ? 'No entry fits all of these filters.' : 'Nothing has happened yet.'}
        </EmptyState>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none', opacity: log.isPlaceholderData ? 0.6 : 1 }} aria-label="Entries, newest first" aria-busy={log.isFetching}>
        {entries.map((entry) => (
          <LogRow key={entry.id} entry={entry} says={says(entry)} search={search} onChange={change} />
        ))}
      </Stack>
      {log.hasNextPage && !log.isError && (
        <Group>
          <Button variant="default" loading={log.isFetchingNextPage} onClick={() => void log.fetchNextPage()}>
            Load more
          </Button>
        </Group>
      )}
      {checking && <Suspense><IntactDialog onClose={() => setChecking(false)} /></Suspense>}
      <Suspense>
        <EntryDrawer search={search} says={says} onChange={change} />
      </Suspense>
    </Page>
  );
}

export function NoLog() {
  return (
    <Page title="Event log">
      <Alert title="Only admins and auditors read the log">Ask an admin of your organisation for the role of an auditor.</Alert>
    </Page>
  );
}
