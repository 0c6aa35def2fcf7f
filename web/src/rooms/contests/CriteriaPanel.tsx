import { Alert } from '@mantine/core';
import { IconSnowflake } from '@tabler/icons-react';
import { useState } from 'react';
import type { components } from '../../api/schema';
import { Section } from '../../ui/Page';
import { notifyDone } from '../../ui/notify';
import { CriteriaEditor } from './CriteriaEditor';
import { usePutCriteria } from './changes';
import type { Category } from './queries';

type Props = { category: Category; criteria: readonly components['schemas']['CriterionView'][]; mayEdit: boolean };

/** The criteria of a category, to edit until judging fixes them. */
export function CriteriaPanel({ category, criteria, mayEdit }: Props) {
  const put = usePutCriteria(category);
  const [saves, setSaves] = useState(0);
  const done = !['draft', 'judging'].includes(category.state);
  return (
    <Section title="Criteria" note="What judges give marks for, with range, step and weight.">
      {done && (
        <Alert color="gray" icon={<IconSnowflake aria-hidden />} title="Fixed">
          Judging is over; criteria stay as they were.
        </Alert>
      )}
      <CriteriaEditor
        key={saves} criteria={criteria} disabled={!mayEdit || done} busy={put.isPending} error={put.error}
        onSave={(wanted) => put.mutate(wanted, { onSuccess: () => { setSaves(saves + 1); notifyDone('The criteria are saved.'); } })}
      />
    </Section>
  );
}
