import { Anchor, Badge, Button, Group, Modal, Stack, Text, UnstyledButton } from '@mantine/core';
import { IconMail } from '@tabler/icons-react';
import { infiniteQueryOptions, queryOptions, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, take } from '../../api/client';
import type { components } from '../../api/schema';
import { showAgo } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { FrontDoor } from '../../ui/FrontDoor';
import { EmptyState, RowsLoading } from '../../ui/states';

type Mail = components['schemas']['MailSummary'];

const outboxQuery = infiniteQueryOptions({
  queryKey: ['outbox'],
  queryFn: ({ pageParam }) => take(api.GET('/api/demo/outbox', { params: { query: { cursor: pageParam } } })),
  initialPageParam: null as string | null,
  getNextPageParam: (page) => page.nextCursor ?? null,
  refetchInterval: 5000,
});

const mailQuery = (mailId: string) =>
  queryOptions({
    queryKey: ['outbox', mailId],
    queryFn: () => take(api.GET('/api/demo/outbox/{mailId}', { params: { path: { mailId } } })),
  });

/** Plain text with its web addresses as links. */
function Linked({ text }: { text: string }) {
  const parts = text.split(/(https?:\/\/[^\s<>"]+)/);
  return (
    <Text size="sm" style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }} component="div">
      {parts.map((part, at) =>
        at % 2 === 1 ? (
          <Anchor key={part} href={part} inherit>
            {part}
          </Anchor>
        ) : (
          part
        ),
      )}
    </Text>
  );
}

function MailDialog({ mail, onClose }: { mail: Mail; onClose: () => void }) {
  const whole = useQuery(mailQuery(mail.id));
  return (
    <Modal opened onClose={onClose} title={<Text fw={650}>{mail.subject}</Text>} size="lg">
      <Stack>
        <Text size="sm" c="dimmed">
          To {mail.to}
        </Text>
        {whole.isPending && <RowsLoading rows={2} />}
        <ErrorNote error={whole.error} />
        {whole.data !== undefined && <Linked text={whole.data.text ?? 'This mail has been sent; its text is no longer kept.'} />}
      </Stack>
    </Modal>
  );
}

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
      {open !== null && <MailDialog mail={open} onClose={() => setOpen(null)} />}
    </FrontDoor>
  );
}
