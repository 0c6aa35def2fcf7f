import { Badge, Card, Group, Progress as Bar, SimpleGrid, Stack, Text } from '@mantine/core';
import type { Progress } from '../queries';

/** Who has marked how much, and who is waited for. No mark is shown. */
export function ProgressBoard({ progress }: { progress: Progress }) {
  const waiting = progress.seats.filter((seat) => seat.given < seat.owed);
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <Text size="sm" fw={500}>
          {progress.given} of {progress.owed} marks are in
        </Text>
        <Text size="sm" c="dimmed">
          {waiting.length === 0 ? 'Nobody is waited for' : `Waiting for ${waiting.map((seat) => seat.label).join(', ')}`}
        </Text>
      </Group>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {progress.seats.map((seat) => (
          <Card key={seat.seatId} padding="md">
            <Stack gap={6}>
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm" fw={600} truncate>
                  {seat.label} {seat.judgeName}
                </Text>
                {seat.state !== 'active' && <Badge color="gray">{seat.state}</Badge>}
                {seat.state === 'active' && seat.owed > 0 && seat.given >= seat.owed && <Badge color="teal">Complete</Badge>}
              </Group>
              <Bar value={seat.owed === 0 ? 100 : (100 * seat.given) / seat.owed} aria-label={`Marks of ${seat.label}`} />
              <Text size="xs" c="dimmed" className="number">
                {seat.given} of {seat.owed}
              </Text>
            </Stack>
          </Card>
        ))}
      </SimpleGrid>
    </Stack>
  );
}
