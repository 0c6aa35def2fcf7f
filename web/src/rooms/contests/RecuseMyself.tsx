import { UnstyledButton } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ReasonDialog } from '../../ui/ReasonDialog';
import { notifyDone } from '../../ui/notify';
import { useRecuse } from './panel-queries';

type Props = { categoryId: string; seatId: string; entry: Readonly<{ id: string; name: string }> };

/** A judge steps back from one entry, with a reason; only an organiser can lift it. */
export function RecuseMyself({ categoryId, seatId, entry }: Props) {
  const [asking, setAsking] = useState(false);
  const recuse = useRecuse(categoryId);
  const client = useQueryClient();
  const finish = () => {
    setAsking(false);
    notifyDone(`You do not mark ${entry.name}.`);
    void client.invalidateQueries({ predicate: (query) => query.queryKey.includes(categoryId) });
  };
  return (
    <>
      <UnstyledButton fz="sm" c="var(--mantine-color-anchor)" mih={32} onClick={() => setAsking(true)}>
        I should not judge this entry
      </UnstyledButton>
      {asking && (
        <ReasonDialog
          title={`Step back from ${entry.name}?`} submit="Step back" busy={recuse.isPending} error={recuse.error} onClose={() => setAsking(false)}
          onSubmit={(reason) => recuse.mutate({ seatId, entryId: entry.id, kind: 'recusal', reason }, { onSuccess: finish })}
        >
          Your marks are not waited for here and never count as zero; the other judges mark this entry. Only an organiser can take it back.
        </ReasonDialog>
      )}
    </>
  );
}
