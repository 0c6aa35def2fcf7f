import { Text, Timeline } from '@mantine/core';
import { TextLink } from '../../ui/LinkButton';
import type { LogEntry } from './queries';
import { changed } from './asking';
import type { LogSearch } from './search';
import { actorOf } from './words';

type Props = { entries: readonly LogEntry[]; here: string; search: LogSearch; says: (entry: Pick<LogEntry, 'type'>) => string };

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** What happened under one correlation id, oldest first. */
export function Trace({ entries, here, search, says }: Props) {
  const at = entries.findIndex(({ id }) => id === here);
  return (
    <Timeline active={at} bulletSize={14} lineWidth={2} aria-label="In order of time" role="list">
      {entries.map((entry) => (
        <Timeline.Item
          key={entry.id} role="listitem"
          title={
            entry.id === here ? (
              <Text size="sm" fw={650} component="span" aria-current="true">{says(entry)} (this entry)</Text>
            ) : (
              <TextLink to="/log" search={changed(search, { entry: entry.id })} resetScroll={false} size="sm" py={2} style={{ display: 'inline-block' }}>{says(entry)}</TextLink>
            )
          }
        >
          <Text size="xs" c="dimmed">
            <time dateTime={entry.at}>{clock.format(new Date(entry.at))}</time> · {actorOf(entry)}
          </Text>
        </Timeline.Item>
      ))}
    </Timeline>
  );
}
