import { Select, Stack } from '@mantine/core';
import { skipToken, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ErrorNote } from '../../ui/ErrorView';
import { categoriesQuery, contestsQuery, eventsQuery } from './queries';

export type Scope = Readonly<{ kind: 'event' | 'contest' | 'category'; id: string }>;
type Chosen = Readonly<{ event: string | null; contest: string | null; category: string | null }>;
type Props = {
  /** What nothing chosen means. */
  everywhere: string;
  onPick: (scope: Scope | null) => void;
};

const choices = (items: readonly { id: string; name: string }[] | undefined) => items?.map(({ id, name }) => ({ value: id, label: name })) ?? [];

function deepest({ event, contest, category }: Chosen): Scope | null {
  if (category !== null) return { kind: 'category', id: category };
  if (contest !== null) return { kind: 'contest', id: contest };
  return event === null ? null : { kind: 'event', id: event };
}

/** An event, or from there down one of its contests, or one of that contest's categories. */
export function ScopePicker({ everywhere, onPick }: Props) {
  const [chosen, setChosen] = useState<Chosen>({ event: null, contest: null, category: null });
  const events = useQuery(eventsQuery(false));
  const contests = useQuery({ ...contestsQuery(chosen.event ?? ''), ...(chosen.event === null ? { queryFn: skipToken } : {}) });
  const categories = useQuery({ ...categoriesQuery(chosen.contest ?? ''), ...(chosen.contest === null ? { queryFn: skipToken } : {}) });
  const pick = (next: Chosen) => {
    setChosen(next);
    onPick(deepest(next));
  };
  return (
    <Stack gap="sm">
      <Select label="Event" placeholder={everywhere} clearable searchable data={choices(events.data)} value={chosen.event} onChange={(event) => pick({ event, contest: null, category: null })} />
      {chosen.event !== null && (
        <Select label="Contest" placeholder="The whole event" clearable searchable data={choices(contests.data)} value={chosen.contest} onChange={(contest) => pick({ ...chosen, contest, category: null })} />
      )}
      {chosen.contest !== null && (
        <Select label="Category" placeholder="The whole contest" clearable searchable data={choices(categories.data)} value={chosen.category} onChange={(category) => pick({ ...chosen, category })} />
      )}
      <ErrorNote error={events.error ?? contests.error ?? categories.error} />
    </Stack>
  );
}
