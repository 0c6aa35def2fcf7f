import { Anchor, Stack, Text, Textarea } from '@mantine/core';
import { useRef, type ReactNode } from 'react';
import { placed, readObject, type Fault } from './json';

type Props = {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  value: string;
  onChange: (text: string) => void;
  /** What the server refused, by pointers into the object. */
  faults?: ReadonlyArray<Readonly<{ pointer: string; detail: string }>>;
  minRows?: number;
};

const mono = { input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 'var(--mantine-font-size-sm)' } };

/** A JSON object as text; each fault leads to its place. */
export function JsonField({ label, description, placeholder, value, onChange, faults = [], minRows = 4 }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const { fault } = readObject(value);
  const found: readonly Fault[] = fault === null ? placed(value, faults) : [fault];
  const show = ({ place }: Fault) => {
    area.current?.focus();
    area.current?.setSelectionRange(place.start, place.end);
  };
  return (
    <Stack gap={4}>
      <Textarea
        ref={area} label={label} description={description} placeholder={placeholder} autosize minRows={minRows} maxRows={18} spellCheck={false}
        styles={mono} value={value} error={found.length > 0} onChange={(event) => onChange(event.currentTarget.value)}
      />
      <div role="status">
        {found.map((each) => (
          <Text key={each.detail} size="sm" c="var(--mantine-color-error)">
            <Anchor component="button" type="button" size="sm" fw={600} c="inherit" underline="always" onClick={() => show(each)}>
              Line {each.line}
            </Anchor>
            : {each.detail}
          </Text>
        ))}
      </div>
    </Stack>
  );
}
