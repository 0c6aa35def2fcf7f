import { useState, type ReactNode } from 'react';
import { count } from '../../lib/count';
import { Confirm } from '../../ui/Dialog';
import { TextLink } from '../../ui/LinkButton';
import { Page } from '../../ui/Page';
import { TabNav, type Tab } from '../../ui/TabNav';
import { notifyDone } from '../../ui/notify';
import { CategoryDialog } from './CategoryDialog';
import { CloneDialog, cloneDone } from './CloneDialog';
import { JudgingSteps } from './JudgingSteps';
import { LevelMenu } from './LevelMenu';
import { LockBadge, StateBadge, TemplateBadge } from './badges';
import { useDeleteCategory, useUpdateCategory } from './changes';
import { useCloneCategory } from './cloning';
import type { Category } from './queries';

type Props = {
  category: Category;
  mayEdit: boolean;
  mayReadResults: boolean;
  /** The button that closes judging; it belongs to scoring. */
  closing: ReactNode;
  onGo: (to: { category: string } | { contest: string }) => void;
  children: ReactNode;
};

/** Head of every page about one category: where it stands, its steps, its parts. */
export function CategoryFrame({ category, mayEdit, mayReadResults, closing, onGo, children }: Props) {
  const [open, setOpen] = useState<'edit' | 'clone' | 'template' | 'delete' | null>(null);
  const update = useUpdateCategory(category);
  const clone = useCloneCategory(category.id);
  const remove = useDeleteCategory(category);
  const params = { categoryId: category.id };
  const all: readonly Tab[] = [
    { label: 'Criteria', link: { to: '/categories/$categoryId', params } },
    { label: 'Rules', link: { to: '/categories/$categoryId/rules', params } },
    { label: 'Entries', link: { to: '/categories/$categoryId/entries', params } },
    { label: 'Panel', link: { to: '/categories/$categoryId/panel', params } },
    { label: 'Results', link: { to: '/categories/$categoryId/results', params } },
  ];
  const tabs = mayReadResults ? all : all.slice(0, -1);
  const close = () => setOpen(null);
  const draft = category.state === 'draft';
  return (
    <Page
      title={category.name} badge={<><StateBadge state={category.state} /><TemplateBadge isTemplate={category.isTemplate} /><LockBadge lockedAt={category.lockedAt} /></>}
      subtitle={[count(category.entries, 'entry', 'entries'), count(category.seats, 'judge'), count(category.criteria, 'criterion', 'criteria')].join(' · ')}
      crumbs={[
        <TextLink key="events" to="/events" size="sm">Events</TextLink>,
        <TextLink key="event" to="/events/$eventId" params={{ eventId: category.eventId }} size="sm">{category.eventName}</TextLink>,
        <TextLink key="contest" to="/contests/$contestId" params={{ contestId: category.contestId }} size="sm">{category.contestName}</TextLink>,
      ]}
      actions={
        <>
          {mayEdit && <JudgingSteps category={category} />}
          {category.state === 'judging' && closing}
          {mayEdit && (
            <LevelMenu level="category" item={category} status={null} onEdit={() => setOpen('edit')} onClone={() => setOpen('clone')} onTemplate={() => setOpen('template')} {...(draft ? { onDelete: () => setOpen('delete') } : {})} />
          )}
        </>
      }
    >
      <TabNav label="Category" tabs={tabs} />
      {children}
      {open === 'edit' && <CategoryDialog category={category} busy={update.isPending} error={update.error} onClose={close} onSave={({ kind, partNames, ...facts }) => update.mutate(draft ? { ...facts, kind, partNames } : facts, { onSuccess: () => { close(); notifyDone('Saved.'); } })} />}
      {(open === 'clone' || open === 'template') && (
        <CloneDialog template={open === 'template'} what="category" name={category.name} busy={clone.isPending} error={clone.error} onClose={close} onClone={({ name, panels, isTemplate }) => clone.mutate({ name, panels, isTemplate }, { onSuccess: ({ id }) => { close(); notifyDone(cloneDone(isTemplate)); if (!isTemplate) onGo({ category: id }); } })} />
      )}
      <Confirm opened={open === 'delete'} onClose={close} title={`Delete ${category.name}?`} confirm="Delete it" danger busy={remove.isPending} error={remove.error} onConfirm={() => remove.mutate(undefined, { onSuccess: () => onGo({ contest: category.contestId }) })}>
        Its criteria and seats go with it. Entries stay in the contest.
      </Confirm>
    </Page>
  );
}
