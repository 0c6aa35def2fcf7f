import { Button, Card, Group, Stack, Text } from '@mantine/core';
import { IconListDetails, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import { TextLink } from '../../ui/LinkButton';
import { OrderedList } from '../../ui/OrderedList';
import { Section } from '../../ui/Page';
import { notifyFailed } from '../../ui/notify';
import { EmptyState, RowsLoading } from '../../ui/states';
import { CategoryDialog } from './CategoryDialog';
import { FromTemplate } from './FromTemplate';
import { LockBadge, StateBadge, TemplateBadge } from './badges';
import { useCreateCategory, useReorderCategories } from './changes';
import { categoriesQuery, type CategoryView } from './queries';
import { partWords } from './words';

function CategoryLine({ category }: { category: CategoryView }) {
  const parts = category.kind === 'single' ? '' : ` · ${partWords[category.kind]}: ${category.partNames.join(', ')}`;
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <TextLink to="/categories/$categoryId" params={{ categoryId: category.id }} fw={600}>
          {category.name}
        </TextLink>
        <StateBadge state={category.state} />
        <TemplateBadge isTemplate={category.isTemplate} />
        <LockBadge lockedAt={category.lockedAt} />
      </Group>
      <Text size="sm" c="dimmed">
        Weight {category.weight}
        {parts}
      </Text>
    </Stack>
  );
}

type Props = { contestId: string; mayEdit: boolean; onCreated: (categoryId: string) => void };

/** The categories of a contest, in order. */
export function CategoryList({ contestId, mayEdit, onCreated }: Props) {
  const [creating, setCreating] = useState(false);
  const categories = useQuery(categoriesQuery(contestId));
  const create = useCreateCategory(contestId);
  const reorder = useReorderCategories(contestId);
  const add = mayEdit ? (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      New category
    </Button>
  ) : undefined;
  return (
    <Section title="Categories" note="What a panel judges at one go. Weights count in the contest's result." actions={mayEdit ? <><FromTemplate level="category" into={contestId} onMade={onCreated} />{add}</> : undefined}>
      <ErrorNote error={categories.error} />
      {categories.isPending && <RowsLoading />}
      {categories.data?.length === 0 && (
        <Card>
          <EmptyState icon={<IconListDetails size={24} />} title="No categories yet" action={add}>
            Each category has its own criteria, judges and rule set, such as Talent or Evening wear.
          </EmptyState>
        </Card>
      )}
      {categories.data !== undefined && categories.data.length > 0 && (
        <OrderedList
          label="Categories" items={categories.data} itemId={(category) => category.id} itemName={(category) => category.name} disabled={!mayEdit}
          onReorder={(ids) => reorder.mutate(ids, { onError: notifyFailed })}
        >
          {(category) => <CategoryLine category={category} />}
        </OrderedList>
      )}
      {creating && (
        <CategoryDialog category={null} busy={create.isPending} error={create.error} onClose={() => setCreating(false)} onSave={(facts) => create.mutate({ ...facts, isTemplate: false }, { onSuccess: ({ id }) => { setCreating(false); onCreated(id); } })} />
      )}
    </Section>
  );
}
