import { Anchor, Badge, Button, Card, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconBell, IconChecks, IconSettings } from '@tabler/icons-react';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState, type MouseEvent } from 'react';
import { basePath } from '../../lib/base';
import { showAgo, showDateTime } from '../../lib/dates';
import { ErrorNote } from '../../ui/ErrorView';
import { LinkButton } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';
import { notifyFailed } from '../../ui/notify';
import { EmptyState, RowsLoading } from '../../ui/states';
import { notificationsQuery, useMarkRead, type Notification } from './queries';

/** A plain click goes on within the app; one for a new tab is left to the browser. */
const plain = (event: MouseEvent) => event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;

type RowProps = { notification: Notification; onOpen: (link: string) => void; onRead: (id: string) => void };

function Row({ notification, onOpen, onRead }: RowProps) {
  const { id, title, body, link, readAt, urgent, createdAt } = notification;
  const follow = (event: MouseEvent) => {
    if (readAt === null) onRead(id);
    if (!plain(event)) return;
    event.preventDefault();
    onOpen(link);
  };
  return (
    <Card padding="md" component="li">
      <Group justify="space-between" gap="xs" align="flex-start">
        <div style={{ minWidth: 0, flex: '1 1 260px' }}>
          <Group gap="xs">
            <Anchor href={`${basePath}${link}`} onClick={follow} size="sm" fw={readAt === null ? 650 : 500} py={2} style={{ overflowWrap: 'anywhere' }}>
              {title}
            </Anchor>
            {readAt === null && <Badge>New</Badge>}
            {urgent && <Badge color="orange">Urgent</Badge>}
          </Group>
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {body}
          </Text>
        </div>
        <Group gap="xs">
          <Text size="xs" c="dimmed">
            <time dateTime={createdAt} title={showDateTime(createdAt)}>{showAgo(createdAt)}</time>
          </Text>
          {readAt === null && (
            <Button size="xs" variant="default" aria-label={`Mark as read: ${title}`} onClick={() => onRead(id)}>
              Mark as read
            </Button>
          )}
        </Group>
      </Group>
    </Card>
  );
}

const views = [{ value: 'all', label: 'All' }, { value: 'new', label: 'Not read' }];

/** What one was told in this organisation, newest first. */
export function NotificationsPage({ onOpen }: { onOpen: (link: string) => void }) {
  const [view, setView] = useState('all');
  const unread = view === 'new';
  const list = useInfiniteQuery({ ...notificationsQuery(unread), placeholderData: keepPreviousData });
  const mark = useMarkRead();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const read = (ids: string[] | null) => mark.mutate(ids, { onError: notifyFailed });
  return (
    <Page
      title="Notifications" subtitle="What waits for you, and what happened to what you look after."
      actions={<LinkButton to="/account/notifications" variant="default" leftSection={<IconSettings size={16} aria-hidden />}>How I am told</LinkButton>}
    >
      <Group justify="space-between">
        <SegmentedControl data={views} value={view} onChange={setView} aria-label="Which are shown" />
        <Button variant="default" leftSection={<IconChecks size={16} aria-hidden />} disabled={!items.some(({ readAt }) => readAt === null)} loading={mark.isPending} onClick={() => read(null)}>
          Mark all as read
        </Button>
      </Group>
      <ErrorNote error={list.error} />
      {list.isPending && <RowsLoading rows={4} />}
      {list.isSuccess && items.length === 0 && (
        <Card>
          <EmptyState icon={<IconBell size={24} />} title={unread ? 'Everything is read' : 'Nothing yet'}>
            As soon as something waits for you, it shows here.
          </EmptyState>
        </Card>
      )}
      <Stack gap="xs" component="ul" m={0} p={0} style={{ listStyle: 'none', opacity: list.isPlaceholderData ? 0.6 : 1 }} aria-label="Notifications, newest first">
        {items.map((each) => (
          <Row key={each.id} notification={each} onOpen={onOpen} onRead={(id) => read([id])} />
        ))}
      </Stack>
      {list.hasNextPage && (
        <Group>
          <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            Load more
          </Button>
        </Group>
      )}
    </Page>
  );
}
