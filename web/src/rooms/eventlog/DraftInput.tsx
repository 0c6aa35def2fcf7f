import { TextInput, type TextInputProps } from '@mantine/core';
import { useState } from 'react';

type Props = Omit<TextInputProps, 'value' | 'onChange' | 'onBlur' | 'onKeyDown' | 'defaultValue'> & { value: string; onCommit: (typed: string) => void };

/** A field whose text counts once it is left or Enter is pressed: half a date or half a word asks the server nothing. */
export function DraftInput({ value, onCommit, ...props }: Props) {
  const [draft, setDraft] = useState({ of: value, typed: value });
  // The value changed from outside, as by "Clear all" or the browser's back button.
  if (draft.of !== value) setDraft({ of: value, typed: value });
  const commit = (typed: string) => typed !== value && onCommit(typed);
  return (
    <TextInput
      {...props} value={draft.typed} onChange={(event) => setDraft({ of: value, typed: event.currentTarget.value })}
      onBlur={(event) => commit(event.currentTarget.value)} onKeyDown={(event) => event.key === 'Enter' && commit(event.currentTarget.value)}
    />
  );
}
