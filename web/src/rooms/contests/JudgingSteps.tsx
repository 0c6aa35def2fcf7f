import { Button, List } from '@mantine/core';
import { IconArrowBackUp, IconGavel } from '@tabler/icons-react';
import { useState } from 'react';
import { count } from '../../lib/count';
import { Confirm } from '../../ui/Dialog';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { notifyDone } from '../../ui/notify';
import { useOpenJudging, useReopen } from './changes';
import type { Category } from './queries';

function OpenJudging({ category, onClose }: { category: Category; onClose: () => void }) {
  const open = useOpenJudging(category.id);
  const finish = () => {
    notifyDone('Judging is open.');
    onClose();
  };
  return (
    <Confirm opened onClose={onClose} title={`Open judging of ${category.name}?`} confirm="Open judging" busy={open.isPending} error={open.error} onConfirm={() => open.mutate(undefined, { onSuccess: finish })}>
      <List size="sm" spacing={4}>
        <List.Item>The panel ({count(category.seats, 'judge')}) can enter marks for {count(category.entries, 'entry', 'entries')} from now on.</List.Item>
        <List.Item>The panel is frozen: seats change only by a replacement with a reason.</List.Item>
        <List.Item>With the first mark, criteria and rule set are frozen too.</List.Item>
      </List>
    </Confirm>
  );
}

function Reopen({ category, onClose }: { category: Category; onClose: () => void }) {
  const reopen = useReopen(category.id);
  const finish = () => {
    notifyDone('Judging is open again.');
    onClose();
  };
  return (
    <ReasonDialog title={`Open judging of ${category.name} again?`} submit="Open it again" busy={reopen.isPending} error={reopen.error} onClose={onClose} onSubmit={(reason) => reopen.mutate(reason, { onSuccess: finish })}>
      The result is withdrawn until judging is closed again, and judges can change their marks. The reason is recorded.
    </ReasonDialog>
  );
}

/** The step of judging that an organiser can take now; closing is scoring's. */
export function JudgingSteps({ category }: { category: Category }) {
  const [asking, setAsking] = useState(false);
  if (category.state === 'judging') return null;
  const close = () => setAsking(false);
  return (
    <>
      {category.state === 'draft' ? (
        <Button leftSection={<IconGavel size={16} aria-hidden />} onClick={() => setAsking(true)}>
          Open judging
        </Button>
      ) : (
        <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => setAsking(true)}>
          Open judging again
        </Button>
      )}
      {asking && (category.state === 'draft' ? <OpenJudging category={category} onClose={close} /> : <Reopen category={category} onClose={close} />)}
    </>
  );
}
