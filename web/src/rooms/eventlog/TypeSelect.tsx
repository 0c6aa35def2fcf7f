import { MultiSelect, Text, type OptionsFilter } from '@mantine/core';
import { useMemo, type ReactNode } from 'react';
import type { LogType } from './queries';
import { areaName, areaOf, sentenceOf } from './words';

type Props = {
  types: readonly LogType[];
  value: readonly string[];
  onChange: (names: string[]) => void;
  label: string;
  /** Said while nothing is chosen. */
  placeholder?: string;
  description?: ReactNode;
  error?: ReactNode;
};

/** Each area with all of it first, then its types. */
function groupsOf(types: readonly LogType[]) {
  const areas = [...new Set(types.map(({ name }) => areaOf(name)))];
  return areas.map((area) => ({
    group: areaName(area),
    items: [`${area}.*`, ...types.map(({ name }) => name).filter((name) => areaOf(name) === area)].map((value) => ({ value, label: value })),
  }));
}

const fits = (said: string, search: string) => search.toLowerCase().split(/\s+/).every((word) => said.toLowerCase().includes(word));

/** Types to choose from, by area; searched by name and by what they say. */
export function TypeSelect({ types, value, onChange, label, placeholder = '', description, error }: Props) {
  const says = useMemo(() => {
    const whole = types.map(({ name }) => [`${areaOf(name)}.*`, `All of ${areaName(areaOf(name)).toLowerCase()}`] as const);
    return new Map([...whole, ...types.map(({ name, title }) => [name, sentenceOf(title)] as const)]);
  }, [types]);
  const data = useMemo(() => groupsOf(types), [types]);
  const filter: OptionsFilter = ({ options, search }) =>
    options.flatMap((group) => {
      if (!('items' in group)) return [];
      const items = group.items.filter((item) => fits(`${item.label} ${says.get(item.label) ?? ''}`, search));
      return items.length === 0 ? [] : [{ ...group, items }];
    });
  return (
    <MultiSelect
      label={label} placeholder={value.length === 0 ? placeholder : ''} description={description} error={error} size="md" searchable clearable hidePickedOptions
      withScrollArea={false} styles={{ options: { maxHeight: 340, overflowY: 'auto' } }}
      clearButtonProps={{ 'aria-label': `Clear: ${label}` }} nothingFoundMessage="No type says this." data={data} value={[...value]} onChange={onChange}
      filter={filter}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{says.get(option.value) ?? option.value}</Text>
          <Text size="xs" c="dimmed">{option.value}</Text>
        </div>
      )}
    />
  );
}
