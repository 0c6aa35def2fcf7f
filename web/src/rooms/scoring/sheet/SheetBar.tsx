import { Button, Group, Paper } from '@mantine/core';
import { IconArrowBackUp, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';

type Props = {
  onPrevious: (() => void) | null;
  onNext: (() => void) | null;
  onUndo: (() => void) | null;
};

/** The judge's way through the running order, within reach of a thumb. */
export function SheetBar({ onPrevious, onNext, onUndo }: Props) {
  return (
    <Paper withBorder p="xs" pos="sticky" bottom={8} shadow="md" radius="lg" component="nav" aria-label="Walk through the entries">
      <Group gap="xs" grow wrap="nowrap" preventGrowOverflow={false}>
        <Button variant="default" h={52} px="xs" disabled={onPrevious === null} onClick={onPrevious ?? undefined} leftSection={<IconChevronLeft size={20} aria-hidden />}>
          Previous
        </Button>
        <Button variant="subtle" h={52} px="xs" disabled={onUndo === null} onClick={onUndo ?? undefined} leftSection={<IconArrowBackUp size={20} aria-hidden />}>
          Undo
        </Button>
        <Button h={52} px="xs" disabled={onNext === null} onClick={onNext ?? undefined} rightSection={<IconChevronRight size={20} aria-hidden />} data-sheet-next>
          Next
        </Button>
      </Group>
    </Paper>
  );
}
