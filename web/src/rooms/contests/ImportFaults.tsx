import { Alert, Code, List, ScrollArea, Text } from '@mantine/core';
import { IconAlertCircle } from '@tabler/icons-react';
import type { ImportPreview } from './importing';

/** Every fault of a file by line and column; nothing is guessed and nothing is taken until all are mended. */
export function ImportFaults({ faults, more }: { faults: ImportPreview['faults']; more: number }) {
  if (faults.length === 0) return null;
  return (
    <Alert color="red" icon={<IconAlertCircle aria-hidden />} title={`${faults.length + more} faults: nothing is taken until they are mended`}>
      <ScrollArea.Autosize mah={220} viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'Faults of the file' }}>
        <List size="sm" spacing={4}>
          {faults.map((fault) => (
            <List.Item key={`${fault.line} ${fault.column} ${fault.detail}`}>
              Line {fault.line}
              {fault.column === null ? '' : `, ${fault.column}`}
              {fault.value === '' ? '' : <> <Code>{fault.value}</Code></>}: {fault.detail}
            </List.Item>
          ))}
        </List>
      </ScrollArea.Autosize>
      {more > 0 && <Text size="sm" mt="xs">and {more} more</Text>}
    </Alert>
  );
}
