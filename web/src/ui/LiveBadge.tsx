import { Badge } from '@mantine/core';
import type { LiveState } from '../lib/live';

const looks = {
  live: { colour: 'teal', text: 'Live' },
  connecting: { colour: 'gray', text: 'Connecting…' },
  lost: { colour: 'orange', text: 'Connection lost, trying again' },
} as const;

export function LiveBadge({ state }: { state: LiveState }) {
  const { colour, text } = looks[state];
  return (
    <Badge color={colour} variant="dot" role="status">
      {text}
    </Badge>
  );
}
