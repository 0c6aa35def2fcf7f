import { Button, Card, Group } from '@mantine/core';
import { IconPlus, IconTrophy } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import { TextLink } from '../../ui/LinkButton';
import { OrderedList } from '../../ui/OrderedList';
import { Page, Section } from '../../ui/Page';
import { notifyDone, notifyFailed } from '../../ui/notify';
import { EmptyState, RowsLoading } from '../../ui/states';
import { CloneDialog, cloneDone } from './CloneDialog';
import { ContestDialog } from './ContestDialog';
import { EventDialog } from './EventDialog';
import { dates } from './event-dates';
import { FromTemplate } from './FromTemplate';
import { LevelMenu } from './LevelMenu';
import { LockBadge, StatusBadge, TemplateBadge } from './badges';
import { useCreateContest, useReorderContests, useUpdateEvent } from './changes';
import { useCloneEvent } from './cloning';
import { contestsQuery, type EventView } from './queries';

type Props = { event: EventView; mayEdit: boolean; onGo: (to: { event: string } | { contest: string }) => void };

export function EventPage({ event, mayEdit, onGo }: Props) {
  const [open, setOpen] = useState<'edit' | 'clone' | 'template' | 'contest' | null>(null);
  const contests = useQuery(contestsQuery(event.id));
  const update = useUpdateEvent(event);
  const clone = useCloneEvent(event.id);
  const create = useCreateContest(event.id);
  const reorder = useReorderContests(event.id);
  const close = () => setOpen(null);
  const add = mayEdit ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('contest')} disabled={event.lockedAt !== null}>
      New contest
    </Button>
  ) : undefined;
  const fromTemplate = <FromTemplate level="contest" into={event.id} disabled={event.lockedAt !== null} onMade={(contest) => onGo({ contest })} />;
  return (
    <Page
      title={event.name} subtitle={[dates(event), event.venue].filter((part) => part !== '').join(' · ')}
      badge={<><StatusBadge status={event.status} /><TemplateBadge isTemplate={event.isTemplate} /><LockBadge lockedAt={event.lockedAt} /></>}
      crumbs={[<TextLink key="events" to="/events" size="sm">Events</TextLink>]}
      actions={mayEdit ? <>{fromTemplate}{add}<LevelMenu level="event" item={event} status={event.status} onEdit={() => setOpen('edit')} onClone={() => setOpen('clone')} onTemplate={() => setOpen('template')} /></> : undefined}
    >
      <Section title="Contests" note="In each contest the same entries compete with one another.">
        <ErrorNote error={contests.error} />
        {contests.isPending && <RowsLoading />}
        {contests.data?.length === 0 && (
          <Card>
            <EmptyState icon={<IconTrophy size={24} />} title="No contests yet" action={add}>
              Set up one for each group that competes, such as Juniors and Seniors.
            </EmptyState>
          </Card>
        )}
        {contests.data !== undefined && contests.data.length > 0 && (
          <OrderedList
            label="Contests" items={contests.data} itemId={(contest) => contest.id} itemName={(contest) => contest.name}
            disabled={!mayEdit || event.lockedAt !== null} onReorder={(ids) => reorder.mutate(ids, { onError: notifyFailed })}
          >
            {(contest) => (
              <Group gap="xs">
                <TextLink to="/contests/$contestId" params={{ contestId: contest.id }} fw={600}>
                  {contest.name}
                </TextLink>
                <StatusBadge status={contest.status} />
                <TemplateBadge isTemplate={contest.isTemplate} />
                <LockBadge lockedAt={contest.lockedAt} />
              </Group>
            )}
          </OrderedList>
        )}
      </Section>
      {open === 'edit' && <EventDialog event={event} busy={update.isPending} error={update.error} onClose={close} onSave={(facts) => update.mutate(facts, { onSuccess: () => { close(); notifyDone('Saved.'); } })} />}
      {(open === 'clone' || open === 'template') && (
        <CloneDialog template={open === 'template'} what="event" name={event.name} busy={clone.isPending} error={clone.error} onClose={close} onClone={(facts) => clone.mutate(facts, { onSuccess: ({ id }) => { close(); notifyDone(cloneDone(facts.isTemplate)); if (!facts.isTemplate) onGo({ event: id }); } })} />
      )}
      {open === 'contest' && (
        <ContestDialog contest={null} busy={create.isPending} error={create.error} onClose={close} onSave={(facts) => create.mutate({ ...facts, isTemplate: false }, { onSuccess: ({ id }) => { close(); onGo({ contest: id }); } })} />
      )}
    </Page>
  );
}
