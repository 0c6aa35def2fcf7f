import { Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconCircle, IconCircleCheckFilled, IconCircleHalf2, IconCircleMinus } from '@tabler/icons-react';
import type { Progress, SheetEntry } from './model';
import classes from './EntryList.module.css';

const looks = {
  none: { Icon: IconCircle, words: 'no marks yet' },
  part: { Icon: IconCircleHalf2, words: 'started' },
  done: { Icon: IconCircleCheckFilled, words: 'complete' },
  closed: { Icon: IconCircleMinus, words: 'no marks wanted' },
} as const;

type Props = {
  entries: readonly SheetEntry[];
  current: string | undefined;
  progress: (entry: SheetEntry) => Progress;
  onPick: (id: string) => void;
};

/** All entries in running order, each with how far its marks are. */
export function EntryList({ entries, current, progress, onPick }: Props) {
  return (
    <Stack gap={2} component="ul" m={0} p={0} style={{ listStyle: 'none' }} aria-label="Entries in running order">
      {entries.map((entry) => {
        const { Icon, words } = looks[progress(entry)];
        return (
          <li key={entry.id}>
            <UnstyledButton className={classes['entry']} aria-current={entry.id === current ? 'true' : undefined} onClick={() => onPick(entry.id)}>
              <Group gap="sm" wrap="nowrap">
                <Icon size={20} aria-hidden className={classes[progress(entry)]} />
                <Text fw={650} className="number" miw={36}>
                  {entry.number ?? '–'}
                </Text>
                <Text size="sm" truncate flex={1}>
                  {entry.name}
                </Text>
                <Text size="xs" c="dimmed">
                  {words}
                </Text>
              </Group>
            </UnstyledButton>
          </li>
        );
      })}
    </Stack>
  );
}
