import { ActionIcon, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import { misfit, readDecimal, stepFrom, type Range } from '../lib/decimal';
import classes from './MarkField.module.css';

type Props = {
  label: string;
  /** Canonical decimal text, or null for no mark. */
  value: string | null;
  range: Range;
  /** The server's reason for not taking the present value. */
  refusal: string | null;
  disabled: boolean;
  onCommit: (value: string | null) => void;
};

const PAUSE_MS = 700;

/** The mark a typed text stands for, or why it stands for none. */
function understand(typed: string, range: Range): { value: string | null; fault: string | null } {
  const reading = readDecimal(typed);
  if (reading.kind === 'empty') return { value: null, fault: null };
  if (reading.kind === 'refused') return { value: null, fault: reading.reason };
  return { value: reading.value, fault: misfit(reading.value, range) };
}

/**
 * One mark: type it, or step it. What was typed is shown back as understood, and only a mark that fits range
 * and step is handed on: after a pause, on Enter, or on leaving the field.
 */
export function MarkField({ label, value, range, refusal, disabled, onCommit }: Props) {
  const [draft, setDraft] = useState<string | null>(null);
  // Enter, leaving and the pause may all follow one typing: it is handed on once.
  const untold = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const hint = useId();

  const shown = draft ?? value ?? '';
  const read = understand(shown, range);
  const commit = (typed: string) => {
    clearTimeout(timer.current);
    if (!untold.current) return;
    untold.current = false;
    const now = understand(typed, range);
    if (now.fault === null && (now.value !== value || refusal !== null)) onCommit(now.value);
  };
  // Going to the next entry takes the field away without a blur: what was typed must not be lost with it.
  const flush = useRef<() => void>(() => undefined);
  useEffect(() => {
    flush.current = () => {
      if (draft !== null) commit(draft);
    };
  });
  useEffect(() => () => flush.current(), []);
  const type = (typed: string) => {
    setDraft(typed);
    untold.current = true;
    clearTimeout(timer.current);
    timer.current = setTimeout(() => commit(typed), PAUSE_MS);
  };
  const leave = () => {
    if (draft === null) return;
    commit(draft);
    if (understand(draft, range).fault === null) setDraft(null);
  };
  const step = (by: 1 | -1) => {
    clearTimeout(timer.current);
    untold.current = false;
    setDraft(null);
    onCommit(stepFrom(read.fault === null ? read.value : value, by, range));
  };
  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === 'Enter') leave();
    if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      step(event.key === 'ArrowUp' ? 1 : -1);
    }
  };
  const fault = read.fault ?? refusal;
  const readBack = draft !== null && read.fault === null && read.value !== null && read.value !== draft.trim();
  return (
    <Stack gap={6} w="100%" maw={420} mx="auto">
      <Group gap="sm" wrap="nowrap" align="flex-end">
        <ActionIcon variant="default" className={classes['step']} disabled={disabled} onClick={() => step(-1)} aria-label={`${label}: one step less`}>
          <IconMinus aria-hidden />
        </ActionIcon>
        <TextInput
          label={label} value={shown} disabled={disabled} inputMode="decimal" autoComplete="off" aria-describedby={hint} error={fault !== null}
          classNames={{ input: classes['mark'] ?? '', root: classes['field'] ?? '', label: classes['label'] ?? '' }}
          onChange={(event) => type(event.currentTarget.value)} onBlur={leave} onKeyDown={keys} onFocus={(event) => event.currentTarget.select()}
        />
        <ActionIcon variant="default" className={classes['step']} disabled={disabled} onClick={() => step(1)} aria-label={`${label}: one step more`}>
          <IconPlus aria-hidden />
        </ActionIcon>
      </Group>
      <Text id={hint} size="sm" ta="center" c={fault === null ? 'dimmed' : 'var(--mantine-color-error)'} aria-live="polite" fw={fault === null ? 400 : 500}>
        {fault ?? (readBack ? `Understood as ${read.value}` : `${range.min} to ${range.max}, steps of ${range.step}`)}
      </Text>
    </Stack>
  );
}
