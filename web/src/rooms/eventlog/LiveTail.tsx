import { Button, Group, Switch, Text } from '@mantine/core';
import { IconArrowUp, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { count } from '../../lib/count';
import { LiveBadge } from '../../ui/LiveBadge';
import type { LogSearch } from './search';
import { MOST_HELD, useTail } from './tail';

function Listening({ search }: { search: LogSearch }) {
  const [paused, setPaused] = useState(false);
  const { state, held, heard, show } = useTail(search, true, paused);
  const go = () => {
    show();
    setPaused(false);
  };
  return (
    <>
      <LiveBadge state={state} />
      <Button
        size="xs" variant="default" onClick={() => (paused ? go() : setPaused(true))}
        leftSection={paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
      >
        {paused ? 'Go on' : 'Pause'}
      </Button>
      {held.length > 0 && (
        <Button size="xs" variant="light" leftSection={<IconArrowUp size={14} aria-hidden />} onClick={show}>
          Show {held.length >= MOST_HELD ? `${MOST_HELD} or more` : held.length} new
        </Button>
      )}
      <Text size="sm" c="dimmed" role="status">
        {paused ? `Paused; ${count(held.length, 'entry waits', 'entries wait')}.` : `${count(heard, 'new entry', 'new entries')} since you look on.`}
      </Text>
    </>
  );
}

/** Looking on: entries appear on top as they are written. Off by itself when the filters change what is asked for. */
export function LiveTail({ search, on, onSwitch }: { search: LogSearch; on: boolean; onSwitch: (on: boolean) => void }) {
  return (
    <Group gap="sm" role="group" aria-label="Live">
      <Switch label="Live" checked={on} onChange={(event) => onSwitch(event.currentTarget.checked)} />
      {on && <Listening search={search} />}
    </Group>
  );
}
