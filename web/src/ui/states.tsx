import { Center, Loader, Skeleton, Stack, Text, ThemeIcon } from '@mantine/core';
import type { ReactNode } from 'react';

/** Shown instead of an empty table: what would be here, and the first step towards it. */
export function EmptyState(props: { icon: ReactNode; title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <Center py={48} px="md">
      <Stack align="center" gap="xs" maw={420}>
        <ThemeIcon variant="light" size={48} radius="xl" aria-hidden>
          {props.icon}
        </ThemeIcon>
        <Text fw={650} ta="center" mt="xs">
          {props.title}
        </Text>
        <Text c="dimmed" size="sm" ta="center">
          {props.children}
        </Text>
        {props.action !== undefined && <div style={{ marginTop: 8 }}>{props.action}</div>}
      </Stack>
    </Center>
  );
}

export function PageLoading() {
  return (
    <Center py={96} role="status" aria-label="Loading">
      <Loader />
    </Center>
  );
}

export function RowsLoading({ rows = 4 }: { rows?: number }) {
  return (
    <Stack gap="sm" role="status" aria-label="Loading" py="sm">
      {Array.from({ length: rows }, (_, at) => (
        <Skeleton key={at} height={36} />
      ))}
    </Stack>
  );
}
