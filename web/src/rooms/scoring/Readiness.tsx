import { Alert, List, Text } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { readinessQuery } from './rule-queries';

/** What a category still needs before it can be judged; nothing once all is there. */
export default function Readiness({ categoryId }: { categoryId: string }) {
  const { data } = useQuery(readinessQuery(categoryId));
  if (!data || data.ready) return null;
  return (
    <Alert color="gray" role="note" icon={<IconListCheck aria-hidden />} title="Before judging can open">
      <List size="sm" spacing={4} aria-label="Still missing">
        {data.missing.map(({ pointer, needs, mend }) => (
          <List.Item key={`${pointer} ${needs}`}>
            The category needs {needs}: <Text span c="dimmed" inherit>{mend}.</Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
