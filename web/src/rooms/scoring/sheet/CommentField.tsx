import { Button, Text, Textarea } from '@mantine/core';
import { IconMessage } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';

type Props = {
  /** What the comment is about, such as the criterion. */
  about: string;
  value: string;
  disabled: boolean;
  onCommit: (comment: string) => void;
};

const MOST_LETTERS = 2000;
const PAUSE_MS = 1500;

/** A judge's words beside a mark: closed until asked for; kept on leaving the field or after a pause. */
export function CommentField({ about, value, disabled, onCommit }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  const [asked, setAsked] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (asked) field.current?.focus();
  }, [asked]);
  const commit = () => {
    clearTimeout(timer.current);
    if (draft !== null && draft.trim() !== value) onCommit(draft.trim());
  };
  // Going to the next entry takes the field away without a blur: what was typed must not be lost with it.
  const flush = useRef(commit);
  useEffect(() => {
    flush.current = commit;
  });
  useEffect(() => () => flush.current(), []);
  if (disabled) {
    return value === '' ? null : (
      <Text size="sm" maw={420} mx="auto" mt={6} style={{ overflowWrap: 'anywhere' }}>
        Your comment: {value}
      </Text>
    );
  }
  if (!asked && value === '' && draft === null) {
    return (
      <Button variant="subtle" size="compact-sm" mx="auto" mt={4} display="block" onClick={() => setAsked(true)} aria-label={`Comment on ${about}`} leftSection={<IconMessage size={14} aria-hidden />}>
        Comment
      </Button>
    );
  }
  return (
    <Textarea
      label={`Comment on ${about}`} maw={420} mx="auto" mt={6} autosize minRows={1} maxRows={5} maxLength={MOST_LETTERS} value={draft ?? value} ref={field}
      onChange={(event) => {
        setDraft(event.currentTarget.value);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => flush.current(), PAUSE_MS);
      }}
      onBlur={() => {
        commit();
        setDraft(null);
      }}
    />
  );
}
