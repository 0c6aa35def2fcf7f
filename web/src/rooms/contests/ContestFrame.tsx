import type { ReactNode } from 'react';
import { useState } from 'react';
import { TextLink } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';
import { TabNav, type Tab } from '../../ui/TabNav';
import { notifyDone } from '../../ui/notify';
import { CloneDialog, cloneDone } from './CloneDialog';
import { ContestDialog } from './ContestDialog';
import { LevelMenu } from './LevelMenu';
import { LockBadge, StatusBadge, TemplateBadge } from './badges';
import { useUpdateContest } from './changes';
import { useCloneContest } from './cloning';
import type { ContestView, EventView } from './queries';

type Props = {
  contest: ContestView;
  event: EventView;
  mayEdit: boolean;
  mayReadResults: boolean;
  onCloned: (contestId: string) => void;
  children: ReactNode;
};

/** Head of every page about one contest. */
export function ContestFrame({ contest, event, mayEdit, mayReadResults, onCloned, children }: Props) {
  const [open, setOpen] = useState<'edit' | 'clone' | 'template' | null>(null);
  const update = useUpdateContest(contest);
  const clone = useCloneContest(contest.id);
  const params = { contestId: contest.id };
  const all: readonly Tab[] = [
    { label: 'Categories', link: { to: '/contests/$contestId', params } },
    { label: 'Entries', link: { to: '/contests/$contestId/entries', params } },
    { label: 'Result', link: { to: '/contests/$contestId/result', params } },
  ];
  const tabs = mayReadResults ? all : all.slice(0, -1);
  const close = () => setOpen(null);
  return (
    <Page
      title={contest.name} badge={<><StatusBadge status={contest.status} /><TemplateBadge isTemplate={contest.isTemplate || event.isTemplate} /><LockBadge lockedAt={contest.lockedAt ?? event.lockedAt} /></>}
      crumbs={[
        <TextLink key="events" to="/events" size="sm">Events</TextLink>,
        <TextLink key="event" to="/events/$eventId" params={{ eventId: event.id }} size="sm">{event.name}</TextLink>,
      ]}
      actions={mayEdit ? <LevelMenu level="contest" item={contest} status={contest.status} onEdit={() => setOpen('edit')} onClone={() => setOpen('clone')} onTemplate={() => setOpen('template')} /> : undefined}
    >
      <TabNav label="Contest" tabs={tabs} />
      {children}
      {open === 'edit' && <ContestDialog contest={contest} busy={update.isPending} error={update.error} onClose={close} onSave={(facts) => update.mutate(facts, { onSuccess: () => { close(); notifyDone('Saved.'); } })} />}
      {(open === 'clone' || open === 'template') && (
        <CloneDialog template={open === 'template'} what="contest" name={contest.name} busy={clone.isPending} error={clone.error} onClose={close} onClone={(facts) => clone.mutate(facts, { onSuccess: ({ id }) => { close(); notifyDone(cloneDone(facts.isTemplate)); if (!facts.isTemplate) onCloned(id); } })} />
      )}
    </Page>
  );
}
