import { Badge, Button, Card, Group, Text } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import { showDateTime } from '../../lib/dates';
import { TextLink } from '../../ui/LinkButton';
import type { LogEntry } from './queries';
import { changed } from './asking';
import type { LogSearch } from './search';
import { actorOf, labelOf } from './words';

type Props = { entry: LogEntry; says: string; search: LogSearch; onChange: (change: LogSearch) => void };

/** Text that sets a filter. */
function Pick({ label, onClick, children }: { label: string; onClick: () => void; children: string }) {
  return (
    <Button variant="transparent" size="compact-sm" fz="xs" px={0} fw={500} style={{ maxWidth: '100%' }} aria-label={label} onClick={onClick}>
      {children}
    </Button>
  );
}

export const Sealed = () => (
  <Badge color="gray" leftSection={<IconEyeOff size={12} aria-hidden />}>
    Content withheld
  </Badge>
);

/** One entry: what happened (opens it), who did it and to what (both narrow the list), when. */
export function LogRow({ entry, says, search, onChange }: Props) {
  const who = actorOf(entry);
  const { id } = entry.actor;
  const thing = `${labelOf(entry.entityType)} …${entry.entityId.slice(-6)}`;
  return (
    <Card padding="sm" component="li">
      <Group justify="space-between" gap="xs" align="baseline">
        <Group gap="xs" style={{ minWidth: 0 }}>
          <TextLink to="/log" search={changed(search, { entry: entry.id })} resetScroll={false} size="sm" fw={600} py={3} style={{ display: 'inline-block', overflowWrap: 'anywhere' }}>
            {says}
          </TextLink>
          {entry.embargoed && <Sealed />}
        </Group>
        <Text size="xs" c="dimmed">
          <time dateTime={entry.at}>{showDateTime(entry.at)}</time>
        </Text>
      </Group>
      <Group gap="md" style={{ rowGap: 0 }}>
        {id === null ? <Text size="xs">{who}</Text> : <Pick label={`Only what ${who} did`} onClick={() => onChange({ actor: id })}>{who}</Pick>}
        <Pick label={`Only ${thing}`} onClick={() => onChange({ entity: entry.entityId })}>
          {thing}
        </Pick>
        <Text size="xs" c="dimmed" ff="monospace">
          {entry.type}
        </Text>
      </Group>
    </Card>
  );
}
