import { Badge, Button, Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { infiniteQueryOptions, useInfiniteQuery } from '@tanstack/react-query';
import { Suspense, lazy, useState } from 'react';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { showAgo } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { FrontDoor } from '../../ui/FrontDoor';
import { EmptyState, RowsLoading } from '../../ui/states';

type Mail = components['schemas']['MailSummary'];

// Loaded when the first mail is opened.
const MailDialog = lazy(() => import('./MailDialog').then((part) => ({ default: part.MailDialog })));

const outboxQuery = infiniteQueryOptions({
  queryKey: ['outbox'],
  queryFn: ({ pageParam }) => take(api.GET('/api/demo/outbox', { params: { query: { cursor: pageParam } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor ?? null,
  refetchInterval: 5000,
});

/** Mails of the demo, which go nowhere: links of invitations and resets are followed from here. */
export function OutboxPage() {
  const outbox = useInfiniteQuery(outboxQuery);
  const [open, setOpen] = useState<Mail | null>(null);
  const mails = outbox.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <FrontDoor title="Outbox of the demo" lead="No mail leaves this machine. Whatever the demo would send waits here.">
      {outbox.isPending && <RowsLoading />}
      <ErrorNote error={outbox.error} />
      {outbox.isSuccess && mails.length === 0 && (
        <EmptyState icon={<IconMail size={24} />} title="Nothing yet">
          Invite somebody, or ask for a new password, and the mail appears here.
        </EmptyState>
      )}
      <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {mails.map((mail) => (
          <li key={mail.id}>
            <UnstyledButton w="100%" mih={48} onClick={() => setOpen(mail)}>
              <Group justify="space-between" wrap="nowrap" gap="xs">
                <Text size="sm" fw={600} truncate>
                  {mail.subject}
                </Text>
                <Badge color="gray">{mail.state}</Badge>
              </Group>
              <Text size="sm" c="dimmed" truncate>
                {mail.to} · {showAgo(mail.createdAt)}
              </Text>
            </UnstyledButton>
          </li>
        ))}
      </Stack>
      {outbox.hasNextPage && (
        <Button variant="default" mt="md" fullWidth loading={outbox.isFetchingNextPage} onClick={() => void outbox.fetchNextPage()}>
          Show more
        </Button>
      )}
      {open !== null && <Suspense><MailDialog mail={open} onClose={() => setOpen(null)} /></Suspense>}
    </FrontDoor>
  );
}
